"""Registering, updating and withdrawing candidates."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from candidates import services
from candidates.models import Candidate, Identity, JobGoal
from candidates.profile import FIELDS, profile_of
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from events.models import Event
from municipalities.actor import Actor, Role
from tests.candidates import build

pytestmark = pytest.mark.django_db

FULL = {
    "status": "in_course",
    "status_until": "2030-01-31",
    "unemployed_since": "2025-11",
    "available_from": "2026-12-01",
    "hours_min": 20,
    "hours_max": 37,
    "shifts": ["day", "night"],
    "own_transport": True,
    "max_distance_km": 40,
    "cv_text": "Erfaren chauffør.\nKører gerne langt.",
    "confirmed_on": "2026-01-02",
    "licences": ["C", "B"],
    "certificates": [{"code": "adr", "valid_through": "2027-01-31"}],
    "skills": [{"skill": build.SKILL, "documented": True}],
    "occupations": [{"isco": "8332", "title": "Chauffør", "months": 24}],
    "job_goals": ["8332"],
    "languages": [{"code": "da", "oral": "C1", "written": 3}],
}


@pytest.fixture(autouse=True)
def region(db):
    build.region()


def problems(error: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    return {(problem.pointer, problem.code) for problem in error.value.errors}


def test_a_full_profile_is_kept_as_given():
    one = build.candidate(**FULL)
    kept = profile_of(Candidate.objects.get(pk=one.pk))
    assert kept["shifts"] == ["day", "night"] and kept["unemployed_since"] == "2025-11"
    assert kept["licences"] == ["B", "C"] and kept["languages"] == [{"code": "da", "oral": 5, "written": 3}]
    assert kept["certificates"] == [{"code": "adr", "valid_through": dt.date(2027, 1, 31)}]
    assert kept["occupations"] == [{"isco": "8332", "title": "Chauffør", "months": 24}]
    assert all(day == clock.today() for day in kept["reviewed"].values())
    assert Identity.objects.get(candidate=one).phone == "49 00 00 00"


def test_an_absent_section_is_not_reviewed_and_an_empty_one_is():
    one = build.candidate(licences=[], own_transport=False)
    reviewed = {name for name in Candidate.SECTIONS if getattr(one, f"{name}_reviewed_on")}
    assert reviewed == {"licences", "transport"}


def test_an_update_leaves_what_is_absent():
    one = build.candidate(**FULL)
    changed = services.update(
        one.public_id, build.consultant(), 1, {"licences": [], "phone": "", "status": "available"}
    )
    kept = profile_of(Candidate.objects.get(pk=one.pk))
    assert changed.version == 2 and kept["licences"] == [] and kept["status_until"] is None
    assert kept["skills"] and kept["hours_max"] == 37
    assert Identity.objects.get(candidate=one).name == "Prøve Person"


def test_the_pseudonym_says_nothing_and_is_unique():
    some = [build.candidate() for _ in range(5)]
    assert len({one.pseudonym for one in some}) == 5
    assert all(len(one.pseudonym) <= 16 and not set(one.pseudonym[2:]) & set("0O1IL") for one in some)


def test_every_problem_is_reported_at_once():
    with pytest.raises(Invalid) as error:
        build.candidate(
            postal_code="9999",
            hours_min="ten",
            licences=["B", "B", "ZZ"],
            skills=[{"skill": "nothing"}],
            languages=[{"code": "da", "oral": 7}],
            phone="ring",
            email="nowhere",
            unemployed_since="2090-01",
        )
    assert problems(error) == {
        ("/postal_code", "unknown_code"),
        ("/hours_min", "out_of_range"),
        ("/licences/1", "duplicate"),
        ("/licences/2", "unknown_code"),
        ("/skills/0/skill", "unknown_code"),
        ("/languages/0/oral", "unknown_code"),
        ("/languages/0/written", "required"),
        ("/phone", "invalid_phone"),
        ("/email", "invalid_email"),
        ("/unemployed_since", "in_the_future"),
    }
    assert not Candidate.objects.exists() and not Event.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"hours_min": 10}, "/hours_min", "required"),
        ({"hours_min": 30, "hours_max": 20}, "/hours_min", "out_of_range"),
        ({"hours_min": 0, "hours_max": 61}, "/hours_max", "out_of_range"),
        ({"status": "in_course"}, "/status_until", "required"),
        ({"max_distance_km": 0}, "/max_distance_km", "out_of_range"),
        ({"own_transport": "yes"}, "/own_transport", "invalid_type"),
        ({"shifts": ["dawn"]}, "/shifts", "unknown_code"),
        ({"shifts": [1]}, "/shifts", "invalid_type"),
        ({"available_from": "soon"}, "/available_from", "invalid_date"),
        ({"licences": "B"}, "/licences", "invalid_type"),
        ({"occupations": [{"isco": "83", "months": 3}]}, "/occupations/0/isco", "unknown_code"),
        ({"occupations": [{"isco": "8332", "months": 3, "age": 40}]}, "/occupations/0", "unknown_field"),
        ({"name": ""}, "/name", "too_short"),
        ({"shoe_size": 44}, "/shoe_size", "unknown_field"),
        ({"cv_text": "ja\x07"}, "/cv_text", "control_characters"),
    ],
)
def test_a_wrong_value_is_named(changes, pointer, code):
    with pytest.raises(Invalid) as error:
        build.candidate(**changes)
    assert (pointer, code) in problems(error)


@pytest.mark.parametrize("key", ["cpr", "age", "sex", "gender", "origin", "nationality", "health", "birth_date"])
def test_nothing_sensitive_is_kept(key):
    assert key not in FIELDS and key not in {field.name for field in Candidate._meta.get_fields()}
    with pytest.raises(Invalid) as error:
        build.candidate(**{key: "x"})
    assert problems(error) == {(f"/{key}", "not_accepted")}


@pytest.mark.parametrize("name", ["external_reference", "name", "cv_text", "email"])
def test_a_cpr_number_is_refused_in_every_text(name):
    with pytest.raises(Invalid) as error:
        build.candidate(**{name: "010190-1234"})
    assert problems(error) == {(f"/{name}", "cpr_number")}
    assert "010190" not in str(error.value)


def test_a_case_reference_has_one_profile():
    build.candidate(external_reference="A")
    build.candidate(build.GRIBSKOV, external_reference="A")
    with pytest.raises(Conflict) as error:
        build.candidate(external_reference="A")
    assert error.value.code == "external_reference_taken"


@pytest.mark.parametrize(
    "actor",
    [
        Actor.member(role=Role.COORDINATOR),
        Actor.member(role=Role.AUDITOR),
        Actor.member(role=Role.ADMIN),
        Actor.system(),
    ],
    ids=lambda actor: actor.role or actor.kind,
)
def test_only_jobcentres_keep_candidates(actor):
    one = build.candidate()
    with pytest.raises(NotAllowed):
        services.register(actor, build.profile())
    with pytest.raises(NotAllowed):
        services.update(one.public_id, actor, 1, {"licences": []})


def test_another_jobcentre_does_not_even_see_the_candidate():
    one = build.candidate()
    with pytest.raises(NotVisible):
        services.update(one.public_id, build.consultant(build.GRIBSKOV), 1, {"licences": []})


def test_a_caseworker_keeps_candidates():
    worker = build.member(Role.CASEWORKER, build.HILLEROED)
    assert services.register(worker, build.profile()).home_id == build.HILLEROED


def test_a_stale_update_writes_nothing_and_says_who_was_faster():
    one, ann = build.candidate(), build.consultant()
    services.update(one.public_id, ann, 1, {"licences": ["B"]})
    with pytest.raises(Stale) as error:
        services.update(one.public_id, build.consultant(), 1, {"licences": ["C"]})
    assert error.value.changed == ("licences",) and error.value.changed_by == ann.name
    assert profile_of(one)["licences"] == ["B"]


def test_events_of_a_candidate_go_home_only_and_hold_no_words_about_them():
    one = build.candidate(cv_text="Hemmeligt")
    services.update(one.public_id, build.consultant(), 1, {"name": "Anden Person"})
    services.withdraw(one.public_id, build.consultant(), 2)
    events = list(Event.objects.order_by("id"))
    assert [event.type for event in events] == ["candidate.registered", "candidate.updated", "candidate.withdrawn"]
    assert {event.audience for event in events} == {"|0219|"} and {event.company for event in events} == {None}
    assert [event.data for event in events] == [{}, {"fields": ["name"]}, {}]


def test_a_withdrawn_candidate_is_out_of_screening():
    one = build.candidate()
    services.withdraw(one.public_id, build.consultant(), 1)
    assert not Candidate.objects.active().exists()
    with pytest.raises(Conflict):
        services.withdraw(one.public_id, build.consultant(), 2)


@pytest.mark.parametrize(
    "broken",
    [{"hours_min": 20}, {"unemployed_since": dt.date(2026, 1, 2)}, {"max_distance_km": 201}],
    ids=["an interval has two ends", "a month is its first", "reach ends at 200 km"],
)
def test_the_database_keeps_the_rules_too(broken):
    one = build.candidate()
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.objects.filter(pk=one.pk).update(**broken)


def test_a_job_goal_is_listed_once():
    one = build.candidate(job_goals=["8332"])
    with pytest.raises(IntegrityError), transaction.atomic():
        JobGoal.objects.create(candidate=one, isco_id="8332")
