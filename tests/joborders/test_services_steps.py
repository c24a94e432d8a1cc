"""Each step of an order does what it promises, and refuses what it must."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from companies.models import ContactLogEntry
from events import clock
from events.errors import Invalid, NotAllowed, NotVisible, Stale, StepRefused
from events.models import Event
from joborders.models import FollowLink, HistoryNote, JobOrder, Revision, SupplyAnswer
from joborders.services import changes, follow, steps
from tests import factories as make

pytestmark = pytest.mark.usefixtures("reference", "monday")


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, 0, tzinfo=clock.COPENHAGEN)


# --- version ------------------------------------------------------------------------------------------------------


def test_a_decision_on_an_older_version_is_refused_and_says_what_changed_and_by_whom(ann, bo):
    order = make.order(make.company())
    steps.claim(order.public_id, bo, 1)
    with pytest.raises(Stale) as stale:
        steps.claim(order.public_id, ann, 1)
    assert stale.value.version == 2
    assert stale.value.changed == ("joborder.claimed",)
    assert stale.value.changed_by == {"name": "Bo Prøve", "municipality": "0219"}
    assert "reassign" in stale.value.allowed


def test_a_company_learns_the_jobcentre_not_the_person(bo):
    order = make.order(make.company())
    steps.claim(order.public_id, bo, 1)
    with pytest.raises(Stale) as stale:
        steps.pause(order.public_id, make.link_of(order), 1)
    assert stale.value.changed_by == {"name": order.lead.jobcentre, "municipality": "0219"}


# --- each step ----------------------------------------------------------------------------------------------------


def test_a_claimed_order_has_its_assignee_and_is_not_taken_over(ann, bo):
    order = steps.claim(make.order().public_id, ann, 1)
    assert (order.assignee_id, order.claimed_at) == (ann.user_id, make.MONDAY)
    with pytest.raises(StepRefused) as refused:
        steps.claim(order.public_id, bo, 2)
    assert refused.value.extra["unmet"] == ["unclaimed"]


def test_an_order_is_reassigned_to_a_consultant_of_the_lead_only(kim, eva, bo, cas):
    order = make.order()
    for wrong in (eva, kim, cas):
        with pytest.raises(Invalid):
            steps.reassign(order.public_id, kim, 1, assignee=wrong.public_id)
    assert steps.reassign(order.public_id, kim, 1, assignee=bo.public_id).assignee_id == bo.user_id
    with pytest.raises(Invalid):
        steps.reassign(order.public_id, kim, 2, assignee=bo.public_id)


def test_the_first_contact_stops_the_first_clock_and_is_in_the_log(ann):
    order = steps.claim(make.order().public_id, ann, 1)
    with clock.at(at(2, 13)):
        order = steps.respond(order.public_id, ann, 2, text="Ringet", happened_at=at(2, 11))
    assert order.responded_at == at(2, 11)
    assert order.next_due_at == order.candidate_due_at
    entry = ContactLogEntry.objects.get()
    assert (entry.order, entry.text) == (order.public_id, "Ringet")


@pytest.mark.parametrize("when", [at(1), at(3)])
def test_a_contact_is_neither_before_the_order_nor_to_come(when, ann):
    order = steps.claim(make.order().public_id, ann, 1)
    with pytest.raises(Invalid):
        steps.respond(order.public_id, ann, 2, happened_at=when)
    assert not ContactLogEntry.objects.exists()


def test_the_contact_is_verified_once_by_the_lead(ann, eva, kim):
    order = steps.share(make.order().public_id, ann, 1)
    for other in (eva, kim):
        with pytest.raises(NotAllowed):
            steps.verify_contact(order.public_id, other, 2, source="website")
    with pytest.raises(Invalid):
        steps.verify_contact(order.public_id, ann, 2, source="the order")
    assert steps.verify_contact(order.public_id, ann, 2, source="cvr_register").contact_verified_at == make.MONDAY


def test_a_changed_contact_has_to_be_verified_again(ann):
    order = steps.verify_contact(make.order().public_id, ann, 1, source="website")
    contact = {"name": "Ny Prøve", "phone": "48 00 00 01"}
    assert changes.change(order.public_id, ann, 2, {"contact": contact}).contact_verified_at is None


def test_handing_over_clears_the_assignee_and_keeps_the_clocks(ann):
    order = steps.claim(make.order().public_id, ann, 1)
    moved = steps.hand_over(order.public_id, ann, 2, to="0217", reason="Ligger der", agreed_by="Eva")
    assert (moved.lead_id, moved.assignee, moved.next_due_at) == ("0217", None, order.next_due_at)
    assert HistoryNote.objects.get().text == "Ligger der (Eva)"
    event = Event.objects.get(type="joborder.handed_over")
    assert "|0217|0219|" in event.audience
    assert not {"reason", "text"} & set(event.data)


@pytest.mark.parametrize(
    ("field", "given"), [("to", {"to": "0219"}), ("to", {"to": "0101"}), ("reason", {"reason": " "})]
)
def test_a_hand_over_needs_another_of_the_nine_and_a_reason(field, given, ann):
    order = make.order()
    values = {"to": "0217", "reason": "Ja", "agreed_by": "Eva"} | given
    with pytest.raises(Invalid) as refused:
        steps.hand_over(order.public_id, ann, 1, **values)
    assert refused.value.errors[0].pointer == f"/{field}"


def test_handing_a_company_over_moves_the_open_orders_that_no_tovholder_covers(ann):
    company = make.company("0219")
    moves, ended = make.order(company), make.order(company)
    steps.close(ended.public_id, ann, 1, reason="duplicate")
    make.agreement(company, tovholder="0270")
    stays = make.order(company)
    _company, moved = changes.hand_over_company(
        company.public_id, ann, None, to="0217", reason="Flyttet", agreed_with="0217"
    )
    assert moved == 1
    leads = {order.pk: order.lead_id for order in JobOrder.objects.all()}
    assert leads == {moves.pk: "0217", ended.pk: "0219", stays.pk: "0270"}


def test_sharing_tells_all_nine(ann):
    order = steps.share(make.order().public_id, ann, 1)
    assert order.shared_at == make.MONDAY
    assert Event.objects.get(type="joborder.shared").audience.count("|") == 10


def test_an_asked_municipality_answers_with_a_number_and_may_change_it(ann, eva):
    order = steps.share(make.order().public_id, ann, 1)
    steps.answer_supply(order.public_id, eva, 2, count=3, by_date=date(2026, 3, 9))
    steps.answer_supply(order.public_id, eva, 3, count=0)
    answer = SupplyAnswer.objects.get()
    assert (answer.municipality_id, answer.count, answer.by_date) == ("0217", 0, None)


@pytest.mark.parametrize("given", [{"count": 2}, {"count": -1}, {"count": 1, "by_date": date(2026, 3, 1)}])
def test_a_promise_of_people_has_a_number_and_a_date_to_come(given, ann, eva):
    order = steps.share(make.order().public_id, ann, 1)
    with pytest.raises(Invalid):
        steps.answer_supply(order.public_id, eva, 2, **given)


def test_clocks_stand_still_while_paused(ann):
    order = make.order()
    assert order.response_due_at == at(3)
    with clock.at(at(2, 12)):
        assert steps.pause(order.public_id, ann, 1).next_due_at is None
    with clock.at(at(5, 11)):
        order = steps.resume(order.public_id, ann, 2)
    # Due Tuesday 9:00, later by the 20 working hours from Monday 12 to Thursday 11: Friday's opening.
    assert order.response_due_at == at(6, 8)
    assert order.next_due_at == order.response_due_at


def test_a_change_makes_a_new_revision(ann):
    order = changes.change(make.order().public_id, ann, 1, {"positions": 5, "title": "Ny titel"}, note="Ringede")
    assert (order.positions, order.revision, order.title) == (5, 2, "Ny titel")
    assert Revision.objects.get(number=2).wanted["positions"] == 5
    assert Event.objects.get(type="joborder.changed").data["changed"] == ["title", "positions"]


def test_a_change_to_the_same_writes_nothing(ann):
    order = make.order()
    assert changes.change(order.public_id, ann, 1, {"positions": 3}).version == 1


@pytest.mark.parametrize(
    ("given", "pointer"),
    [({"positions": 0}, "/positions"), ({"filled_otherwise": 4}, "/filled_otherwise"), ({"state": "x"}, "/state")],
)
def test_a_wrong_change_writes_nothing(given, pointer, ann):
    order = make.order()
    with pytest.raises(Invalid) as refused:
        changes.change(order.public_id, ann, 1, given)
    assert refused.value.errors[0].pointer == pointer
    assert JobOrder.objects.get().version == 1


def test_demands_can_be_changed(ann):
    order = make.order(requirements=[{"kind": "licence", "code": "B"}])
    changes.change(order.public_id, ann, 1, {"requirements": [{"kind": "licence", "code": "C"}]})
    assert [row.code for row in order.requirements.all()] == ["C"]


def test_positions_filled_otherwise_end_the_order_as_hired_elsewhere(ann):
    order = changes.change(make.order().public_id, ann, 1, {"filled_otherwise": 3})
    assert (order.state, order.close_reason, order.ended_itself) == ("closed", "hired_elsewhere", True)


def test_a_company_proposes_and_nothing_changes():
    order = make.order()
    changes.propose_change(order.public_id, make.link_of(order), 1, text="Gerne fem", changes={"positions": 5})
    assert JobOrder.objects.get().positions == 3
    assert HistoryNote.objects.get().text == "Gerne fem\npositions: 5"


def test_a_wrong_proposal_is_refused():
    order = make.order()
    with pytest.raises(Invalid):
        changes.propose_change(order.public_id, make.link_of(order), 1, changes={"positions": 0})
    with pytest.raises(Invalid):
        changes.propose_change(order.public_id, make.link_of(order), 1)


def test_only_the_company_asks_to_be_called(ann):
    order = make.order()
    with pytest.raises(NotAllowed):
        changes.call_me(order.public_id, ann)
    changes.call_me(order.public_id, make.link_of(order), text="Efter kl. 12")
    assert Event.objects.filter(type="joborder.call_asked").count() == 1


def test_a_company_withdraws_and_its_link_expires_thirty_days_later():
    order = make.order()
    secret = follow.create(order)
    steps.withdraw(order.public_id, make.link_of(order), 1, text="Løst internt")
    assert JobOrder.objects.get().close_reason == "withdrawn"
    assert FollowLink.objects.get().expires_at == clock.now() + timedelta(days=30)
    with clock.at(clock.now() + timedelta(days=30)), pytest.raises(NotVisible):
        follow.find(secret)


@pytest.mark.parametrize(
    ("reason", "text", "code"),
    [("other", "", "required"), ("filled", "", "no_hire"), ("whatever", "", "unknown_code")],
)
def test_an_order_is_closed_with_a_true_reason(reason, text, code, ann):
    order = make.order()
    with pytest.raises(Invalid) as refused:
        steps.close(order.public_id, ann, 1, reason=reason, text=text)
    assert refused.value.errors[0].code == code


def test_a_company_can_only_withdraw():
    order = make.order()
    with pytest.raises(Invalid) as refused:
        steps.close(order.public_id, make.link_of(order), 1, reason="duplicate")
    assert refused.value.errors[0].code == "not_yours"


def test_a_reopened_order_has_no_reason_and_its_clocks_run_again(ann):
    order = steps.close(make.order().public_id, ann, 1, reason="withdrawn")
    assert order.next_due_at is None
    with clock.at(at(3)):
        order = steps.reopen(order.public_id, ann, 2, reason="Alligevel")
    assert (order.state, order.close_reason, order.ended_at) == ("open", "", None)
    assert order.response_due_at == at(4)


def test_a_full_order_reopens_only_with_more_positions(ann):
    order = changes.change(make.order().public_id, ann, 1, {"filled_otherwise": 3})
    with pytest.raises(Invalid):
        steps.reopen(order.public_id, ann, order.version, reason="Flere")
    assert steps.reopen(order.public_id, ann, order.version, reason="Flere", positions=4).positions == 4


def test_only_the_first_screening_changes_the_order(ann):
    order = make.order()
    first = steps.mark_screened(order, ann, run=order.public_id)
    assert (first.screened_at, first.version) == (make.MONDAY, 2)
    assert steps.mark_screened(order, ann, run=order.public_id).version == 2
    assert Event.objects.filter(type="joborder.screened").count() == 2


@pytest.mark.parametrize("text", ["010190-1234", "lyd\x07"])
def test_no_text_of_a_step_holds_a_cpr_number_or_control_characters(text, ann):
    order = make.order()
    link = make.link_of(order)
    tries = [
        lambda: steps.close(order.public_id, ann, 1, reason="other", text=text),
        lambda: steps.pause(order.public_id, ann, 1, note=text),
        lambda: steps.share(order.public_id, ann, 1, note=text),
        lambda: steps.hand_over(order.public_id, ann, 1, to="0217", reason=text, agreed_by="Eva"),
        lambda: changes.change(order.public_id, ann, 1, {"positions": 4}, note=text),
        lambda: changes.propose_change(order.public_id, link, 1, text=text),
        lambda: changes.call_me(order.public_id, link, text=text),
    ]
    events = Event.objects.count()
    for take in tries:
        with pytest.raises(Invalid):
            take()
    assert (JobOrder.objects.get().version, Event.objects.count()) == (1, events)
