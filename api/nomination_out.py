"""A nomination as JSON for one reader: who may see the name is asked here and again by candidates.access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from candidates.access import NamedCandidate, named
from candidates.models import Candidate
from joborders.models import JobOrder, Nomination
from joborders.nomination_workflow import NAMED_TO_COMPANY, NAMED_TO_LEAD
from joborders.services.nominations import Done, allowed_steps, cv_checked
from municipalities.actor import Actor
from screening.models import Pseudonym, VerdictRow

PURPOSE = "nomination.show"
FIELDS = ("name", "phone", "email", "contact_way", "cv_text")
RELATED = ("order__company", "order__lead", "order__assignee", "order__agreement", "candidate")
_AS_IS = (
    "version",
    "state",
    "requested_at",
    "answer_due_at",
    "accepted_at",
    "presented_at",
    "interviewed_at",
    "hired_at",
    "reported_start_on",
    "hire_starts_on",
    "hire_hours",
    "hire_terms",
    "ended_at",
    "end_reason",
    "end_text",
)

Cards = dict[tuple[int, int], tuple[UUID, str]]


def is_home(nomination: Nomination, actor: Actor) -> bool:
    """Whether the actor works with candidates in the candidate's own municipality."""
    return actor.municipality == nomination.home_code and (actor.is_consultant or actor.is_caseworker)


def may_name(nomination: Nomination, actor: Actor) -> bool:
    """Home always; the order's lead after acceptance; the company while presented, at interview or hired (§6)."""
    if actor.is_company:
        return nomination.state in NAMED_TO_COMPANY
    if is_home(nomination, actor):
        return True
    return actor.works_in(nomination.order.lead_id) and nomination.state in NAMED_TO_LEAD


def people_on(order: JobOrder, nominations: Sequence[Nomination], actor: Actor) -> dict[int, NamedCandidate]:
    """The named candidates of one order by their key, logged in one statement. Call inside a transaction."""
    wanted = [nomination.candidate_id for nomination in nominations if may_name(nomination, actor)]
    if not wanted:
        return {}
    people = Candidate.objects.filter(pk__in=wanted).order_by("pk")
    shown = named(people, actor=actor, purpose=PURPOSE, fields=FIELDS, order=order.public_id)  # type: ignore[arg-type]
    return {person.pk: person for person in shown}


def cards_of(nominations: Sequence[Nomination]) -> Cards:
    """Card id and pseudonym of each, which hold on the one order only."""
    found = Pseudonym.objects.filter(
        order__in={nomination.order_id for nomination in nominations},
        candidate__in={nomination.candidate_id for nomination in nominations},
    )
    rows = found.order_by().values_list("order_id", "candidate_id", "public_id", "name")
    return {(order, candidate): (card, name) for order, candidate, card, name in rows}


def nomination_for(
    nomination: Nomination,
    actor: Actor,
    cards: Cards,
    *,
    person: NamedCandidate | None = None,
    judged: dict[str, Any] | None = None,
    gaps: Sequence[str] | None = None,
    warnings: Sequence[str] = (),
) -> dict[str, Any]:
    """The nomination in the names of NominationOut."""
    given = {"id": nomination.public_id, **{name: getattr(nomination, name) for name in _AS_IS}}
    card, pseudonym = cards.get((nomination.order_id, nomination.candidate_id), (None, None))
    for_company = actor.is_company
    return given | {
        "order": _order(nomination.order),
        "home_municipality": None if for_company else nomination.home_code,
        "card": None if for_company else card,
        "pseudonym": None if for_company else pseudonym,
        "candidate": nomination.candidate.public_id if is_home(nomination, actor) else None,
        "person": _person(nomination, person),
        "judged": judged,
        "cv_gaps": list(kept_gaps(nomination, actor) if gaps is None else gaps),
        "cv_reason": nomination.cv_reason if actor.is_member else "",
        "warnings": list(warnings),
        "allowed": list(allowed_steps(nomination, actor)),
    }


def _order(order: JobOrder) -> dict[str, Any]:
    return {
        "id": order.public_id,
        "number": order.number,
        "version": order.version,
        "title": order.title,
        "description": order.description,
        "company_name": order.company.name,
        "lead": order.lead_id,
        "workplace_municipality": order.workplace_municipality,
        "starts_on": order.starts_on,
        "type": order.type,
        "state": order.state,
    }


def _person(nomination: Nomination, person: NamedCandidate | None) -> dict[str, str] | None:
    if person is None:
        return None
    return {
        "name": person.name,
        "phone": person.phone,
        "email": person.email,
        "contact_way": person.contact_way,
        "cv_text": nomination.cv_text,
    }


def judged_of(nomination: Nomination, actor: Actor) -> dict[str, Any] | None:
    """The card of the last screening that listed the person; for a company only which must-haves are met."""
    rows = VerdictRow.objects.filter(run__order=nomination.order_id, candidate=nomination.candidate_id)
    row = rows.order_by("-id").values_list("verdict", flat=True).first()
    if row is None:
        return None
    card: dict[str, Any] = row["card"]
    if not actor.is_company:
        return card
    met = [{"name": must["name"], "demand": must["demand"]} for must in card["musts"] if must["outcome"] == "met"]
    return {"musts": met}


def kept_gaps(nomination: Nomination, actor: Actor) -> list[str]:
    """The principles that failed when it was presented. Nothing for the company."""
    return [code for code in nomination.cv_gaps.split(",") if code] if actor.is_member else []


def cv_gaps_of(nomination: Nomination, actor: Actor) -> list[str]:
    """The principles that the CV of an accepted nomination fails now; later, those it failed when it was presented."""
    if nomination.state == Nomination.State.ACCEPTED and actor.is_member and may_name(nomination, actor):
        return list(cv_checked(nomination).missing)
    return kept_gaps(nomination, actor)


def summary(done: Sequence[Done], actor: Actor) -> list[dict[str, Any]]:
    """What the steps gave, without names: those are read, and logged, by GET."""
    cards = cards_of([one.nomination for one in done])
    return [nomination_for(one.nomination, actor, cards, warnings=one.warnings) for one in done]
