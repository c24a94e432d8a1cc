"""The consultant's and the coordinator's work list."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import saved_views
from events import clock
from events.errors import DomainError, Invalid, NotVisible
from joborders.services import steps
from municipalities.actor import Actor, Role
from web.actors import members_only
from web.desk import work
from web.desk.back import here_or
from web.desk.refusals import in_words
from web.forms.desk_queue import Filters

PAGE_SIZE = 50
PAGE = "queue"
DESK = (Role.CONSULTANT, Role.COORDINATOR)
#: Parts of the address that are no filters.
PLACE = ("view", "page", "since", "heard")


@require_GET
@members_only(*DESK)
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The open orders of one tab, the most neglected promise first; htmx gets the results only."""
    tidy = _tidy(request.GET)
    if tidy != request.GET.urlencode() and not request.htmx:  # type: ignore[attr-defined]
        return redirect(f"{request.path}?{tidy}" if tidy else request.path)
    context = page_of(request, actor)
    template = "web/desk/results.html" if request.htmx else "web/desk/queue.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    if request.htmx:  # type: ignore[attr-defined]
        response["HX-Push-Url"] = f"{request.path}?{tidy}" if tidy else request.path
        response["Vary"] = "HX-Request"
    return response


def page_of(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What the page shows: tabs with counts, filters, one page of rows, and the calls and mails beside them."""
    view = view_of(request, actor)
    filters = Filters(request.GET, own=view == work.OWN)
    wish = filters.wish
    counts = work.counts(actor, view, wish)
    paginator = Paginator(work.orders(actor, view, wish), PAGE_SIZE)
    paginator.count = counts.shown  # type: ignore[misc]
    page = paginator.get_page(request.GET.get("page"))
    rows = work.as_rows(page.object_list, actor)
    colleagues = {str(row["assignee"]): row["assignee_name"] for row in rows if row["assignee"]}
    filters.offer(counts.by_lead, colleagues)
    query = request.GET.copy()
    query.pop("page", None)
    query = QueryDict(_tidy(query))
    return {
        "page": page,
        "rows": rows,
        "filters": filters,
        "is_filtered": wish != work.Wish(),
        "export": export_of(actor, view, wish),
        "intakes": work.waiting(actor) if view != work.ASKED and page.number == 1 else [],
        "saved": saved_views.of(request.user, PAGE),  # type: ignore[arg-type]
        "query": query.urlencode(),
        **tabs_of(actor, view, counts, request.GET),
    }


def export_of(actor: Actor, view: str, wish: work.Wish) -> dict[str, str] | None:
    """What the API is asked for, so that it gives the rows of the page; None for words that only the page can read."""
    if wish.industry and not (wish.industry.isascii() and wish.industry.isdigit()):
        return None
    who = {work.MINE: str(actor.public_id), work.NOBODY: ""}.get(wish.assignee, wish.assignee)
    return {
        "view": view, "q": wish.q, "phase": wish.phase, "municipality": wish.municipality, "due": wish.due,
        "industry": wish.industry, "assignee": who, "assigned": "false" if wish.assignee == work.NOBODY else "",
    }  # fmt: skip


def tabs_of(actor: Actor, view: str, counts: work.Counts, given: QueryDict) -> dict[str, Any]:
    """The tabs with their numbers, and what came since the page was opened."""
    labels = {work.OWN: _("Own"), work.ASKED: _("Asked of us"), work.ALL: _("All")}
    kept = {name: value for name, value in given.items() if name not in PLACE and value}
    tabs = [
        {
            "name": name,
            "text": labels[name],
            "count": counts.tabs[name],
            "late": counts.late[name],
            "href": f"{reverse('web:queue')}?{urlencode({'view': name, **kept})}",
            "is_current": name == view,
        }
        for name in work.views_of(actor)
    ]
    now = clock.now()
    marks = {"since": (counts.newest or now).isoformat(), "heard": (counts.heard or now).isoformat()}
    return {
        "tabs": tabs,
        "view": view,
        "fresh": counts.fresh,
        "news": counts.news,
        "here": f"{reverse('web:queue')}?{urlencode({'view': view, **kept})}",
        "poll": f"{reverse('web:queue-counts')}?{urlencode({'view': view, **kept, **marks})}",
    }


@require_GET
@members_only(*DESK)
def counts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The tabs alone, asked for every half minute: 304 while nothing has changed."""
    view = view_of(request, actor)
    marks = {name: _moment(request.GET.get(name, "")) for name in ("since", "heard")}
    found = work.counts(actor, view, **marks)
    told = tabs_of(actor, view, found, request.GET)
    told["poll"] = f"{request.path}?{request.GET.urlencode()}"  # still since the page was opened
    response = render(request, "web/desk/tabs.html", told)
    late = "-".join(str(number) for number in (*found.tabs.values(), *found.late.values(), found.fresh, found.news))
    tag = f'W/"{view}-{late}-{request.LANGUAGE_CODE}"'  # type: ignore[attr-defined]
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    response["ETag"] = tag
    return response


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def view_of(request: HttpRequest, actor: Actor) -> str:
    """The tab of the address; for anything else the first that the actor has."""
    offered = work.views_of(actor)
    chosen = request.GET.get("view", "")
    return chosen if chosen in offered else offered[0]


def _tidy(given: QueryDict) -> str:
    """The query string without its empty parts."""
    query = given.copy()
    for name in list(query):
        if not query.get(name):
            del query[name]
    return query.urlencode()


@require_POST
@members_only(Role.CONSULTANT)
def claim(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Take an order from its row: htmx gets the row as it is now, others the queue with a message."""
    problem = ""
    try:
        steps.claim(id, actor, version_of(request))
    except NotVisible:
        raise
    except DomainError as error:
        problem = in_words(error)
    row = work.one(actor, id)
    if row is None:
        raise NotVisible
    if request.htmx:  # type: ignore[attr-defined]
        came = {name: request.POST.get(name, "") for name in ("view", "next")}
        context = {"row": row, "view": came["view"], "here": came["next"], "problem": problem, "is_fresh": True}
        return render(request, "web/desk/row.html", context)
    if problem:
        messages.warning(request, f"{row['number']}: {problem}")
    else:
        messages.success(request, _("%(number)s is yours now.") % {"number": row["number"]})
    return here_or(request, reverse("web:queue"))


def version_of(request: HttpRequest) -> int:
    """The version that the decision was made on. Raises Invalid."""
    text = request.POST.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid.field("version", "required", _("The page was not complete. Open it again."))
    return int(text)


@require_POST
@members_only(*DESK)
def keep_view(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Keep the filters of the address under a name."""
    query = _tidy(QueryDict(request.POST.get("query", "")[:1000]))
    try:
        saved_views.keep(request.user, PAGE, request.POST.get("name", ""), query)  # type: ignore[arg-type]
        messages.success(request, _("The view is saved."))
    except Invalid as error:
        messages.warning(request, " ".join(str(problem.detail) for problem in error.errors))
    return _to_queue(query)


@require_POST
@members_only(*DESK)
def forget_view(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Remove a saved view."""
    saved_views.forget(request.user, PAGE, request.POST.get("name", ""))  # type: ignore[arg-type]
    return _to_queue(_tidy(QueryDict(request.POST.get("query", "")[:1000])))


def _to_queue(query: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("web:queue") + (f"?{query}" if query else ""))
