"""Any date, as known at any date: the spans that statistics count."""

from __future__ import annotations

from datetime import datetime

import pytest

from events import clock
from joborders.models import JobOrder, OrderSpan
from joborders.services import changes, steps
from tests import factories as make

pytestmark = pytest.mark.usefixtures("reference", "monday")


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, 0, tzinfo=clock.COPENHAGEN)


def state_at(order: JobOrder, happened: datetime, known: datetime) -> list[str]:
    """What was believed at `known` about where the order stood at `happened`."""
    rows = OrderSpan.objects.filter(order=order, happened_from__lte=happened, known_from__lte=known)
    rows = rows.exclude(happened_to__lte=happened).exclude(known_to__lte=known)
    return [row.state for row in rows]


def test_the_past_stays_as_it_was_known():
    ann = make.consultant()
    order = make.order()
    with clock.at(at(4)):
        steps.close(order.public_id, ann, 1, reason="withdrawn")
    with clock.at(at(6)):
        steps.reopen(order.public_id, ann, 2, reason="Alligevel")
    assert state_at(order, at(3), at(20)) == ["open"]
    assert state_at(order, at(5), at(20)) == ["closed"]
    assert state_at(order, at(7), at(20)) == ["open"]
    assert state_at(order, at(5), at(3)) == ["open"]
    assert state_at(order, at(1), at(20)) == []


def test_what_is_registered_five_days_later_is_in_the_past_only_for_who_knows_later():
    ann = make.consultant()
    order = make.order()
    with clock.at(at(9)):
        steps.close(order.public_id, ann, 1, reason="withdrawn", happened_at=at(4))
    assert state_at(order, at(5), at(8)) == ["open"]
    assert state_at(order, at(5), at(9)) == ["closed"]
    assert state_at(order, at(3), at(9)) == ["open"]
    assert JobOrder.objects.get().ended_at == at(4)


def test_a_late_step_corrects_what_came_between_without_losing_it():
    ann = make.consultant()
    order = make.order()
    with clock.at(at(5)):
        changes.change(order.public_id, ann, 1, {"positions": 8})
    with clock.at(at(9)):
        steps.close(order.public_id, ann, 2, reason="withdrawn", happened_at=at(4))
    rows = OrderSpan.objects.filter(order=order, known_to__isnull=True).order_by("happened_from")
    assert [(row.state, row.positions) for row in rows] == [("open", 3), ("closed", 3), ("closed", 8)]


def test_exactly_one_span_covers_every_moment_at_every_knowledge():
    ann = make.consultant()
    order = make.order()
    with clock.at(at(4)):
        steps.hand_over(order.public_id, ann, 1, to="0217", reason="Ja", agreed_by="Eva")
    with clock.at(at(5)):
        changes.change(order.public_id, make.coordinator(), 2, {"positions": 5})
    with clock.at(at(6)):
        steps.close(order.public_id, make.coordinator(), 3, reason="withdrawn", happened_at=at(3))
    for known in range(2, 12):
        for happened in range(2, 12):
            assert len(state_at(order, at(happened, 12), at(known, 12))) == 1
