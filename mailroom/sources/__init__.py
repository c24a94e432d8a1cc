"""Where mails come from: an IMAP mailbox, or a folder of a developer's machine, behind one small interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

#: As much of a mail's headers as is ever read before the mail itself.
LARGEST_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that lies there: its number, size in bytes, arrival, and its headers (at most LARGEST_HEAD)."""

    uid: int
    size: int
    arrived_at: datetime
    head: bytes


class Source(Protocol):
    """An open mailbox."""

    #: The same at every opening, without secrets.
    name: str
    #: Another one means that the numbers were given anew.
    validity: int

    def waiting(self, after: int, since: datetime) -> Iterator[list[Waiting]]:
        """Messages with numbers above `after` that arrived at `since` or later, in handfuls, by rising number."""

    def content(self, uid: int) -> bytes | None:
        """The whole message; None if it is gone."""

    def done(self, uids: Iterable[int]) -> None:
        """These have been taken in: out of the way of whoever looks into the mailbox."""

    def forget(self, before: datetime, up_to: int) -> int:
        """Delete messages that arrived before, with numbers up to `up_to`; how many."""


#: What went wrong with the mailbox itself: it does not answer, does not let us in, is not there.
class SourceFailed(Exception):
    """The mailbox cannot be read now. Its text is an error's type: the server's words may repeat addresses."""


def opener(url: str) -> Callable[[], AbstractContextManager[Source]]:
    """How to open the mailbox that MAILBOX_URL names. Raises ValueError for an address that is none."""
    from mailroom.sources import folder, imap

    scheme = urlsplit(url).scheme
    if scheme in imap.SCHEMES:
        return lambda: imap.opened(url)
    if scheme == "maildir":
        return lambda: folder.opened(url)
    raise ValueError("MAILBOX_URL must start with imaps://, imap+tls://, imap:// or maildir://")
