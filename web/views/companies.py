"""The common register of companies: search, and one company with all that the nine know of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from companies import coverage
from companies.lead import Why, contact_on
from companies.models import Company, ContactLogEntry
from companies.services import may_write
from events import clock
from events.errors import NotVisible
from joborders.models import JobOrder
from municipalities.actor import Actor, Role
from vocabulary.models import Industry
from web.actors import members_only
from web.forms.companies import TalkForm
from web.vocabulary_words import municipality_names

PAGE_SIZE = 25
TALKS, MOST_TALKS = 20, 500
ORDERS = 50
READERS = (Role.CONSULTANT, Role.CASEWORKER, Role.COORDINATOR, Role.AUDITOR)
WRITERS = (Role.CONSULTANT, Role.COORDINATOR)
TALKERS = frozenset({Role.CONSULTANT, Role.CASEWORKER, Role.COORDINATOR})
WHY = {
    Why.MAIN_UNIT: _("the main unit lies there"),
    Why.FIRST_UNIT: _("the first order was for a unit there"),
    Why.INTAKE: _("took the first call or mail"),
    Why.DUTY: _("was on duty"),
    Why.AGREEMENT: _("tovholder of the agreement"),
    Why.OVERRIDE: _("agreed between the municipalities"),
}


def company_of(id: UUID, actor: Actor, *lists: str) -> Company:
    """The company with its contact, and with these lists of it. Raises NotVisible."""
    seen = Company.objects.visible_to(actor).select_related("lead", "contact_user", "substitute_user")
    found = seen.prefetch_related(*lists).filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found  # type: ignore[no-any-return]


@require_GET
@members_only(*READERS)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The register, a page at a time, with who spoke with each company last: four queries whatever the page."""
    q, lead = request.GET.get("q", ""), request.GET.get("lead", "")
    last = ContactLogEntry.objects.filter(company=OuterRef("pk")).order_by("-happened_at", "-id")
    found = Company.objects.visible_to(actor).search(q)
    if lead:
        found = found.filter(lead=lead)
    found = found.annotate(
        last_spoken_at=Subquery(last.values("happened_at")[:1]), last_spoken_by=Subquery(last.values("by_name")[:1])
    )
    places = municipality_names()
    page = Paginator(found.order_by("name", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [{"row": row, "lead": places.get(row.lead_id, "")} for row in page.object_list]
    context = {"page": page, "q": q, "lead": lead, "places": places.items(), "may_register": actor.role in WRITERS}
    return render(request, "web/companies/list.html", context)


@require_GET
@members_only(*READERS)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """One company."""
    return _fresh_page(request, actor, company_of(id, actor, "units"))


def _fresh_page(request: HttpRequest, actor: Actor, company: Company) -> HttpResponse:
    return page_of(request, actor, company, TalkForm(company=company))


def page_of(request: HttpRequest, actor: Actor, company: Company, talk: TalkForm) -> HttpResponse:
    """The company's page, with the form for a talk as it was filled in."""
    places = municipality_names()
    entries = ContactLogEntry.objects.visible_to(actor).filter(company=company).select_related("unit")
    longest = MOST_TALKS if request.GET.get("talks") == "all" else TALKS
    found = list(entries[: longest + 1])
    talks = [{"row": row, "place": places.get(row.municipality_code, "")} for row in found[:longest]]
    orders = JobOrder.objects.visible_to(actor).filter(company=company)
    context: dict[str, Any] = {
        "company": company,
        "industry": industry_of(company),
        "units": [{"row": unit, "place": places.get(unit.municipality_code, "")} for unit in company.units.all()],
        "contacts": list(company.contacts.filter(ended_on__isnull=True)),
        "history": history_of(company, places),
        "contact_today": person_today(company),
        "talks": talks,
        "is_cut": len(found) > longest and longest == TALKS,
        "last": talks[0] if talks else None,
        "agreements": agreements_of(company),
        "orders": [{"row": order, "lead": places.get(order.lead_id, "")} for order in orders[:ORDERS]],
        "sees_orders": actor.is_consultant or actor.is_coordinator,
        "may_write": may_write(actor, company),
        "may_log": actor.role in TALKERS,
        "talk": talk,
    }
    return render(request, "web/companies/page.html", context, status=422 if talk.is_bound else 200)


def person_today(company: Company) -> str:
    """Who has the contact today: the contact person, or the substitute while absent."""
    contact, substitute = company.contact_user, company.substitute_user
    if contact is None:
        return substitute.name if substitute else ""
    chosen = contact_on(
        clock.today(),
        contact=contact.pk,
        substitute=substitute.pk if substitute else None,
        substitute_until=company.substitute_until,
    )
    return contact.name if chosen == contact.pk or substitute is None else substitute.name


def history_of(company: Company, places: dict[str, str]) -> list[dict[str, Any]]:
    """Who led from when, newest first, and why."""
    rows = company.lead_history.order_by("-started_at", "-id")
    return [
        {
            "row": row,
            "place": places.get(row.municipality_id, row.municipality_id),
            "why": WHY.get(row.why, row.why),
            "agreed_with": places.get(row.agreed_with, ""),
        }
        for row in rows
    ]


def agreements_of(company: Company) -> list[dict[str, Any]]:
    """The agreements with how many units each covers, those in force first."""
    rows = list(company.agreements.select_related("tovholder", "holder_municipality"))
    sizes = coverage.sizes(rows)
    listed = [{"row": row, "is_in_force": row.state == "active", "size": sizes[row.pk]} for row in rows]
    return sorted(listed, key=lambda each: not each["is_in_force"])


def industry_of(company: Company) -> str:
    """The industry's title, else its code."""
    if not company.industry_code:
        return ""
    found = Industry.objects.filter(code=company.industry_code, version=company.industry_version)
    title = found.values_list("title_da", flat=True).first()
    return f"{company.industry_code} {title or ''}".strip()
