"""The import from a municipality's own system: upsert by case reference, a report per row.

One bad row does not stop the rest. Rows are written in batches, each in one transaction with the same few
statements whatever its size, so that a municipality's whole list takes seconds.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import import_files, storage
from candidates.models import Candidate
from candidates.profile import Profile, read_profile
from candidates.services import home_of, lock_home
from candidates.words import Words, skills_named
from events import clock, services
from events.errors import FieldProblem, Invalid
from municipalities.actor import Actor

BATCH = 500
#: An import cannot undo a hire made here that lies ahead or began so recently: case systems lag behind.
HIRE_STANDS = dt.timedelta(days=30)
KEYS = frozenset({"external_reference"})


class Status(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowResult:
    """The report on one row; `row` counts from 1 without a heading. Nothing of the profile is repeated."""

    row: int
    status: Status
    external_reference: str = ""
    candidate: UUID | None = None
    errors: tuple[FieldProblem, ...] = ()


def as_data(result: RowResult) -> dict[str, Any]:
    """The report on a row in JSON types, the candidate's UUID as it is."""
    return {
        "row": result.row,
        "status": result.status.value,
        "external_reference": result.external_reference,
        "candidate": result.candidate,
        "errors": [{"pointer": one.pointer, "code": one.code, "detail": str(one.detail)} for one in result.errors],
    }


@dataclass(slots=True)
class Plan:
    """A row that may be written: its profile, and the candidate it is about (None: a new one)."""

    number: int
    reference: str
    profile: Profile
    current: Candidate | None
    fields: set[str]


def import_rows(stream: import_files.Stream, *, actor: Actor, format: str = "ndjson") -> Iterator[RowResult]:
    """Import a file of profiles ("ndjson" or "csv") into the actor's municipality; a result per row, in its order.

    A batch is written before its results come out, and stays written whatever follows. Raises NotAllowed, or Invalid
    for an unknown format or a heading that is not understood, before anything is written.
    """
    home = home_of(actor)
    if format not in import_files.READERS:
        raise Invalid.field("/format", "unknown_code", _("The format is ndjson or csv."))
    rows = import_files.READERS[format](stream)
    return _batches(rows, actor, home)


def _batches(rows: Iterator[import_files.RawRow], actor: Actor, home: str) -> Iterator[RowResult]:
    words, seen = Words.load(), set[str]()
    while batch := list(itertools.islice(rows, BATCH)):
        words.learn(skills_named(row.data for row in batch))
        yield from _import_batch(batch, actor, home, words, seen)


@transaction.atomic
def _import_batch(
    batch: Sequence[import_files.RawRow], actor: Actor, home: str, words: Words, seen: set[str]
) -> list[RowResult]:
    """Read, compare and write one batch. The locked home lets two imports of one municipality stand in line."""
    lock_home(home)
    references = {ref for row in batch if isinstance(ref := row.data.get("external_reference"), str)}
    references = {ref.strip() for ref in references if len(ref) <= 100 and ref.isprintable()}
    found = Candidate.objects.filter(home=home, external_reference__in=references).order_by("pk")
    known = {one.external_reference: one for one in found.select_for_update(of=("self",))}
    results: dict[int, RowResult] = {}
    plans: list[Plan] = []
    for row in batch:
        outcome = _read(row, words, known, seen)
        if isinstance(outcome, RowResult):
            results[row.number] = outcome
        else:
            plans.append(outcome)
    _compare(plans)
    written = _write([plan for plan in plans if plan.fields], actor, home)
    for plan in plans:
        results[plan.number] = _report(plan, written)
    return [results[row.number] for row in batch]


def _read(row: import_files.RawRow, words: Words, known: dict[str, Candidate], seen: set[str]) -> Plan | RowResult:
    """The row as a plan, or its refusal. The reference is only repeated when it passed the text guard."""
    if row.problem is not None:
        return RowResult(row.number, Status.REFUSED, errors=(row.problem,))
    raw = row.data.get("external_reference")
    current = known.get(raw.strip()) if isinstance(raw, str) else None
    try:
        profile = read_profile(row.data, words, current)
    except Invalid as invalid:
        bad = any(problem.pointer == "/external_reference" for problem in invalid.errors)
        shown = raw.strip()[:64] if isinstance(raw, str) and not bad else ""
        return RowResult(row.number, Status.REFUSED, shown, errors=tuple(invalid.errors))
    reference = profile.columns["external_reference"]
    if reference in seen:
        double = FieldProblem("/external_reference", "duplicate", _("This reference stands in the file already."))
        return RowResult(row.number, Status.REFUSED, reference, errors=(double,))
    seen.add(reference)
    _keep_hire(profile, current)
    return Plan(row.number, reference, profile, current, set(profile.columns))


def _keep_hire(profile: Profile, current: Candidate | None) -> None:
    """Leave the status alone where a hire made here outweighs what the case system says."""
    if current is not None and current.hired_from and current.hired_from > clock.today() - HIRE_STANDS:
        profile.columns.pop("status", None)
        profile.columns.pop("status_until", None)


def _compare(plans: Sequence[Plan]) -> None:
    """Find out what each known candidate's row would change; nothing, and the row is not written."""
    pks = [plan.current.pk for plan in plans if plan.current is not None]
    lists = storage.held_lists(pks) if pks else {}
    identities = storage.held_identities(pks) if pks else {}
    for plan in plans:
        if plan.current is not None:
            identity = identities.get(plan.current.pk, {})
            plan.fields = storage.changed(plan.current, plan.profile, lists, identity) - KEYS


def _write(plans: Sequence[Plan], actor: Actor, home: str) -> dict[str, UUID]:
    """Write the plans; public ids by reference. An existing row keeps its id, pseudonym and seed."""
    if not plans:
        return {}
    now, today = clock.now(), clock.today()
    pseudonyms = iter(storage.new_pseudonyms(sum(plan.current is None for plan in plans)))
    new, old = [], []
    for plan in plans:
        candidate = plan.current
        if candidate is None:
            candidate = Candidate(home_id=home, pseudonym=next(pseudonyms), created_at=now, version=1)
            new.append(candidate)
        else:
            candidate.version += 1
            old.append(candidate)
        storage.apply(candidate, plan.profile, now, today)
    Candidate.objects.bulk_create(new)
    storage.overwrite(old)
    by_reference = {one.external_reference: one for one in itertools.chain(new, old)}
    pks = {plan.reference: by_reference[plan.reference].pk for plan in plans}
    storage.write_lists({pks[plan.reference]: plan.profile for plan in plans}, are_new=frozenset(one.pk for one in new))
    storage.write_identities({pks[plan.reference]: plan.profile.identity for plan in plans})
    services.append_many([_draft(plan, by_reference[plan.reference], actor) for plan in plans])
    return {reference: one.public_id for reference, one in by_reference.items()}


def _draft(plan: Plan, candidate: Candidate, actor: Actor) -> dict[str, Any]:
    """The event of one row, to the home jobcentre only."""
    return {
        "type": "candidate.registered" if plan.current is None else "candidate.updated",
        "subject": candidate.public_id,
        "by": actor,
        "municipality": candidate.home_id,
        "audience": [candidate.home_id],
        "version": candidate.version,
        "data": {} if plan.current is None else {"fields": sorted(plan.fields)},
    }


def _report(plan: Plan, written: dict[str, UUID]) -> RowResult:
    if plan.current is None:
        return RowResult(plan.number, Status.CREATED, plan.reference, written[plan.reference])
    status = Status.UPDATED if plan.fields else Status.UNCHANGED
    return RowResult(plan.number, status, plan.reference, plan.current.public_id)
