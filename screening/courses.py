"""Courses: plan, change, cancel, complete; one verb, one transaction each (design §5, handbook §7.11).

Consultants and coordinators plan; the planning municipality and the coordinator change and cancel; each municipality
completes for its own candidates, which writes what the course gives to their profiles as documented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from candidates.learning import learned
from candidates.models import Candidate
from events import clock, kept, services
from events.errors import FieldProblem, Invalid, NotAllowed, NotVisible, Stale, StepRefused
from events.models import Event
from municipalities.actor import Actor
from municipalities.models import Municipality
from screening.course_input import Given, read
from screening.models import Course, CoursePass, CourseSeats

MAX_AT_ONCE = 200


@transaction.atomic
def plan(actor: Actor, given: Mapping[str, Any]) -> Course:
    """A planned course; fields as in `screening.course_input`. Raises NotAllowed or Invalid."""
    if not (actor.is_consultant or actor.is_coordinator):
        raise NotAllowed
    wanted = read(given, actor)
    course = Course.objects.create(
        **wanted.columns, planned_by=actor.municipality or "", by_user_id=actor.user_id, created_at=clock.now()
    )
    _write_lists(course, wanted)
    _tell("course.planned", course, actor)
    return course


@transaction.atomic
def change(course_id: UUID, actor: Actor, version: int, given: Mapping[str, Any]) -> Course:
    """Change the fields given; lists are replaced whole. Raises NotVisible, NotAllowed, Stale, StepRefused, Invalid."""
    course = _locked(course_id, actor, version)
    _may_steer(course, actor)
    wanted = read(given, actor, course)
    for name, value in wanted.columns.items():
        setattr(course, name, value)
    _save(course)
    _write_lists(course, wanted)
    _tell("course.changed", course, actor)
    return course


@transaction.atomic
def cancel(course_id: UUID, actor: Actor, version: int) -> Course:
    """A planned course will not take place. Raises as `change`."""
    course = _locked(course_id, actor, version)
    _may_steer(course, actor)
    course.state = Course.State.CANCELLED
    _save(course)
    _tell("course.cancelled", course, actor)
    return course


@transaction.atomic
def complete(
    course_id: UUID, actor: Actor, version: int, *, candidates: Sequence[UUID], completed_on: dt.date | None = None
) -> Course:
    """Own candidates have passed: what the course gives is on their profiles, documented, and they are re-screened.

    Each municipality for its own, within its seats; the first one ends the planning, the others follow.
    `completed_on` is the course's last day unless given. Raises NotVisible, NotAllowed, Stale, StepRefused, Invalid.
    """
    course = _locked(course_id, actor, version)
    home = actor.municipality
    if not actor.is_consultant or home is None:
        raise NotAllowed(message=_("Each jobcentre completes a course for its own candidates."))
    if course.state == Course.State.CANCELLED:
        raise StepRefused("cancelled", _("This course was cancelled."))
    passed_on = _passed_on(course, completed_on)
    people = _own(course, home, candidates)
    CoursePass.objects.bulk_create(
        CoursePass(course=course, candidate_id=pk, home_code=home, passed_on=passed_on) for pk in people
    )
    learned(
        people,
        actor=actor,
        licences=list(course.licences.order_by("pk").values_list("pk", flat=True)),
        certificates=_last_days(course, passed_on),
        skills=list(course.skills.order_by("pk").values_list("pk", flat=True)),
    )
    course.state = Course.State.COMPLETED
    _save(course)
    _tell("course.completed", course, actor, home=home, passed=len(people))
    return course


def teachable_skills() -> frozenset[int]:
    """Skills that somebody can still learn on a planned course: one that has not begun. One query."""
    return frozenset(skill for (skill,) in kept.rows(_taught, (), clock.today()))


def _taught(today: dt.date) -> QuerySet[Any, tuple[int]]:
    planned = Course.objects.filter(state=Course.State.PLANNED, starts_on__gte=today)
    return planned.exclude(skills=None).order_by().values_list("skills")


def _locked(course_id: UUID, actor: Actor, version: int) -> Course:
    course = Course.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=course_id).first()
    if course is None:
        raise NotVisible
    if course.version != version:
        since = Event.objects.filter(subject=course_id, version__gt=version).order_by("id")
        raise Stale(version=course.version, changed=list(since.values_list("type", flat=True)))
    return course


def _may_steer(course: Course, actor: Actor) -> None:
    if not (actor.is_coordinator or (actor.is_consultant and actor.municipality == course.planned_by)):
        raise NotAllowed(message=_("The jobcentre that planned a course changes it, or the coordinator."))
    if course.state != Course.State.PLANNED:
        raise StepRefused("not_planned", _("This course is not planned any more."))


def _save(course: Course) -> None:
    course.version += 1
    course.save()


def _write_lists(course: Course, wanted: Given) -> None:
    for name, rows in wanted.lists.items():
        getattr(course, name).set(rows)
    if wanted.seats is not None:
        course.seats.all().delete()
        CourseSeats.objects.bulk_create(
            CourseSeats(course=course, municipality_id=code, seats=seats) for code, seats in wanted.seats.items()
        )


def _passed_on(course: Course, given: dt.date | None) -> dt.date:
    passed_on = course.ends_on if given is None else given
    if passed_on > clock.today():
        raise Invalid.field("/completed_on", "in_the_future", _("The date lies in the future."))
    if passed_on < course.starts_on:
        raise Invalid.field("/completed_on", "too_early", _("This is before the course began."))
    return passed_on


def _last_days(course: Course, passed_on: dt.date) -> dict[str, dt.date | None]:
    """Certificates with their last day: so many years from the day it was passed, less a day, or for ever."""
    found = course.certificates.order_by("pk").values_list("pk", "validity_years")
    return {code: None if years is None else _years_later(passed_on, years) for code, years in found}


def _years_later(day: dt.date, years: int) -> dt.date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return (day.replace(day=28) if is_leap_day else day).replace(year=day.year + years) - dt.timedelta(
        days=0 if is_leap_day else 1
    )


def _own(course: Course, home: str, asked: Sequence[UUID]) -> list[int]:
    """Primary keys of the own candidates named. Raises Invalid with every row that cannot be taken."""
    if not 1 <= len(asked) <= MAX_AT_ONCE or len(set(asked)) != len(asked):
        raise Invalid.field("/candidates", "out_of_range", _("Name 1 to 200 different candidates."))
    own = Candidate.objects.of(home).filter(public_id__in=asked).order_by("pk")
    known = dict(own.values_list("public_id", "pk"))
    passed = set(course.passes.filter(candidate__in=known.values()).values_list("candidate_id", flat=True))
    problems = []
    for index, public_id in enumerate(asked):
        if public_id not in known:
            said = _("Your jobcentre has no such candidate.")
            problems.append(FieldProblem(f"/candidates/{index}", "unknown_code", said))
        elif known[public_id] in passed:
            said = _("This candidate has passed the course already.")
            problems.append(FieldProblem(f"/candidates/{index}", "passed_already", said))
    if problems:
        raise Invalid(problems)
    _refuse_too_many(course, home, len(asked))
    return [known[public_id] for public_id in asked]


def _refuse_too_many(course: Course, home: str, new: int) -> None:
    seats = dict(course.seats.order_by().values_list("municipality_id", "seats"))
    taken = course.passes.filter(home_code=home).count()
    if seats and taken + new > seats.get(home, 0):
        said = _("Your jobcentre has %(seats)d seats on this course.") % {"seats": seats.get(home, 0)}
        raise Invalid.field("/candidates", "too_many", said)


def _tell(event: str, course: Course, actor: Actor, **data: Any) -> None:
    """Append the event, for all nine; it names no candidate, and how many passed only to their home."""
    home = data.get("home")
    audience = [home] if home else Municipality.objects.order_by("code").values_list("code", flat=True)
    services.append(
        event,
        course.public_id,
        by=actor,
        municipality=home or course.planned_by,
        audience=audience,
        version=course.version,
        data={
            "starts_on": course.starts_on,
            "certificates": list(course.certificates.order_by("pk").values_list("pk", flat=True)),
            "licences": list(course.licences.order_by("pk").values_list("pk", flat=True)),
            "skills": list(course.skills.order_by("pk").values_list("public_id", flat=True)),
            **data,
        },
    )
