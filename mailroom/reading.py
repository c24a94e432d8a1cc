"""Reading the mailbox: claim what is new, commit, then take in each claimed mail by itself.

One reader at a time. Killed anywhere it loses and doubles nothing: what is not claimed is still new, what is
claimed and not taken in is taken in by the next reading, and what was taken in has left that state in the same
transaction.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import Counter
from contextlib import AbstractContextManager
from imaplib import IMAP4

from django.db import transaction
from imap_tools.errors import ImapToolsError

from events import clock, single
from joborders.services.forgetting import KEPT
from mailroom import storage, taking
from mailroom.models import IncomingMail, Mailbox
from mailroom.parsing import parse_head
from mailroom.scanning.reader import Reader
from mailroom.signs import Why
from mailroom.sources import Source, SourceFailed, Waiting
from mailroom.taking import LARGEST_MAIL, Opened

log = logging.getLogger(__name__)
#: These are about the mailbox or the disk, not about one mail: the reading ends, the next one goes on.
MAILBOX_FAILURES = (SourceFailed, OSError, EOFError, IMAP4.error, ImapToolsError)
#: A reading ends by itself well before Celery would end it; the next one goes on.
MOST_SECONDS = 200.0
#: A mail that fails this often goes to the tray by its headers. Kills of the worker count too.
MOST_TRIES = 5
State = IncomingMail.State


def read(source: AbstractContextManager[Source], *, seconds: float = MOST_SECONDS) -> dict[str, int]:
    """Read what there is, for so many seconds at most; how many mails became what.

    Empty while another process reads. A mailbox that does not answer is noted at its row and logged, not raised.
    """
    counted: Counter[str] = Counter()
    with single.held("mailroom", wait=False) as is_held:
        if is_held:
            try:
                with source as opened:
                    _read(opened, counted, time.monotonic() + seconds)
            except SourceFailed as problem:
                log.error("the mailbox cannot be read: %s", problem)
                Mailbox.objects.update(problem=str(problem)[:60])
    return dict(counted)


def _read(source: Source, counted: Counter[str], deadline: float) -> None:
    box = _box_of(source)
    with Reader() as reader:
        run = _Run(source, reader, box, counted, deadline)
        for handful in source.waiting(box.last_uid, clock.now() - KEPT):
            _claim(box, handful)
            if not run.take_claimed({one.uid: one.head for one in handful}):
                return
        run.take_claimed({})  # what an earlier reading left behind
    Mailbox.objects.filter(pk=box.pk).update(read_at=clock.now(), problem="")


@transaction.atomic
def _box_of(source: Source) -> Mailbox:
    """The mailbox's row; numbered anew, it is read from the beginning, and claims by the old numbers are void."""
    box, _new = Mailbox.objects.get_or_create(name=source.name, defaults={"validity": source.validity})
    if box.validity != source.validity:
        box.mails.filter(state=State.CLAIMED).exclude(validity=source.validity).delete()
        box.validity, box.last_uid = source.validity, 0
        box.save(update_fields=["validity", "last_uid"])
    return box


@transaction.atomic
def _claim(box: Mailbox, handful: list[Waiting]) -> None:
    """One row for each message that has none, committed before any of them is read."""
    now = clock.now()
    IncomingMail.objects.bulk_create((_row(box, one, now) for one in handful), ignore_conflicts=True)
    box.last_uid = max([box.last_uid, *(one.uid for one in handful)])
    Mailbox.objects.filter(pk=box.pk, last_uid__lt=box.last_uid).update(last_uid=box.last_uid)


def _row(box: Mailbox, waiting: Waiting, now: object) -> IncomingMail:
    letter = parse_head(waiting.head)
    whole = hashlib.sha256(waiting.head + b"\0" + str(waiting.size).encode()).hexdigest()
    told = [letter.headers.get(name, "") for name in ("from", "date", "subject")]
    mark = "\0".join([letter.message_id, *told]).encode("utf-8", "surrogatepass")
    message_id = letter.message_id.replace("\0", "")
    return IncomingMail(
        mailbox=box,
        validity=box.validity,
        uid=waiting.uid,
        message_id=message_id or f"sha256:{whole}",
        fingerprint=hashlib.sha256(mark).hexdigest() if message_id else whole,
        size=waiting.size,
        arrived_at=waiting.arrived_at,
        claimed_at=now,
    )


class _Run:
    """One reading: each claimed mail is tried once in it."""

    def __init__(self, source: Source, reader: Reader, box: Mailbox, counted: Counter[str], deadline: float) -> None:
        self.source, self.reader, self.box = source, reader, box
        self.counted, self.deadline = counted, deadline
        self.tried: set[int] = set()

    def take_claimed(self, heads: dict[int, bytes]) -> bool:
        """Take in every claimed mail, the oldest first; False when the time is over. `heads` are those just claimed."""
        claimed = self.box.mails.filter(state=State.CLAIMED, validity=self.box.validity).order_by("uid")
        taken: list[int] = []
        for pk, uid, size, tries in claimed.values_list("pk", "uid", "size", "tries"):
            if pk in self.tried:
                continue
            if time.monotonic() > self.deadline:
                self.source.done(taken)
                return False
            self.tried.add(pk)
            outcome = self._take(pk, uid, size, tries, heads.get(uid))
            self.counted[outcome] += 1
            if outcome in State.values:
                taken.append(uid)
        self.source.done({*taken, *self._finished(heads)})
        return True

    def _finished(self, heads: dict[int, bytes]) -> list[int]:
        """Numbers of this handful that an earlier reading took in, and was killed before it told the mailbox so."""
        done = self.box.mails.filter(validity=self.box.validity, uid__in=list(heads)).exclude(state=State.CLAIMED)
        return list(done.values_list("uid", flat=True))

    def _take(self, pk: int, uid: int, size: int, tries: int, head: bytes | None) -> str:
        """One mail, whatever it holds: what it became, or "failed" for now. Only mailbox and database may stop us."""
        IncomingMail.objects.filter(pk=pk).update(tries=tries + 1)
        opened: Opened | None = None
        try:
            opened = _opened(self.source, self.reader, uid, size, tries, head)
            outcome = taking.take_in(pk, opened)
        except MAILBOX_FAILURES:
            raise
        except Exception as problem:
            _note_failure(pk, problem, opened)
            return "failed"
        if outcome in ("", State.DOUBLE):
            _drop(opened)
        return outcome or "taken by another"


def _opened(source: Source, reader: Reader, uid: int, size: int, tries: int, head: bytes | None) -> Opened:
    if tries >= MOST_TRIES:
        return taking.open_head(head or b"", Why.FAILED)
    if size > LARGEST_MAIL:
        return taking.open_head(head or _head_of(source, uid), Why.TOO_LARGE)
    content = source.content(uid)
    if content is None:
        return taking.open_head(head or b"", Why.VANISHED)
    return taking.open_mail(content, reader)


def _head_of(source: Source, uid: int) -> bytes:
    """The headers of a message that was claimed by an earlier reading."""
    after = uid - 1
    for handful in source.waiting(after, clock.now() - KEPT):
        return next((one.head for one in handful if one.uid == uid), b"")
    return b""


def _note_failure(pk: int, problem: Exception, opened: Opened | None) -> None:
    """At the row and in the log, by its type: the text of an error may repeat the mail."""
    _drop(opened)
    name = type(problem).__name__[:60]
    IncomingMail.objects.filter(pk=pk).update(failure=name)
    log.warning("mail %d could not be read: %s", pk, name)


def _drop(opened: Opened | None) -> None:
    """The contents that were stored for a mail that needs none."""
    if opened is not None:
        storage.drop([one.path for one in opened.kept if one.path])
