"""Nominations as the list was answered: whoever is nominated past others is recorded with the run, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from candidates.models import Candidate
from events import clock
from joborders.services import nominations
from joborders.services.nominations import Done
from municipalities import wall
from municipalities.actor import Actor
from screening.models import Override, Run, VerdictRow
from screening.ranking import SHOWN
from vocabulary.text import clean_text

AGAINST_THE_LIST = "against_the_list"
#: Where somebody stands on a list: the lane, best first, and the rank in it.
Place = tuple[int, int]


@transaction.atomic
def request(
    order_id: UUID,
    actor: Actor,
    version: int,
    *,
    candidates: Sequence[UUID],
    reason: str = "",
    beside: Collection[UUID] = (),
    happened_at: datetime | None = None,
) -> list[Done]:
    """`nominations.request`, with the reason if it is against the order of the last list. Raises the same.

    `beside` are candidates chosen in the same breath, whose own step comes next: they are not passed over.
    """
    text = _reason(reason)
    done = nominations.request(order_id, actor, version, candidates=candidates, happened_at=happened_at)
    return _noted(order_id, actor, done, text, beside)


@transaction.atomic
def offer(
    order_id: UUID,
    actor: Actor,
    version: int,
    *,
    candidate: UUID,
    acceptance: Mapping[str, Any],
    reason: str = "",
    happened_at: datetime | None = None,
) -> Done:
    """`nominations.offer`, with the reason if it is against the order of the last list. Raises the same."""
    text = _reason(reason)
    done = nominations.offer(
        order_id, actor, version, candidate=candidate, acceptance=acceptance, happened_at=happened_at
    )
    return _noted(order_id, actor, [done], text)[0]


@transaction.atomic
def offer_many(
    order_id: UUID,
    actor: Actor,
    version: int,
    items: Sequence[Mapping[str, Any]],
    *,
    reason: str = "",
    beside: Collection[UUID] = (),
) -> list[Done]:
    """`nominations.offer_many`, with the reason if it is against the order of the last list. Raises the same.

    `beside` as in `request`.
    """
    text = _reason(reason)
    return _noted(order_id, actor, nominations.offer_many(order_id, actor, version, items), text, beside)


@wall.to_score
def would_pass_over(order_id: UUID, actor: Actor, *groups: Collection[UUID]) -> list[bool]:
    """For each group of candidates (public ids): does nominating it go against the last list? Then ask for the reason.

    The groups are chosen in the same breath and pass nobody of each other over, as with `beside` in `request`.
    """
    found = _last_list(order_id, actor)
    if found is None:
        return [False for _group in groups]
    _run, places, nominated = found
    keys = dict(
        Candidate.objects.filter(public_id__in={one for group in groups for one in group})
        .order_by()
        .values_list("public_id", "pk")
    )
    settled = nominated | set(keys.values())
    return [any(_passed_over(places, settled, keys[one]) for one in group if one in keys) for group in groups]


@wall.to_score
def _keys(people: Collection[UUID]) -> set[int]:
    """Database ids of candidates; no query for nobody."""
    if not people:
        return set()
    return set(Candidate.objects.filter(public_id__in=people).order_by().values_list("pk", flat=True))


def _reason(reason: str) -> str:
    return clean_text(reason, field="/reason", max_length=1000)


def _noted(
    order_id: UUID, actor: Actor, done: Sequence[Done], reason: str, beside: Collection[UUID] = ()
) -> list[Done]:
    """Record who was nominated past others on the last list that the actor's municipality asked for, and warn.

    Passed over is who stands before, in a better lane or further up in the same, and was never nominated on the order.
    Equals pass nobody over. Without a list there is nothing to go against.
    """
    last = _last_list(order_id, actor)
    if last is None:
        return list(done)
    run, places, nominated = last
    nominated |= _keys(beside)
    found = []
    for one in done:
        pk = one.nomination.candidate_id
        passed_over = _passed_over(places, nominated, pk)
        if passed_over:
            _record(run, one, places.get(pk), passed_over, actor, reason)
        found.append(replace(one, warnings=(*one.warnings, AGAINST_THE_LIST)) if passed_over else one)
    return found


def _last_list(order_id: UUID, actor: Actor) -> tuple[Run, dict[int, Place], set[int]] | None:
    """The last run that the actor's municipality asked for, who stands where on it, and who was ever nominated."""
    run = Run.objects.filter(order__public_id=order_id, municipality_code=actor.municipality or "").first()
    if run is None:
        return None
    rows = run.verdicts.order_by().values_list("candidate_id", "outcome", "rank")
    places = {pk: (SHOWN.index(outcome), rank) for pk, outcome, rank in rows}
    return run, places, set(run.order.nominations.values_list("candidate_id", flat=True))


def _passed_over(places: Mapping[int, Place], nominated: Collection[int], candidate: int) -> int:
    """How many stand before the candidate and were not nominated."""
    place = places.get(candidate)
    waiting = (other for pk, other in places.items() if pk not in nominated)
    return sum(place is None or other < place for other in waiting)


def _record(run: Run, done: Done, place: Place | None, passed_over: int, actor: Actor, reason: str) -> None:
    Override.objects.create(
        run=run,
        nomination=done.nomination,
        outcome=VerdictRow.Outcome(SHOWN[place[0]]) if place else "",
        rank=place[1] if place else None,
        passed_over=passed_over,
        reason=reason,
        decided_at=clock.now(),
        by_user_id=actor.user_id,
    )


def of_run(run: Run) -> list[dict[str, Any]]:
    """What was decided against the order of this list, oldest first."""
    rows = run.overrides.select_related("nomination", "by_user").order_by("decided_at", "pk")
    return [
        {
            "nomination": row.nomination.public_id,
            "pseudonym": row.nomination.pseudonym,
            "home_municipality": row.nomination.home_code,
            "outcome": row.outcome or None,
            "rank": row.rank,
            "passed_over": row.passed_over,
            "reason": row.reason,
            "decided_at": row.decided_at,
            "decided_by": row.by_user.name if row.by_user else None,
        }
        for row in rows
    ]
