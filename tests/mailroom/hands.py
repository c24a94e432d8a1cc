"""Mails handed in directly: a source that holds them in memory, as honest as the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count

from events import clock
from mailroom.sources import LARGEST_HEAD, Waiting

_names = count(1)


class Hand:
    """A mailbox of these mails, numbered from 1. `gone` are numbers that vanish between claim and reading."""

    def __init__(self, mails: list[bytes], arrived_at: datetime | None = None, *, name: str = "") -> None:
        self.mails = mails
        self.arrived_at = arrived_at or clock.now()
        self.name = name or f"hand {next(_names)}"
        self.validity = 7
        self.gone: set[int] = set()
        self.read: list[int] = []
        self.said_done: set[int] = set()

    def waiting(self, after: int, since: datetime) -> Iterator[list[Waiting]]:
        found = [self._waiting(uid) for uid in range(after + 1, len(self.mails) + 1)]
        if found and self.arrived_at >= since:
            yield found

    def _waiting(self, uid: int) -> Waiting:
        content = self.mails[uid - 1]
        head = content.replace(b"\r\n", b"\n").partition(b"\n\n")[0][:LARGEST_HEAD] + b"\n\n"
        return Waiting(uid, len(content), self.arrived_at, head)

    def content(self, uid: int) -> bytes | None:
        self.read.append(uid)
        return None if uid in self.gone else self.mails[uid - 1]

    def done(self, uids: Iterable[int]) -> None:
        self.said_done |= set(uids)

    def forget(self, before: datetime, up_to: int) -> int:
        return 0
