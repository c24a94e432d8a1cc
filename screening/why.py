"""Why somebody is, or is not, on the list: the same explanation for anybody, whatever the rank."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from candidates.models import Candidate
from candidates.querysets import UNSCORED
from events.errors import NotVisible
from joborders.models import JobOrder
from municipalities import wall
from municipalities.actor import Actor
from screening import engine, sqlexec
from screening.explain import against
from screening.loading import persons, pool
from screening.models import Pseudonym, Run
from screening.ranking import SHOWN
from screening.services import card_of, compiled, full_of, labels_of, public_demands, sees_others, wanted_of
from screening.types import Verdict


@wall.to_score
def explanation(
    order_id: UUID, candidate_id: UUID | None = None, *, actor: Actor, pseudonym: str | None = None
) -> dict[str, Any]:
    """The verdict on one person now, the place it has among all of its lane, and what speaks against.

    An own candidate by id, answered in full; by a card's id or its pseudonym on this order an own one too, or for the
    lead of an open shared order another municipality's, as a card. Raises NotVisible.
    """
    order = JobOrder.objects.visible_to(actor).filter(public_id=order_id).first()
    if order is None or not actor.is_consultant or actor.municipality is None:
        raise NotVisible
    person, card = _asked_about(order, actor, candidate_id, pseudonym)
    [wanted] = wanted_of([order])
    ready = compiled(wanted)
    verdict = engine.judge(ready, next(persons(Candidate.objects.filter(pk=person.pk), None)))
    scope = Run.Scope.REGION if sees_others(order, actor) else Run.Scope.OWN
    people = pool(order, actor.municipality if scope == Run.Scope.OWN else None)
    in_pool = people.filter(pk=person.pk).exists()
    is_ranked = in_pool and verdict.outcome in SHOWN
    labels = labels_of([verdict])
    shown = {
        "card": card.public_id if card else None,
        "pseudonym": card.name if card else None,
        "home_municipality": person.home_id,
        "scope": scope.value,
        "in_pool": in_pool,
        "rank": sqlexec.place(ready, people, verdict.outcome, verdict.raw) if is_ranked else None,
        "against": _against(verdict, labels),
    }
    if person.home_id != actor.municipality:
        return {**card_of(verdict, labels), **shown, "candidate": None}
    return {**full_of(verdict, labels), **shown, "candidate": person.public_id}


def _asked_about(
    order: JobOrder, actor: Actor, candidate_id: UUID | None, pseudonym: str | None
) -> tuple[Candidate, Pseudonym | None]:
    """The person whom the actor means and may know of, with the card if there is one. Raises NotVisible."""
    cards = order.pseudonyms.select_related("candidate").defer(*(f"candidate__{column}" for column in UNSCORED))
    own = (
        Candidate.objects.as_scored().filter(public_id=candidate_id, home=actor.municipality).first()
        if candidate_id
        else None
    )
    if own is not None:
        return own, cards.filter(candidate=own).first()
    card = cards.filter(public_id=candidate_id).first() if candidate_id else cards.filter(name=pseudonym).first()
    if card is None or not (card.candidate.home_id == actor.municipality or sees_others(order, actor)):
        raise NotVisible
    return card.candidate, card


def _against(verdict: Verdict, labels: dict[str, str]) -> dict[str, Any]:
    found = against(verdict)
    return {**found, "musts": public_demands(found["musts"], labels)}
