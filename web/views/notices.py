"""Somebody's own news: the list, how they come by mail, being away, the calendar of what is due."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from events.errors import Invalid, NotVisible
from municipalities.actor import Actor, Role
from notifications import calendars, links, services, table
from notifications.models import Absence, CalendarFeed, Notice
from web.actors import members_only
from web.desk.back import here_or
from web.limits import brake
from web.methods import post_or
from web.news.forms import AwayForm, WishesForm

PAGE_SIZE = 30
WISHES = {"follow": True, "mute": False, "habit": None}


def _user(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


@require_GET
@members_only(*Role)
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The newest first, unread ones marked."""
    page = Paginator(Notice.objects.filter(user=_user(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [{"notice": notice, "words": table.words_of(notice)} for notice in page.object_list]
    return render(
        request, "web/news/notices.html", {"page": page, "rows": rows, "unread": _user(request).unread_notices}
    )


@require_GET
@members_only(*Role)
def count(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The number of unread notices for the menu, asked for every minute: 304 while it is the same."""
    unread = _user(request).unread_notices
    tag = f'W/"unread-{unread}-{request.LANGUAGE_CODE}"'  # type: ignore[attr-defined]
    if tag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "web/news/count.html", {"unread": unread})
    response["ETag"] = tag
    return response


@post_or("web:notices")
@members_only(*Role)
def read_all(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All of them, or the one that is named."""
    services.mark_read(_user(request), _uuid(request.POST.get("notice", "")))
    return redirect("web:notices")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotVisible from None


@members_only(*Role)
def open_one(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Mark it as read and go to what it is about; whoever only opens the address lands on the list."""
    if request.method != "POST":
        return redirect("web:notices")
    notice = Notice.objects.filter(user=_user(request), public_id=id).first()
    if notice is None:
        raise NotVisible
    services.mark_read(_user(request), id)
    return redirect(links.path_of(notice.target, notice.target_id))


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(*Role)
def settings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How the news come by mail."""
    user = _user(request)
    if request.method != "POST":
        return _settings(request, actor)
    form = WishesForm(request.POST, is_admin=actor.role == Role.ADMIN)
    if not form.is_valid():
        return _settings(request, actor, wishes=form, status=422)
    services.prefer(user, form.wishes(), language=form.cleaned_data["language"])
    messages.success(request, _("Your choice is kept."))
    return redirect("web:notices-settings")


@post_or("web:notices-settings")
@members_only(*Role)
def away(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Away from a day on, or back."""
    user = _user(request)
    if request.POST.get("do") == "back":
        services.be_back(user)
        messages.success(request, _("Your news come to you again."))
        return redirect("web:notices-settings")
    form = AwayForm(request.POST, user=user)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.be_away(user, typed["starts_on"], typed["ends_on"], _uuid(typed["substitute"]))
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.fields})
        else:
            messages.success(request, _("Your absence is kept."))
            return redirect("web:notices-settings")
    return _settings(request, actor, away=form, status=422)


@post_or("web:notices-settings")
@members_only(*Role)
def calendar(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new secret address, shown once, or none any more."""
    if request.POST.get("do") == "end":
        services.end_feed(_user(request))
        messages.success(request, _("The address of your calendar does not work any more."))
        return redirect("web:notices-settings")
    secret = services.new_feed(_user(request))
    address = request.build_absolute_uri(reverse("web:calendar-feed", args=[secret]))
    return _settings(request, actor, address=address)


def _settings(
    request: HttpRequest,
    actor: Actor,
    *,
    wishes: WishesForm | None = None,
    away: AwayForm | None = None,
    address: str = "",
    status: int = 200,
) -> HttpResponse:
    user = _user(request)
    absence = Absence.objects.select_related("substitute").filter(user=user).first()
    initial: dict[str, Any] = {**services.preferences(user), "language": user.language}
    feed = CalendarFeed.objects.filter(user=user).first()
    context = {
        "wishes": wishes or WishesForm(initial=initial, is_admin=actor.role == Role.ADMIN),
        "away": away or AwayForm(user=user, absence=absence),
        "absence": absence,
        "feed": feed,
        "address": address,
        "here": reverse("web:notices-settings"),
    }
    return render(request, "web/news/settings.html", context, status=status)


@members_only(Role.CONSULTANT, Role.COORDINATOR)
def follow(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Follow an order, hear no more of it, or as by habit."""
    back = reverse("web:desk-order", args=[id])
    if request.method != "POST":
        return redirect(back)
    wish = request.POST.get("wish", "")
    if wish not in WISHES:
        raise NotVisible
    services.follow(actor, _user(request), id, WISHES[wish])
    words = {
        "follow": _("You follow the order now."),
        "mute": _("You hear no more of the order, but of its promises."),
        "habit": _("You hear of the order as of any other."),
    }
    messages.success(request, words[wish])
    return here_or(request, back)


@require_GET
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind its secret, for programs that know no login."""
    brake(request, "calendar")
    response = HttpResponse(
        calendars.due_for(services.user_of_feed(secret)), content_type="text/calendar; charset=utf-8"
    )
    response["Cache-Control"] = "private, max-age=300"
    response["Referrer-Policy"] = "no-referrer"
    return response
