"""A file of candidates imported beside the pages: kept as a job, written by the worker, its report read row by row.

The file lies in the job until it has been read to its end, and is then forgotten. A worker that dies leaves a job whose
lease runs out: the next one reads the file again from its beginning, which changes nothing twice; what was reported
stays reported (of the batch that was under way, up to 500 rows may be called unchanged that were new).
"""

from __future__ import annotations

import io
import itertools
import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from candidates import import_files
from candidates.importing import BATCH, RowResult, import_rows
from candidates.models import ImportJob, ImportRow
from candidates.services import home_of
from events import clock
from events.errors import Invalid, NotAllowed, NotVisible
from municipalities.actor import Actor
from municipalities.membership import actor_of, current

log = logging.getLogger(__name__)
MAX_BYTES = 10 * 1024 * 1024
#: A job that nobody has worked on for so long is taken up again.
LEASE = timedelta(minutes=2)
#: How long a report can be read.
KEPT = timedelta(days=30)
ENDINGS = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"}
State = ImportJob.State


def begin(actor: Actor, *, name: str, content: bytes) -> ImportJob:
    """Keep a file for the worker. `name` says by its ending what it is. Raises NotAllowed, or Invalid at /file."""
    home = home_of(actor)
    kind = next((kind for ending, kind in ENDINGS.items() if name.lower().endswith(ending)), "")
    if not kind:
        raise Invalid.field("/file", "unknown_code", _("The file must end in .csv or .ndjson."))
    if len(content) > MAX_BYTES:
        raise Invalid.field("/file", "too_large", _("The file is larger than 10 MB. Split it into several."))
    try:
        rows = sum(1 for _row in import_files.READERS[kind](io.BytesIO(content)))
    except Invalid as wrong:
        raise Invalid.field("/file", "unknown_columns", str(wrong.errors[0].detail)) from None
    if not rows:
        raise Invalid.field("/file", "empty", _("There is no row in the file."))
    return ImportJob.objects.create(
        home_id=home, by_id=actor.user_id, role=actor.role, format=kind, content=content, rows=rows,
        created_at=clock.now(),
    )  # fmt: skip


def seen(id: UUID, actor: Actor) -> ImportJob:
    """One job of the own municipality. Raises NotVisible."""
    found = ImportJob.objects.visible_to(actor).defer("content").filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found


def work() -> int:
    """Import what waits, the oldest first; how many jobs were worked on. Lost or doubled runs do no harm."""
    done = 0
    while job := _taken():
        _run(job)
        done += 1
    return done


@transaction.atomic
def _taken() -> ImportJob | None:
    """The next job that nobody works on, now ours for a lease."""
    now = clock.now()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, worked_at__lt=now - LEASE)
    job = ImportJob.objects.filter(free).order_by("id").select_for_update(of=("self",)).first()
    if job is not None:
        job.state, job.worked_at = State.RUNNING, now
        job.save(update_fields=["state", "worked_at"])
    return job


def _run(job: ImportJob) -> None:
    """Read the file to its end, batch by batch, with the rights that its sender has now."""
    try:
        results = import_rows(io.BytesIO(bytes(job.content)), actor=_sender(job), format=job.format)
        while batch := list(itertools.islice(results, BATCH)):
            _report(job, batch)
    except NotAllowed:
        _end(job, State.REFUSED)
    except Exception:
        log.exception("import %s stopped", job.public_id)
        _end(job, State.FAILED)
    else:
        _end(job, State.DONE)


def _sender(job: ImportJob) -> Actor:
    """Who sent the file, as they are now. Raises NotAllowed for somebody who has left since."""
    membership = current(user_id=job.by_id, municipality=job.home_id, role=job.role).first()
    if membership is None:
        raise NotAllowed
    return actor_of(membership)


@transaction.atomic
def _report(job: ImportJob, results: list[RowResult]) -> None:
    """Keep what became of a batch, and the lease a while longer."""
    rows = [
        ImportRow(
            job=job,
            number=one.row,
            status=one.status.value,
            external_reference=one.external_reference,
            candidate=one.candidate,
            problems=[{"pointer": each.pointer, "detail": str(each.detail)} for each in one.errors],
        )
        for one in results
    ]
    ImportRow.objects.bulk_create(rows, ignore_conflicts=True)
    ImportJob.objects.filter(pk=job.pk).update(worked_at=clock.now())


def _end(job: ImportJob, state: State) -> None:
    """The job is over, and the file forgotten."""
    now = clock.now()
    ImportJob.objects.filter(pk=job.pk).update(state=state, worked_at=now, ended_at=now, content=b"")


def forget() -> int:
    """Delete the jobs whose report has been there long enough; how many rows went."""
    return ImportJob.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]
