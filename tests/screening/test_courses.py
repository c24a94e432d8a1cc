"""Courses: who plans and completes, what they give, and what a planned one does to a screening."""

from __future__ import annotations

import datetime as dt

import pytest

from candidates.models import CandidateCertificate, CandidateLicence, CandidateSkill
from events import clock
from events.errors import Invalid, NotAllowed, NotVisible, Stale, StepRefused
from events.models import Event
from joborders.models import Requirement
from municipalities.actor import Actor, Role
from screening import courses, why
from screening.models import Course, CoursePass
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from vocabulary.models import Certificate, Skill

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def region(db):
    build.region()
    with clock.at(dt.datetime(2026, 3, 2, 9, tzinfo=clock.COPENHAGEN)):
        yield


@pytest.fixture
def truck():
    return Skill.objects.get(uri=build.SKILL)


@pytest.fixture
def ann():
    return build.consultant()


def given(**changes):
    return {
        "title": "Truckcertifikat", "provider": "Uddannelsesforum", "starts_on": DAY + dt.timedelta(days=7),
        "ends_on": DAY + dt.timedelta(days=11), "certificates": ["truck"], **changes,
    }  # fmt: skip


def over(course):
    """The course as it is when its last day has come."""
    Course.objects.filter(pk=course.pk).update(starts_on=DAY - dt.timedelta(days=4), ends_on=DAY)
    course.refresh_from_db()
    return course


def test_a_course_is_planned_for_all_nine_with_seats_and_orders(ann, truck):
    order = cases.order()
    course = courses.plan(
        ann, given(skills=[truck.public_id], seats=[{"municipality": cases.HOME, "seats": 4}], orders=[order.public_id])
    )
    assert (course.state, course.planned_by, list(course.orders.all())) == ("planned", cases.LEAD, [order])
    assert dict(course.seats.values_list("municipality", "seats")) == {cases.HOME: 4}
    event = Event.objects.get(type="course.planned")
    assert event.data["skills"] == [str(truck.public_id)] and cases.HOME in event.audience


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"title": ""}, "/title", "required"),
        ({"provider": "Se 010190-1234"}, "/provider", "cpr_number"),
        ({"ends_on": DAY}, "/ends_on", "before_start"),
        ({"ends_on": DAY + dt.timedelta(days=900)}, "/ends_on", "out_of_range"),
        ({"certificates": []}, "/certificates", "required"),
        ({"certificates": ["nope"]}, "/certificates/0", "unknown_code"),
        ({"orders": ["00000000-0000-4000-8000-000000000000"]}, "/orders/0", "unknown_code"),
        ({"seats": [{"municipality": "0101", "seats": 1}]}, "/seats/0/municipality", "unknown_code"),
        ({"seats": [{"municipality": "0219", "seats": 1}] * 2}, "/seats/1/municipality", "duplicate"),
        ({"licences": ["B"] * 51}, "/licences", "too_many"),
    ],
)
def test_a_wrong_course_is_refused_and_nothing_is_written(ann, changes, pointer, code):
    with pytest.raises(Invalid) as refused:
        courses.plan(ann, given(**changes))
    assert (pointer, code) in {(one.pointer, one.code) for one in refused.value.errors}
    assert not Course.objects.exists() and not Event.objects.filter(type="course.planned").exists()


def test_an_order_that_the_planner_may_not_know_of_is_unknown():
    hidden = cases.order(shared_at=None)
    with pytest.raises(Invalid) as refused:
        courses.plan(build.consultant(cases.THIRD), given(orders=[hidden.public_id]))
    assert refused.value.errors[0].pointer == "/orders/0"


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.AUDITOR, Role.ADMIN])
def test_only_consultants_and_coordinators_plan(role):
    with pytest.raises(NotAllowed):
        courses.plan(build.member(role, cases.LEAD), given())


def test_the_planning_jobcentre_and_the_coordinator_change_and_cancel(ann):
    course = courses.plan(ann, given())
    with pytest.raises(NotAllowed):
        courses.change(course.public_id, build.consultant(cases.HOME), 1, {"title": "Nyt"})
    with pytest.raises(NotVisible):
        courses.change(course.public_id, Actor.member(role=Role.AUDITOR), 1, {"title": "Nyt"})
    changed = courses.change(course.public_id, ann, 1, {"certificates": ["adr"], "seats": []})
    assert [row.pk for row in changed.certificates.all()] == ["adr"] and changed.version == 2
    with pytest.raises(Stale) as stale:
        courses.cancel(course.public_id, ann, 1)
    assert "course.changed" in stale.value.changed
    cancelled = courses.cancel(course.public_id, build.member(Role.COORDINATOR, None), 2)
    assert cancelled.state == "cancelled"
    with pytest.raises(StepRefused):
        courses.change(course.public_id, ann, 3, {"title": "Nyt"})
    with pytest.raises(StepRefused):
        courses.complete(course.public_id, ann, 3, candidates=[build.candidate().public_id], completed_on=DAY)


def test_a_planned_course_makes_nearly_for_a_skill(ann, truck):
    order = cases.order()
    Requirement.objects.create(order=order, kind="skill", code=str(truck.public_id))
    person = build.candidate(skills=[], available_from="2026-01-01", max_distance_km=60)
    assert outcome(order, person, ann) == "not"
    course = courses.plan(ann, given(certificates=[], skills=[truck.public_id]))
    assert outcome(order, person, ann) == "nearly"
    Course.objects.filter(pk=course.pk).update(starts_on=DAY - dt.timedelta(days=1))
    assert outcome(order, person, ann) == "not"
    Course.objects.filter(pk=course.pk).update(starts_on=DAY)
    courses.cancel(course.public_id, ann, 1)
    assert outcome(order, person, ann) == "not"


def outcome(order, person, actor):
    return why.explanation(order.public_id, person.public_id, actor=actor)["outcome"]


def test_completing_documents_what_the_course_gives_on_own_candidates(ann, truck):
    Certificate.objects.filter(code="truck").update(validity_years=5)
    course = over(courses.plan(ann, given(skills=[truck.public_id], licences=["C"])))
    person = build.candidate(skills=[{"skill": build.SKILL, "documented": False}])
    before, old_skills = person.version, person.skills_reviewed_on
    done = courses.complete(course.public_id, ann, 1, candidates=[person.public_id])
    person.refresh_from_db()
    assert done.state == "completed" and CoursePass.objects.get().passed_on == DAY
    assert CandidateCertificate.objects.get(candidate=person).valid_through == dt.date(2031, 3, 1)
    assert CandidateSkill.objects.get(candidate=person).documented
    assert CandidateLicence.objects.get(candidate=person).licence_id == "C"
    assert person.version == before + 1 and person.skills_reviewed_on == old_skills
    assert person.licences_reviewed_on is None
    event = Event.objects.filter(type="candidate.updated", subject=person.public_id).latest("id")
    assert event.data["fields"] == ["certificates", "licences", "skills"]
    told = Event.objects.get(type="course.completed")
    assert told.data["passed"] == 1 and told.audience == f"|{cases.LEAD}|"


def test_each_municipality_completes_for_its_own_within_its_seats(ann):
    seats = [{"municipality": code, "seats": 1} for code in (cases.LEAD, cases.HOME)]
    course = over(courses.plan(ann, given(seats=seats)))
    hers, his = build.candidate(cases.LEAD), build.candidate(cases.HOME)
    with pytest.raises(Invalid) as refused:
        courses.complete(course.public_id, ann, 1, candidates=[hers.public_id, his.public_id])
    assert [(one.pointer, one.code) for one in refused.value.errors] == [("/candidates/1", "unknown_code")]
    courses.complete(course.public_id, ann, 1, candidates=[hers.public_id])
    courses.complete(course.public_id, build.consultant(cases.HOME), 2, candidates=[his.public_id])
    for who, person, code in ((ann, hers, "passed_already"), (ann, build.candidate(), "too_many")):
        with pytest.raises(Invalid) as refused:
            courses.complete(course.public_id, who, 3, candidates=[person.public_id])
        assert refused.value.errors[0].code == code
    with pytest.raises(Invalid) as refused:
        other = build.candidate(cases.THIRD)
        courses.complete(course.public_id, build.consultant(cases.THIRD), 3, candidates=[other.public_id])
    assert refused.value.errors[0].code == "too_many"


def test_the_coordinator_completes_nothing(ann):
    course = over(courses.plan(ann, given()))
    with pytest.raises(NotAllowed):
        person = build.candidate()
        courses.complete(course.public_id, build.member(Role.COORDINATOR, None), 1, candidates=[person.public_id])


@pytest.mark.parametrize(
    ("day", "code"), [(DAY + dt.timedelta(days=1), "in_the_future"), (dt.date(2026, 2, 1), "too_early")]
)
def test_the_day_of_completion_lies_in_the_course_and_has_come(ann, day, code):
    course = over(courses.plan(ann, given()))
    with pytest.raises(Invalid) as refused:
        courses.complete(course.public_id, ann, 1, candidates=[build.candidate().public_id], completed_on=day)
    assert refused.value.errors[0].code == code


@pytest.mark.parametrize(("held", "kept"), [(None, None), (dt.date(2040, 1, 1), dt.date(2040, 1, 1)),
                                            (dt.date(2026, 4, 1), dt.date(2031, 3, 1))])  # fmt: skip
def test_a_certificate_keeps_the_later_last_day(ann, held, kept):
    Certificate.objects.filter(code="truck").update(validity_years=5)
    course = over(courses.plan(ann, given()))
    person = build.candidate(certificates=[{"code": "truck", "valid_through": held and held.isoformat()}])
    courses.complete(course.public_id, ann, 1, candidates=[person.public_id])
    assert CandidateCertificate.objects.get(candidate=person).valid_through == kept


def test_a_certificate_of_29_february_lasts_through_28_february():
    assert courses._years_later(dt.date(2024, 2, 29), 1) == dt.date(2025, 2, 28)
    assert courses._years_later(dt.date(2026, 3, 2), 5) == dt.date(2031, 3, 1)
