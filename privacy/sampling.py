"""The monthly look into the access log: a random draw from every municipality, questions, answers, conclusions.

Ongoing spot checks are expected of controllers, not only checks on suspicion (Datatilsynet 2023-423-0019).
"""

from __future__ import annotations

import hashlib
import heapq
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.models import AccessLog
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from municipalities import wall
from municipalities.actor import Actor
from privacy.models import Check, Sample
from vocabulary.text import clean_text

PER_PLACE = 5
LONGEST = 1000
_COPIED = ("candidate", "actor_id", "actor_role", "company", "order", "purpose", "fields", "read_at")


def seed_of(month: date) -> str:
    """The seed of a month: the same for everybody who draws again."""
    return hashlib.sha256(f"nrs access log {month:%Y-%m}".encode()).hexdigest()


def bounds(month: date) -> tuple[datetime, datetime]:
    """The first moment of a month and that of the next, in Copenhagen. `month` is its first day."""
    following = (month + timedelta(days=31)).replace(day=1)
    begin, end = (datetime.combine(day, time.min, tzinfo=clock.COPENHAGEN) for day in (month, following))
    return begin, end


def drawn(month: date, per_place: int = PER_PLACE) -> tuple[dict[str, list[int]], int]:
    """Keys of the log's rows that the month's draw takes, by municipality, and how many reads there were.

    A row's lot is the SHA-256 of seed and key; the lowest of each municipality are taken. Reads by the system itself
    are left out.
    """
    begin, end = bounds(month)
    seed = seed_of(month)
    rows = AccessLog.objects.filter(read_at__gte=begin, read_at__lt=end).exclude(actor_kind="system").order_by()
    lots: dict[str, list[tuple[bytes, int]]] = defaultdict(list)
    total = 0
    for key, place, home in rows.values_list("pk", "actor_municipality", "home").iterator(chunk_size=5000):
        total += 1
        lots[place or home].append((hashlib.sha256(f"{seed}{key}".encode()).digest(), key))
    return {
        place: [key for _lot, key in heapq.nsmallest(per_place, found)] for place, found in sorted(lots.items())
    }, total


@wall.by_the_system
@transaction.atomic
def draw(month: date) -> Sample:
    """The sample of a month that is over; the one that was drawn already, if any. Raises Invalid at /month."""
    month = month.replace(day=1)
    _begin, end = bounds(month)
    if end > clock.now():
        raise Invalid.field("/month", "not_over", _("The month is not over yet."))
    sample, is_new = Sample.objects.get_or_create(
        month=month,
        defaults={"seed": seed_of(month), "per_place": PER_PLACE, "reads": 0, "drawn_at": clock.now()},
    )
    if is_new:
        chosen, sample.reads = drawn(month)
        sample.save(update_fields=["reads"])
        places = {key: place for place, keys in chosen.items() for key in keys}
        Check.objects.bulk_create(
            Check(sample=sample, entry=entry.pk, place=places[entry.pk], **{n: getattr(entry, n) for n in _COPIED})
            for entry in AccessLog.objects.filter(pk__in=places).order_by("pk")
        )
    return sample


def draw_last_month() -> Sample:
    """The sample of the month before this one. For the clock, which may call it any number of times."""
    return draw((clock.today().replace(day=1) - timedelta(days=1)).replace(day=1))


@transaction.atomic
def ask(check_id: UUID, actor: Actor, version: int, question: str) -> Check:
    """Ask the reader why. Raises NotVisible, NotAllowed, Stale, Invalid at /question, Conflict when not possible."""
    check = _locked(check_id, _auditor(actor), version)
    if check.actor_id is None:
        raise Conflict("no_reader", _("A company read this: there is nobody to ask here."))
    if check.asked_at is not None or check.conclusion:
        raise Conflict("asked_already", _("This has been asked or concluded already."))
    check.question = clean_text(question, field="/question", min_length=1, max_length=LONGEST)
    check.asked_at = clock.now()
    return _saved(check, "question", "asked_at")


@transaction.atomic
def answer(check_id: UUID, actor: Actor, version: int, text: str) -> Check:
    """The reader's own answer, once. Raises NotVisible (also to the auditor), Stale, Invalid at /answer, Conflict."""
    check = _locked(check_id, actor, version)
    if check.actor_id != actor.public_id:
        raise NotVisible
    if not check.is_open:
        raise Conflict("answered_already", _("This has been answered or concluded already."))
    check.answer = clean_text(text, field="/answer", min_length=1, max_length=LONGEST)
    check.answered_at = clock.now()
    return _saved(check, "answer", "answered_at")


@transaction.atomic
def conclude(check_id: UUID, actor: Actor, version: int, conclusion: str, remark: str = "") -> Check:
    """What came of it; a read without a reason needs a remark. Once. Raises as `ask`; /conclusion, /remark."""
    check = _locked(check_id, _auditor(actor), version)
    if check.conclusion:
        raise Conflict("concluded_already", _("This has been concluded already."))
    if conclusion not in Check.Conclusion.values:
        raise Invalid.field("/conclusion", "required", _("Choose a conclusion."))
    least = 0 if conclusion == Check.Conclusion.JUSTIFIED else 1
    check.remark = clean_text(remark, field="/remark", min_length=least, max_length=LONGEST)
    check.conclusion, check.concluded_at, check.concluded_by_id = conclusion, clock.now(), actor.user_id
    return _saved(check, "conclusion", "remark", "concluded_at", "concluded_by")


def _auditor(actor: Actor) -> Actor:
    if not actor.is_auditor:
        raise NotAllowed
    return actor


def _locked(check_id: UUID, actor: Actor, version: int) -> Check:
    found = Check.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=check_id).first()
    if found is None:
        raise NotVisible
    check: Check = found
    if check.version != version:
        raise Stale(version=check.version)
    return check


def _saved(check: Check, *fields: str) -> Check:
    check.version += 1
    check.save(update_fields=[*fields, "version"])
    return check
