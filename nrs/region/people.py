"""Made-up candidates in the shape of a real register: about seven skills and one and a half occupations each, some
fields unknown, some sections never reviewed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from candidates.models import (
    Candidate,
    CandidateCertificate,
    CandidateLanguage,
    CandidateLicence,
    CandidateOccupation,
    CandidateSkill,
    Identity,
    JobGoal,
)
from events.models import Event
from nrs.region import words
from nrs.region.bulk import insert
from nrs.region.world import Trade, World, happened, new_id

# No 0/O, 1/I/L, 8/B, 5/S, 2/Z, as in candidates.storage.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
SECTIONS = Candidate.SECTIONS
#: Licences and certificates that go with an ISCO-08 unit group, each with the share of its people who hold it.
LICENCES = {
    "8332": (("C", 0.9), ("CE", 0.65)), "8331": (("D", 0.95),), "8322": (("B", 0.98),), "8342": (("C1", 0.3),),
    "9611": (("C", 0.3),),
}  # fmt: skip
CERTIFICATES = {
    "8332": (("chauffoer-gods", 0.8), ("foererkort", 0.85), ("adr", 0.2)),
    "8331": (("chauffoer-person", 0.9), ("foererkort", 0.7)),
    "8322": (("chauffoerkort", 0.2),),
    "8344": (("gaffeltruck-b", 0.9), ("gaffelstabler-a", 0.5)),
    "4321": (("gaffeltruck-b", 0.35),),
    "9333": (("gaffeltruck-b", 0.3),),
    "7212": (("svejsecertifikat", 0.7), ("svejsning", 0.6)),
    "8343": (("kran-basis", 0.9), ("kran-mobil-8-30", 0.4)),
    "7119": (("stillads", 0.9),),
    "5120": (("foedevarehygiejne", 0.75), ("haccp", 0.3)),
    "9412": (("foedevarehygiejne", 0.5),),
    "9313": (("varmt-arbejde", 0.3), ("vsa", 0.3)),
    "9312": (("vsa", 0.4),),
}
OTHER_LANGUAGES = ("sv", "de", "pl", "uk", "ar", "tr", "ro", "fa", "so")


@dataclass
class Person:
    """A candidate as the orders need it."""

    candidate: Candidate
    trade: Trade
    spells: list[tuple[dt.datetime, dt.datetime, bool]] = field(default_factory=list)
    """From when to when they waited for an answer or, if true, were hired and not to be had."""


@dataclass
class Lists:
    """The rows beside the profiles."""

    identities: list[Identity]
    licences: list[CandidateLicence]
    certificates: list[CandidateCertificate]
    skills: list[CandidateSkill]
    occupations: list[CandidateOccupation]
    languages: list[CandidateLanguage]
    goals: list[JobGoal]
    events: list[Event]


def make(world: World, count: int) -> list[Person]:
    """Insert so many candidates with identity, sections and their first event."""
    rng = world.chance("people")
    taken = set(Candidate.objects.order_by().values_list("pseudonym", flat=True))
    first = Candidate.objects.count()
    homes = world.homes(rng, count)
    people = [_person(world, rng, home, first + n, taken) for n, home in enumerate(homes, 1)]
    insert(Candidate, [person.candidate for person in people])
    lists = Lists([], [], [], [], [], [], [], [])
    for person in people:
        _write_lists(world, rng, person, lists)
    insert(Identity, lists.identities)
    insert(CandidateLicence, lists.licences)
    insert(CandidateCertificate, lists.certificates)
    insert(CandidateSkill, lists.skills)
    insert(CandidateOccupation, lists.occupations)
    insert(CandidateLanguage, lists.languages)
    insert(JobGoal, lists.goals)
    insert(Event, lists.events)
    return people


def _person(world: World, rng: Random, home: str, number: int, taken: set[str]) -> Person:
    day, unknown = world.day, rng.random
    trade = rng.choice(world.trades)
    registered = world.now - dt.timedelta(days=int(rng.expovariate(1 / 200)) + 1, minutes=rng.randint(0, 600))
    seen = max(registered, world.now - dt.timedelta(days=rng.randint(0, 90)))
    hours_min = None if unknown() < 0.12 else rng.choice((10, 15, 20, 25, 30, 37))
    status = "in_course" if unknown() < 0.03 else "inactive" if unknown() < 0.02 else "available"
    since = (registered - dt.timedelta(days=rng.randint(0, 120))).date().replace(day=1)
    reviewed = {f"{name}_reviewed_on": None if unknown() < 0.15 else seen.date() for name in SECTIONS}
    candidate = Candidate(
        public_id=new_id(rng),
        home=world.municipalities[home],
        external_reference=f"R{world.seed}-{number:07d}",
        pseudonym=_pseudonym(rng, taken),
        postal_code="" if unknown() < 0.02 else rng.choice(world.postal_codes[home]),
        status=status,
        status_until=day + dt.timedelta(days=rng.randint(5, 120)) if status == "in_course" else None,
        unemployed_since=since,
        available_from=None if unknown() < 0.1 else day + dt.timedelta(days=rng.choice((0, 0, 0, 7, 14, 30, 60))),
        hours_min=hours_min,
        hours_max=None if hours_min is None else max(hours_min, rng.choice((30, 37, 37, 37, 45))),
        shifts=None if unknown() < 0.15 else rng.choice((1, 1, 1, 3, 3, 7, 9, 11, 15)),
        own_transport=None if unknown() < 0.2 else unknown() < 0.55,
        max_distance_km=None if unknown() < 0.15 else rng.choice((10, 15, 20, 30, 30, 40, 50, 80)),
        cv_text="",
        confirmed_on=None if unknown() < 0.2 else seen.date(),
        tie_seed=rng.randrange(2_147_483_646) + 1,
        created_at=registered,
        changed_at=seen,
        **reviewed,
    )
    return Person(candidate, trade)


def _pseudonym(rng: Random, taken: set[str]) -> str:
    while True:
        name = "K-" + "".join(rng.choices(ALPHABET, k=7))
        if name not in taken:
            taken.add(name)
            return name


def _write_lists(world: World, rng: Random, person: Person, lists: Lists) -> None:
    pk, trade = person.candidate.pk, person.trade
    months = min(480, int(rng.expovariate(1 / 70)) + 1)
    name = words.person_name(rng)
    lists.identities.append(
        Identity(
            candidate_id=pk,
            name=name,
            phone=words.phone(rng),
            email=f"{person.candidate.external_reference.lower()}@borger.example",
            contact_way=rng.choice(("phone", "mail", "jobcentre")),
        )
    )
    held = [trade] if rng.random() < 0.5 else [trade, rng.choice(world.trades)]
    for n, one in enumerate(held):
        spent = months if n == 0 else rng.randint(2, 60)
        lists.occupations.append(CandidateOccupation(candidate_id=pk, isco_id=one.isco, title=one.label, months=spent))
    for isco in dict.fromkeys((trade.isco, *([rng.choice(world.trades).isco] if rng.random() < 0.4 else []))):
        lists.goals.append(JobGoal(candidate_id=pk, isco_id=isco))
    for skill in _skills(world, rng, trade):
        lists.skills.append(CandidateSkill(candidate_id=pk, skill_id=skill, documented=rng.random() < 0.3))
    for licence in _licences(rng, trade):
        lists.licences.append(CandidateLicence(candidate_id=pk, licence_id=licence))
    for code in _certificates(world, rng, trade):
        lists.certificates.append(_certificate(world, rng, pk, code))
    for language, oral, written in _languages(rng):
        lists.languages.append(CandidateLanguage(candidate_id=pk, language_id=language, oral=oral, written=written))
    candidate = person.candidate
    lists.events.append(
        happened(rng, candidate.created_at, "candidate.registered", candidate.public_id, audience=[candidate.home_id],
                 municipality=candidate.home_id, actor_kind="system", version=1, data={})
    )  # fmt: skip


def _skills(world: World, rng: Random, trade: Trade) -> list[int]:
    """About seven: most of them from the occupation's pool, the rest from anywhere."""
    wanted = max(2, min(14, round(rng.gauss(7.3, 2.5))))
    pool = [pk for pk, _uuid in trade.pool]
    own = rng.sample(pool, min(len(pool), round(wanted * 0.6)))
    found = dict.fromkeys(own)
    while len(found) < wanted:
        found[rng.choice(world.skills)] = None
    return list(found)


def _licences(rng: Random, trade: Trade) -> list[str]:
    own = [code for code, share in LICENCES.get(trade.isco, ()) if rng.random() < share]
    return own or (["B"] if rng.random() < 0.62 else [])


def _certificates(world: World, rng: Random, trade: Trade) -> list[str]:
    found = [code for code, share in CERTIFICATES.get(trade.isco, ()) if rng.random() < share]
    if rng.random() < 0.2:
        found.append("foerstehjaelp")
    return [code for code in found if code in world.certificates]


def _certificate(world: World, rng: Random, pk: int, code: str) -> CandidateCertificate:
    years = world.certificates[code]
    day = world.day + dt.timedelta(days=rng.randint(-200, 365 * years)) if years and rng.random() < 0.9 else None
    return CandidateCertificate(candidate_id=pk, certificate_id=code, valid_through=day)


def _languages(rng: Random) -> list[tuple[str, int, int]]:
    """Danish for nearly everybody, English for most, another one for some."""
    oral = rng.choices((1, 2, 3, 4, 5, 6), (3, 6, 12, 14, 15, 50))[0]
    found = [("da", oral, max(0, oral - rng.randint(0, 2)))] if rng.random() < 0.95 else []
    if rng.random() < 0.7:
        oral = rng.randint(1, 6)
        found.append(("en", oral, max(0, oral - rng.randint(0, 1))))
    if rng.random() < 0.25:
        found.append((rng.choice(OTHER_LANGUAGES), 6, rng.randint(3, 6)))
    return found
