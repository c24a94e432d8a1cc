"""What is kept for how long, as dated rules, and what the night does about it: dry first, counted, proved.

Each rule says how many it found past its border, how many it dealt with, and how many a legal hold kept. Every order,
candidate and batch is a transaction of its own, so that a run that is killed has done part of its work and no half.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog
from axes.models import AccessLog as LoginLog
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from candidates.models import AccessLog, Candidate, Release
from events import clock, single
from joborders.models import JobOrder, Nomination
from joborders.models.nomination import UNFINISHED
from joborders.services import forgetting
from municipalities import wall
from municipalities.actor import Actor
from privacy import erasing
from privacy.models import Erasure, ErasureNotice, LegalHold, RetentionRule, RetentionRun
from screening.models import Pseudonym, VerdictRow

Code = RetentionRule.Code
BATCH = 5000
LOCK = "retention"


@dataclass(frozen=True, slots=True)
class Count:
    """What a rule came to: rows past the border, those dealt with (none when dry), and those a hold kept."""

    days: int
    before: date
    found: int = 0
    done: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Border:
    """A rule in force today: rows older than `before` are over."""

    days: int
    before: datetime
    is_dry: bool

    def count(self, *, found: int, done: int = 0, held: int = 0) -> Count:
        """The result; a dry run has done nothing."""
        return Count(self.days, self.before.date(), found, 0 if self.is_dry else done, held)


def in_force(today: date) -> dict[str, int]:
    """Days by code: of each rule the latest that has begun. A code without a rule is not touched."""
    rows = RetentionRule.objects.filter(valid_from__lte=today).order_by("valid_from")
    return dict(rows.values_list("code", "days"))


@wall.by_the_system
def run(*, is_dry: bool) -> RetentionRun | None:
    """Apply every rule in force, or only count. The proof of it; None while another process does it."""
    with single.held(LOCK, wait=False) as is_held:
        if not is_held:
            return None
        proof = RetentionRun.objects.create(started_at=clock.now(), is_dry=is_dry)
        today, counts = clock.today(), {}
        for code, days in sorted(in_force(today).items()):
            before = datetime.combine(today - timedelta(days=days), time.min, tzinfo=clock.COPENHAGEN)
            found = RULES[code](Border(days, before, is_dry))
            counts[code] = {**asdict(found), "before": found.before.isoformat()}
        proof.counts, proof.ended_at = counts, clock.now()
        proof.save(update_fields=["counts", "ended_at"])
        return proof


def held() -> QuerySet[Any]:
    """Keys of the candidates under a legal hold."""
    return LegalHold.objects.filter(ended_at__isnull=True).order_by().values("candidate")


def _order_links(border: Border) -> Count:
    """Candidates of orders that ended long ago: key, card, verdict and release go, the states stay."""
    over = JobOrder.objects.exclude(state=JobOrder.State.OPEN).filter(ended_at__lt=border.before)
    tied = over.filter(
        Exists(Nomination.objects.filter(order=OuterRef("pk"), candidate__isnull=False).exclude(state__in=UNFINISHED))
        | Exists(VerdictRow.objects.filter(run__order=OuterRef("pk")))
        | Exists(Pseudonym.objects.filter(order=OuterRef("pk")))
        | Exists(Release.objects.filter(order=OuterRef("public_id")))
    )
    kept = set(held().values_list("candidate", flat=True))
    found = done = withheld = 0
    for pk, public_id in list(tied.order_by("pk").values_list("pk", "public_id")):
        links = Nomination.objects.filter(order=pk, candidate__isnull=False)
        count, stays = links.count(), links.filter(candidate__in=kept).count()
        found, withheld = found + count, withheld + stays
        if border.is_dry:
            continue
        with transaction.atomic():
            is_over = over.select_for_update(of=("self",)).filter(pk=pk).exists()
            if is_over:
                erasing.forget_order(pk, public_id, kept)
                done += count - stays
    return border.count(found=found, done=done, held=withheld)


def _without_work() -> QuerySet[Candidate]:
    """Inactive candidates whom no order needs."""
    live = Nomination.objects.filter(candidate=OuterRef("pk"), state__in=UNFINISHED)
    return Candidate.objects.filter(status=Candidate.Status.INACTIVE).exclude(Exists(live))


def _inactive(border: Border) -> Count:
    """Tell the home jobcentre of inactive candidates whose profile nobody changed; withdraw what no longer holds."""
    stale = ErasureNotice.objects.exclude(candidate__status=Candidate.Status.INACTIVE) | ErasureNotice.objects.filter(
        candidate__changed_at__gte=border.before
    )
    over = _without_work().filter(changed_at__lt=border.before, erasure_notice__isnull=True)
    kept = over.filter(pk__in=held()).count()
    found = over.count()
    if not border.is_dry:
        stale.delete()
        days = in_force(clock.today()).get(Code.NOTICE, 30)
        due = clock.today() + timedelta(days=days)
        told = over.exclude(pk__in=held()).order_by("pk").values_list("pk", flat=True)
        ErasureNotice.objects.bulk_create(
            [ErasureNotice(candidate_id=pk, noticed_at=clock.now(), due_on=due) for pk in told], ignore_conflicts=True
        )
    return border.count(found=found, done=found - kept, held=kept)


def _after_the_notice(border: Border) -> Count:
    """Delete inactive candidates whose notice has run out and whom nobody has changed since."""
    over = _without_work().filter(
        erasure_notice__due_on__lte=clock.today(), erasure_notice__noticed_at__lt=border.before
    )
    kept = over.filter(pk__in=held()).count()
    keys = list(over.exclude(pk__in=held()).order_by("pk").values_list("pk", flat=True))
    done = 0 if border.is_dry else sum(_erased(pk) for pk in keys)
    return border.count(found=len(keys) + kept, done=done, held=kept)


@transaction.atomic
def _erased(pk: int) -> bool:
    """Asked once more under the lock: somebody may have taken the person up again."""
    candidate = Candidate.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if candidate is None or not _without_work().filter(pk=pk).exclude(pk__in=held()).exists():
        return False
    notice = ErasureNotice.objects.filter(candidate=candidate).first()
    if notice is None or candidate.changed_at > notice.noticed_at:
        return False
    erasing.gone(candidate, Actor.system("retention"), Erasure.Reason.INACTIVE)
    return True


def _intake(border: Border) -> Count:
    """Calls and mails that never became an order, with their mail and files."""
    found = forgetting.over(border.before).count()
    done = 0 if border.is_dry else forgetting.forget_intakes(border.before)
    return border.count(found=found, done=done)


def _access_log(border: Border) -> Count:
    """Rows of the access log. The database lets none go that is younger than a year, whatever the rule says."""
    return _in_batches(AccessLog.objects.filter(read_at__lt=border.before), border)


def _logins(border: Border) -> Count:
    """Attempts to log in (address, browser, name), and sessions that are over."""
    found = done = 0
    for rows in (
        AccessAttempt.objects.filter(attempt_time__lt=border.before),
        AccessFailureLog.objects.filter(attempt_time__lt=border.before),
        LoginLog.objects.filter(attempt_time__lt=border.before),
        Session.objects.filter(expire_date__lt=min(border.before, clock.now())),
    ):
        part = _in_batches(rows, border)
        found, done = found + part.found, done + part.done
    return border.count(found=found, done=done)


def _proofs(border: Border) -> Count:
    """The runs themselves."""
    return _in_batches(RetentionRun.objects.filter(started_at__lt=border.before), border)


def _in_batches(rows: QuerySet[Any], border: Border) -> Count:
    found, done = rows.count(), 0
    while not border.is_dry:
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            break
        done += rows.model._default_manager.filter(pk__in=keys).delete()[0]
    return border.count(found=found, done=done)


RULES: dict[str, Callable[[Border], Count]] = {
    Code.ORDER_LINKS: _order_links,
    Code.INACTIVE: _inactive,
    Code.NOTICE: _after_the_notice,
    Code.INTAKE: _intake,
    Code.ACCESS_LOG: _access_log,
    Code.LOGINS: _logins,
    Code.PROOFS: _proofs,
}
