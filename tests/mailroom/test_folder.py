"""A mail dropped into a folder of this machine is a mail that came in."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from bench.mails import written
from joborders.models import Intake
from mailroom import tasks
from mailroom.models import IncomingMail, Mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def box(settings: Any, tmp_path: Path) -> Path:
    settings.MAILBOX_URL = f"maildir://{tmp_path / 'mailbox'}"
    tasks.read()
    return tmp_path / "mailbox"


def drop(box: Path, name: str, number: int = 1, *, seconds_ago: int = 60) -> Path:
    path = box / name
    path.write_bytes(written(number, "Kokke", "Vi søger to kokke i Hillerød.").as_bytes())
    os.utime(path, (time.time() - seconds_ago,) * 2)
    return path


@pytest.mark.parametrize("name", ["ordre.eml", "new/1234.nrs"])
def test_a_dropped_mail_turns_into_a_draft_and_moves_out_of_the_way(box: Path, name: str) -> None:
    path = drop(box, name)
    tasks.read()
    assert Intake.objects.get().channel == "mail"
    assert not path.exists() and (box / "cur" / path.name).exists()
    tasks.read()
    assert Intake.objects.count() == 1


def test_a_file_that_is_still_being_copied_waits(box: Path) -> None:
    drop(box, "ordre.eml", seconds_ago=-5)
    tasks.read()
    assert not Intake.objects.exists()


def test_the_same_name_with_another_mail_is_another_mail(box: Path) -> None:
    for number in (1, 2):
        drop(box, "ordre.eml", number)
        tasks.read()
    assert Intake.objects.count() == 2


def test_a_reading_killed_before_it_tidied_up_tidies_up_the_next_time(box: Path) -> None:
    path = drop(box, "ordre.eml")
    content = path.read_bytes()
    tasks.read()
    path.write_bytes(content)
    os.utime(path, (0, time.time() - 60))
    tasks.read()
    assert not path.exists() and IncomingMail.objects.count() == 1


def test_a_folder_that_cannot_be_made_is_noted(box: Path, settings: Any) -> None:
    drop(box, "ordre.eml").rename(box / "new" / "x")
    tasks.read()
    settings.MAILBOX_URL = "maildir:///dev/null/mailbox"
    tasks.read()
    assert Mailbox.objects.get().problem == "NotADirectoryError"


def test_without_a_mailbox_nothing_is_read(settings: Any) -> None:
    settings.MAILBOX_URL = ""
    tasks.read()
    tasks.forget()
    assert not Mailbox.objects.exists()
