"""Screenings over the database: who is in the pool, who may ask, what is kept and what others see of it."""

from __future__ import annotations

import datetime as dt
import json
import random

import pytest

from candidates.models import Candidate
from events import clock
from events.errors import Invalid, NotAllowed, NotVisible, StepRefused
from events.models import Event
from joborders.models import Requirement
from municipalities import reference
from municipalities.actor import Role
from municipalities.distance import road_metres
from municipalities.models import PostalCode
from screening import engine, services, why
from screening.loading import persons, pool
from screening.matches import matches
from screening.models import VerdictRow
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from vocabulary.models import IscoGroup, Skill, SkillBroader

pytestmark = pytest.mark.django_db
FIT = {
    "licences": ["CE"], "available_from": "2026-01-01", "max_distance_km": 60, "hours_min": 20, "hours_max": 37,
    "skills": [{"skill": build.SKILL, "documented": True}], "occupations": [{"isco": "8332", "months": 30}],
    "job_goals": ["8332"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def region(db):
    build.region()
    reference.compute_distances()


@pytest.fixture
def order():
    made = cases.order(occupation_id="8332", workplace_postal_code="3400", hours_min=30, hours_max=37)
    Requirement.objects.create(order=made, kind="licence", code="C")
    Requirement.objects.create(order=made, kind="skill", code=str(Skill.objects.get(uri=build.SKILL).public_id))
    return made


@pytest.fixture
def lead():
    return build.consultant(cases.LEAD)


def listed(run, actor):
    return {
        row["candidate"] or row["pseudonym"]: row["outcome"] for row in services.verdicts(run.public_id, actor=actor)
    }


def test_a_run_keeps_counts_funnel_and_verdicts(order, lead):
    fits, unknown = build.candidate(**FIT), build.candidate(licences=["CE"])
    build.candidate(**{**FIT, "skills": [], "licences": []})
    run = services.run(order.public_id, actor=lead, scope="own")
    assert run.counts == {"qualified": 1, "check": 1, "nearly": 0, "not": 1} and run.pool == 3
    assert list(run.funnel) == list(engine.funnel(services.compiled(services.wanted_of([order])[0]), []))
    assert run.funnel["skills"] == 2 and run.table_version == "2026.1" and run.order_revision == order.revision
    assert listed(run, lead) == {fits.public_id: "qualified", unknown.public_id: "check"}
    assert run.executor == "index" and run.token
    order.refresh_from_db()
    assert order.screened_at is not None
    assert Event.objects.get(type="joborder.screened").data["run"] == str(run.public_id)


def test_verdicts_hold_public_ids_and_no_key_of_the_database(order, lead):
    build.candidate(**FIT)
    run = services.run(order.public_id, actor=lead, scope="own")
    [row] = services.verdicts(run.public_id, actor=lead)
    skill = str(Skill.objects.get(uri=build.SKILL).public_id)
    assert [must["demand"] for must in row["musts"] if must["name"] == "skills"] == [skill]
    assert row["skills"][0]["skill"] == row["skills"][0]["counted"] == skill and "tie" not in row


@pytest.mark.parametrize(
    ("change", "in_pool"),
    [
        ({"status": "inactive"}, False),
        ({"status": "hired"}, False),
        ({"hired_from": dt.date(2030, 1, 1)}, False),
        ({"status": "in_course", "status_until": dt.date(2030, 1, 1)}, True),
        ({}, True),
    ],
)
def test_the_pool_is_who_may_take_a_job(order, change, in_pool):
    person = build.candidate(**FIT)
    Candidate.objects.filter(pk=person.pk).update(**change)
    assert pool(order, None).filter(pk=person.pk).exists() is in_pool


def test_somebody_in_a_course_is_available_from_its_last_day(order):
    person = build.candidate(**FIT)
    Candidate.objects.filter(pk=person.pk).update(status="in_course", status_until=dt.date(2030, 1, 1))
    [read] = persons(Candidate.objects.filter(pk=person.pk), None)
    assert read.available_from == dt.date(2030, 1, 1)


@pytest.mark.parametrize(("state", "in_pool"), [("requested", False), ("declined", False), ("withdrawn", True)])
def test_who_is_nominated_or_was_declined_is_not_asked_again(order, state, in_pool):
    nomination = cases.nomination(order, state)
    assert pool(order, None).filter(pk=nomination.candidate_id).exists() is in_pool


def test_all_nine_are_screened_by_the_lead_of_a_shared_order_only(order, lead):
    with pytest.raises(NotAllowed):
        services.run(order.public_id, actor=build.consultant(cases.HOME), scope="region")
    for role, where in ((Role.COORDINATOR, None), (Role.CASEWORKER, cases.LEAD)):
        with pytest.raises((NotAllowed, NotVisible)):
            services.run(order.public_id, actor=build.member(role, where), scope="own")
    with pytest.raises(Invalid):
        services.run(order.public_id, actor=lead, scope="world")
    type(order).objects.filter(pk=order.pk).update(shared_at=None)
    with pytest.raises(StepRefused):
        services.run(order.public_id, actor=lead, scope="region")
    with pytest.raises(NotVisible):
        services.run(order.public_id, actor=build.consultant(cases.THIRD), scope="own")


def test_another_municipality_screens_its_own_without_moving_the_order(order):
    build.candidate(cases.HOME, **FIT)
    run = services.run(order.public_id, actor=build.consultant(cases.HOME), scope="own")
    order.refresh_from_db()
    assert run.pool == 1 and order.screened_at is None


def test_others_are_a_card_under_a_pseudonym(order, lead):
    person = build.candidate(cases.HOME, **FIT, postal_code="3000", cv_text="Hemmeligt CV")
    run = services.run(order.public_id, actor=lead, scope="region")
    [card] = services.verdicts(run.public_id, actor=lead)
    assert card["candidate"] is None and card["home_municipality"] == cases.HOME
    assert services.candidate_behind(order.public_id, card["card"]) == person.public_id
    shown = json.dumps(card, default=str)
    for hidden in (str(person.public_id), person.external_reference, person.pseudonym, "3000", "Hemmeligt", "months"):
        assert hidden not in shown
    assert not {"metres", "limit_km", "detail"} & (card.keys() | card["musts"][0].keys())
    again = services.run(order.public_id, actor=lead, scope="region")
    assert services.verdicts(again.public_id, actor=lead)[0]["pseudonym"] == card["pseudonym"]
    other = cases.order(occupation_id="8332")
    run = services.run(other.public_id, actor=lead, scope="region")
    assert services.verdicts(run.public_id, actor=lead)[0]["pseudonym"] != card["pseudonym"]


def test_cards_vanish_when_the_order_ends_and_runs_are_the_askers(order, lead):
    own, _other = build.candidate(**FIT), build.candidate(cases.HOME, **FIT)
    run = services.run(order.public_id, actor=lead, scope="region")
    assert len(services.verdicts(run.public_id, actor=lead)) == 2
    with pytest.raises(NotVisible):
        services.verdicts(run.public_id, actor=build.consultant(cases.HOME))
    type(order).objects.filter(pk=order.pk).update(state="closed", close_reason="withdrawn", ended_at=clock.now())
    assert list(listed(run, lead)) == [own.public_id]


def test_why_somebody_is_not_on_the_list_is_answered_in_full(order, lead):
    person = build.candidate(**{**FIT, "licences": [], "skills": []})
    answer = why.explanation(order.public_id, person.public_id, actor=lead)
    assert answer["outcome"] == "not" and answer["rank"] is None
    assert {must["name"] for must in answer["musts"] if must["outcome"] == "missing"} == {"licences"} or answer["musts"]
    other = build.candidate(cases.HOME, **FIT)
    with pytest.raises(NotVisible):
        why.explanation(order.public_id, other.public_id, actor=lead)
    services.run(order.public_id, actor=lead, scope="region")
    card = order.pseudonyms.get(candidate=other)
    assert why.explanation(order.public_id, card.public_id, actor=lead)["candidate"] is None


def test_a_run_costs_a_constant_number_of_queries(order, lead, django_assert_max_num_queries):
    for _number in range(3):
        build.candidate(**FIT)
    with django_assert_max_num_queries(60) as few:
        services.run(order.public_id, actor=lead, scope="own")
    for _number in range(5):
        build.candidate(**FIT)
    with django_assert_max_num_queries(len(few)):
        services.run(order.public_id, actor=lead, scope="own")


def test_matches_are_the_same_engine_turned_round(order, lead, django_assert_max_num_queries):
    person = build.candidate(**FIT)
    far = cases.order(occupation_id="8332", workplace_postal_code="3000", needs_own_transport=True)
    found = matches(person.public_id, actor=lead)
    assert [(one["order"], one["outcome"]) for one in found["results"]] == [
        (order.public_id, "qualified"), (far.public_id, "check"),
    ]  # fmt: skip
    run = services.run(order.public_id, actor=lead, scope="own")
    assert VerdictRow.objects.get(run=run).fit == found["results"][0]["fit"]
    with django_assert_max_num_queries(25):
        matches(person.public_id, actor=lead)
    with pytest.raises(NotVisible):
        matches(person.public_id, actor=build.consultant(cases.HOME))


def test_distances_are_read_as_they_were_computed(order):
    ready = services.compiled(services.wanted_of([order])[0])
    points = {c.code: (c.latitude, c.longitude) for c in PostalCode.objects.filter(code__in=("3400", "3000"))}
    assert ready.metres["3000"] == road_metres(points["3400"], points["3000"]) and ready.metres["3400"] == 0


@pytest.mark.parametrize("seed", range(6))
def test_what_is_left_in_the_database_changes_no_verdict(order, seed):
    """Small random worlds: loading only what the order can look at scores everybody as loading everything does."""
    rng = random.Random(seed)
    skills = [Skill.objects.get_or_create(uri=f"test:{n}", defaults={"label_da": f"s{n}"})[0] for n in range(8)]
    for child, parent in ((1, 0), (2, 0), (3, 1), (4, 1), (5, 2)):
        SkillBroader.objects.get_or_create(child=skills[child], parent=skills[parent])
    IscoGroup.objects.get_or_create(code="9", defaults={"level": 1, "title_da": "a", "title_en": "a"})
    for _number in range(12):
        held = rng.sample(skills, rng.randint(0, 4))
        kept = {name for name in ("licences", "available_from", "occupations", "job_goals") if rng.random() < 0.6}
        build.candidate(
            **{name: value for name, value in FIT.items() if name in kept},
            skills=[{"skill": str(one.public_id), "documented": rng.random() < 0.5} for one in held],
            languages=[{"code": rng.choice(["da", "en"]), "oral": rng.randint(0, 6), "written": 3}],
            certificates=[{"code": rng.choice(["adr", "truck"]), "valid_through": "2027-01-01"}],
        )
    for one in rng.sample(skills, 3):
        Requirement.objects.create(order=order, kind="skill", code=str(one.public_id), is_must=rng.random() < 0.4)
    if rng.random() < 0.5:
        Requirement.objects.create(order=order, kind="language", code="da", oral=3, written=0)
        Requirement.objects.create(order=order, kind="certificate", code="adr")
    ready = services.compiled(services.wanted_of([order])[0])
    everybody = pool(order, None)
    some = {person.candidate: engine.score(ready, person) for person in persons(everybody, ready)}
    whole = {person.candidate: engine.score(ready, person) for person in persons(everybody, None)}
    assert some == whole and len(whole) == 12
