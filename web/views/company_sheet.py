"""The sheet for the company, on the screen, on paper and as PDF: whom it may see now, and what of them (design §6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from candidates.access import COMPANY_FIELDS, WAYS
from candidates.models import Identity
from events.errors import NotAllowed
from joborders.models import JobOrder, Nomination
from joborders.nomination_workflow import NAMED_TO_COMPANY
from joborders.services.shown import people_on
from municipalities.actor import Actor, Role
from screening.shown import judged_of
from web.actors import members_only
from web.people import screening_words as words
from web.people.sheet_pdf import sheet
from web.views.screening import order_of


@require_GET
@members_only(Role.CONSULTANT)
@transaction.atomic
def for_company(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """The job and the people it may see now, with what it may see of them."""
    order = _own_order(id, actor)
    return render(request, "web/screening/for_company.html", {"order": order, "rows": people_for_company(order, actor)})


@require_GET
@members_only(Role.CONSULTANT)
@transaction.atomic
def as_pdf(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """The same as a PDF to be kept or mailed; neither the file's name nor its title names anybody."""
    order = _own_order(id, actor)
    response = HttpResponse(sheet(order, people_for_company(order, actor)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{order.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _own_order(id: UUID, actor: Actor) -> JobOrder:
    """The order, for the consultants of its lead. Raises NotVisible or NotAllowed."""
    order = order_of(id, actor)
    if not actor.works_in(order.lead_id):
        raise NotAllowed
    return order


def people_for_company(order: JobOrder, actor: Actor) -> list[dict[str, Any]]:
    """Who is or was with the company and still may be seen; logged as read. Call inside a transaction."""
    found = Nomination.objects.visible_to(actor).filter(order=order, state__in=NAMED_TO_COMPANY)
    nominations = list(found.select_related("order__company").order_by("presented_at", "id"))
    people = people_on(order, nominations, actor)
    reader = Actor.company_(order.company.public_id)
    judged = {one.pk: (judged_of(one, reader) or {"musts": []})["musts"] for one in nominations}
    labels = words.labels_for([{"musts": musts} for musts in judged.values()])
    return [
        {
            "state": one.get_state_display(),
            "person": as_the_company_sees(people[one.pk]),
            "musts": [
                {"name": words.MUSTS[m["name"]], "demand": words.demand_in_words(m["name"], m["demand"], labels)}
                for m in judged[one.pk]
            ],
        }
        for one in nominations
        if one.pk in people
    ]


def as_the_company_sees(person: Any) -> dict[str, str]:
    """Name, the CV confirmed for this order, and only the contact way that the citizen chose (design §6)."""
    chosen = WAYS.get(person.contact_way)
    fields = {name: getattr(person, name) for name in COMPANY_FIELDS | ({chosen} if chosen else set())}
    way = str(dict(Identity.ContactWay.choices).get(fields.pop("contact_way"), ""))
    contact = fields.get(chosen, "") if chosen else ""
    return {"name": fields["name"], "way": way, "contact": contact, "cv_text": person.cv_text}
