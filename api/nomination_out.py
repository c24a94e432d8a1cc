"""A nomination as JSON for one reader (who may be named: joborders.services.shown)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from candidates.access import NamedCandidate
from joborders.models import JobOrder, Nomination
from joborders.services.nominations import Done, allowed_steps, cv_checked
from joborders.services.shown import is_home, may_name
from municipalities.actor import Actor
from screening.shown import Cards, cards_of

RELATED = ("order__company", "order__lead", "order__assignee", "order__agreement")
_AS_IS = (
    "version",
    "state",
    "requested_at",
    "answer_due_at",
    "accepted_at",
    "presented_at",
    "interviewed_at",
    "interview_at",
    "hired_at",
    "reported_start_on",
    "hire_starts_on",
    "hire_hours",
    "hire_terms",
    "ended_at",
    "end_reason",
    "end_text",
)


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
        "candidate": nomination.candidate.public_id if nomination.candidate and is_home(nomination, actor) else None,
        "person": _person(person),
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


def _person(person: NamedCandidate | None) -> dict[str, str] | None:
    if person is None:
        return None
    return {
        "name": person.name,
        "phone": person.phone,
        "email": person.email,
        "contact_way": person.contact_way,
        "cv_text": person.cv_text,
    }


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
