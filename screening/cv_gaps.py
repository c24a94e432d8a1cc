"""How many candidates miss each CV principle, by home municipality (handbook §7.5)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from candidates import cv_check, cv_principles
from candidates.models import Candidate
from municipalities import wall


@wall.by_the_system
def compute() -> dict[str, Any]:
    """The counts now, over everybody who may be screened; readers hide what is small."""
    people: Counter[str] = Counter()
    missing: dict[str, Counter[str]] = defaultdict(Counter)
    for found in cv_check.check_all(Candidate.objects.active()):  # type: ignore[arg-type]
        people[found.home] += 1
        missing[found.home].update(found.missing)
    return {
        "version": cv_principles.CURRENT,
        "municipalities": {home: {"people": people[home], "missing": dict(missing[home])} for home in sorted(people)},
    }
