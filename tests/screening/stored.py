"""Random people and orders in the database, orders over graphs of their own, and random writes by every way."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import numpy as np
from django.db import connection, transaction

from candidates import services as candidate_services
from candidates.models import (
    Candidate,
    CandidateCertificate,
    CandidateLanguage,
    CandidateLicence,
    CandidateOccupation,
    CandidateSkill,
    JobGoal,
)
from events import clock
from joborders.models import JobOrder, Requirement
from municipalities import reference
from municipalities.models import Municipality, PostalCode
from screening.compile import CompiledOrder, compile_order
from screening.loading import SECTIONS
from screening.types import Wanted, WantedLanguage, WantedSkill
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from tests.screening.worlds import Graph, graph_of
from vocabulary.models import (
    Certificate,
    IscoGroup,
    Language,
    Licence,
    Occupation,
    OccupationSkill,
    Skill,
    SkillBroader,
)

HOMES = (build.HILLEROED, build.HELSINGOER, build.GRIBSKOV)
DAY = dt.date(2026, 3, 2)
ISCO = ("8332", "8331", "8342", "8160", "5120")
LICENCES = ("B", "BE", "C", "CE", "C1", "D", "DE")
CERTIFICATES = ("adr", "truck")
LANGUAGES = ("da", "en")
METRES = {"3400": 0, "3000": 9_999, "3200": 20_000, "3300": 20_001, "3600": 61_234}
REUSE = ("", "transversal", "cross-sector", "sector-specific", "occupation-specific")
SKILLS = 12


def words() -> list[int]:
    """The municipalities and words that people and orders use; the keys of the skills."""
    for code in HOMES:
        Municipality.objects.get_or_create(code=code, defaults={"name": code, "jobcentre": code})
    for code in sorted({isco[:digits] for isco in ISCO for digits in range(1, 5)}, key=lambda one: (len(one), one)):
        parent = code[:-1] or None
        named = {"level": len(code), "parent_id": parent, "title_da": code, "title_en": code}
        IscoGroup.objects.get_or_create(code=code, defaults=named)
    for model, codes in ((Licence, LICENCES), (Certificate, CERTIFICATES), (Language, LANGUAGES)):
        for code in codes:
            model.objects.get_or_create(code=code, defaults={"label_da": code})
    made = (Skill.objects.get_or_create(uri=f"urn:x:{n}", defaults={"label_da": f"evne {n}"})[0] for n in range(SKILLS))
    return [skill.pk for skill in made]


def region() -> list[int]:
    """Reference data with distances, and a few relations among the skills; their keys."""
    build.region()
    PostalCode.objects.get_or_create(
        code="3200", defaults={"town": "By", "latitude": 56.02, "longitude": 12.1, "municipality_codes": "0270"}
    )
    reference.compute_distances()
    skills = words()
    job = {"label_da": "job", "isco_id": "8331"}
    occupation, _new = Occupation.objects.get_or_create(uri="urn:x:job", defaults=job)
    for skill, kind in ((skills[1], "essential"), (skills[2], "optional")):
        OccupationSkill.objects.get_or_create(occupation=occupation, skill_id=skill, defaults={"kind": kind})
    SkillBroader.objects.get_or_create(child_id=skills[3], parent_id=skills[0])
    return skills


def some(chance: Random, of: Any, most: int) -> list[Any]:
    """Up to `most` of these, each at most once."""
    return chance.sample(list(of), chance.randint(0, min(most, len(of))))


def maybe(chance: Random, value: Any) -> Any:
    """The value or nothing."""
    return value if chance.random() < 0.7 else None


def day(chance: Random) -> dt.date:
    """A day around the one that decides, often that very day."""
    return DAY + dt.timedelta(days=chance.choice([-40, -1, 0, 1, 13, 14, 15, 60]))


def columns(chance: Random) -> dict[str, Any]:
    """Any profile's own columns; fields are empty, at the limit, or anything."""
    hours = maybe(chance, sorted((chance.randint(1, 45), chance.randint(1, 45)))) or (None, None)
    status = chance.choice(["available"] * 6 + ["in_course", "in_course", "hired", "inactive"])
    return {
        "postal_code": chance.choice([*METRES, "9990", ""]),
        "status": status,
        "status_until": maybe(chance, day(chance)) if status == "in_course" else None,
        "hired_from": day(chance) if status == "hired" or chance.random() < 0.1 else None,
        "available_from": maybe(chance, day(chance)),
        "hours_min": hours[0],
        "hours_max": hours[1],
        "shifts": maybe(chance, chance.randint(0, 15)),
        "own_transport": chance.choice([None, True, False]),
        "max_distance_km": maybe(chance, chance.choice([1, 9, 10, 20, 21, 60, 200])),
        "tie_seed": chance.choice([1, 2, chance.randint(1, 2_147_483_646)]),
        **{f"{section}_reviewed_on": DAY if chance.random() < 0.6 else None for section in SECTIONS},
    }


def candidate(chance: Random) -> Candidate:
    """Anybody, not yet written."""
    now = clock.now()
    return Candidate(
        home_id=chance.choice(HOMES),
        external_reference=f"S{chance.getrandbits(60)}",
        pseudonym=f"K{chance.getrandbits(45)}",
        created_at=now,
        changed_at=now,
        **columns(chance),
    )


def people(chance: Random, count: int, skills: list[int]) -> list[int]:
    """So many candidates with everything; their keys."""
    made = Candidate.objects.bulk_create(candidate(chance) for _ in range(count))
    found: dict[type[Any], list[Any]] = {}
    for row in made:
        for entry in entries(chance, row.pk, skills):
            found.setdefault(type(entry), []).append(entry)
    for model, rows in found.items():
        model.objects.bulk_create(rows)
    return [row.pk for row in made]


def entries(chance: Random, pk: int, skills: list[int]) -> list[Any]:
    """Any lists for a candidate who has none, not yet written."""
    mine = {"candidate_id": pk}
    return [
        *(CandidateLicence(**mine, licence_id=code) for code in some(chance, LICENCES, 3)),
        *(
            CandidateCertificate(**mine, certificate_id=code, valid_through=maybe(chance, day(chance)))
            for code in some(chance, CERTIFICATES, 2)
        ),
        *(CandidateSkill(**mine, skill_id=one, documented=chance.random() < 0.5) for one in some(chance, skills, 5)),
        *(
            CandidateOccupation(**mine, isco_id=code, months=chance.choice([0, 2, 3, 5, 6, 12, 23, 24]))
            for code in chance.choices(ISCO, k=chance.randint(0, 4))
        ),
        *(JobGoal(**mine, isco_id=code) for code in some(chance, ISCO, 2)),
        *(
            CandidateLanguage(**mine, language_id=code, oral=chance.randint(0, 6), written=chance.randint(0, 6))
            for code in some(chance, LANGUAGES, 2)
        ),
    ]


def graph(chance: Random, skills: list[int]) -> Graph:
    """Any graph over the skills, cycles among them; the last two are groups."""
    narrower = {one: some(chance, skills, 4) for one in some(chance, skills, 7)}
    essential = {one: some(chance, ISCO, 2) for one in some(chance, skills, 4)}
    optional = {one: some(chance, ISCO, 2) for one in some(chance, skills, 4)}
    return graph_of(narrower, skills[-2:], essential, optional)


def compiled(chance: Random, skills: list[int]) -> CompiledOrder:
    """An order that asks for little or much, expanded over a graph of its own."""
    low = maybe(chance, chance.randint(1, 37)) if chance.random() < 0.6 else None
    wanted = Wanted(
        today=DAY,
        salt=chance.choice([1, 2_147_483_646, chance.randint(1, 2_147_483_646)]),
        isco=chance.choice([None, *ISCO, "833"]),
        skills=tuple(
            WantedSkill(one, chance.random() < 0.3, chance.choice(REUSE))
            for one in chance.choices(skills, k=chance.randint(0, 4))
        ),
        licences=tuple(chance.choices(LICENCES, k=chance.choice([0, 0, 1, 2]))),
        certificates=tuple(chance.choices(CERTIFICATES, k=chance.choice([0, 0, 1, 2]))),
        languages=tuple(
            WantedLanguage(code, chance.randint(0, 4), chance.randint(0, 4)) for code in some(chance, LANGUAGES, 2)
        ),
        hours_min=low,
        hours_max=maybe(chance, chance.randint(low or 1, 45)) if chance.random() < 0.6 else None,
        shifts=chance.choice([0, 0, 1, 3, 8, 15]),
        start=maybe(chance, day(chance)),
        grace_days=chance.choice([0, 14, 60]),
        max_distance_km=maybe(chance, chance.choice([1, 10, 20, 30, 200])),
        workplace="3400",
        remote=chance.random() < 0.15,
        own_transport=chance.random() < 0.3,
        teachable=frozenset(some(chance, skills, 5)),
    )
    return compile_order(wanted, graph(chance, skills), METRES if chance.random() < 0.9 else {})


def orders(chance: Random, count: int, skills: list[int]) -> list[JobOrder]:
    """So many open orders, from hardly any demand to many."""
    found = []
    for number in range(count):
        made = cases.order(
            occupation_id=chance.choice((None, *ISCO)),
            workplace_postal_code=chance.choice(("3400", "3000", "")),
            hours_min=chance.choice((None, 30)),
            shifts=chance.choice((0, 0, 1)),
            max_distance_km=chance.choice((None, 10, 50)),
            is_remote=chance.random() < 0.2,
            needs_own_transport=chance.random() < 0.2,
        )
        for code in chance.sample(skills, 3):
            skill = str(Skill.objects.get(pk=code).public_id)
            Requirement.objects.create(order=made, kind="skill", code=skill, is_must=chance.random() < 0.3)
        if number % 2:
            Requirement.objects.create(order=made, kind="licence", code=chance.choice(("B", "C")))
        if number % 3 == 0:
            Requirement.objects.create(order=made, kind="certificate", code="adr")
            Requirement.objects.create(order=made, kind="language", code="da", oral=chance.randint(1, 4))
        found.append(made)
    return found


def write(chance: Random, pk: int, skills: list[int]) -> None:
    """One write to a candidate: by a service's table writes, the ORM, or raw SQL."""
    [ways] = chance.choices((_fields, _raw_skill, _replaced, _emptied, _gone), (30, 30, 20, 15, 5))
    ways(chance, pk, skills)


def _fields(chance: Random, pk: int, skills: list[int]) -> None:
    Candidate.objects.filter(pk=pk).update(**columns(chance))


def _raw_skill(chance: Random, pk: int, skills: list[int]) -> None:
    values = [pk, chance.choice(skills), chance.random() < 0.5]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO candidates_candidateskill (candidate_id, skill_id, documented) SELECT id, %s, %s "
            "FROM candidates_candidate WHERE id = %s "
            "ON CONFLICT (candidate_id, skill_id) DO UPDATE SET documented = NOT candidates_candidateskill.documented",
            [values[1], values[2], values[0]],
        )


def _replaced(chance: Random, pk: int, skills: list[int]) -> None:
    if Candidate.objects.select_for_update(of=("self",)).filter(pk=pk).exists():
        _emptied(chance, pk, skills)
        for entry in entries(chance, pk, skills):
            entry.save(force_insert=True)


def _emptied(chance: Random, pk: int, skills: list[int]) -> None:
    for table in (
        CandidateSkill,
        CandidateLicence,
        CandidateCertificate,
        CandidateLanguage,
        CandidateOccupation,
        JobGoal,
    ):
        table.objects.filter(candidate=pk).delete()


def _gone(chance: Random, pk: int, skills: list[int]) -> None:
    Candidate.objects.filter(pk=pk).delete()


def serviced(candidate: Candidate, **changes: object) -> None:
    """The same by the service, as the candidate's own caseworker."""
    with transaction.atomic():
        candidate.refresh_from_db()
        candidate_services.update(candidate.public_id, build.consultant(candidate.home_id), candidate.version, changes)


def keys(candidates: list[int]) -> np.ndarray:
    """Candidates' keys as the index takes them."""
    return np.array(sorted(candidates), np.int64)
