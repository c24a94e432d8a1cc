"""All open orders, compiled, and everybody in the pool: for what is asked of the whole region at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from candidates.models import Candidate
from joborders.models import JobOrder, Nomination
from municipalities.models import PostalDistance
from screening import engine
from screening.crowd import Crowd, Sets
from screening.index.crowd import IndexCrowd
from screening.live.holder import INDEX
from screening.live.marks import NotUsable
from screening.live.state import read_all
from screening.loading import TAKEN, persons
from screening.services import graph_of, wanted_of
from screening.types import Wanted

RELATED = ("company", "unit")


def open_orders() -> list[JobOrder]:
    """Every open order, the paused ones too, by key."""
    return list(JobOrder.objects.open().select_related(*RELATED).order_by("pk"))


def open_orders_of(keys: Any) -> list[JobOrder]:
    """Those of the open orders whose keys are given (a list, or a queryset of them)."""
    return list(JobOrder.objects.open().filter(pk__in=keys).select_related(*RELATED).order_by("pk"))


def compiled_all(orders: Sequence[JobOrder], wanted: Sequence[Wanted] | None = None) -> list[engine.CompiledOrder]:
    """The orders expanded over one graph and one table of distances: a constant number of queries."""
    asked = list(wanted_of(orders) if wanted is None else wanted)
    graph, metres = graph_of(asked), metres_from({one.workplace for one in asked if one.workplace})
    return [engine.compile_order(one, graph, metres.get(one.workplace or "", {})) for one in asked]


def metres_from(places: Iterable[str]) -> dict[str, dict[str, int]]:
    """Metres from each of these postal codes to every other."""
    rows = PostalDistance.objects.filter(origin__in=set(places)).order_by()
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for origin, target, metres in rows.values_list("origin", "target", "metres"):
        found[origin][target] = metres
    return found


def in_pool(municipality: str | None = None) -> Any:
    """Active candidates without a hire, of one municipality or all nine; nominations are asked order by order."""
    people = Candidate.objects.active().filter(hired_from__isnull=True)
    return people.of(municipality) if municipality else people


def crowd_of(people: Any) -> tuple[Crowd, dict[str, int]]:
    """The people of a queryset with their whole profiles, and the set of each home municipality."""
    crowd = Crowd(list(persons(people, None)))
    homes: dict[str, list[int]] = defaultdict(list)
    for pk, home in people.order_by().values_list("pk", "home_id"):
        homes[home].append(pk)
    return crowd, {home: crowd.set_of(pks) for home, pks in sorted(homes.items())}


def everybody() -> tuple[Sets, dict[str, int]]:
    """Everybody in the pool of all nine, and the set of each home: by the index, else with their whole profiles."""
    try:
        state = INDEX.current()
        if len(state.changed):
            state = read_all(connection)
    except (NotUsable, ValueError):
        return crowd_of(in_pool())
    crowd = IndexCrowd(state.base)
    return crowd, crowd.homes()


def taken_on(orders: Sequence[JobOrder]) -> dict[int, set[int]]:
    """For each order the candidates who are not in its pool because of a nomination."""
    known = Nomination.objects.filter(order__in=[order.pk for order in orders], candidate__isnull=False)
    rows = known.filter(state__in=TAKEN).order_by()
    found: dict[int, set[int]] = defaultdict(set)
    for order, candidate in rows.values_list("order_id", "candidate_id"):
        found[order].add(candidate)
    return found
