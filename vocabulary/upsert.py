"""Writing many rows, repeatably: the new are created, those that differ updated, the rest left alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, transaction

from vocabulary.bulk import insert_rows
from vocabulary.models import Searchable
from vocabulary.packages import UnreadableFile
from vocabulary.progress import Progress, silent

Row = TypeVar("Row")

BATCH = 2000
#: A share of the rows that no new version of a classification drops, from so many rows on.
GONE_MANY, GONE_MUCH = 50, 0.2


@dataclass(frozen=True, slots=True)
class Counts:
    """What a load did to one kind of row; `gone` were retired (concepts, industries) or removed (links)."""

    kind: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    gone: int = 0
    note: str = ""

    def __str__(self) -> str:
        done = f"{self.created} new, {self.updated} changed, {self.unchanged} unchanged, {self.gone} gone"
        return f"{self.kind}: {done}" + (f" ({self.note})" if self.note else "")


def plausible(counts: Counts) -> Counts:
    """The counts, unless so much goes that a file was probably cut off. Raises UnreadableFile."""
    before = counts.updated + counts.unchanged + counts.gone
    if counts.gone > max(GONE_MANY, GONE_MUCH * before):
        raise UnreadableFile(
            f"{counts.gone} of {before} {counts.kind} rows would go: a file seems to be cut off. "
            "If the publisher really dropped them, import with --accept-loss"
        )
    return counts


@transaction.atomic
def upsert(
    scope: models.QuerySet[Any],
    entries: Iterable[models.Model],
    *,
    key: Sequence[str],
    fields: Sequence[str],
    kind: str = "",
    progress: Progress = silent,
) -> Counts:
    """Make the rows of `scope` agree with `entries` in `fields`, found by `key` (a unique constraint).

    Rows of the scope that no entry names are retired where `retired` is among the fields, else kept. The
    first of several entries with one key counts. Search columns are kept.
    """
    model = scope.model
    fields = [*fields, *(("folded",) if issubclass(model, Searchable) else ())]
    width = len(key)
    stored = {row[:width]: row[width:] for row in scope.order_by().values_list(*key, *fields)}
    fresh, changed, seen = [], [], set()
    for entry in entries:
        if isinstance(entry, Searchable):
            entry.refold()
        name = tuple(getattr(entry, part) for part in key)
        if name in seen:
            continue
        seen.add(name)
        if name not in stored:
            fresh.append(entry)
        elif stored[name] != tuple(getattr(entry, part) for part in fields):
            changed.append(entry)
    kind = kind or model._meta.model_name or ""
    for some in _batches([*fresh, *changed], kind, progress):
        model._default_manager.bulk_create(
            some, update_conflicts=True, unique_fields=list(key), update_fields=list(fields)
        )
    gone = _retire(scope, [name for name in stored if name not in seen], key) if "retired" in fields else 0
    unchanged = len(seen) - len(fresh) - len(changed)
    return Counts(kind, len(fresh), len(changed), unchanged, gone)


@transaction.atomic
def replace_links(
    scope: models.QuerySet[Any],
    wanted: dict[tuple[int, int], str],
    *,
    ends: tuple[str, str],
    label: str = "",
    progress: Progress = silent,
) -> Counts:
    """Make the links of `scope` those of `wanted`: (first id, second id) → value of `label`, if any."""
    model = scope.model
    columns = (*ends, *((label,) if label else ()))
    stored = {(row[1], row[2]): row for row in scope.order_by().values_list("pk", *columns)}
    stale = {pair for pair, row in stored.items() if pair not in wanted}
    changed = {pair for pair, row in stored.items() if label and pair in wanted and row[3] != wanted[pair]}
    fresh = [pair for pair in wanted if pair not in stored]
    doomed = [stored[pair][0] for pair in stale | changed]
    for start in range(0, len(doomed), BATCH):
        model._default_manager.filter(pk__in=doomed[start : start + BATCH]).delete()
    kind = model._meta.model_name or ""
    for some in _batches([*fresh, *changed], kind, progress):
        insert_rows(model, columns, [(*pair, wanted[pair])[: len(columns)] for pair in some])
    unchanged = len(stored) - len(stale) - len(changed)
    return Counts(kind, len(fresh), len(changed), unchanged, len(stale))


def _batches(rows: list[Row], kind: str, progress: Progress) -> Iterator[list[Row]]:
    """The rows in batches, each told once it is written."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
        progress(kind, min(start + BATCH, len(rows)), len(rows))


def _retire(scope: models.QuerySet[Any], names: list[tuple[Any, ...]], key: Sequence[str]) -> int:
    """Mark rows as retired; the first part of the key is enough inside a scope."""
    retired = 0
    for start in range(0, len(names), BATCH):
        some = {f"{key[0]}__in": [name[0] for name in names[start : start + BATCH]]}
        retired += scope.filter(retired=False, **some).update(retired=True)
    return retired
