"""A nomination as JSON for one reader: who may see the name is asked here and again by candidates.access."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from candidates.access import NamedCandidate, named
from candidates.models import Candidate
from joborders.models import JobOrder, Nomination
from joborders.nomination_workflow import NAMED_TO_COMPANY, NAMED_TO_LEAD
from joborders.services.nominations import Done, allowed_steps
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
    """The named candidates of one order by nomination, logged in one statement. Call inside a transaction.

    The CV text is the one confirmed for this order.
    """
    wanted = [nomination for nomination in nominations if may_name(nomination, actor)]
    if not wanted:
        return {}
    texts: dict[int, str] = {}
    for nomination in wanted:
        texts[nomination.candidate_id] = nomination.cv_text or texts.get(nomination.candidate_id, "")
    people = Candidate.objects.filter(pk__in=list(texts)).order_by("pk")
    shown = named(
        people,  # type: ignore[arg-type]
        actor=actor,
        purpose=PURPOSE,
        fields=FIELDS,
        order=order.public_id,
        cv_texts=texts,
    )
    found = {person.pk: person for person in shown}
    return {
        nomination.pk: replace(found[nomination.candidate_id], cv_text=nomination.cv_text)
        for nomination in wanted
        if nomination.candidate_id in found
    }


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
        "person": _person(person),
        "judged": judged,
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


def summary(done: Sequence[Done], actor: Actor) -> list[dict[str, Any]]:
    """What the steps gave, without names: those are read, and logged, by GET."""
    cards = cards_of([one.nomination for one in done])
    return [nomination_for(one.nomination, actor, cards, warnings=one.warnings) for one in done]
