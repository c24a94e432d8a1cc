"""Campaigns in a list, today's calls, and the steering group's focus industries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from campaigns import focus as focuses
from campaigns.models import Campaign, FocusIndustry, Target
from campaigns.rules import QUIET_DAYS, quiet_from
from campaigns.services import may_run
from companies.models import ContactLogEntry
from events import clock
from events.errors import Invalid
from municipalities.actor import Actor, Role
from web.actors import members_only
from web.campaigns.forms import OUTCOMES, FocusForm, industry_titles
from web.vocabulary_words import municipality_names

READERS = (Role.CONSULTANT, Role.CASEWORKER, Role.COORDINATOR, Role.AUDITOR)
CALLERS = (Role.CONSULTANT, Role.COORDINATOR)
PAGE_SIZE = 25


@require_GET
@members_only(*READERS)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All campaigns, newest first, with how far they have come now."""
    found = Campaign.objects.visible_to(actor).annotate(
        size=Count("targets"),
        contacted=Count("targets", filter=Q(targets__first_contact_at__isnull=False)),
        met=Count("targets", filter=Q(targets__met_at__isnull=False)),
    )
    page = Paginator(found.order_by("-created_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "focus": list(FocusIndustry.objects.visible_to(actor).in_force(clock.today())),
        "may_run": may_run(actor),
        "may_call": actor.role in CALLERS,
    }
    return render(request, "web/campaigns/list.html", context)


@require_GET
@members_only(*CALLERS)
def calls(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Whom to call today: what was agreed first, then those that nobody has reached; the own ones unless asked."""
    whose = request.GET.get("whose", "mine" if actor.is_consultant else "all")
    found = Target.objects.visible_to(actor).to_call(clock.today()).select_related("campaign", "company", "assignee")
    if actor.municipality:
        found = found.filter(municipality=actor.municipality)
    if whose == "mine":
        found = found.filter(assignee=actor.user_id)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    near, places = near_talks(rows, actor), municipality_names()
    contacts = first_contacts(rows)
    page.object_list = [
        {
            "row": one,
            "place": places.get(one.municipality_id, ""),
            "outcome": OUTCOMES.get(one.last_outcome, ""),
            "near": [{"place": places.get(code, code), "when": when} for code, when in near.get(one.company_id, ())],
            "contact": contacts.get(one.company_id),
        }
        for one in rows
    ]
    context = {"page": page, "whose": whose, "is_consultant": actor.is_consultant, "days": QUIET_DAYS}
    return render(request, "web/campaigns/calls.html", context)


def near_talks(rows: list[Target], actor: Actor) -> dict[int, list[tuple[str, Any]]]:
    """By company, who else of the nine has spoken with it within 30 days, newest first; one query."""
    talks = ContactLogEntry.objects.filter(
        company__in=[one.company_id for one in rows], happened_at__gte=quiet_from(clock.now())
    ).exclude(municipality_code__in=("", actor.municipality or ""))
    found: dict[int, dict[str, Any]] = {}
    for company, code, when in talks.order_by("happened_at").values_list(
        "company_id", "municipality_code", "happened_at"
    ):
        found.setdefault(company, {})[code] = when
    return {company: sorted(by.items(), key=lambda one: one[1], reverse=True) for company, by in found.items()}


def first_contacts(rows: list[Target]) -> dict[int, Any]:
    """By company, the first contact person with a phone number; one query."""
    from companies.models import Contact

    people = Contact.objects.filter(company__in=[one.company_id for one in rows], ended_on__isnull=True)
    found: dict[int, Any] = {}
    for person in people.exclude(phone="").order_by("company_id", "pk"):
        found.setdefault(person.company_id, person)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(*READERS)
def focus(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The decisions, newest first; the coordinator writes the next one down."""
    form = FocusForm(request.POST or None, initial={"decided_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            made, count = focuses.decide(actor, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in FocusForm.base_fields})
        else:
            messages.success(request, _("The decision about %(name)s is written down.") % {"name": made.name})
            if focuses.is_unusual(count):
                messages.warning(request, unusual(count))
            return redirect("web:campaign-focus")
    rows = list(FocusIndustry.objects.visible_to(actor))
    today = clock.today()
    titles = industry_titles({code for row in rows for code in row.divisions.split()})
    context = {
        "form": form,
        "may_run": may_run(actor),
        "rows": [
            {
                "row": row,
                "titles": [(code, titles.get(code, "")) for code in row.divisions.split()],
                "now": row.valid_from <= today and (row.valid_to is None or row.valid_to >= today),
            }
            for row in rows
        ],
    }
    return render(request, "web/campaigns/focus.html", context, status=422 if form.is_bound else 200)


def unusual(count: int) -> str:
    """More industries in focus at once than usual, in words."""
    text = ngettext(
        "%(n)s industry is in focus at the same time; usually there are two.",
        "%(n)s industries are in focus at the same time; usually there are two.",
        count,
    )
    return text % {"n": count}
