"""A run answered again from its snapshot: the same verdicts, or which input has changed since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder

from candidates.models import Candidate
from municipalities import wall
from screening import engine, prints
from screening.loading import persons
from screening.models import Pseudonym, Run, VerdictRow
from screening.services import compiled, full_of, labels_of
from screening.table import TABLES
from screening.types import Person, Verdict, Wanted


@dataclass(frozen=True, slots=True)
class Replay:
    """What came out. `changed` names inputs of the order, `differing` the people (pseudonym → what changed)."""

    verdicts: int
    erased: int
    changed: tuple[str, ...]
    differing: dict[str, tuple[str, ...]]

    @property
    def is_same(self) -> bool:
        """Every verdict that was shown comes out again."""
        return not self.differing and not self.erased


@wall.to_score
def replay(run: Run) -> Replay:
    """Judge everybody whom the run listed, by its snapshot and the table of its version.

    Raises KeyError for a run of a table version that this release does not know.
    """
    wanted = Wanted.from_data(run.snapshot)
    order = compiled(wanted, TABLES[run.table_version])
    rows = list(run.verdicts.order_by("pk"))
    people = {one.candidate: one for one in persons(Candidate.objects.filter(pk__in=_keys(rows)), None)}
    names = dict(Pseudonym.objects.filter(order=run.order_id).order_by().values_list("candidate_id", "name"))
    changed = prints.changed(run.inputs, prints.of_order(order))
    verdicts = {pk: engine.judge(order, person) for pk, person in people.items()}
    labels = labels_of(verdicts.values())
    differing = {
        names[row.candidate_id]: _why(row, people[row.candidate_id], changed)
        for row in rows
        if not _is_same(row, verdicts[row.candidate_id], labels)
    }
    return Replay(len(rows), max(0, run.listed - len(rows)), changed, differing)


def _keys(rows: list[VerdictRow]) -> list[int]:
    return [row.candidate_id for row in rows]


def _is_same(row: VerdictRow, verdict: Verdict, labels: dict[str, str]) -> bool:
    again = json.loads(json.dumps(full_of(verdict, labels), cls=DjangoJSONEncoder))
    return bool(row.verdict["full"] == again)


def _why(row: VerdictRow, person: Person, order_changed: tuple[str, ...]) -> tuple[str, ...]:
    """Inputs of the profile and of the order that changed; none: the same input was answered otherwise."""
    return (*prints.changed(row.inputs, prints.of_person(person)), *order_changed)


def sentences(found: Replay) -> Iterator[str]:
    """The result in plain words, without names."""
    yield f"{found.verdicts - len(found.differing)} of {found.verdicts} verdicts are the same."
    if found.erased:
        yield f"inputs erased: {found.erased} of those listed then are no longer there, and cannot be judged again."
    for name, inputs in found.differing.items():
        yield f"{name}: changed since: {', '.join(inputs) or 'nothing; the definition itself answers otherwise'}"
