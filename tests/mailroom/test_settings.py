"""MAILBOX_URL is checked at the start, not at the first mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from mailroom.sources import opener
from nrs import env

PRODUCTION = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "nrs.example"}


def read(tmp_path: Path, **given: str) -> env.Environment:
    return env.read({"DATA_DIR": str(tmp_path), **PRODUCTION, **given})


@pytest.mark.parametrize(
    "url",
    [
        "imaps://nrs:p%40ss@mail.example/INBOX",
        "imap+tls://a:b@mail.example",
        "imap://a:b@127.0.0.1:1143",
        "maildir:///x",
    ],
)
def test_a_mailbox_is_named_by_one_address(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, MAILBOX_URL=url).mailbox_url == url
    assert callable(opener(url))


@pytest.mark.parametrize(
    "given",
    [
        {"MAILBOX_URL": "pop3://a:b@mail.example"},
        {"MAILBOX_URL": "imaps://"},
        {"MAILBOX_URL": "imaps://a:b@mail.example:port"},
        {"MAILBOX_URL": "imap://a:b@mail.example"},
        {"MAILBOX_URL": "imaps://a:b@mail.example", "MAILBOX_KEEP_DAYS": "-1"},
    ],
)
def test_nonsense_and_mail_without_tls_stop_the_start_without_telling_the_password(
    tmp_path: Path, given: dict[str, str]
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read(tmp_path, **given)
    assert "a:b" not in str(refused.value)


def test_the_demo_reads_a_folder_and_a_server_reads_nothing_by_itself(tmp_path: Path) -> None:
    assert read(tmp_path).mailbox_url == ""
    assert read(tmp_path, NRS_DEMO="1").mailbox_url == f"maildir://{tmp_path / 'mailbox'}"


@pytest.mark.django_db
def test_the_command_tells_what_became_of_the_mails(settings: Any, tmp_path: Path, capsys: Any) -> None:
    settings.MAILBOX_URL = f"maildir://{tmp_path}"
    call_command("read_mail")
    assert capsys.readouterr().out == '{"became": {}, "waiting": 0, "problems": []}\n'
    settings.MAILBOX_URL = ""
    with pytest.raises(CommandError):
        call_command("read_mail")
