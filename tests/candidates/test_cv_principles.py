"""The shared principles for a good CV: each point passes or says what is missing (handbook §4)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from candidates import cv_check, cv_principles
from candidates.cv_principles import CvFacts, check, missing, profile_lines
from candidates.models import Candidate, CandidateCertificate
from events import clock
from tests.candidates import build
from vocabulary.models import Certificate

TODAY = date(2026, 3, 2)
TEXT = "Jeg har kørt distribution i otte år.\nJeg pakker, læsser og leverer.\nJeg møder gerne tidligt.\n\n2018–2026: …"
GOOD = CvFacts(
    today=TODAY, cv_text=TEXT, has_job_goal=True, has_occupation=True, occupations_reviewed=True,
    certificates_reviewed=True, licences_reviewed=True, transport_known=True, reach_known=True, has_language=True,
    hours_known=True, shifts_known=True, start_known=True, contact=True, confirmed_on=TODAY - timedelta(days=30),
)  # fmt: skip


def test_a_good_cv_passes_every_principle():
    assert missing(check(GOOD)) == () and all(point.passed for point in check(GOOD))


@pytest.mark.parametrize(
    ("change", "code", "gaps"),
    [
        ({"cv_text": ""}, "profile", ("three_to_six_lines",)),
        ({"cv_text": "a\nb"}, "profile", ("three_to_six_lines",)),
        ({"cv_text": "a\n" * 7}, "profile", ("three_to_six_lines",)),
        ({"has_job_goal": False}, "job_goal", ("job_goal",)),
        ({"has_bare_occupation": True}, "experience", ("period_and_tasks",)),
        ({"has_occupation": False, "occupations_reviewed": False}, "experience", ("occupations",)),
        ({"certificates_reviewed": False}, "certificates", ("reviewed",)),
        ({"has_undated_certificate": True}, "certificates", ("last_day",)),
        ({"licences_reviewed": False, "reach_known": False}, "mobility", ("licences", "reach")),
        ({"transport_known": False}, "mobility", ("transport",)),
        ({"has_language": False}, "languages", ("languages",)),
        (
            {"hours_known": False, "shifts_known": False, "start_known": False},
            "availability",
            ("hours", "shifts", "available_from"),
        ),
        ({"contact": False}, "contact", ("contact",)),
        ({"cv_text": f"{TEXT} Jeg er gift og dansk statsborger."}, "nothing_private", ("family", "nationality")),
        ({"confirmed_on": TODAY - timedelta(days=31)}, "confirmed", ("confirmed",)),
        ({"confirmed_on": None}, "confirmed", ("confirmed",)),
    ],
)
def test_what_is_missing_is_named(change, code, gaps):
    points = {point.code: point.gaps for point in check(replace(GOOD, **change)) if not point.passed}
    assert points == {code: gaps}


def test_no_experience_is_a_pass_once_it_was_asked_about():
    assert missing(check(replace(GOOD, has_occupation=False))) == ()


def test_a_profile_without_line_breaks_counts_a_line_per_90_characters():
    assert [profile_lines(text) for text in ("x" * 90, "x" * 91, " \n\n", "a\n \nb")] == [1, 2, 0, 1]


def test_every_principle_has_a_name_and_an_unknown_version_is_an_error():
    assert set(cv_principles.CHECKLISTS[cv_principles.CURRENT]) == set(cv_check.LABELS)
    with pytest.raises(KeyError):
        check(GOOD, "1999.1")


COMPLETE = {
    "cv_text": TEXT, "job_goals": ["8332"], "occupations": [{"isco": "8332", "title": "Chauffør", "months": 30}],
    "certificates": [{"code": "adr", "valid_through": "2030-01-01"}], "licences": ["C"], "own_transport": True,
    "max_distance_km": 30, "languages": [{"code": "da", "oral": 5, "written": 4}], "hours_min": 30, "hours_max": 37,
    "shifts": ["day"], "available_from": "2026-03-02",
}  # fmt: skip


@pytest.fixture
def region(db):
    build.region()


def answers(person: Candidate) -> tuple[str, ...]:
    return cv_check.checked(Candidate.objects.filter(pk=person.pk)).missing


@pytest.mark.usefixtures("region")
def test_the_profile_is_read_as_it_stands():
    today = clock.today().isoformat()
    assert answers(build.candidate(**COMPLETE, confirmed_on=today)) == ()
    assert answers(build.candidate(**{**COMPLETE, "own_transport": None})) == ("mobility", "confirmed")
    bare = build.candidate(contact_way="mail", email="")
    assert answers(bare) == tuple(code for code in cv_check.LABELS if code != "nothing_private")


@pytest.mark.usefixtures("region")
def test_only_a_certificate_that_lapses_needs_its_last_day():
    Certificate.objects.filter(code="adr").update(validity_years=5)
    person = build.candidate(**COMPLETE, confirmed_on=clock.today().isoformat())
    CandidateCertificate.objects.update(valid_through=None)
    assert answers(person) == ("certificates",)
    Certificate.objects.filter(code="adr").update(validity_years=None)
    assert answers(person) == ()


@pytest.mark.usefixtures("region")
def test_many_are_asked_in_one_query(django_assert_num_queries):
    for _number in range(3):
        build.candidate()
    with django_assert_num_queries(1):
        assert len(list(cv_check.check_all(Candidate.objects.all()))) == 3


def test_the_checklist_knows_no_name():
    assert not {"name", "phone", "email"} & {field.name for field in fields(CvFacts)}
