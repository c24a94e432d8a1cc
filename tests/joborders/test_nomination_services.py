"""What the steps of a nomination promise."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from candidates import services as candidate_services
from candidates.models import Candidate
from events import clock
from events.errors import Invalid, NotVisible, Stale, StepRefused
from events.models import Event
from joborders.models import JobOrder, Nomination, OrderSpan
from joborders.services import nominations, nominations_base
from municipalities.actor import Actor
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from tests.joborders.nomination_cases import HIRE, HOME, LEAD, THIRD, YES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def region(db):
    build.region()


@pytest.fixture
def order(region):
    return cases.order()


@pytest.fixture
def lead(region):
    return build.consultant(LEAD)


def codes(error) -> set[tuple[str, str]]:
    return {(problem.pointer, problem.code) for problem in error.value.errors}


def now_of(one):
    return type(one).objects.get(pk=one.pk)


def test_a_request_is_to_be_answered_within_a_working_day(order):
    friday = dt.datetime(2027, 1, 8, 11, 0, tzinfo=clock.COPENHAGEN)
    with clock.at(friday):
        one = cases.request(order, build.candidate(HOME)).nomination
    assert clock.local(one.answer_due_at) == dt.datetime(2027, 1, 11, 11, 0, tzinfo=clock.COPENHAGEN)


def test_several_are_requested_or_none(order, lead):
    good, own, gone = build.candidate(HOME), build.candidate(LEAD), build.candidate(THIRD, status="inactive")
    taken = cases.nomination(order, "requested").candidate
    asked = [good.public_id, own.public_id, gone.public_id, taken.public_id, uuid4()]
    with pytest.raises(Invalid) as error:
        nominations.request(order.public_id, lead, order.version, candidates=asked)
    assert codes(error) == {
        ("/candidates/1", "own_candidate"),
        ("/candidates/2", "not_available"),
        ("/candidates/3", "already_nominated"),
        ("/candidates/4", "unknown_code"),
    }
    assert Nomination.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"shared_at": None},
        {"paused_at": clock.now()},
        {"state": "closed", "close_reason": "withdrawn", "ended_at": clock.now()},
    ],
    ids=["local", "paused", "ended"],
)
def test_a_request_needs_an_open_shared_running_order(lead, changes):
    order = cases.order(**changes)
    with pytest.raises(StepRefused):
        cases.request(order, build.candidate(HOME), actor=lead)


def test_the_same_person_is_nominated_once_on_an_order(order, lead):
    one = cases.nomination(order, "requested")
    with pytest.raises(StepRefused):
        cases.request(order, one.candidate, actor=lead)
    with pytest.raises(StepRefused):
        cases.offer(order, one.candidate)
    assert Nomination.objects.count() == 1


def test_the_database_keeps_one_unfinished_nomination_too(order):
    one = cases.nomination(order, "requested")
    one.pk, one.public_id = None, uuid4()
    one._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_trying_again_is_a_new_nomination(order):
    first = cases.nomination(order, "declined")
    again = cases.nomination(order, "accepted", person=first.candidate)
    assert again.pk != first.pk and now_of(first).state == "declined"


def test_nominating_somebody_live_on_another_order_warns(order, lead):
    person = cases.nomination(order, "requested").candidate
    assert cases.request(cases.order(), person, actor=lead).warnings == ("live_elsewhere",)
    assert cases.request(cases.order(), build.candidate(HOME), actor=lead).warnings == ()


def test_an_own_candidate_is_offered_on_a_local_order():
    order = cases.order(shared_at=None)
    assert cases.offer(order, build.candidate(LEAD)).state == "accepted"
    with pytest.raises(NotVisible):
        cases.offer(order, build.candidate(HOME))


def test_a_tovholder_offers_on_a_local_order():
    order = cases.order(shared_at=None, tovholder=HOME)
    assert cases.offer(order, build.candidate(HOME)).state == "accepted"


def test_nobody_offers_another_jobcentres_candidate(order):
    person = build.candidate(THIRD)
    with pytest.raises(Invalid) as error:
        nominations.offer(
            order.public_id, build.consultant(HOME), order.version, candidate=person.public_id, acceptance=YES
        )
    assert codes(error) == {("/candidate", "unknown_code")}


def test_an_acceptance_names_when_how_by_whom_and_the_talk(order):
    one = cases.nomination(order, "requested")
    home = build.consultant(HOME)
    with pytest.raises(Invalid) as error:
        nominations.accept(one.public_id, home, one.version, acceptance={"talk_can_do": False, "mood": "good"})
    assert codes(error) == {
        ("/", "unknown_field"),
        ("/accepted_on", "required"),
        ("/channel", "required"),
        ("/talk_can_do", "not_confirmed"),
        ("/talk_wants_to", "required"),
        ("/cv_checked", "required"),
    }
    done = nominations.accept(one.public_id, home, one.version, acceptance=YES).nomination
    assert (done.acceptance_on, done.acceptance_channel, done.acceptance_by) == (
        dt.date(2026, 1, 5),
        "phone",
        "Sagsbehandler",
    )


@pytest.mark.parametrize(("fit", "code"), [(None, "required"), (False, "not_confirmed"), (True, None)])
def test_special_terms_are_judged_by_the_home_jobcentre(fit, code):
    order = cases.order(type="special")
    if code is None:
        assert cases.offer(order, build.candidate(HOME), special_terms_fit=fit).special_terms_fit is True
        return
    with pytest.raises(Invalid) as error:
        cases.offer(order, build.candidate(HOME), special_terms_fit=fit)
    assert codes(error) == {("/acceptance/special_terms_fit", code)}


def test_the_cv_confirmed_for_this_order_is_a_copy(order):
    person = build.candidate(HOME, cv_text="Kører lastbil")
    one = cases.offer(order, person)
    candidate_services.update(person.public_id, build.consultant(HOME), 1, {"cv_text": "Andet"})
    assert now_of(one).cv_text == "Kører lastbil"


def test_findings_in_the_cv_are_told_and_a_cpr_number_is_refused(order):
    one = cases.nomination(order, "requested")
    home = build.consultant(HOME)
    with pytest.raises(Invalid) as error:
        nominations.accept(one.public_id, home, one.version, acceptance={**YES, "cv_text": "CPR 010190-1234"})
    assert codes(error) == {("/cv_text", "cpr_number")}
    text = "Jeg er 54 år, gift og har gigt"
    done = nominations.accept(one.public_id, home, one.version, acceptance={**YES, "cv_text": text})
    assert done.warnings == ("cv_age", "cv_family", "cv_health")


def test_nobody_is_presented_before_the_contact_is_verified(lead):
    order = cases.order(contact_verified_at=None)
    one = cases.nomination(order, "accepted")
    with pytest.raises(StepRefused) as error:
        cases.take("present", one, lead)
    assert error.value.extra["unmet"] == ["contact_verified"]


def test_the_first_presentation_keeps_the_promise(order, lead):
    JobOrder.objects.filter(pk=order.pk).update(responded_at=clock.now())
    one, two = cases.nomination(order, "accepted"), cases.nomination(order, "accepted")
    cases.take("present", one, lead)
    first = now_of(order)
    assert first.presented_at and first.next_due_at is None and first.with_company == 1
    cases.take("present", two, lead)
    assert now_of(order).presented_at == first.presented_at and now_of(order).with_company == 2


def test_a_companys_report_waits_for_the_consultant(order, lead):
    one = cases.nomination(order, "presented")
    one = cases.take("report_hire", one, Actor.company_(order.company.public_id), starts_on="2027-03-01")
    assert (one.state, one.reported_start_on) == ("presented", dt.date(2027, 3, 1))
    assert cases.take("hire", one, lead, **HIRE).state == "hired"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"weekly_hours": 0}, ("/weekly_hours", "out_of_range")),
        ({"weekly_hours": None}, ("/weekly_hours", "out_of_range")),
        ({"starts_on": ""}, ("/starts_on", "required")),
        ({"terms": "flex"}, ("/terms", "unknown_code")),
    ],
)
def test_a_hire_has_start_hours_and_terms(order, lead, arguments, problem):
    one = cases.nomination(order, "presented")
    with pytest.raises(Invalid) as error:
        cases.take("hire", one, lead, **{**HIRE, **arguments})
    assert codes(error) == {problem} and now_of(one).state == "presented"


def test_the_last_hire_fills_the_order_and_the_others_lapse(order, lead):
    waiting, first, second = (cases.nomination(order, "presented") for _ in range(3))
    cases.take("hire", first, lead, **HIRE)
    assert now_of(order).state == "open" and now_of(order).hires == 1
    cases.take("hire", second, lead, **HIRE)
    filled = now_of(order)
    assert (filled.state, filled.close_reason, filled.hires, filled.ended_itself) == ("filled", "filled", 2, True)
    assert now_of(waiting).state == "lapsed"
    span = OrderSpan.objects.get(order=order, happened_to__isnull=True, known_to__isnull=True)
    assert (span.state, span.hires) == ("filled", 2)
    types = list(Event.objects.order_by("id").values_list("type", flat=True))
    assert types.index("nomination.lapsed") < types.index("joborder.filled")


def test_there_are_never_more_hires_than_open_positions(lead):
    order = cases.order(positions=2, filled_otherwise=1)
    one, two = cases.nomination(order, "presented"), cases.nomination(order, "presented")
    cases.take("hire", one, lead, **HIRE)
    with pytest.raises(StepRefused):
        cases.take("hire", two, lead, **HIRE)
    assert now_of(order).hires == 1


def test_a_hire_takes_the_person_out_of_screening_and_flags_other_orders(order, lead):
    one = cases.nomination(order, "presented")
    other_order = cases.order(lead_id=THIRD)
    other = cases.nomination(other_order, "accepted", person=one.candidate)
    cases.take("hire", one, lead, **HIRE)
    person = Candidate.objects.get(pk=one.candidate_id)
    assert (person.status, person.hired_from) == ("hired", dt.date(2027, 2, 1))
    flag = Event.objects.get(type="nomination.hired_elsewhere")
    assert flag.subject == other.public_id and flag.audience == f"|{HOME}|{THIRD}|"
    assert now_of(other).state == "accepted"


def test_a_hire_that_did_not_start_opens_the_position_again(order, lead):
    one, two = cases.nomination(order, "hired"), cases.nomination(order, "presented")
    two = cases.take("hire", two, lead, **HIRE)
    assert now_of(order).state == "filled"
    cases.take("not_started", two, lead, reason="no_show")
    back = now_of(order)
    assert (back.state, back.hires, back.close_reason) == ("open", 1, "")
    person = Candidate.objects.get(pk=two.candidate_id)
    assert (person.status, person.hired_from) == ("available", None)
    assert now_of(one).state == "hired"


def test_an_order_closed_by_a_person_stays_ended_when_its_hire_did_not_start(order, lead):
    one = cases.nomination(order, "hired")
    from joborders.services import ending

    with transaction.atomic():
        ending.end(now_of(order), "partly_filled", lead)
    cases.take("not_started", one, lead, reason="no_show")
    ended = now_of(order)
    assert (ended.state, ended.close_reason, ended.hires) == ("closed", "other", 0)


@pytest.mark.parametrize(
    ("state", "step", "arguments"),
    [
        ("presented", "decline", {"reason": "other"}),
        ("presented", "decline", {"reason": "too_old"}),
        ("accepted", "withdraw", {"reason": "other", "text": " "}),
        ("accepted", "withdraw", {"reason": "other", "text": "CPR 010190-1234"}),
        ("hired", "not_started", {"reason": ""}),
    ],
)
def test_an_end_has_a_reason_from_the_list(order, state, step, arguments):
    one = cases.nomination(order, state)
    actor = build.consultant(HOME if step == "withdraw" else LEAD)
    with pytest.raises(Invalid):
        cases.take(step, one, actor, **arguments)
    assert now_of(one).state == state


def test_free_text_is_kept_in_rows_not_in_events(order):
    one = cases.nomination(order, "presented")
    company = Actor.company_(order.company.public_id)
    cases.take("decline", one, company, reason="other", text="Kom for sent")
    event = Event.objects.get(type="nomination.declined")
    assert "Kom for sent" not in str(event.data) and order.notes.get(event=event.public_id).text == "Kom for sent"
    assert now_of(one).end_text == "Kom for sent"


def test_a_stale_step_writes_nothing_and_says_who_was_faster(order, lead):
    one = cases.nomination(order, "presented")
    cases.take("interview", one, lead)
    with pytest.raises(Stale) as error:
        nominations.decline(one.public_id, build.consultant(LEAD), one.version, reason="experience")
    assert error.value.changed == ("nomination.interviewed",) and error.value.changed_by["name"] == lead.name
    with pytest.raises(Stale) as error:
        nominations.decline(one.public_id, Actor.company_(order.company.public_id), one.version, reason="experience")
    assert error.value.changed_by["name"] == "Jobcenter Hillerød"
    assert now_of(one).state == "interview"


def test_of_two_that_decided_on_the_same_version_one_wins(order, lead, monkeypatch):
    """Without row locks (SQLite) the version in the UPDATE itself decides."""
    one = cases.nomination(order, "presented")

    def overtaken(*args):
        Nomination.objects.filter(pk=one.pk).update(version=one.version + 1)
        return nominations_base.rules.refusal(*args)

    monkeypatch.setattr(nominations_base, "require", lambda *args: overtaken(*args))
    with pytest.raises(Stale):
        nominations.decline(one.public_id, lead, one.version, reason="experience")
    assert now_of(one).state == "presented"


def test_several_are_presented_in_one_step_with_one_mark(order, lead):
    some = [cases.nomination(order, "accepted") for _ in range(3)]
    items = [{"id": one.public_id, "version": one.version, **cases.WHY} for one in some]
    assert {done.nomination.state for done in nominations.present_many(items, lead)} == {"presented"}
    marks = {event.data["together"] for event in Event.objects.filter(type="nomination.presented")}
    assert len(marks) == 1 and now_of(order).with_company == 3


def test_several_at_once_are_all_taken_or_none(order):
    home = build.consultant(HOME)
    some = [cases.nomination(order, "requested") for _ in range(2)]
    foreign = cases.nomination(order, "requested", home=THIRD)
    items = [
        {"id": some[0].public_id, "version": 1, "acceptance": YES},
        {"id": some[1].public_id, "version": 9, "acceptance": YES},
        {"id": foreign.public_id, "version": 1, "acceptance": YES},
        {"id": cases.nomination(order, "requested").public_id, "version": 1, "acceptance": {**YES, "channel": "?"}},
    ]
    with pytest.raises(Invalid) as error:
        nominations.accept_many(items, home)
    assert error.value.code == "rows_refused"
    assert codes(error) == {("/1", "stale"), ("/2", "not_found"), ("/3/channel", "unknown_code")}
    assert set(Nomination.objects.values_list("state", flat=True)) == {"requested"}


def test_what_is_written_down_later_happened_earlier(order, lead):
    earlier = order.received_at + dt.timedelta(minutes=5)
    one = cases.nomination(order, "accepted")
    one = cases.take("present", one, lead, happened_at=earlier)
    event = Event.objects.get(type="nomination.presented")
    assert one.presented_at == event.happened_at == earlier < event.recorded_at
    with pytest.raises(Invalid):
        cases.take("interview", one, lead, happened_at=clock.now() + dt.timedelta(hours=1))
