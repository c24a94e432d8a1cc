"""The development outbox: mails go into a folder instead of to a server, and are shown in the browser.

What lies there is what a server would have got, secret links and codes included: settings choose this backend only
where DEBUG or the demo is on.
"""

from __future__ import annotations

import email
import email.policy
import itertools
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage as Message
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from events import clock

log = logging.getLogger(__name__)
MOST = 500
_numbers = itertools.count()


def folder() -> Path:
    """Where the mails lie."""
    return Path(settings.DATA_DIR) / "outbox"


class Backend(BaseEmailBackend):
    """Writes each mail into a file of its own; the oldest go when there are more than 500."""

    def open(self) -> bool:
        """There is a folder."""
        folder().mkdir(parents=True, exist_ok=True)
        return False

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep them; how many."""
        self.open()
        for message in email_messages:
            stamp = f"{clock.now():%Y%m%dT%H%M%S%f}-{os.getpid()}-{next(_numbers)}"
            whole = folder() / f"{stamp}.eml"
            part = whole.with_suffix(".part")
            part.write_bytes(message.message().as_bytes())
            part.rename(whole)  # whoever reads the folder sees whole mails only
            log.debug("a mail lies in the outbox, see /dev/outbox")
        for old in sorted(folder().glob("*.eml"))[:-MOST]:
            old.unlink(missing_ok=True)
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail of the folder: its name there, and its parts as a mail program would show them."""

    name: str
    to: str
    subject: str
    date: str
    text: str
    calendar: str


def kept(most: int = 100) -> list[Kept]:
    """The newest mails of the folder."""
    if not folder().is_dir():
        return []
    return [_read(path) for path in sorted(folder().glob("*.eml"), reverse=True)[:most]]


def _read(path: Path) -> Kept:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    parts = {part.get_content_type(): part for part in message.walk() if not part.is_multipart()}
    return Kept(
        path.stem,
        str(message["To"] or ""),
        str(message["Subject"] or ""),
        str(message["Date"] or ""),
        _text(parts.get("text/plain")),
        _text(parts.get("text/calendar")),
    )


def _text(part: Message | None) -> str:
    return str(part.get_content()) if part is not None else ""
