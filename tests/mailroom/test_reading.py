"""Reading a mailbox: claimed first, each mail once, and nothing that one mail does stops the next."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any

import pytest

from bench.mails import mails, written
from events import clock, single
from joborders.models import Intake
from mailroom import reading, taking
from mailroom.models import IncomingMail, Mailbox
from mailroom.reading import MOST_TRIES
from mailroom.sources import SourceFailed
from mailroom.taking import LARGEST_MAIL
from tests import factories as make
from tests.mailroom.corpus import malformed
from tests.mailroom.hands import Hand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]


def read(hand: Hand) -> dict[str, int]:
    return reading.read(nullcontext(hand))


def wish(n: int) -> bytes:
    return written(n, "Chauffører", f"Vi søger {n % 5 + 2} chauffører i Hillerød").as_bytes()


def states() -> list[str]:
    return list(IncomingMail.objects.order_by("uid").values_list("state", flat=True))


def each_became_one_thing(count: int) -> None:
    """Every mail is a draft, a reply or an entry of the tray, and each draft has one intake."""
    found = IncomingMail.objects.all()
    assert found.count() == count
    assert set(states()) <= {"draft", "reply", "tray"}
    drafts = found.filter(state="draft")
    assert drafts.count() == Intake.objects.filter(channel="mail").count() == drafts.values("intake").distinct().count()


def test_sixty_malformed_mails_neither_crash_nor_block_the_one_after_them() -> None:
    bad = malformed()
    assert len(set(bad)) >= 60
    read(Hand([*bad, wish(1)]))
    each_became_one_thing(len(bad) + 1)
    assert states()[-1] == "draft"
    assert not IncomingMail.objects.exclude(failure="").exists()


def test_reading_again_reads_nothing_twice() -> None:
    hand = Hand([wish(n) for n in range(5)])
    assert read(hand) == {"draft": 5}
    assert read(hand) == {}
    hand.mails.append(wish(9))
    assert read(hand) == {"draft": 1}
    assert hand.read == [1, 2, 3, 4, 5, 6]
    assert hand.said_done == {1, 2, 3, 4, 5, 6}


class Killed(BaseException):
    """What a kill looks like from inside: nothing catches it."""


@pytest.mark.django_db(transaction=True)  # a kill takes the connection with it
@pytest.mark.parametrize("where", ["mailroom.reading.taking.open_mail", "mailroom.taking.intakes.draft",
                                   "mailroom.taking._finish"])  # fmt: skip
def test_a_mail_that_was_claimed_and_not_taken_in_is_taken_in_by_the_next_reading(
    monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    hand = Hand([wish(1), wish(2)])

    def die(*args: Any, **kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(where, die)
        read(hand)
    assert states() == ["claimed", "claimed"], "the claims were committed before"
    assert not Intake.objects.exists()
    assert read(hand) == {"draft": 2}
    each_became_one_thing(2)


def test_a_mail_that_fails_does_not_stop_the_next_and_ends_in_the_tray(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand([wish(1), wish(2), wish(3)])
    honest = taking.take_in

    def fails_once(pk: int, opened: Any) -> str:
        if opened.why is None and "3 chauffører" in opened.text:
            raise ZeroDivisionError("words of the mail")
        return honest(pk, opened)

    monkeypatch.setattr(taking, "take_in", fails_once)
    assert read(hand) == {"failed": 1, "draft": 2}
    bad = IncomingMail.objects.get(uid=1)
    assert (bad.state, bad.failure, bad.tries) == ("claimed", "ZeroDivisionError", 1)
    for _ in range(MOST_TRIES):
        read(hand)
    bad.refresh_from_db()
    assert (bad.state, bad.why, bad.subject) == ("tray", "failed", "")
    assert Intake.objects.count() == 2


def test_a_mail_that_is_too_large_is_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = Hand([written(1, "Stor", "x").as_bytes(), wish(2)])
    honest = hand._waiting

    def large(uid: int) -> Any:
        found = honest(uid)
        return type(found)(uid, LARGEST_MAIL + 1, found.arrived_at, found.head) if uid == 1 else found

    monkeypatch.setattr(hand, "_waiting", large)
    read(hand)
    assert hand.read == [2]
    mail = IncomingMail.objects.get(uid=1)
    assert (mail.why, mail.subject, mail.text) == ("too_large", "Stor", "")


def test_a_mail_that_vanished_before_it_was_read_is_told() -> None:
    hand = Hand([wish(1), wish(2)])
    hand.gone.add(1)
    assert read(hand) == {"tray": 1, "draft": 1}
    assert IncomingMail.objects.get(uid=1).why == "vanished"


def test_a_mailbox_numbered_anew_doubles_nothing_and_loses_nothing() -> None:
    hand = Hand([wish(1), wish(2), wish(3)])
    hand.gone.add(2)
    read(hand)
    IncomingMail.objects.filter(uid=3).update(state="claimed", why="", municipality=None, intake=None)
    Intake.objects.order_by("-pk").first().delete()  # as if killed before the third was taken in
    hand.gone.clear()
    hand.validity, hand.mails = 8, [hand.mails[1], hand.mails[2], hand.mails[0], wish(4)]
    assert read(hand) == {"draft": 3, "double": 1}
    assert Intake.objects.count() == 4
    assert not IncomingMail.objects.filter(state="claimed").exists()


def test_a_mail_delivered_twice_is_one() -> None:
    mail = wish(1)
    assert read(Hand([mail, mail])) == {"draft": 1, "double": 1}
    double = IncomingMail.objects.get(state="double")
    assert (double.sender, double.subject, double.text) == ("", "", "")


def test_two_mails_without_an_id_that_look_alike_are_two() -> None:
    mail = b"From: a@firma.example\r\nSubject: Vi mangler folk\r\n\r\nto kokke"
    assert read(Hand([mail, mail])) == {"draft": 2}


def test_mails_older_than_what_is_kept_are_not_read() -> None:
    assert read(Hand([wish(1)], arrived_at=clock.now() - timedelta(days=91))) == {}


def test_two_readers_at_once_are_one() -> None:
    with single.held("mailroom"):
        held_here = read(Hand([wish(1)]))
    # PostgreSQL's lock belongs to the session, which is ours; on SQLite it is a file's, which nobody holds twice.
    assert held_here in ({}, {"draft": 1})


def test_a_mailbox_that_does_not_answer_is_noted_and_not_raised(caplog: pytest.LogCaptureFixture) -> None:
    hand = Hand([wish(1)])
    read(hand)

    @contextmanager
    def broken() -> Any:
        raise SourceFailed("MailboxLoginError")
        yield

    assert reading.read(broken()) == {}
    assert Mailbox.objects.get().problem == "MailboxLoginError"
    read(hand)
    assert Mailbox.objects.get().problem == ""


def test_a_reading_ends_when_its_time_is_over() -> None:
    hand = Hand([wish(n) for n in range(3)])
    assert reading.read(nullcontext(hand), seconds=0) == {}
    assert states() == ["claimed"] * 3
    assert read(hand) == {"draft": 3}


def test_the_benchs_mails_are_of_every_kind() -> None:
    read(Hand(list(mails(60, seed=2))))
    each_became_one_thing(60)
    assert set(IncomingMail.objects.values_list("why", flat=True)) >= {"", "spam", "auto_reply", "circular"}
    assert make.HILLEROED in set(Intake.objects.values_list("municipality_id", flat=True))
