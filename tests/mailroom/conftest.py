"""An IMAP server of our own, a private folder for files, and mails that were taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mailroom import reading
from mailroom.models import IncomingMail
from tests.mailroom.hands import Hand
from tools import dovecot


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Path) -> Path:
    """Where the files of this test's mails lie."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "private"


@pytest.fixture
def imap() -> Iterator[dovecot.Server]:
    """A Dovecot with one empty mailbox."""
    if not dovecot.binary():
        pytest.skip("there is no Dovecot; on Debian: apt-get install dovecot-imapd")
    with dovecot.running() as server:
        yield server


@pytest.fixture
def take(reference: None) -> Callable[..., IncomingMail]:
    """Let a mail come in; what it became."""

    def one(content: bytes | Any, *, arrived_at: datetime | None = None) -> IncomingMail:
        raw = content if isinstance(content, bytes) else content.as_bytes()
        hand = Hand([raw], arrived_at)
        reading.read(nullcontext(hand))
        return IncomingMail.objects.get(mailbox__name=hand.name)

    return one
