"""Why somebody is, or is not, on the list; what if the company gave way; small counts stay hidden."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from candidates.hiding import hide_with_total
from candidates.models import Candidate
from events.errors import NotAllowed, NotVisible
from joborders.models import Requirement
from municipalities import reference
from municipalities.actor import Actor, Role
from screening import engine, loosen, services, whatif, why
from screening.explain import ask_for
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from tests.screening.test_engine_laws import METRES, graphs, orders, pools
from tests.screening.test_services import FIT
from vocabulary.models import Skill


@pytest.fixture
def region(db):
    build.region()
    reference.compute_distances()


@pytest.fixture
def order(region):
    made = cases.order(occupation_id="8332", workplace_postal_code="3400", hours_min=30, hours_max=37)
    Requirement.objects.create(order=made, kind="licence", code="C")
    Requirement.objects.create(order=made, kind="skill", code=str(Skill.objects.get(uri=build.SKILL).public_id))
    return made


@pytest.fixture
def lead(region):
    return build.consultant(cases.LEAD)


def test_what_speaks_against_somebody_is_said(order, lead):
    person = build.candidate(**{**FIT, "licences": [], "max_distance_km": None, "job_goals": []})
    answer = why.explanation(order.public_id, person.public_id, actor=lead)
    musts = {must["name"]: must for must in answer["against"]["musts"]}
    assert answer["outcome"] == "nearly" and set(musts) == {"licences", "distance"}
    assert musts["licences"]["outcome"] == "missing" and musts["distance"]["ask_for"] == ["max_distance_km"]
    lost = {part["name"]: part["lost"] for part in answer["against"]["parts"]}
    assert lost == {"wish": 100} and answer["fit"] == 900


def test_a_section_that_nobody_reviewed_is_what_to_ask_about(order, lead):
    person = build.candidate()
    answer = why.explanation(order.public_id, person.public_id, actor=lead)
    asked = {must["name"]: must["ask_for"] for must in answer["musts"]}
    assert asked["licences"] == ["licences"] and asked["skills"] == ["skills"] and asked["hours"] == ["hours"]
    assert asked["start"] == ["available_from"]


def test_every_unknown_demand_names_what_to_ask_about():
    @settings(max_examples=80, deadline=None, derandomize=True)
    @given(orders(), graphs(), pools)
    def holds(wanted, graph, people):
        order = engine.compile_order(wanted, graph, METRES)
        for must in (must for person in people for must in engine.judge(order, person).musts):
            assert bool(ask_for(must)) is (must.outcome == "unknown")

    holds()


def test_the_place_of_somebody_beyond_the_list_is_told(order, lead, monkeypatch):
    people = [build.candidate(**{**FIT, "max_distance_km": 10 + number}) for number in range(3)]
    run = services.run(order.public_id, actor=lead, scope="region")
    ranks = {row["candidate"]: row["rank"] for row in services.verdicts(run.public_id, actor=lead)}
    for person in people:
        answer = why.explanation(order.public_id, person.public_id, actor=lead)
        assert answer["rank"] == ranks[person.public_id] and answer["in_pool"]
    Candidate.objects.filter(pk=people[0].pk).update(status="inactive")
    answer = why.explanation(order.public_id, people[0].public_id, actor=lead)
    assert answer["rank"] is None and not answer["in_pool"] and answer["outcome"] == "qualified"


def test_others_are_asked_for_by_their_pseudonym_on_this_order(order, lead):
    other = build.candidate(cases.HOME, **FIT, postal_code="3000")
    services.run(order.public_id, actor=lead, scope="region")
    card = order.pseudonyms.get(candidate=other)
    answer = why.explanation(order.public_id, actor=lead, pseudonym=card.name)
    assert answer["candidate"] is None and answer["rank"] == 1 and answer["home_municipality"] == cases.HOME
    shown = json.dumps(answer, default=str)
    assert str(other.public_id) not in shown and "months" not in shown and "metres" not in answer
    at_home = why.explanation(order.public_id, actor=build.consultant(cases.HOME), pseudonym=card.name)
    assert at_home["candidate"] == other.public_id
    for actor in (build.consultant(cases.THIRD), build.member(Role.COORDINATOR, None)):
        with pytest.raises(NotVisible):
            why.explanation(order.public_id, actor=actor, pseudonym=card.name)
    with pytest.raises(NotVisible):
        why.explanation(cases.order().public_id, actor=lead, pseudonym=card.name)


def test_what_if_tells_how_many_more_and_where(order, lead):
    build.candidate(**FIT)
    for home in (cases.LEAD, cases.HOME, cases.HOME):
        build.candidate(home, **{**FIT, "licences": []})
    found = {way["must"]: way for way in whatif.what_if(order.public_id, actor=lead)["results"]}
    assert found["licences"]["demand"] == "C" and found["licences"]["more"] == found["licences"]["qualified"] == 3
    by_home = {one["municipality"]: one["more"] for one in found["licences"]["by_municipality"]}
    assert by_home == {cases.LEAD: 1, cases.HOME: 2} and found["skills"]["more"] == 0
    assert found["skills"]["demand"] == str(Skill.objects.get(uri=build.SKILL).public_id)


def test_what_if_shows_the_coordinator_no_small_cells_and_others_their_own(order):
    for home, number in ((cases.LEAD, 6), (cases.HOME, 2)):
        for _number in range(number):
            build.candidate(home, **{**FIT, "licences": []})
    asked = whatif.what_if(order.public_id, actor=build.member(Role.COORDINATOR, None))
    [licence] = [way for way in asked["results"] if way["must"] == "licences"]
    assert licence["more"] == 8 and [one["more"] for one in licence["by_municipality"]] == [None, None]
    asked = whatif.what_if(order.public_id, actor=build.consultant(cases.HOME))
    [licence] = [way for way in asked["results"] if way["must"] == "licences"]
    assert asked["scope"] == "own" and licence["by_municipality"] == [
        {"municipality": cases.HOME, "more": 2, "qualified": 2}
    ]


def test_who_may_ask_what_if(order):
    for actor in (build.member(Role.CASEWORKER, cases.LEAD), build.member(Role.AUDITOR, None)):
        with pytest.raises(NotVisible):
            whatif.what_if(order.public_id, actor=actor)
    with pytest.raises(NotAllowed):
        whatif.what_if(order.public_id, actor=Actor.company_(order.company.public_id))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(orders(), graphs(), pools)
def test_loosening_takes_nobody_away(wanted, graph, people):
    def possible(wanted):
        order = engine.compile_order(wanted, graph, METRES)
        found = {person.candidate: engine.score(order, person).outcome for person in people}
        return [{one for one, lane in found.items() if lane in lanes} for lanes in (("qualified",), whatif.POSSIBLE)]

    before = possible(wanted)
    for way in loosen.each(wanted):
        assert all(was <= now for was, now in zip(before, possible(way.wanted), strict=True))


@given(st.dictionaries(st.sampled_from("abcdefghi"), st.integers(0, 12)))
def test_no_hidden_count_follows_from_the_others(cells):
    shown, total = hide_with_total(cells)
    gone = [name for name, count in shown.items() if count is None]
    assert all(shown[name] is None for name, count in cells.items() if 0 < count < 5)
    assert total is None or len(gone) != 1
    assert total is not None or sum(cells.values()) < 5
