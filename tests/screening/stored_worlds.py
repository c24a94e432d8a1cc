"""Random small worlds written to the database: people of every kind, and orders that ask for anything."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

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
from municipalities.models import Municipality
from screening.compile import CompiledOrder, compile_order
from screening.loading import SECTIONS
from screening.types import Wanted, WantedLanguage, WantedSkill
from tests.screening.worlds import Graph, graph_of
from vocabulary.models import Certificate, IscoGroup, Language, Licence, Skill

TODAY = dt.date(2026, 3, 2)
HOMES = ("0219", "0217", "0270")
ISCO = ("8332", "8331", "8342", "8160", "5120")
LICENCES = ("B", "BE", "C", "CE", "C1", "D", "DE")
CERTIFICATES = ("adr", "truck")
LANGUAGES = ("da", "en")
METRES = {"3400": 0, "3000": 9_999, "3200": 20_000, "3300": 20_001, "3600": 61_234}
REUSE = ("", "transversal", "cross-sector", "sector-specific", "occupation-specific")


def vocabulary() -> list[int]:
    """The municipalities and words that the worlds use; the keys of twelve skills."""
    for code in HOMES:
        Municipality.objects.get_or_create(code=code, defaults={"name": code, "jobcentre": code})
    for code in sorted({isco[:digits] for isco in ISCO for digits in range(1, 5)}, key=lambda one: (len(one), one)):
        parent = code[:-1] or None
        words = {"level": len(code), "parent_id": parent, "title_da": code, "title_en": code}
        IscoGroup.objects.get_or_create(code=code, defaults=words)
    for model, codes in ((Licence, LICENCES), (Certificate, CERTIFICATES), (Language, LANGUAGES)):
        for code in codes:
            model.objects.get_or_create(code=code, defaults={"label_da": code})
    made = [Skill.objects.get_or_create(uri=f"test:{n}", defaults={"label_da": f"s{n}"})[0] for n in range(12)]
    return [skill.pk for skill in made]


def some(rng: random.Random, of: Any, most: int) -> list[Any]:
    """Up to `most` of these, each at most once."""
    return rng.sample(list(of), rng.randint(0, min(most, len(of))))


def maybe(rng: random.Random, value: Any) -> Any:
    """The value or nothing."""
    return value if rng.random() < 0.7 else None


def day(rng: random.Random) -> dt.date:
    """A day around today, often the very day that decides."""
    return TODAY + dt.timedelta(days=rng.choice([-40, -1, 0, 1, 13, 14, 15, 60]))


def people(rng: random.Random, skills: list[int], number: int) -> None:
    """Write that many candidates; fields are empty, at the limit, or anything."""
    rows = Candidate.objects.bulk_create(person(rng, n) for n in range(number))
    made: dict[type[Any], list[Any]] = {}
    for row in rows:
        for part in parts(rng, row.pk, skills):
            made.setdefault(type(part), []).append(part)
    for model, found in made.items():
        model.objects.bulk_create(found)


def person(rng: random.Random, number: int) -> Candidate:
    """One candidate's own columns."""
    hours = maybe(rng, sorted((rng.randint(1, 45), rng.randint(1, 45)))) or (None, None)
    status = rng.choice(["available"] * 6 + ["in_course", "in_course", "hired", "inactive"])
    moment = clock.now()
    return Candidate(
        home_id=rng.choice(HOMES),
        external_reference=f"W-{number}",
        pseudonym=f"W-{number}",
        postal_code=rng.choice([*METRES, "9999", ""]),
        status=status,
        status_until=maybe(rng, day(rng)) if status == "in_course" else None,
        available_from=maybe(rng, day(rng)),
        hours_min=hours[0],
        hours_max=hours[1],
        shifts=maybe(rng, rng.randint(0, 15)),
        own_transport=rng.choice([None, True, False]),
        max_distance_km=maybe(rng, rng.choice([1, 9, 10, 20, 21, 60, 200])),
        hired_from=day(rng) if rng.random() < 0.1 else None,
        tie_seed=rng.choice([1, 2, rng.randint(1, 2_147_483_646)]),
        created_at=moment,
        changed_at=moment,
        **{f"{section}_reviewed_on": TODAY if rng.random() < 0.6 else None for section in SECTIONS},
    )


def parts(rng: random.Random, pk: int, skills: list[int]) -> list[Any]:
    """The rows of one candidate's sections."""
    level = lambda: rng.randint(0, 6)  # noqa: E731
    return [
        *(CandidateLicence(candidate_id=pk, licence_id=code) for code in some(rng, LICENCES, 3)),
        *(
            CandidateCertificate(candidate_id=pk, certificate_id=code, valid_through=maybe(rng, day(rng)))
            for code in some(rng, CERTIFICATES, 2)
        ),
        *(CandidateSkill(candidate_id=pk, skill_id=one, documented=rng.random() < 0.5) for one in some(rng, skills, 5)),
        *(
            CandidateOccupation(candidate_id=pk, isco_id=code, months=rng.choice([0, 2, 3, 5, 6, 12, 23, 24]))
            for code in rng.choices(ISCO, k=rng.randint(0, 4))
        ),
        *(JobGoal(candidate_id=pk, isco_id=code) for code in some(rng, ISCO, 2)),
        *(
            CandidateLanguage(candidate_id=pk, language_id=code, oral=level(), written=level())
            for code in some(rng, LANGUAGES, 2)
        ),
    ]


def graph(rng: random.Random, skills: list[int]) -> Graph:
    """Any graph over the skills, cycles among them; the last two are groups."""
    narrower = {one: some(rng, skills, 4) for one in some(rng, skills, 7)}
    essential = {one: some(rng, ISCO, 2) for one in some(rng, skills, 4)}
    optional = {one: some(rng, ISCO, 2) for one in some(rng, skills, 4)}
    return graph_of(narrower, skills[-2:], essential, optional)


def order(rng: random.Random, skills: list[int]) -> CompiledOrder:
    """An order that asks for little or much, expanded over a graph of its own."""
    low = maybe(rng, rng.randint(1, 37)) if rng.random() < 0.6 else None
    wanted = Wanted(
        today=TODAY,
        salt=rng.choice([1, 2_147_483_646, rng.randint(1, 2_147_483_646)]),
        isco=rng.choice([None, *ISCO, "833"]),
        skills=tuple(
            WantedSkill(one, rng.random() < 0.3, rng.choice(REUSE)) for one in rng.choices(skills, k=rng.randint(0, 4))
        ),
        licences=tuple(rng.choices(LICENCES, k=rng.choice([0, 0, 1, 2]))),
        certificates=tuple(rng.choices(CERTIFICATES, k=rng.choice([0, 0, 1, 2]))),
        languages=tuple(WantedLanguage(code, rng.randint(0, 4), rng.randint(0, 4)) for code in some(rng, LANGUAGES, 2)),
        hours_min=low,
        hours_max=maybe(rng, rng.randint(low or 1, 45)) if rng.random() < 0.6 else None,
        shifts=rng.choice([0, 0, 1, 3, 8, 15]),
        start=maybe(rng, day(rng)),
        grace_days=rng.choice([0, 14, 60]),
        max_distance_km=maybe(rng, rng.choice([1, 10, 20, 30, 200])),
        workplace="3400",
        remote=rng.random() < 0.15,
        own_transport=rng.random() < 0.3,
        teachable=frozenset(some(rng, skills, 5)),
    )
    return compile_order(wanted, graph(rng, skills), METRES if rng.random() < 0.9 else {})
