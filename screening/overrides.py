"""Nominations as the list was answered: whoever is nominated past others is recorded with the run, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from events import clock
from joborders.services import nominations
from joborders.services.nominations import Done
from municipalities.actor import Actor
from screening.models import Override, Run, VerdictRow
from screening.ranking import SHOWN
from vocabulary.text import clean_text

AGAINST_THE_LIST = "against_the_list"


@transaction.atomic
def request(
    order_id: UUID,
    actor: Actor,
    version: int,
    *,
    candidates: Sequence[UUID],
    reason: str = "",
    happened_at: datetime | None = None,
) -> list[Done]:
    """`nominations.request`, with the reason if it is against the order of the last list. Raises the same."""
    text = _reason(reason)
    done = nominations.request(order_id, actor, version, candidates=candidates, happened_at=happened_at)
    return _noted(order_id, actor, done, text)


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


def _reason(reason: str) -> str:
    return clean_text(reason, field="/reason", max_length=1000)


def _noted(order_id: UUID, actor: Actor, done: Sequence[Done], reason: str) -> list[Done]:
    """Record who was nominated past others on the last list that the actor's municipality asked for, and warn.

    Passed over is who stands before, in a better lane or further up in the same, and was never nominated on the order.
    Equals pass nobody over. Without a list there is nothing to go against.
    """
    run = Run.objects.filter(order__public_id=order_id, municipality_code=actor.municipality or "").first()
    if run is None:
        return list(done)
    rows = run.verdicts.order_by().values_list("candidate_id", "outcome", "rank")
    places = {pk: (SHOWN.index(outcome), rank) for pk, outcome, rank in rows}
    nominated = set(run.order.nominations.values_list("candidate_id", flat=True))
    waiting = [place for pk, place in places.items() if pk not in nominated]
    found = []
    for one in done:
        place = places.get(one.nomination.candidate_id)
        passed_over = sum(place is None or other < place for other in waiting)
        if passed_over:
            _record(run, one, place, passed_over, actor, reason)
        found.append(replace(one, warnings=(*one.warnings, AGAINST_THE_LIST)) if passed_over else one)
    return found


def _record(run: Run, done: Done, place: tuple[int, int] | None, passed_over: int, actor: Actor, reason: str) -> None:
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
