"""Loads people for judging: one flat query for the pool, one per section, and only what this order can look at.

Rows that no demand and no part of the fit of the compiled order can touch are left in the database; what the engine
answers is the same, and a pool of 20,000 is read in a fraction of a second. Names are never read here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
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
from vocabulary.scales import licences_towards

SECTIONS: tuple[Section, ...] = (
    "licences", "certificates", "languages", "skills", "occupations", "hours", "transport",
)  # fmt: skip
COLUMNS = (
    "pk", "tie_seed", "postal_code", "hours_min", "hours_max", "shifts", "available_from", "own_transport",
    "max_distance_km", "status", "status_until", *(f"{section}_reviewed_on" for section in SECTIONS),
)  # fmt: skip
FIRST_REVIEW = 11


TAKEN = ("requested", "accepted", "presented", "interview", "hired", "declined")


def pool(order: JobOrder, municipality: str | None) -> QuerySet[Candidate]:
    """Active candidates of one municipality (None: all nine), without a hire, an unfinished or declined nomination."""
    taken = Nomination.objects.filter(candidate=OuterRef("pk"), order=order, state__in=TAKEN)
    people = Candidate.objects.active().filter(hired_from__isnull=True).filter(~Exists(taken))
    return people.of(municipality) if municipality else people


def taken_orders(candidate: Candidate) -> QuerySet[Any]:
    """Keys of the orders whose pool the candidate is not in because of a nomination."""
    return Nomination.objects.filter(candidate=candidate, state__in=TAKEN).order_by().values("order")


def persons(people: QuerySet[Candidate], order: CompiledOrder | None) -> Iterator[Person]:
    """The people of a pool as the engine reads them, in one pass; without an order everything about them.

    Somebody in a course is available from its last day on.
    """
    rows = list(people.order_by().values_list(*COLUMNS))
    found = _sections(people, order)
    licences, certificates, skills = found["licences"], found["certificates"], found["skills"]
    occupations, goals, languages = found["occupations"], found["goals"], found["languages"]
    none: frozenset[str] = frozenset()
    nothing: dict[Any, Any] = {}
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
            licences=frozenset(code for (code,) in licences[pk]) if pk in licences else none,
            certificates=dict(certificates[pk]) if pk in certificates else nothing,
            skills=dict(skills[pk]) if pk in skills else nothing,
            occupations=tuple(sorted(occupations[pk])) if pk in occupations else (),
            goals=frozenset(code for (code,) in goals[pk]) if pk in goals else none,
            hours_min=row[3],
            hours_max=row[4],
            shifts=row[5],
            available_from=available_from(row[6], row[9], row[10]),
            languages=(
                {code: (oral, written) for code, oral, written in languages[pk]} if pk in languages else nothing
            ),
            own_transport=row[7],
            max_distance_km=row[8],
            reviewed=reviewed,
        )


def available_from(day: dt.date | None, status: str, until: dt.date | None) -> dt.date | None:
    """From when somebody can begin: not before the last day of the course that they are in."""
    if status == Candidate.Status.IN_COURSE and until is not None:
        return until if day is None else max(day, until)
    return day


Rows = dict[int, list[Any]]
EVERYTHING = Q()
TABLES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "licences": (CandidateLicence, ("licence_id",)),
    "certificates": (CandidateCertificate, ("certificate_id", "valid_through")),
    "skills": (CandidateSkill, ("skill_id", "documented")),
    "occupations": (CandidateOccupation, ("isco_id", "months")),
    "goals": (JobGoal, ("isco_id",)),
    "languages": (CandidateLanguage, ("language_id", "oral", "written")),
}


def _sections(people: QuerySet[Candidate], order: CompiledOrder | None) -> dict[str, Rows]:
    pks = people.order_by().values("pk")
    where = {} if order is None else _touched_by(order)
    return {name: _rows(model, pks, where.get(name, EVERYTHING), *columns) for name, (model, columns) in TABLES.items()}


def _touched_by(order: CompiledOrder) -> dict[str, Q | None]:
    """For each section the rows that a demand or a part of the fit can look at; None: none of them."""
    wanted = order.wanted
    skills = {skill for expanded in order.skills for skill in (*expanded.related, *expanded.meets)}
    languages = [language.code for language in wanted.languages]
    return {
        "licences": Q(licence__in=licences_towards(wanted.licences)) if wanted.licences else None,
        "certificates": Q(certificate__in=wanted.certificates) if wanted.certificates else None,
        "skills": Q(skill__in=skills) if skills else None,
        "occupations": _occupations(order),
        "goals": Q(isco__code__startswith=wanted.isco[:3]) if wanted.isco else None,
        "languages": Q(language__in=languages) if languages else None,
    }


def _occupations(order: CompiledOrder) -> Q | None:
    """Those that share a first digit with the order's occupation, or that a wanted skill belongs to."""
    codes = set(order.by_isco)
    for skill in order.skills:
        codes |= skill.meets_isco
    found = Q(isco__in=codes) if codes else None
    if not order.wanted.isco:
        return found
    near = Q(isco__code__startswith=order.wanted.isco[:1])
    return near if found is None else found | near


def _rows(model: Any, pks: QuerySet[Any], where: Q | None, *columns: str) -> Rows:
    found: Rows = defaultdict(list)
    if where is None:
        return found
    asked = model.objects.filter(where).filter(candidate__in=pks).order_by()
    for pk, *values in asked.values_list("candidate_id", *columns):
        found[pk].append(tuple(values))
    return found
