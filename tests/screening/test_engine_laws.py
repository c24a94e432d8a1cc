"""Laws of the engine that need no oracle, on random small worlds."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.engine import (
    CompiledOrder,
    compile_order,
    funnel,
    judge,
    places,
    rank,
    score,
    screen,
)
from screening.explain import as_data, card, distance_band
from screening.table import TABLES, TIE_MODULUS
from screening.types import FUNNEL, OUTCOMES, SECTIONS, Person, Wanted, WantedLanguage, WantedSkill
from tests.screening.worlds import Graph, graph_of

TODAY = date(2026, 3, 2)
SKILLS = st.integers(0, 9)
GROUPS = (90, 91)
ISCO = st.sampled_from(["8332", "8331", "8342", "8160", "5120"])
LICENCES = st.sampled_from(["B", "BE", "C", "CE", "D", "DE"])
CERTIFICATES = st.sampled_from(["eu", "adr"])
SEEDS = st.integers(0, TIE_MODULUS)
DAYS = st.integers(-40, 90).map(lambda days: TODAY + timedelta(days=days))
METRES = {"a": 0, "b": 9_999, "c": 20_000, "d": 20_001, "e": 61_234}
REUSE = st.sampled_from(["", "transversal", "cross-sector", "sector-specific", "occupation-specific"])

LAWS = settings(max_examples=2_000 if os.environ.get("NRS_TEST_LONG") else 120, deadline=None, derandomize=True)


def sets(of: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(of, max_size=most)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any graph over ten skills and two groups, cycles among them."""
    family = st.frozensets(SKILLS, max_size=4)
    narrower = draw(st.dictionaries(st.one_of(SKILLS, st.sampled_from(GROUPS)), family, max_size=6))
    named = st.dictionaries(SKILLS, sets(ISCO, 2), max_size=4)
    return graph_of(narrower, GROUPS, draw(named), draw(named))


@st.composite
def orders(draw: st.DrawFn) -> Wanted:
    low = draw(st.none() | st.integers(1, 37))
    return Wanted(
        today=TODAY,
        salt=draw(SEEDS),
        isco=draw(st.none() | ISCO),
        skills=tuple(draw(st.lists(st.builds(WantedSkill, SKILLS, st.booleans(), REUSE), max_size=4))),
        licences=tuple(draw(st.lists(LICENCES, max_size=2))),
        certificates=tuple(draw(st.lists(CERTIFICATES, max_size=2))),
        languages=tuple(
            draw(
                st.lists(
                    st.builds(WantedLanguage, st.sampled_from(["da", "en"]), st.integers(0, 6), st.integers(0, 6)),
                    max_size=2,
                )
            )
        ),
        hours_min=low,
        hours_max=draw(st.none() | st.integers(low or 1, 45)),
        shifts=draw(st.integers(0, 15)),
        start=draw(st.none() | DAYS),
        grace_days=draw(st.integers(0, 60)),
        max_distance_km=draw(st.none() | st.integers(1, 200)),
        remote=draw(st.booleans()),
        own_transport=draw(st.booleans()),
        teachable=draw(st.frozensets(SKILLS, max_size=3)),
    )


LEVEL = st.none() | st.integers(0, 6)

drawn_people = st.builds(
    Person,
    candidate=st.integers(1, 10**6),
    tie_seed=SEEDS,
    postal=st.none() | st.sampled_from([*METRES, "nowhere"]),
    licences=sets(LICENCES),
    certificates=st.dictionaries(CERTIFICATES, st.none() | DAYS, max_size=2),
    skills=st.dictionaries(SKILLS, st.booleans(), max_size=5),
    occupations=st.lists(st.tuples(ISCO, st.integers(0, 30)), max_size=3).map(tuple),
    goals=sets(ISCO),
    hours_min=st.none() | st.integers(1, 45),
    hours_max=st.none() | st.integers(1, 45),
    shifts=st.none() | st.integers(0, 15),
    available_from=st.none() | DAYS,
    languages=st.dictionaries(st.sampled_from(["da", "en"]), st.tuples(LEVEL, LEVEL), max_size=2),
    own_transport=st.none() | st.booleans(),
    max_distance_km=st.none() | st.integers(1, 80),
    reviewed=st.frozensets(st.sampled_from(sorted(SECTIONS))),
)
people = drawn_people.filter(lambda person: (person.hours_min or 0) <= (person.hours_max or 99))
pools = st.lists(people, max_size=12, unique_by=lambda person: person.candidate)
compiled = st.builds(compile_order, orders(), graphs(), st.just(METRES))


@LAWS
@given(compiled, people)
def test_the_fast_path_and_the_explanation_agree(order: CompiledOrder, person: Person) -> None:
    fast, verdict = score(order, person), judge(order, person)
    missing = [must.name for must in verdict.musts if must.outcome == "missing"]
    assert (fast.outcome, fast.raw, fast.tie) == (verdict.outcome, verdict.raw, verdict.tie)
    assert fast.first_missing == (missing[0] if missing else None)
    assert verdict.fit == verdict.raw // 100 and 0 <= verdict.fit <= 1000


@LAWS
@given(compiled, people, SKILLS, st.booleans())
def test_one_more_skill_never_lowers_a_score(
    order: CompiledOrder, person: Person, skill: int, documented: bool
) -> None:
    known = person.skills.get(skill, False)
    richer = replace(person, skills={**person.skills, skill: documented or known})
    before, after = score(order, person), score(order, richer)
    assert after.raw >= before.raw
    assert OUTCOMES.index(after.outcome) <= OUTCOMES.index(before.outcome)


@LAWS
@given(orders(), graphs(), people, st.data())
def test_dropping_a_must_never_removes_a_person(
    wanted: Wanted, graph: Graph, person: Person, data: st.DataObject
) -> None:
    easier = data.draw(
        st.sampled_from(
            [
                replace(wanted, licences=wanted.licences[1:]),
                replace(wanted, certificates=wanted.certificates[1:]),
                replace(wanted, languages=wanted.languages[1:]),
                replace(wanted, hours_min=None, hours_max=None),
                replace(wanted, shifts=0),
                replace(wanted, own_transport=False),
                replace(wanted, skills=wanted.skills[1:]),
                replace(wanted, skills=tuple(replace(skill, required=False) for skill in wanted.skills)),
                replace(wanted, max_distance_km=None),
                replace(wanted, remote=True),
                replace(wanted, grace_days=60),
            ]
        )
    )
    before, after = (score(compile_order(one, graph, METRES), person) for one in (wanted, easier))
    assert OUTCOMES.index(after.outcome) <= OUTCOMES.index(before.outcome)


@LAWS
@given(compiled, pools, st.randoms(use_true_random=False), st.integers(0, 5))
def test_the_order_of_the_input_changes_nothing(order: CompiledOrder, pool: list[Person], random, limit: int) -> None:
    shuffled = list(pool)
    random.shuffle(shuffled)
    assert screen(order, pool, limit) == screen(order, shuffled, limit)


@LAWS
@given(orders(), graphs(), people, st.randoms(use_true_random=False))
def test_the_order_of_the_demands_changes_no_figure(wanted: Wanted, graph: Graph, person: Person, random) -> None:
    level = {skill.skill: skill.reuse_level for skill in wanted.skills}
    skills = [replace(skill, reuse_level=level[skill.skill]) for skill in wanted.skills]
    turned = random.sample(skills, len(skills))
    one, other = (
        score(compile_order(replace(wanted, skills=tuple(listed)), graph, METRES), person)
        for listed in (skills, turned)
    )
    assert one == other


@LAWS
@given(compiled, pools, st.integers(0, 4))
def test_a_screening_is_what_judging_everybody_gives(order: CompiledOrder, pool: list[Person], limit: int) -> None:
    screening = screen(order, iter(pool), limit)
    verdicts = [judge(order, person) for person in pool]
    for outcome in OUTCOMES:
        lane = rank(verdict for verdict in verdicts if verdict.outcome == outcome)
        assert screening.lanes[outcome] == lane[:limit]
        assert screening.counts[outcome] == len(lane)
    assert screening.pool == len(pool)
    assert screening.funnel == funnel(order, pool)


@LAWS
@given(compiled, pools)
def test_the_funnel_counts_who_is_not_missing_so_far(order: CompiledOrder, pool: list[Person]) -> None:
    missing = [{must.name for must in judge(order, person).musts if must.outcome == "missing"} for person in pool]
    expected = {
        name: sum(not (names & set(FUNNEL[: step + 1])) for names in missing) for step, name in enumerate(FUNNEL)
    }
    assert funnel(order, pool) == expected


@LAWS
@given(compiled, people)
def test_nobody_with_nothing_reviewed_and_nothing_recorded_drops_out_of_sight(
    order: CompiledOrder, person: Person
) -> None:
    empty = Person(candidate=person.candidate, tie_seed=person.tie_seed)
    verdict = judge(order, empty)
    assert verdict.outcome == "check"
    assert all(must.evidence for must in verdict.musts)


@LAWS
@given(orders(), graphs(), people)
def test_a_stored_order_can_be_replayed(wanted: Wanted, graph: Graph, person: Person) -> None:
    replayed = Wanted.from_data(wanted.as_data())
    assert replayed == wanted
    verdicts = [judge(compile_order(one, graph, METRES), person) for one in (wanted, replayed)]
    assert verdicts[0] == verdicts[1]


@LAWS
@given(compiled, people)
def test_the_card_tells_nothing_but_the_answers(order: CompiledOrder, person: Person) -> None:
    verdict = judge(order, person)
    shown = card(verdict)
    assert set(shown) == {"outcome", "fit", "parts", "musts", "distance_band", "version"}
    assert all(set(must) == {"name", "demand", "outcome", "evidence", "ask_for"} for must in shown["musts"])
    asked = {skill.skill for skill in order.wanted.skills}
    assert {must["demand"] for must in shown["musts"] if must["name"] == "skills"} <= {str(skill) for skill in asked}
    assert as_data(verdict)["candidate"] == person.candidate


@pytest.mark.parametrize(
    ("metres", "band"),
    [
        (None, None),
        (0, "<=10"),
        (10_000, "<=10"),
        (10_001, "<=25"),
        (25_000, "<=25"),
        (50_000, "<=50"),
        (50_001, ">50"),
    ],
)
def test_another_municipality_sees_distance_in_bands(metres: int | None, band: str | None) -> None:
    assert distance_band(metres) == band


def test_equal_places_are_shown_as_equal() -> None:
    order = compile_order(Wanted(today=TODAY, salt=3), graph_of({}), METRES)
    pool = [Person(candidate=n, tie_seed=n, postal=key, max_distance_km=50) for n, key in enumerate("baac", 1)]
    listed = screen(order, pool).lanes["check"]
    assert places(listed) == (1, 1, 3, 4)


def test_all_parts_of_the_fit_add_up_to_one_hundred() -> None:
    assert all(sum(table.part_weights.values()) == 100 for table in TABLES.values())
    assert set(TABLES) == {"2026.1"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"grace_days": 61},
        {"grace_days": -1},
        {"max_distance_km": 0},
        {"max_distance_km": 201},
        {"hours_min": 37, "hours_max": 30},
        {"shifts": -1},
        {"isco": "lorry"},
    ],
)
def test_an_order_outside_the_ranges_is_refused(wrong) -> None:
    with pytest.raises(ValueError):
        Wanted(today=TODAY, salt=1, **wrong)


def test_an_unknown_reuse_level_is_refused() -> None:
    with pytest.raises(ValueError):
        compile_order(Wanted(today=TODAY, salt=1, skills=(WantedSkill(1, False, "rare"),)), graph_of({}), METRES)


def test_a_profile_has_no_field_for_who_the_person_is() -> None:
    forbidden = {"name", "age", "birth", "sex", "gender", "origin", "nationality", "health", "cpr", "unemployed_since"}
    assert not forbidden & set(Person.__slots__)


def test_the_engine_imports_neither_django_nor_numpy() -> None:
    code = (
        "import sys, screening.engine, screening.distance\n"
        "found = {'django', 'numpy', 'rest_framework', 'celery'} & set(sys.modules)\n"
        "print(*sorted(found))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
