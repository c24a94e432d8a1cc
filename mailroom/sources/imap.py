"""An IMAP mailbox: TLS from the first byte (imaps), after STARTTLS (imap+tls) or, on this machine only, none (imap)."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from imaplib import IMAP4, Internaldate2tuple
from time import mktime
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from events import clock
from mailroom.sources import LARGEST_HEAD, SourceFailed, Waiting

SCHEMES = {"imaps": 993, "imap+tls": 143, "imap": 143}
HANDFUL = 100
SECONDS = 60
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_FAILURES = (OSError, IMAP4.error, ImapToolsError, EOFError)


class Imap:
    """One folder of an IMAP account. Nothing is marked as read but what has been taken in."""

    def __init__(self, box: BaseMailBox, name: str, folder: str) -> None:
        self.name = name
        self._box = box
        self._client: Any = box.client
        self.validity = int(box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"])

    def waiting(self, after: int, since: datetime) -> Iterator[list[Waiting]]:
        """See Source. `since` has the precision of a day, as IMAP's search."""
        day = (since.astimezone(UTC) - timedelta(days=1)).strftime("%d-%b-%Y")
        uids = [int(uid) for uid in self._box.uids(f"UID {after + 1}:* SINCE {day}", charset=None)]
        new = sorted(uid for uid in uids if uid > after)  # `n:*` always gives the last one
        for at in range(0, len(new), HANDFUL):
            wanted = ",".join(map(str, new[at : at + HANDFUL]))
            parts = f"(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER]<0.{LARGEST_HEAD}>)"
            found = self._fetch(wanted, parts)
            yield sorted((_waiting(meta, head) for meta, head in found), key=lambda one: one.uid)

    def content(self, uid: int) -> bytes | None:
        """See Source."""
        found = self._fetch(str(uid), "(UID BODY.PEEK[])")
        return found[0][1] if found else None

    def done(self, uids: Iterable[int]) -> None:
        """Mark as read."""
        self._each(uids, lambda chosen: self._client.uid("STORE", chosen, "+FLAGS.SILENT", r"(\Seen)"))

    def forget(self, before: datetime, up_to: int) -> int:
        """See Source."""
        day = before.astimezone(UTC).strftime("%d-%b-%Y")
        uids = [uid for uid in self._box.uids(f"UID 1:{max(up_to, 1)} BEFORE {day}", charset=None) if int(uid) <= up_to]
        self._box.delete(uids, chunks=HANDFUL)
        return len(uids)

    def _each(self, uids: Iterable[int], command: Any) -> None:
        every = sorted(uids)
        for at in range(0, len(every), HANDFUL):
            command(",".join(map(str, every[at : at + HANDFUL])))

    def _fetch(self, uids: str, parts: str) -> list[tuple[bytes, bytes]]:
        """What is told of each message (before and after its text), and its text."""
        status, data = self._client.uid("FETCH", uids, parts)
        if status != "OK":
            raise SourceFailed("FETCH")
        found: list[tuple[bytes, bytes]] = []
        for item in data:
            if isinstance(item, tuple):
                found.append((item[0], item[1]))
            elif isinstance(item, bytes) and found:
                found[-1] = (found[-1][0] + b" " + item, found[-1][1])
        return [(meta, text) for meta, text in found if _UID.search(meta)]


def _waiting(meta: bytes, head: bytes) -> Waiting:
    uid, size, arrived = _UID.search(meta), _SIZE.search(meta), Internaldate2tuple(meta)
    assert uid is not None
    moment = datetime.fromtimestamp(mktime(arrived), UTC) if arrived else clock.now()
    return Waiting(int(uid[1]), int(size[1]) if size else len(head), moment, head)


@contextmanager
def opened(url: str, context: ssl.SSLContext | None = None) -> Iterator[Imap]:
    """The mailbox of `imaps://user:password@host:port/folder`. Raises SourceFailed for whatever goes wrong with it."""
    parts = urlsplit(url)
    folder = unquote(parts.path.lstrip("/")) or "INBOX"
    name = f"imap:{unquote(parts.username or '')}@{parts.hostname}/{folder}"[:200]
    try:
        box = _connected(parts, context)
        try:
            box.login(unquote(parts.username or ""), unquote(parts.password or ""), folder)
            yield Imap(box, name, folder)
        finally:
            with suppress(*_FAILURES):
                box.logout()
    except _FAILURES as problem:
        raise SourceFailed(type(problem).__name__) from None


def _connected(parts: SplitResult, context: ssl.SSLContext | None) -> BaseMailBox:
    """The connection; a server's certificate must fit its name (SSL_CERT_FILE adds an authority of one's own)."""
    host, port = parts.hostname or "", parts.port or SCHEMES[parts.scheme]
    if parts.scheme == "imap":
        return MailBoxUnencrypted(host, port, timeout=SECONDS)
    safe = context or ssl.create_default_context()
    if parts.scheme == "imaps":
        return MailBox(host, port, timeout=SECONDS, ssl_context=safe)
    return MailBoxStartTls(host, port, timeout=SECONDS, ssl_context=safe)
