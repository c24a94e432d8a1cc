"""People out of the database into a frame, in one statement: one snapshot, on either database, in any transaction.

`fetching` reads a whole region from PostgreSQL several times as fast.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

import numpy as np
from django.db.backends.base.base import BaseDatabaseWrapper

from candidates.models import Candidate
from screening.index.frame import (
    COLUMNS,
    FOREVER,
    LISTS,
    NO_DAY,
    NOWHERE,
    REVIEWED,
    UNKNOWN,
    Books,
    Frame,
    Ints,
    number,
)

#: Each list: its table, the column that holds a word or a skill, and the figures beside it.
TABLES: Final = {
    "licences": ("candidates_candidatelicence", "licence_id", ()),
    "certificates": ("candidates_candidatecertificate", "certificate_id", ("valid_through",)),
    "languages": ("candidates_candidatelanguage", "language_id", ("oral", "written")),
    "skills": ("candidates_candidateskill", "skill_id", ("documented",)),
    "occupations": ("candidates_candidateoccupation", "isco_id", ("months",)),
    "goals": ("candidates_jobgoal", "isco_id", ()),
}
#: The book of each list's words, and the table with all of them.
WORDS: Final = {
    "licences": ("licence", "vocabulary_licence"),
    "certificates": ("certificate", "vocabulary_certificate"),
    "languages": ("language", "vocabulary_language"),
    "occupations": ("isco", "vocabulary_iscogroup"),
    "goals": ("isco", "vocabulary_iscogroup"),
}
FIRST_FIGURE: Final = 4
"""Of the columns of a frame, from where on they are figures; before it candidate, tie seed, home, postal key."""


def day(vendor: str, column: str) -> str:
    """SQL for the ordinal of a day, as `date.toordinal` has it."""
    if vendor == "postgresql":
        return f"({column} - DATE '0001-01-01' + 1)"
    return f"CAST(julianday({column}) - 1721424.5 AS INTEGER)"


def figures(vendor: str) -> list[str]:
    """SQL for the columns of a frame from `available` on, of the table `c`."""
    highest = "greatest" if vendor == "postgresql" else "max"
    begins, ends = day(vendor, "c.available_from"), day(vendor, "c.status_until")
    in_course = f"c.status = '{Candidate.Status.IN_COURSE}' AND c.status_until IS NOT NULL"
    transport = f"CASE WHEN c.own_transport IS NULL THEN {UNKNOWN} WHEN c.own_transport THEN 1 ELSE 0 END"
    reviewed = " + ".join(
        f"CASE WHEN c.{section}_reviewed_on IS NULL THEN 0 ELSE {bit} END" for section, bit in REVIEWED.items()
    )
    latest = f"{highest}(coalesce({begins}, {ends}), {ends})"
    return [
        f"CASE WHEN {in_course} THEN {latest} ELSE coalesce({begins}, {NO_DAY}) END",
        *(f"coalesce(c.{name}, {UNKNOWN})" for name in ("hours_min", "hours_max", "shifts")),
        transport,
        f"coalesce(c.max_distance_km, {UNKNOWN})",
        reviewed,
    ]


def beside(vendor: str, name: str) -> list[str]:
    """SQL for the figures beside the word of a list."""
    if name == "certificates":
        return [f"coalesce({day(vendor, 'valid_through')}, {FOREVER})"]
    if name == "skills":
        return ["CASE WHEN documented THEN 1 ELSE 0 END"]
    return list(TABLES[name][2])


ACTIVE: Final = "c.status IN ('available', 'in_course') AND c.hired_from IS NULL"
PEOPLE: Final = "candidates_candidate c LEFT JOIN municipalities_postalcode p ON p.code = c.postal_code"


def _statement(vendor: str, chosen: bool) -> str:
    """One row per person and per entry of a list: its kind, the candidate, two words, figures."""
    width = len(COLUMNS) - FIRST_FIGURE + 1
    if not chosen:
        which = ""
    elif vendor == "postgresql":
        which = "{column} = ANY(%s)"
    else:
        which = "{column} IN (SELECT value FROM json_each(%s))"
    person = ["0", "c.id", "c.home_id", "coalesce(p.code, '')", "c.tie_seed", *figures(vendor)]
    where = " AND ".join(filter(None, (ACTIVE, which.format(column="c.id"))))
    parts = [f"SELECT {', '.join(person)} FROM {PEOPLE} WHERE {where}"]
    for kind, name in enumerate(LISTS, 1):
        table, word, _figures = TABLES[name]
        is_word = name in WORDS
        values = ["0" if is_word else word, *beside(vendor, name)]
        values += ["0"] * (width - len(values))
        columns = [str(kind), "candidate_id", word if is_word else "''", "''", *values]
        where = f" WHERE {which.format(column='candidate_id')}" if chosen else ""
        parts.append(f"SELECT {', '.join(columns)} FROM {table}{where}")
    return " UNION ALL ".join(parts)


def read(connection: BaseDatabaseWrapper, books: Books, candidates: Collection[int] | None = None) -> Frame:
    """These candidates (None: all) who may be screened, whole. Raises ValueError for what the columns cannot hold."""
    chosen = candidates is not None
    asked: Any = sorted(candidates or ())
    values = [asked if connection.vendor == "postgresql" else json.dumps(asked)] * (1 + len(LISTS)) if chosen else []
    rows: list[list[tuple[Any, ...]]] = [[] for _ in range(1 + len(LISTS))]
    with connection.cursor() as cursor:
        cursor.execute(_statement(connection.vendor, chosen), values)
        for row in cursor:
            rows[row[0]].append(row)
    return _frame(rows, books)


def _frame(rows: list[list[tuple[Any, ...]]], books: Books) -> Frame:
    people = rows[0]
    found: dict[str, Ints] = {
        "candidate": _column(people, 1),
        "home": _column(people, 2, lambda code: number(books.home, code)),
        "postal": _column(people, 3, lambda key: number(books.postal, key or NOWHERE)),
        "tie_seed": _column(people, 4),
    }
    for at, name in enumerate(COLUMNS[FIRST_FIGURE:], 5):
        found[name] = _column(people, at)
    lists = {}
    for kind, name in enumerate(LISTS, 1):
        listed = rows[kind]
        if name in WORDS:
            book: dict[str, int] = getattr(books, WORDS[name][0])
            keys = _column(listed, 2, lambda word, book=book: number(book, word))
            first = 5
        else:
            keys = skill_numbers(_column(listed, 4), books)
            first = 5
        more = [_column(listed, first + at) for at in range(len(LISTS[name]) - 1)]
        lists[name] = (_column(listed, 1), keys, *more)
    return Frame({name: found[name] for name in COLUMNS}, lists)


def _column(rows: Iterable[tuple[Any, ...]], at: int, of: Callable[[Any], int] = int) -> Ints:
    return np.fromiter((of(row[at]) for row in rows), np.int64)


def skill_numbers(skills: Ints, books: Books) -> Ints:
    """The books' numbers of skills by their primary keys."""
    if not len(skills):
        return skills
    table = np.zeros(int(skills.max()) + 1, np.int64)
    table[skills] = 1
    for skill in np.flatnonzero(table).tolist():
        table[skill] = books.skill.setdefault(skill, len(books.skill))
    return table[skills]
