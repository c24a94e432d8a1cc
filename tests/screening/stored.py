"""Random people and orders in the database, and random writes to them by every way there is."""

from __future__ import annotations

import datetime as dt
from random import Random

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
from municipalities.models import PostalCode
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from vocabulary.models import IscoGroup, Occupation, OccupationSkill, Skill, SkillBroader

HOMES = (build.HILLEROED, build.HELSINGOER, build.GRIBSKOV)
DAY = dt.date(2026, 3, 2)
ISCO = ("8332", "8331", "833")
SKILLS = 8


def region() -> list[int]:
    """Reference data; the skills' keys."""
    build.region()
    PostalCode.objects.get_or_create(
        code="3200", defaults={"town": "By", "latitude": 56.02, "longitude": 12.1, "municipality_codes": "0270"}
    )
    reference.compute_distances()
    IscoGroup.objects.get_or_create(
        code="8331", defaults={"level": 4, "parent_id": "833", "title_da": "buschauffør", "title_en": "bus driver"}
    )
    skills = [
        Skill.objects.get_or_create(uri=f"urn:x:{n}", defaults={"label_da": f"evne {n}"})[0] for n in range(SKILLS)
    ]
    occupation, _new = Occupation.objects.get_or_create(
        uri="urn:x:job", defaults={"label_da": "job", "isco_id": "8331"}
    )
    for number, kind in ((1, "essential"), (2, "optional")):
        OccupationSkill.objects.get_or_create(occupation=occupation, skill=skills[number], defaults={"kind": kind})
    SkillBroader.objects.get_or_create(child=skills[3], parent=skills[0])
    return [skill.pk for skill in skills]


def _day(chance: Random, unknown: float = 0.2) -> dt.date | None:
    return None if chance.random() < unknown else DAY + dt.timedelta(days=chance.randint(-30, 60))


def columns(chance: Random) -> dict:
    """Any profile's own columns."""
    low = chance.choice((None, 10, 20, 30, 37))
    status = chance.choices(("available", "in_course", "inactive", "hired"), (80, 10, 5, 5))[0]
    return {
        "postal_code": chance.choice(("", "3400", "3000", "3200", "9990")),
        "status": status,
        "status_until": _day(chance) if status == "in_course" else None,
        "hired_from": DAY if status == "hired" else None,
        "available_from": _day(chance),
        "hours_min": low,
        "hours_max": None if low is None else max(low, chance.choice((20, 37, 45))),
        "shifts": chance.choice((None, 1, 3, 15)),
        "own_transport": chance.choice((None, True, False)),
        "max_distance_km": chance.choice((None, 5, 20, 60)),
        "tie_seed": chance.randrange(1, 2**31 - 1),
        **{f"{section}_reviewed_on": _day(chance, 0.3) for section in Candidate.SECTIONS},
    }


def people(chance: Random, count: int, skills: list[int]) -> list[int]:
    """So many candidates with everything; their keys."""
    now = clock.now()
    made = Candidate.objects.bulk_create(
        Candidate(
            home_id=chance.choice(HOMES),
            external_reference=f"S{chance.getrandbits(60)}",
            pseudonym=f"K{chance.getrandbits(45)}",
            created_at=now,
            changed_at=now,
            **columns(chance),
        )
        for _ in range(count)
    )
    for candidate in made:
        lists(chance, candidate.pk, skills)
    return [candidate.pk for candidate in made]


def lists(chance: Random, pk: int, skills: list[int]) -> None:
    """Any lists for a candidate who has none."""
    mine = {"candidate_id": pk}
    CandidateSkill.objects.bulk_create(
        CandidateSkill(**mine, skill_id=skill, documented=chance.random() < 0.5)
        for skill in chance.sample(skills, chance.randint(0, 5))
    )
    CandidateOccupation.objects.bulk_create(
        CandidateOccupation(**mine, isco_id=code, months=chance.choice((3, 6, 30)))
        for code in chance.choices(ISCO, k=chance.randint(0, 2))
    )
    JobGoal.objects.bulk_create(JobGoal(**mine, isco_id=code) for code in chance.sample(ISCO, chance.randint(0, 2)))
    CandidateLicence.objects.bulk_create(
        CandidateLicence(**mine, licence_id=code) for code in chance.sample(("B", "C", "CE"), chance.randint(0, 2))
    )
    CandidateCertificate.objects.bulk_create(
        CandidateCertificate(**mine, certificate_id=code, valid_through=_day(chance))
        for code in chance.sample(("adr", "truck"), chance.randint(0, 2))
    )
    CandidateLanguage.objects.bulk_create(
        CandidateLanguage(**mine, language_id=code, oral=chance.randint(0, 6), written=chance.randint(0, 6))
        for code in chance.sample(("da", "en"), chance.randint(0, 2))
    )


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
        lists(chance, pk, skills)


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
