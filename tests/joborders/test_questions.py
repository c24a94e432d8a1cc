"""What companies are asked by the clock: an answer about candidates, and whether an old order is still needed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from events.errors import NotAllowed, NotVisible, Stale
from events.models import Event
from joborders.models import JobOrder, StillNeeded
from joborders.services import follow, questions, steps
from municipalities.working_time import DEFAULT_CALENDAR
from tests import factories
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db
START = factories.MONDAY


@pytest.fixture(autouse=True)
def region(db: None) -> None:
    factories.load_reference()


def later(days: int, start: dt.datetime = START) -> dt.datetime:
    """So many working days after."""
    return DEFAULT_CALENDAR.add_working_days(start, days)


def told(kind: str) -> int:
    return Event.objects.filter(type=kind).count()


def run(at: dt.datetime) -> int:
    with time_machine.travel(at, tick=False):
        return questions.run()


@pytest.fixture
def order() -> JobOrder:
    with time_machine.travel(START, tick=False):
        return factories.order()


def test_a_company_is_reminded_once_after_three_working_days() -> None:
    with time_machine.travel(START, tick=False):
        order = cases.order(contact_email="kontakt@firma.example")
        for _number in range(2):
            cases.nomination(order, "presented")
    assert run(later(3) - dt.timedelta(seconds=1)) == 0
    assert run(later(3)) == 1
    assert (run(later(3)), run(later(9))) == (0, 0)
    assert [event.data["count"] for event in Event.objects.filter(type="joborder.company_reminded")] == [2]


@pytest.mark.parametrize("state", ["interview", "declined", "hired"])
def test_who_has_answered_is_not_reminded(state: str) -> None:
    with time_machine.travel(START, tick=False):
        cases.nomination(cases.order(), state)
    run(later(4))
    assert told("joborder.company_reminded") == 0


def test_a_paused_order_is_left_in_peace() -> None:
    with time_machine.travel(START, tick=False):
        order = cases.order()
        cases.nomination(order, "presented")
        steps.pause(order.public_id, factories.consultant(), cases.version_of(order))
    assert run(later(30)) == 0


def test_an_order_that_nobody_touches_for_20_working_days_is_asked_about_once(order: JobOrder) -> None:
    assert run(later(20) - dt.timedelta(seconds=1)) == 0
    assert run(later(20)) == 1
    assert (run(later(20)), run(later(21))) == (0, 0)
    question = StillNeeded.objects.get()
    assert (question.order, question.due_at) == (order, later(25).astimezone(dt.UTC))


@pytest.mark.parametrize("touch", ["claim", "contact", "nomination"])
def test_whatever_a_person_does_with_it_counts_as_touched(order: JobOrder, touch: str) -> None:
    actor = factories.consultant()
    with time_machine.travel(later(10), tick=False):
        if touch == "claim":
            steps.claim(order.public_id, actor, order.version)
        elif touch == "contact":
            from companies.services import log_contact

            log_contact(actor, order.company, kind="phone", about="Opkald", order=order.public_id)
        else:
            cases.offer(order, factories.candidate(cases.LEAD))
    assert run(later(20)) == 0
    assert run(later(30)) == 1


def test_what_the_clock_does_is_no_touch(order: JobOrder) -> None:
    from joborders.tasks import run_clocks

    run_clocks(later(6))
    assert told("joborder.overdue") > 0
    assert run(later(20)) == 1


def test_no_answer_in_five_working_days_pauses_it_once(order: JobOrder) -> None:
    run(later(20))
    assert run(later(25) - dt.timedelta(seconds=1)) == 0
    assert (run(later(25)), run(later(25))) == (1, 0)
    order.refresh_from_db()
    assert order.paused_at == later(25) and StillNeeded.objects.get().answer == "none"
    [event] = Event.objects.filter(type="joborder.paused")
    assert event.data["unanswered"] is True and event.actor_kind == "system"
    assert run(later(60)) == 0


def test_an_order_that_moved_on_meanwhile_is_not_paused(order: JobOrder) -> None:
    run(later(20))
    with time_machine.travel(later(22), tick=False):
        steps.claim(order.public_id, factories.consultant(), order.version)
    assert run(later(25)) == 0
    order.refresh_from_db()
    assert order.paused_at is None and StillNeeded.objects.get().answer == "moot"


def test_a_company_without_a_mail_address_is_left_to_its_jobcentre() -> None:
    with time_machine.travel(START, tick=False):
        order = factories.order(contact={"name": "Kirsten", "phone": "48 00 00 00"})
    assert run(later(20)) == 1
    assert Event.objects.get(type="joborder.still_needed_asked").data["by_mail"] is False
    assert run(later(30)) == 0
    order.refresh_from_db()
    assert order.paused_at is None


def answer(order: JobOrder, word: str, at: dt.datetime, **other: Any) -> JobOrder:
    order.refresh_from_db()
    with time_machine.travel(at, tick=False):
        return questions.answer(order.public_id, factories.link_of(order), order.version, answer=word, **other)


@pytest.mark.parametrize(
    ("word", "paused", "state"), [("yes", False, "open"), ("pause", True, "open"), ("no", False, "closed")]
)
def test_the_company_answers_with_one_word(order: JobOrder, word: str, paused: bool, state: str) -> None:
    run(later(20))
    answer(order, word, later(21))
    order.refresh_from_db()
    assert (order.paused_at is not None, order.state) == (paused, state)
    assert StillNeeded.objects.get().answer == word
    assert run(later(26)) == 0, "answered is answered"
    if word == "yes":
        assert run(later(41)) == 1, "and asked again when twenty more days have passed"


def test_yes_after_the_pause_resumes_and_said_twice_changes_nothing_more(order: JobOrder) -> None:
    run(later(20)), run(later(25))
    for _time in range(2):
        answer(order, "yes", later(27))
    order.refresh_from_db()
    assert order.paused_at is None and told("joborder.resumed") == 1


def test_only_the_company_answers_and_on_the_order_as_it_is(order: JobOrder) -> None:
    run(later(20))
    with pytest.raises(NotAllowed):
        questions.answer(order.public_id, factories.consultant(), None, answer="yes")
    with pytest.raises(Stale):
        questions.answer(order.public_id, factories.link_of(order), order.version + 1, answer="yes")


def test_a_second_secret_of_the_link_opens_it_until_the_link_is_replaced(order: JobOrder, settings: Any) -> None:
    secret = follow.secret_for_mail(order)
    assert follow.find(secret).order == order and follow.secret_for_mail(order) == secret
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key" * 6
    assert follow.find(secret).order == order, "a mail outlives a change of the key"
    follow.create(order)
    for stale in (secret, secret[:-1] + "A", "A" * 64):
        with pytest.raises(NotVisible):
            follow.find(stale)
