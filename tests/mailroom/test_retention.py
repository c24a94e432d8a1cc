"""What is not kept: 90 days after it came it is gone, however often the deleting runs or is killed."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.mails import docx, written
from events import clock
from joborders.models import Intake
from joborders.services import forgetting, intakes
from mailroom import retention, storage
from mailroom.models import IncomingMail, MailFile
from municipalities.actor import Actor
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
LATER = make.MONDAY + timedelta(days=91)


def with_files(n: int = 1, subject: str = "Kokke", text: str = "Vi søger to kokke i Hillerød") -> bytes:
    mail = written(n, subject, text)
    for words in ("Opgaver", "CPR 010190-1234"):
        mail.add_attachment(docx(words), maintype="application", subtype="x", filename=f"{words[:3]}.docx")
    return mail.as_bytes()


def contents(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def age(folder: Path) -> None:
    """The files have been lying there for longer than a transaction may take."""
    for path in contents(folder):
        os.utime(path, (0, 0))


@pytest.mark.parametrize("step", ["", "enquiry", "spam"])
def test_a_draft_that_never_became_an_order_is_deleted_with_its_mail_and_files(
    take: Any, ann: Actor, private_files: Path, step: str
) -> None:
    mail = take(with_files())
    if step:
        {"enquiry": intakes.mark_enquiry, "spam": intakes.mark_spam}[step](mail.intake.public_id, ann, 1)
    assert forgetting.forget_intakes() == 0
    with clock.at(LATER):
        assert forgetting.forget_intakes() == 1
        assert forgetting.forget_intakes() == 0
        age(private_files)
        retention.forget()
    assert not Intake.objects.exists() and not IncomingMail.objects.exists() and not MailFile.objects.exists()
    assert contents(private_files) == []


def test_a_call_is_forgotten_as_well(ann: Actor) -> None:
    intakes.draft(ann, channel="phone", contact={"name": "Ib", "phone": "48000000"})
    with clock.at(LATER):
        assert forgetting.forget_intakes() == 1


def test_what_became_an_order_stays_but_not_what_is_in_quarantine(take: Any, ann: Actor, private_files: Path) -> None:
    mail = take(with_files())
    firm = make.company()
    order = intakes.submit_draft(mail.intake.public_id, ann, 1, make.block(), company=firm.public_id)
    with clock.at(LATER):
        forgetting.forget_intakes()
        found = retention.forget()
    assert found["quarantined"] == 1
    kept, emptied = mail.files.order_by("pk")
    assert (kept.state, emptied.state, emptied.path) == ("kept", "deleted", "")
    assert Intake.objects.get(order=order, channel="mail") == mail.intake
    age(private_files)
    assert retention.sweep() == 1
    assert contents(private_files) == [storage.path_of(kept.path)]


def test_the_tray_is_emptied_after_90_days(take: Any, private_files: Path) -> None:
    take(with_files(subject="Parkering", text="Hvor?"))
    assert IncomingMail.objects.get().state == "tray"
    assert retention.forget()["mails"] == 0
    with clock.at(LATER):
        assert retention.forget()["mails"] == 1
        assert retention.forget()["mails"] == 0
    age(private_files)
    retention.sweep()
    assert contents(private_files) == []


def test_a_file_that_a_crash_left_without_a_row_is_swept_after_a_day(private_files: Path) -> None:
    storage.keep(b"lost")
    assert retention.sweep() == 0, "it may belong to a transaction that is not over"
    age(private_files)
    assert retention.sweep() == 1
