"""Which open orders fit one candidate: the screening turned round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import F, Q

from candidates.models import Candidate
from events.errors import NotVisible
from joborders.models import JobOrder
from municipalities.actor import Actor
from municipalities.models import PostalDistance
from screening import engine
from screening.loading import persons, taken_orders
from screening.open_orders import SHELVES, known_today
from screening.ranking import SHOWN
from screening.reverse.book import Answers
from screening.services import full_of, graph_of, labels_of, wanted_of
from screening.types import OUTCOMES, Person, Verdict

ATTEMPTS = 2


def matches(candidate_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """Which open orders that the actor sees fit this own candidate, the first 50 of each outcome.

    All are asked at once in columns; the verdicts shown are made from the source rows. A constant number of queries,
    whatever the number of orders. Raises NotVisible.
    """
    people = Candidate.objects.visible_to(actor).filter(public_id=candidate_id, home=actor.municipality)
    person_row = people.first()
    if person_row is None:
        raise NotVisible
    [person] = persons(people, None)
    found = JobOrder.objects.visible_to(actor).open().exclude(pk__in=taken_orders(person_row))
    known = known_today(found)
    for attempt in range(ATTEMPTS):
        shelf = SHELVES.holding(known)
        firsts = _firsts(shelf.ask(person), list(known), shelf.places)
        judged = _judged(firsts, person)
        shown = [(order, verdict) for order, verdict in judged if _is_as_ranked(verdict, firsts[order.pk])]
        if len(shown) == len(firsts) or attempt == ATTEMPTS - 1:
            break
        # An order was changed past its services, or just now: everything is compiled anew once.
        SHELVES.forget()
    labels = labels_of(verdict for _order, verdict in shown)
    return {"looked_at": len(known), "results": [_match(order, verdict, labels) for order, verdict in shown]}


Ranked = dict[int, tuple[str, int, int]]
"""Order → outcome, raw and tie, best first."""


def _firsts(answers: Answers, orders: Sequence[int], places: Mapping[int, int]) -> Ranked:
    """The first orders of each shown outcome: raw falling, then the order's key."""
    at = np.fromiter((places[pk] for pk in orders), np.int64, len(orders))
    outcome, raw = answers.outcome.take(at), answers.raw.take(at)
    found: Ranked = {}
    for lane in SHOWN:
        members = np.flatnonzero(outcome == OUTCOMES.index(lane))
        best = members[np.argsort(-raw.take(members), kind="stable")][: engine.LISTED]
        found |= {orders[one]: answers.of(int(at[one])) for one in best.tolist()}
    return found


def _judged(firsts: Ranked, person: Person) -> list[tuple[JobOrder, Verdict]]:
    """The verdicts on these orders as they are in the database now, in their sequence."""
    rows = JobOrder.objects.filter(pk__in=list(firsts)).select_related("company").in_bulk()
    orders = [rows[pk] for pk in firsts if pk in rows]
    wanted = wanted_of(orders)
    graph, metres = graph_of(wanted), _metres_to(person.postal, (one.workplace for one in wanted))
    ready = (engine.compile_order(one, graph, metres.get(one.workplace or "", {})) for one in wanted)
    return [(order, engine.judge(one, person)) for order, one in zip(orders, ready, strict=True)]


def _is_as_ranked(verdict: Verdict, ranked: tuple[str, int, int]) -> bool:
    return (verdict.outcome, verdict.raw, verdict.tie) == ranked


def _metres_to(postal: str | None, workplaces: Iterable[str | None]) -> dict[str, dict[str, int]]:
    """For each workplace its distance to one postal point, and to itself: that says that the workplace is known."""
    places = {place for place in workplaces if place}
    rows = PostalDistance.objects.filter(origin__in=places).filter(Q(target=postal or "") | Q(target=F("origin")))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for origin, target, metres in rows.order_by().values_list("origin", "target", "metres"):
        found[origin][target] = metres
    return found


def _match(order: JobOrder, verdict: Verdict, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "order": order.public_id,
        "number": order.number,
        "title": order.title,
        "company": order.company.name,
        "lead": order.lead_id,
        "outcome": verdict.outcome,
        "fit": verdict.fit,
        "musts": full_of(verdict, labels)["musts"],
    }
