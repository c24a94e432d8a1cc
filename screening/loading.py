"""Loads people for judging: one flat query for the pool, one per section, and only what this order can look at.

Rows that no demand and no part of the fit of the compiled order can touch are left in the database; what the engine
answers is the same, and a pool of 20,000 is read in a fraction of a second. Names are never read here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from candidates.models import (
    Candidate,
    CandidateCertificate,
    CandidateLanguage,
    CandidateLicence,
    CandidateOccupation,
    CandidateSkill,
    JobGoal,
)
from joborders.models import JobOrder, Nomination
from screening.compile import CompiledOrder
from screening.types import Person, Section
from vocabulary.models import Licence

SECTIONS: tuple[Section, ...] = (
    "licences", "certificates", "languages", "skills", "occupations", "hours", "transport",
)  # fmt: skip
COLUMNS = (
    "pk", "tie_seed", "postal_code", "hours_min", "hours_max", "shifts", "available_from", "own_transport",
    "max_distance_km", *(f"{section}_reviewed_on" for section in SECTIONS),
)  # fmt: skip
FIRST_REVIEW = 9


def pool(order: JobOrder, municipality: str | None, day: dt.date) -> QuerySet[Candidate]:
    """Active candidates of one municipality (None: all nine), without a hire, an unfinished or declined nomination.

    Somebody in a course counts from the course's last day on, or if its end is not known.
    """
    taken = Nomination.objects.filter(
        candidate=OuterRef("pk"),
        order=order,
        state__in=["requested", "accepted", "presented", "interview", "hired", "declined"],
    )
    people = Candidate.objects.active().filter(hired_from__isnull=True).filter(~Exists(taken))
    people = people.filter(Q(status="available") | Q(status_until__isnull=True) | Q(status_until__lte=day))
    return people.of(municipality) if municipality else people


def persons(people: QuerySet[Candidate], order: CompiledOrder) -> Iterator[Person]:
    """The people of a pool as the engine reads them, in one pass."""
    rows = list(people.order_by().values_list(*COLUMNS))
    found = _sections(people, order)
    reviews: dict[tuple[Any, ...], frozenset[Section]] = {}
    for row in rows:
        pk = row[0]
        reviewed_on = tuple(value is not None for value in row[FIRST_REVIEW:])
        reviewed = reviews.get(reviewed_on)
        if reviewed is None:
            reviewed = frozenset(s for s, is_reviewed in zip(SECTIONS, reviewed_on, strict=True) if is_reviewed)
            reviews[reviewed_on] = reviewed
        yield Person(
            candidate=pk,
            tie_seed=row[1],
            postal=row[2] or None,
            licences=frozenset(found["licences"].get(pk, ())),
            certificates=dict(found["certificates"].get(pk, ())),
            skills=dict(found["skills"].get(pk, ())),
            occupations=tuple(found["occupations"].get(pk, ())),
            goals=frozenset(found["goals"].get(pk, ())),
            hours_min=row[3],
            hours_max=row[4],
            shifts=row[5],
            available_from=row[6],
            languages={code: (oral, written) for code, oral, written in found["languages"].get(pk, ())},
            own_transport=row[7],
            max_distance_km=row[8],
            reviewed=reviewed,
        )


Rows = dict[int, list[Any]]


def _sections(people: QuerySet[Candidate], order: CompiledOrder) -> dict[str, Rows]:
    wanted = order.wanted
    pks = people.order_by().values("pk")
    skills = {skill for expanded in order.skills for skill in (*expanded.related, *expanded.meets)}
    goals = Q(isco__startswith=wanted.isco[:3]) if wanted.isco else Q(pk__in=())
    return {
        "licences": _one(CandidateLicence, pks, Q(licence__in=_holding(wanted.licences)), "licence_id"),
        "certificates": _many(
            CandidateCertificate, pks, Q(certificate__in=wanted.certificates), "certificate_id", "valid_through"
        ),
        "skills": _many(CandidateSkill, pks, Q(skill__in=skills), "skill_id", "documented"),
        "occupations": _many(CandidateOccupation, pks, _occupations(order), "isco_id", "months"),
        "goals": _one(JobGoal, pks, goals, "isco_id"),
        "languages": _many(
            CandidateLanguage,
            pks,
            Q(language__in=[language.code for language in wanted.languages]),
            "language_id",
            "oral",
            "written",
        ),
    }


def _occupations(order: CompiledOrder) -> Q:
    """Those that share a first digit with the order's occupation, or that hold a wanted skill."""
    codes = set(order.by_isco)
    for skill in order.skills:
        codes |= skill.meets_isco
    found = Q(isco__in=codes)
    return found | Q(isco__startswith=order.wanted.isco[:1]) if order.wanted.isco else found


def _holding(licences: Iterable[str]) -> list[str]:
    """Every licence that includes one of the wanted ones; combinations (CE with D gives DE) need them all."""
    wanted = set(licences)
    if not wanted:
        return []
    return list(Licence.objects.order_by("code").values_list("code", flat=True))


def _rows(model: Any, pks: QuerySet[Any], where: Q, *columns: str) -> Iterable[tuple[Any, ...]]:
    asked = model.objects.filter(where).filter(candidate__in=pks).order_by()
    return asked.values_list("candidate_id", *columns).iterator(chunk_size=5000)


def _one(model: Any, pks: QuerySet[Any], where: Q, column: str) -> Rows:
    found: Rows = defaultdict(list)
    for pk, value in _rows(model, pks, where, column):
        found[pk].append(value)
    return found


def _many(model: Any, pks: QuerySet[Any], where: Q, *columns: str) -> Rows:
    found: Rows = defaultdict(list)
    for pk, *values in _rows(model, pks, where, *columns):
        found[pk].append(tuple(values))
    return found
