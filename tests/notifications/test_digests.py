"""One mail a day: what came since the last one, once, and with the marks or not at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from accounts.models import User
from events import clock
from municipalities.models import Membership
from notifications import digests, services
from notifications.models import Mail, Notice
from tests import factories

pytestmark = pytest.mark.django_db
MONDAY = factories.MONDAY


@pytest.fixture
def user(db: None) -> User:
    factories.load_reference()
    return User.objects.get(pk=factories.consultant().user_id)


def notice(user: User, number: str, **fields: Any) -> Notice:
    values = {"template": "new_order", "kind": "new", "target": "order", "for_digest": True, "created_at": clock.now()}
    return Notice.objects.create(user=user, number=number, key=f"{user.pk}:{number}", **(values | fields))


def test_what_came_is_told_in_one_mail_and_once(user: User) -> None:
    with time_machine.travel(MONDAY, tick=False):
        for number in ("NRS-1", "NRS-2"):
            notice(user, number)
        notice(user, "NRS-3", for_digest=False)
        assert (digests.send(), digests.send()) == (1, 0)
        mail = Mail.objects.get()
        assert "NRS-1" in mail.text and "NRS-2" in mail.text and "NRS-3" not in mail.text
        notice(user, "NRS-4")
        assert digests.send() == 0, "once a day"
    with time_machine.travel(MONDAY + dt.timedelta(days=1), tick=False):
        assert digests.send() == 1
        assert "NRS-4" in Mail.objects.latest("id").text and "NRS-1" not in Mail.objects.latest("id").text


def test_on_a_day_off_it_waits_for_the_next_working_day(user: User) -> None:
    saturday = MONDAY + dt.timedelta(days=5)
    with time_machine.travel(saturday, tick=False):
        notice(user, "NRS-1")
        assert digests.send() == 0
    with time_machine.travel(saturday + dt.timedelta(days=2), tick=False):
        assert digests.send() == 1


def test_killed_between_two_people_the_rest_follow_and_nobody_gets_two(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = User.objects.get(pk=factories.consultant().user_id)
    with time_machine.travel(MONDAY, tick=False):
        notice(user, "NRS-1"), notice(other, "NRS-1")
        real, calls = digests.write, []

        def dies(*args: Any, **kwargs: Any) -> Any:
            calls.append(1)
            if len(calls) == 2:
                raise SystemExit
            return real(*args, **kwargs)

        with monkeypatch.context() as dying, pytest.raises(SystemExit):
            dying.setattr(digests, "write", dies)
            digests.send()
        assert Mail.objects.count() == 1 and Notice.objects.filter(digested_at=None).count() == 1
        assert digests.send() == 1
    assert sorted(Mail.objects.values_list("to", flat=True)) == sorted([user.email, other.email])


def test_who_has_left_gets_none(user: User) -> None:
    notice(user, "NRS-1")
    Membership.objects.filter(user=user).update(ended_on=MONDAY.date())
    with time_machine.travel(MONDAY, tick=False):
        assert digests.send() == 0
    assert not Notice.objects.filter(digested_at=None).exists()


def test_reading_marks_and_counts(user: User) -> None:
    one, _two = notice(user, "NRS-1"), notice(user, "NRS-2")
    assert services.mark_read(user, one.public_id) == 1
    user.refresh_from_db()
    assert user.unread_notices == 1
    assert services.mark_read(user) == 1
    user.refresh_from_db()
    assert user.unread_notices == 0
