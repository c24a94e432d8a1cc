"""The open job list and the pages, feed and map that are made of it. Anybody reads them, so they show no person."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import clock
from joborders.advertising import Advert, advert_of
from joborders.models import JobOrder
from municipalities.models import Municipality, PostalCode
from web.jobs import posting

PAGE_SIZE = 25
FEED_SIZE = 50
MAP_SIZE = 50_000  # the most that a sitemap may hold
KEPT_SECONDS = 300
FORBIDDEN = ("/api/", "/admin/", "/follow/", "/f/", "/order/", "/login", "/queue", "/i18n/")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list, newest first, to be searched by title, text and occupation.

    Of an anonymous employer's job only by occupation: whoever searches for a name must not find it in the hidden words.
    """
    q = request.GET.get("q", "").strip()[:100]
    found = advertised()
    if q:
        words = Q(title__icontains=q) | Q(description__icontains=q)
        occupation = Q(occupation__title_da__icontains=q) | Q(occupation__title_en__icontains=q)
        found = found.filter(Q(words, is_anonymous=False) | occupation)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    orders = list(page.object_list)
    towns = towns_of(orders)
    page.object_list = [{"order": order, "advert": public(order), "town": towns[order.pk]} for order in orders]
    return render(request, "web/jobs/list.html", {"page": page, "q": q})


@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One job; 410 with a way on where it was public and is taken down, 404 for anything else."""
    order = advertised().filter(number=number).first()
    if order is None:
        if JobOrder.objects.filter(number=number, is_public=True, contact_verified_at__isnull=False).exists():
            return render(request, "web/jobs/gone.html", status=410)
        raise Http404
    advert, town = public(order), towns_of([order])[order.pk]
    context = {
        "order": order,
        "advert": advert,
        "town": town,
        "occupation": occupation_of(order),
        "open_positions": order.positions - order.hires - order.filled_otherwise,
        "posting": posting.as_script(posting.job_posting(order, advert, town)),
    }
    return conditional(request, render(request, "web/jobs/show.html", context), [order])


def kept(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """For programs: the same for everybody, so caches may keep it for some minutes."""

    @require_safe
    @wraps(view)
    def public_view(request: HttpRequest) -> HttpResponse:
        answer = view(request)
        patch_cache_control(answer, public=True, max_age=KEPT_SECONDS)
        return answer

    return public_view


@kept
def feed(request: HttpRequest) -> HttpResponse:
    """The newest jobs as an Atom feed."""
    orders = list(advertised()[:FEED_SIZE])
    towns = towns_of(orders)
    made = Atom1Feed(
        title=_("Jobs from Nordsjællands Rekrutteringsservice"),
        link=f"{settings.BASE_URL}/jobs",
        description="",
        language=get_language(),
        feed_url=f"{settings.BASE_URL}/jobs/feed.atom",
    )
    for order in orders:
        advert = public(order)
        made.add_item(
            title=advert.title,
            link=posting.address_of(advert.number),
            description=advert.text,
            author_name=advert.employer or towns[order.pk] or "NRS",
            pubdate=order.received_at,
            updateddate=advert.changed_at,
            unique_id=f"urn:uuid:{order.public_id}",
        )
    answer = HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return conditional(request, answer, orders)


@kept
def sitemap(request: HttpRequest) -> HttpResponse:
    """Where a search engine finds the jobs."""
    orders = list(advertised()[:MAP_SIZE])
    rows = [{"href": posting.address_of(order.number), "changed_at": changed_at(order)} for order in orders]
    context = {"rows": rows, "home": settings.BASE_URL}
    return conditional(request, render(request, "web/jobs/sitemap.xml", context, "application/xml"), orders)


@kept
def robots(request: HttpRequest) -> HttpResponse:
    """What is worth reading: the front page and the jobs."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in FORBIDDEN), f"Sitemap: {settings.BASE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def advertised() -> QuerySet[Any]:
    """What is public now, newest first, with the moment of the last change."""
    orders = JobOrder.objects.advertised(clock.today()).select_related("company", "unit", "occupation", "lead")
    newest = Max("revisions__recorded_at")
    dated = orders.annotate(changed_at=Greatest(Coalesce(newest, "submitted_at"), "contact_verified_at"))
    return dated.order_by("-received_at", "-pk")


def changed_at(order: Any) -> datetime:
    """When what is shown changed last."""
    return order.changed_at  # type: ignore[no-any-return]


def public(order: JobOrder) -> Advert:
    """What anybody may read of it."""
    return advert_of(order, changed_at=changed_at(order))


def towns_of(orders: Sequence[JobOrder]) -> dict[int, str]:
    """Where each job is: the postal town, of an anonymous employer the municipality only. Two queries."""
    codes = {order.workplace_postal_code for order in orders}
    towns = dict(PostalCode.objects.filter(code__in=codes).order_by("code").values_list("code", "town"))
    places = dict(Municipality.objects.order_by("code").values_list("code", "name"))
    return {
        order.pk: (not order.is_anonymous and towns.get(order.workplace_postal_code))
        or places.get(order.workplace_municipality or order.lead_id, "")
        for order in orders
    }


def occupation_of(order: JobOrder) -> str:
    """The occupation in the reader's language."""
    group = order.occupation
    if group is None:
        return ""
    return group.title_en if get_language() == "en" and group.title_en else group.title_da


def conditional(request: HttpRequest, answer: HttpResponse, orders: Sequence[Any]) -> HttpResponse:
    """The answer with ETag and Last-Modified, or 304 for a reader who has it: same jobs, language and login."""
    reader = getattr(request, "user", None)
    known = [get_language(), str(reader.pk if reader is not None and reader.is_authenticated else "")]
    seen = [f"{order.pk}.{order.version}" for order in orders]
    etag = f'"{hashlib.sha256("|".join([*known, *seen]).encode()).hexdigest()[:32]}"'
    newest = int(max((changed_at(order) for order in orders), default=clock.day_start(clock.today())).timestamp())
    answer.headers["ETag"], answer.headers["Last-Modified"] = etag, http_date(newest)
    # By ETag alone: an order that left a list makes the newest change older, not newer.
    return get_conditional_response(request, etag=etag, response=answer) or answer
