"""Mails taken in: a thousand of every kind over IMAP, each claimed, read, looked through and turned into what it is."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.mails import mails
from tools import dovecot

if TYPE_CHECKING:
    from bench.parts import Bench

COUNT = 1000


def mail(bench: Bench) -> None:
    """One reading of the mailbox, with a Dovecot of our own; of a folder where there is none."""
    from mailroom import reading
    from mailroom.models import IncomingMail
    from mailroom.sources import opener

    with _mailbox() as (url, kind):
        begun = time.monotonic()
        became = reading.read(opener(url)())
        seconds = time.monotonic() - begun
    drafts, done = became.get("draft", 0), IncomingMail.objects.exclude(state="claimed").count()
    bench.add("mail", f"{COUNT} mails taken in ({kind})", seconds, "s", target=60, note=f"{drafts} drafts")
    bench.add("mail", "mails left over", COUNT - done, target=0)


@contextmanager
def _mailbox() -> Iterator[tuple[str, str]]:
    """The address of a mailbox that holds the mails, and what it is."""
    every = mails(COUNT, seed=3)
    if dovecot.binary():
        with dovecot.running() as server:
            server.deliver(every)
            yield server.url(), "IMAP"
        return
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "new"
        new.mkdir()
        for number, content in enumerate(every):
            (new / str(number)).write_bytes(content)
        yield f"maildir://{folder}", "folder"
