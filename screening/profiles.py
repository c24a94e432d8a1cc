"""The profiles of those who are listed, whole: two statements for any number of people, from the source rows.

`screening.loading` reads a pool of thousands for the engine; this reads a few hundred by key, for every screening.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection
from functools import cache
from typing import Any, Final, NamedTuple

from django.db import connection

from events import prepared
from screening.loading import SECTIONS, available_from
from screening.types import Person, Section

Row = tuple[Any, ...]

#: Each list of a profile: its table, its word, and two figures and a day where it has them.
LISTS: Final = (
    ("candidates_candidatelicence", "licence_id", "0", "0", "NULL"),
    ("candidates_candidatecertificate", "certificate_id", "0", "0", "valid_through"),
    ("candidates_candidateskill", "''", "skill_id", "CASE WHEN documented THEN 1 ELSE 0 END", "NULL"),
    ("candidates_candidateoccupation", "isco_id", "months", "0", "NULL"),
    ("candidates_jobgoal", "isco_id", "0", "0", "NULL"),
    ("candidates_candidatelanguage", "language_id", "oral", "written", "NULL"),
)
COLUMNS: Final = (
    "id", "home_id", "tie_seed", "postal_code", "hours_min", "hours_max", "shifts", "available_from", "status",
    "status_until", "own_transport", "max_distance_km", *(f"{section}_reviewed_on IS NOT NULL" for section in SECTIONS),
)  # fmt: skip


class Profile(NamedTuple):
    """A person as the engine reads them, and their municipality's code."""

    person: Person
    home: str


def profiles(candidates: Collection[int]) -> dict[int, Profile]:
    """The whole profiles of these candidates, by key; who is no more is left out."""
    people, lists = _statements(connection.vendor)
    asked: Any = sorted(candidates)
    if connection.vendor != "postgresql":
        asked = json.dumps(asked)
    with prepared.cursor() as cursor:
        cursor.execute(people, [asked])
        rows = cursor.fetchall()
        cursor.execute(lists, [asked] * len(LISTS))
        held: list[defaultdict[int, list[Row]]] = [defaultdict(list) for _ in LISTS]
        for kind, candidate, *entry in cursor.fetchall():
            held[kind][candidate].append(tuple(entry))
    return {row[0]: Profile(_person(row, [entries.get(row[0], ()) for entries in held]), row[1]) for row in rows}


@cache
def _statements(vendor: str) -> tuple[str, str]:
    """One row per person, and one per entry of a list: its number, the candidate, a word, two figures, a day."""
    asked = "= ANY(%s::bigint[])" if vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    day = "::date" if vendor == "postgresql" else ""
    parts = [
        f"SELECT {kind}, candidate_id, {word}, {one}, {two}, {last}{day} FROM {table} WHERE candidate_id {asked}"  # noqa: S608
        for kind, (table, word, one, two, last) in enumerate(LISTS)
    ]
    people = f"SELECT {', '.join(COLUMNS)} FROM candidates_candidate WHERE id {asked}"  # noqa: S608
    return people, " UNION ALL ".join(parts)


def _person(row: Row, held: list[Any]) -> Person:
    licences, certificates, skills, occupations, goals, languages = held
    (key, _home, tie_seed, postal, hours_min, hours_max, shifts, available, status, until, transport, reach_km) = row[
        :12
    ]
    return Person(
        candidate=key,
        tie_seed=tie_seed,
        postal=postal or None,
        licences=frozenset(code for code, *_ in licences),
        certificates={code: _day(through) for code, _one, _two, through in certificates},
        skills={skill: bool(documented) for _word, skill, documented, _last in skills},
        occupations=tuple(sorted((code, months) for code, months, *_ in occupations)),
        goals=frozenset(code for code, *_ in goals),
        hours_min=hours_min,
        hours_max=hours_max,
        shifts=shifts,
        available_from=available_from(_day(available), status, _day(until)),
        languages={code: (oral, written) for code, oral, written, _last in languages},
        own_transport=None if transport is None else bool(transport),
        max_distance_km=reach_km,
        reviewed=_reviewed(row[12:]),
    )


@cache
def _reviewed(answers: tuple[Any, ...]) -> frozenset[Section]:
    return frozenset(section for section, is_reviewed in zip(SECTIONS, answers, strict=True) if is_reviewed)


def _day(value: dt.date | str | None) -> dt.date | None:
    """SQLite hands out days as text."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value
