"""The harness sees what it is there to see: a lost order, a doubled one, an event or a mail that never came."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from events import delivery
from events.models import Event
from joborders.models import JobOrder
from notifications.models import Mail
from tests import factories
from tests.faults import playing, upgrade
from tests.faults.__main__ import CI
from tests.faults.clients import Caller, Load
from tests.faults.count import Consumer, Result, compare
from tests.faults.report import line, table

GOOD = Result("kind", "", sent=2, acked=2, faults=1)


class Seen(Consumer):
    """A consumer that got these events."""

    def __init__(self, seen: Counter[str]) -> None:
        self.seen = seen

    def read(self) -> None:
        pass


@pytest.fixture
def load(reference: None) -> Load:
    """Two orders that were acknowledged, are there, and have had their effects."""
    company = factories.company()
    found = Load(Caller(0, ""), company.public_id, "kind", writes=2)
    for number in (1, 2):
        title = f"kind {number:05d}"
        found.acked[title] = factories.order(company, title=title).number
    delivery.sweep()
    return found


def counted(load: Load, seen: Counter[str] | None = None) -> Result:
    every = Counter(str(one) for one in Event.objects.values_list("public_id", flat=True))
    return compare(replace(GOOD, notes=[]), load, Seen(every if seen is None else seen))


def test_all_is_there(load):
    result = counted(load)
    assert result.is_good and (result.sent, result.acked, result.effects) == (2, 2, 2)


def test_an_acknowledged_order_that_is_gone_is_lost(load):
    load.acked["kind 00002"] = "NRS-0000-00000"
    assert counted(load).lost == 1 and not counted(load).is_good


def test_a_write_that_nobody_acknowledged_is_told(load):
    del load.acked["kind 00002"]
    result = counted(load)
    assert not result.lost and not result.is_good


def test_an_order_that_is_there_twice_is_doubled(load):
    JobOrder.objects.filter(title="kind 00002").update(title="kind 00001")
    assert counted(load).doubled == 1 and not counted(load).is_good


def test_an_event_that_the_broker_never_got_is_lost(load):
    one = str(Event.objects.filter(type="joborder.submitted").first().public_id)
    every = Counter(str(found) for found in Event.objects.values_list("public_id", flat=True))
    result = counted(load, every - Counter([one]))
    assert result.events_lost == 1 and not result.is_good
    result = counted(load, every + Counter([one]))
    assert result.redelivered == 1 and result.is_good


def test_a_receipt_that_was_never_written_is_a_lost_effect(load):
    Mail.objects.filter(template="receipt").first().delete()
    assert counted(load).effects_lost == 1 and not counted(load).is_good


@pytest.mark.parametrize("zero", ["lost", "doubled", "events_lost", "effects_lost", "effects_doubled", "wrong_states"])
def test_no_zero_but_zero_is_good(zero):
    assert GOOD.is_good and not replace(GOOD, **{zero: 1}).is_good


def test_a_fault_that_did_not_happen_proves_nothing():
    assert not replace(GOOD, faults=0).is_good


def test_late_is_not_good():
    assert not replace(GOOD, back_s=10.1).is_good and replace(GOOD, back_s=10.1, back_within_s=60).is_good


def test_the_arm_for_comparison_has_to_lose():
    assert not replace(GOOD, expects_loss=True).is_good and replace(GOOD, expects_loss=True, lost=1).is_good


def test_what_is_left_out_says_why():
    result = Result("kind", "", left_out="no disk")
    assert result.is_good and "left out: no disk" in line(result) and "left out: no disk" in table([result])


def test_every_change_breaks_eight_things_under_load():
    assert sum(kind in playing.UNDER_LOAD for kind in CI) == 8 and set(playing.MISSING).isdisjoint(CI)


def test_an_upgrade_takes_back_only_what_running_code_does_not_notice(db):
    gone = upgrade.undoable()
    kinds = {type(operation) for migration in gone for operation in migration.operations}
    assert kinds <= set(upgrade.HARMLESS)
    for app in {one.app_label for one in gone}:  # the newest first: each can be taken back
        names = [one.name for one in gone if one.app_label == app]
        assert names == sorted(names, reverse=True)
