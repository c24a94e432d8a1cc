"""The candidates of the own municipality: the list, one person, and which open orders fit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from candidates.access import NamedCandidate, named
from candidates.models import Candidate, Identity
from candidates.querysets import CandidateQuerySet
from candidates.services import home_of
from events import clock
from events.errors import NotVisible
from joborders.models import Nomination
from joborders.services.nominations import allowed_steps
from municipalities.actor import Actor, Role
from screening.matches import matches as open_orders_for
from web.actors import members_only
from web.people import screening_words as words
from web.people.candidate_page import checklist, facts_of, lists, reads_of, sections_of
from web.vocabulary_words import municipality_names

PAGE_SIZE = 25
IDENTITY = ("name", "phone", "email", "contact_way")
KEEPERS = (Role.CONSULTANT, Role.CASEWORKER)


def own_people(actor: Actor) -> CandidateQuerySet:
    """The candidates whom the actor's jobcentre keeps. Another municipality's are met in nominations only."""
    return Candidate.objects.visible_to(actor).of(home_of(actor))  # type: ignore[no-any-return]


def own_candidate(id: UUID, actor: Actor) -> Candidate:
    """One of the own, with its lists. Raises NotVisible."""
    found = own_people(actor).filter(public_id=id).prefetch_related(*lists()).first()
    if found is None:
        raise NotVisible
    return found  # type: ignore[no-any-return]


def read_name(candidate: Candidate, actor: Actor, *fields: str) -> NamedCandidate:
    """The person by name; the read is logged with the fields that are shown. Call inside a transaction."""
    [person] = named([candidate.pk], actor=actor, purpose="candidate.show", fields=fields)
    return person


@require_GET
@members_only(*KEEPERS)
@transaction.atomic
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The own candidates by name, a page at a time; everybody on the page is logged as read, in one statement."""
    q, status = request.GET.get("q", ""), request.GET.get("status", "")
    found = own_people(actor).search(q)
    if status in Candidate.Status.values:
        found = found.filter(status=status)
    page = Paginator(found.order_by("identity__name", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    people = named(page.object_list, actor=actor, purpose="candidate.list", fields=("name",))
    names = {person.pk: person.name for person in people}
    page.object_list = [{"row": row, "name": names.get(row.pk, "")} for row in page.object_list]
    context = {"page": page, "q": q, "status": status, "statuses": Candidate.Status.choices}
    return render(request, "web/candidates/list.html", context)


@require_GET
@members_only(*KEEPERS)
@transaction.atomic
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """One person: profile, CV principles, nominations and who has looked."""
    candidate = own_candidate(id, actor)
    person = read_name(candidate, actor, *IDENTITY, "cv_text")
    live = Nomination.objects.visible_to(actor).filter(candidate=candidate)
    related = ("order__company", "order__lead", "order__assignee")
    nominations = list(live.select_related(*related).order_by("-created_at", "-id"))
    places = municipality_names()
    context = {
        "candidate": candidate,
        "person": person,
        "contact_way": dict(Identity.ContactWay.choices).get(person.contact_way, ""),
        "facts": facts_of(candidate),
        "sections": sections_of(candidate),
        "check": checklist(candidate),
        "nominations": [_nomination(one, actor, places) for one in nominations],
        "reads": reads_of(candidate, places),
        "today": clock.today(),
        "is_active": candidate.status != Candidate.Status.INACTIVE,
        "is_consultant": actor.is_consultant,
    }
    return render(request, "web/candidates/page.html", context)


def _nomination(one: Nomination, actor: Actor, places: dict[str, str]) -> dict[str, Any]:
    steps = set(allowed_steps(one, actor))
    return {
        "id": one.public_id,
        "order": one.order,
        "lead": places.get(one.order.lead_id, ""),
        "state": one.get_state_display(),
        "waits": "accept" in steps,
        "can_answer": bool(steps & {"accept", "withdraw"}),
        "due_at": one.answer_due_at if "accept" in steps else None,
        "since": one.ended_at or one.hired_at or one.presented_at or one.accepted_at or one.requested_at,
    }


@require_GET
@members_only(Role.CONSULTANT)
@transaction.atomic
def matches(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Which open orders fit: the screening turned round, run when it is asked for."""
    candidate = own_candidate(id, actor)
    person = read_name(candidate, actor, "name")
    found = open_orders_for(id, actor=actor)
    labels = words.labels_for(found["results"])
    places = municipality_names()
    lanes = [
        {
            "outcome": outcome,
            "name": words.LANES[outcome],
            "rows": [
                {
                    **row,
                    "lead": places.get(row["lead"], ""),
                    "musts": [words.must_in_words(must, labels) for must in row["musts"]],
                }
                for row in found["results"]
                if row["outcome"] == outcome
            ],
        }
        for outcome in words.LANES
    ]
    context = {"candidate": candidate, "person": person, "looked_at": found["looked_at"], "lanes": lanes}
    return render(request, "web/candidates/matches.html", context)
