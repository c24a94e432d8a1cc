"""The shared principles for a good CV as a versioned checklist (handbook §4 and §7.5). No database.

The steering group decides the principles; a change of any of them is a new version, an old one is never edited. The
answer is a list of pass and missing, never one score.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from candidates.cv_rules import findings

LINE = 90
PROFILE_LINES = range(3, 7)
FRESH_DAYS = 30


@dataclass(frozen=True, slots=True)
class CvFacts:
    """What the checklist looks at. `contact`: there is a number or address for the way that the citizen chose."""

    today: date
    cv_text: str = ""
    has_job_goal: bool = False
    has_occupation: bool = False
    occupations_reviewed: bool = False
    has_bare_occupation: bool = False
    """An occupation without months, or without a word on what was done."""
    certificates_reviewed: bool = False
    has_undated_certificate: bool = False
    """One that lapses, without its last day."""
    licences_reviewed: bool = False
    transport_known: bool = False
    reach_known: bool = False
    has_language: bool = False
    hours_known: bool = False
    shifts_known: bool = False
    start_known: bool = False
    contact: bool = False
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One principle: `gaps` are codes of what is missing, none where it passes."""

    code: str
    gaps: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is missing."""
        return not self.gaps


Rule = Callable[[CvFacts], tuple[str, ...]]


def profile_lines(cv_text: str) -> int:
    """Lines of the first paragraph; one without breaks counts a line per 90 characters."""
    first = re.split(r"\n\s*\n", cv_text.strip(), maxsplit=1)[0]
    return sum(-(-len(line) // LINE) for line in first.split("\n") if line.strip())


def _unless(**holds: bool) -> tuple[str, ...]:
    """The names of what does not hold."""
    return tuple(name for name, held in holds.items() if not held)


def _experience(facts: CvFacts) -> tuple[str, ...]:
    if facts.has_bare_occupation:
        return ("period_and_tasks",)
    return _unless(occupations=facts.has_occupation or facts.occupations_reviewed)


def _fresh(facts: CvFacts) -> tuple[str, ...]:
    known = facts.confirmed_on
    return _unless(confirmed=known is not None and (facts.today - known).days <= FRESH_DAYS)


def _nothing_private(facts: CvFacts) -> tuple[str, ...]:
    return tuple(sorted({finding.kind.value for finding in findings(facts.cv_text)}))


#: Version → principle → its rule, in the order of the page.
CHECKLISTS: Final[Mapping[str, Mapping[str, Rule]]] = MappingProxyType(
    {
        "2026.1": MappingProxyType(
            {
                "profile": lambda facts: _unless(three_to_six_lines=profile_lines(facts.cv_text) in PROFILE_LINES),
                "job_goal": lambda facts: _unless(job_goal=facts.has_job_goal),
                "experience": _experience,
                "certificates": lambda facts: _unless(
                    reviewed=facts.certificates_reviewed, last_day=not facts.has_undated_certificate
                ),
                "mobility": lambda facts: _unless(
                    licences=facts.licences_reviewed, transport=facts.transport_known, reach=facts.reach_known
                ),
                "languages": lambda facts: _unless(languages=facts.has_language),
                "availability": lambda facts: _unless(
                    hours=facts.hours_known, shifts=facts.shifts_known, available_from=facts.start_known
                ),
                "contact": lambda facts: _unless(contact=facts.contact),
                "nothing_private": _nothing_private,
                "confirmed": _fresh,
            }
        )
    }
)
CURRENT: Final = "2026.1"


def check(facts: CvFacts, version: str = CURRENT) -> tuple[Point, ...]:
    """Every principle of the checklist, passed or with what is missing. Raises KeyError for an unknown version."""
    return tuple(Point(code, rule(facts)) for code, rule in CHECKLISTS[version].items())


def missing(points: tuple[Point, ...]) -> tuple[str, ...]:
    """The codes of the principles that do not pass, in the order of the checklist."""
    return tuple(point.code for point in points if not point.passed)
