"""Imports of the register as jobs: upload, look, decide, take in. A worker works; the row says how far it is."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies import register_files, register_rows
from companies.models import RegisterImport
from companies.register_import import OUTCOMES, look, take_in
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible
from municipalities.actor import Actor
from vocabulary.models import IndustryVersion

log = logging.getLogger(__name__)
State = RegisterImport.State
#: A worker that has not said anything for so long has died; another one goes on.
LEASE = dt.timedelta(minutes=2)
#: A file that nobody decides on, or that is in, is forgotten after this.
KEPT = dt.timedelta(days=7)


@transaction.atomic
def upload(actor: Actor, *, file_name: str, content: bytes, version: str = "DB25") -> RegisterImport:
    """Keep a file for a worker to look at. The coordinator's; raises NotAllowed, or Invalid for what is no table."""
    if not (actor.is_coordinator or actor.is_system):
        raise NotAllowed
    if version not in IndustryVersion.values:
        raise Invalid.field("version", "unknown_code", _("DB25 or DB07."))
    register_files.read(content)
    return RegisterImport.objects.create(
        file_name="".join(sign for sign in file_name if sign.isprintable())[-120:],
        content=content,
        report={"version": version},
        by_user_id=actor.user_id,
        by_name=actor.name,
        created_at=clock.now(),
    )


@transaction.atomic
def apply(actor: Actor, job_id: UUID) -> RegisterImport:
    """Let a file in that has been looked at. Raises NotVisible, or Conflict when it is not waiting for that."""
    job: RegisterImport | None = (
        RegisterImport.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=job_id).first()
    )
    if job is None:
        raise NotVisible
    if job.state != State.CHECKED:
        raise Conflict("not_waiting", _("This file is not waiting to be taken in."))
    job.state, job.done, job.worked_until = State.APPLYING, 0, None
    job.save(update_fields=["state", "done", "worked_until"])
    return job


def work() -> int:
    """Go on with every job that waits and that no living worker has; how many were finished. Repeatable."""
    finished = 0
    for job_id in RegisterImport.objects.waiting().values_list("pk", flat=True):
        if _take(job_id):
            _work_on(RegisterImport.objects.get(pk=job_id))
            finished += 1
    RegisterImport.objects.filter(created_at__lt=clock.now() - KEPT).exclude(content=b"").update(content=b"")
    return finished


def _take(job_id: int) -> bool:
    """Take the lease; False if somebody else holds it."""
    now = clock.now()
    free = RegisterImport.objects.waiting().filter(Q(worked_until__isnull=True) | Q(worked_until__lt=now), pk=job_id)
    return bool(free.update(worked_until=now + LEASE))


def _work_on(job: RegisterImport) -> None:
    version = job.report.get("version", "DB25")
    try:
        read = register_rows.rows_of(register_files.read(bytes(job.content)))
    except Invalid as invalid:
        problem = invalid.errors[0]
        told = {"version": version, "refused_because": problem.code, "said": str(problem.detail)}
        _finish(job, State.REFUSED, report=told, content=b"")
        return
    RegisterImport.objects.filter(pk=job.pk).update(rows=len(read.rows))
    if job.state == State.CHECKING:
        report = look(read, version, lambda rows, _counts: _note(job, rows))
        _finish(job, State.CHECKED, report={**report, "version": version}, done=len(read.rows))
        return
    actor = Actor.system(job.by_name)
    applied: Counter[str] = Counter(job.report.get("applied", {}))

    def kept(rows: int, counts: Counter[str]) -> None:
        applied.update(counts)
        _note(job, rows, report={**job.report, "applied": {name: applied[name] for name in (*OUTCOMES, "companies")}})

    take_in(read, version, actor, done=job.done, progress=kept)
    _finish(job, State.DONE, content=b"")


def _note(job: RegisterImport, rows: int, **columns: Any) -> None:
    """How far it is; the lease is renewed."""
    RegisterImport.objects.filter(pk=job.pk).update(done=F("done") + rows, worked_until=clock.now() + LEASE, **columns)


def _finish(job: RegisterImport, state: str, **columns: Any) -> None:
    RegisterImport.objects.filter(pk=job.pk).update(state=state, worked_until=None, **columns)
    log.info("register import %s is %s", job.public_id, state)
