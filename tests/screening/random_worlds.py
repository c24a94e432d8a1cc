"""Random small worlds from a seed: far faster than drawing them, and a failing seed is all that is needed to see it."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from screening.types import SECTIONS, Person, SkillId, Wanted, WantedLanguage, WantedSkill
from tests.screening.worlds import Graph, graph_of

TODAY = date(2026, 3, 2)
SKILLS = range(12)
GROUPS = (90, 91)
ISCO = ("8332", "8331", "8342", "8160", "5120", "83", "833", "8")
LICENCES = ("B", "BE", "C", "CE", "D", "DE")
CERTIFICATES = ("eu", "adr", "truck")
LANGUAGES = ("da", "en", "so")
METRES = {"a": 0, "b": 9_999, "c": 20_000, "d": 20_001, "e": 61_234}
HOMES = ("0219", "0217", "0270")
REUSE = ("", "transversal", "cross-sector", "sector-specific", "occupation-specific")
SECTION_NAMES = sorted(SECTIONS)


@dataclass(frozen=True, slots=True)
class World:
    """A graph, people with their municipalities, and orders."""

    graph: Graph
    people: list[Person]
    homes: dict[int, str]
    orders: list[Wanted]


def world(seed: int, *, people: int = 40, orders: int = 3) -> World:
    """The world of a seed: up to so many people, and so many orders."""
    chance = Random(seed)
    pool = [person(chance, 10 + n * chance.randint(1, 3)) for n in range(chance.randint(0, people))]
    pool = list({one.candidate: one for one in pool}.values())
    return World(
        graph=graph(chance),
        people=pool,
        homes={one.candidate: chance.choice(HOMES) for one in pool},
        orders=[order(chance) for _ in range(orders)],
    )


def _some(chance: Random, of: list[str] | tuple[str, ...] | range, most: int) -> list:
    return chance.sample(list(of), chance.randint(0, min(most, len(of))))


def _maybe(chance: Random, value: int, unknown: float = 0.2) -> int | None:
    return None if chance.random() < unknown else value


def graph(chance: Random) -> Graph:
    """Any graph over the skills and two groups, cycles among them."""
    parents = _some(chance, [*SKILLS, *GROUPS], 6)
    narrower: dict[SkillId, list[SkillId]] = {parent: _some(chance, SKILLS, 5) for parent in parents}
    named = [{skill: _some(chance, ISCO[:5], 2) for skill in _some(chance, SKILLS, 5)} for _ in range(2)]
    return graph_of(narrower, GROUPS, *named)


def _day(chance: Random) -> date:
    return TODAY + timedelta(days=chance.randint(-40, 90))


def order(chance: Random) -> Wanted:
    """Any order; half of the demands are left out, so that many a person is in a lane."""
    low = chance.randint(1, 37)
    has_hours, is_sparse = chance.random() < 0.5, chance.random() < 0.5
    most = 1 if is_sparse else 3
    return Wanted(
        today=TODAY,
        salt=chance.randrange(2**31),
        isco=chance.choice((None, *ISCO)),
        skills=tuple(
            WantedSkill(chance.choice(SKILLS), chance.random() < 0.4, chance.choice(REUSE))
            for _ in range(chance.randint(0, 4))
        ),
        licences=tuple(chance.choices(LICENCES, k=chance.randint(0, most))),
        certificates=tuple(chance.choices(CERTIFICATES, k=chance.randint(0, most))),
        languages=tuple(
            WantedLanguage(chance.choice(LANGUAGES), chance.randint(0, 6), chance.randint(0, 6))
            for _ in range(chance.randint(0, most))
        ),
        hours_min=low if has_hours else None,
        hours_max=chance.randint(low, 45) if has_hours and chance.random() < 0.7 else None,
        shifts=0 if is_sparse else chance.randint(0, 15),
        start=None if chance.random() < 0.3 else _day(chance),
        grace_days=chance.randint(0, 60),
        max_distance_km=_maybe(chance, chance.randint(1, 200), 0.4),
        workplace="a",
        remote=chance.random() < 0.3,
        own_transport=not is_sparse and chance.random() < 0.3,
        teachable=frozenset(_some(chance, SKILLS, 4)),
    )


def person(chance: Random, candidate: int) -> Person:
    """Anybody, with fields that are not known and sections that were never looked at."""
    low, high = sorted((chance.randint(1, 45), chance.randint(1, 45)))
    return Person(
        candidate=candidate,
        tie_seed=chance.choice((7, chance.randrange(2**31))),
        postal=chance.choice((None, *METRES, "nowhere")),
        licences=frozenset(_some(chance, LICENCES, 3)),
        certificates={code: None if chance.random() < 0.2 else _day(chance) for code in _some(chance, CERTIFICATES, 3)},
        skills={skill: chance.random() < 0.4 for skill in _some(chance, SKILLS, 6)},
        occupations=tuple(
            (code, chance.choice((0, 3, 5, 6, 12, 24, 30))) for code in chance.choices(ISCO, k=chance.randint(0, 3))
        ),
        goals=frozenset(_some(chance, ISCO, 3)),
        hours_min=_maybe(chance, low),
        hours_max=_maybe(chance, high),
        shifts=_maybe(chance, chance.randint(0, 15)),
        available_from=None if chance.random() < 0.15 else _day(chance),
        languages={
            code: (_maybe(chance, chance.randint(0, 6), 0.1), _maybe(chance, chance.randint(0, 6), 0.1))
            for code in _some(chance, LANGUAGES, 3)
        },
        own_transport=chance.choice((None, True, False)),
        max_distance_km=_maybe(chance, chance.randint(0, 80), 0.15),
        reviewed=frozenset(_some(chance, SECTION_NAMES, 7)),
    )
