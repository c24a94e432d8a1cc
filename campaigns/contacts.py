"""Writes of targets: who calls them, what came of it, which orders belong to them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from campaigns.asked import NINE
from campaigns.models import Attempt, Campaign, OrderLink, Placement, Target
from campaigns.rules import QUIET_DAYS, evened_out, quiet_from
from companies.models import Company, ContactLogEntry
from companies.services import log_contact
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from events.services import append
from joborders.models import JobOrder
from municipalities import membership
from municipalities.actor import Actor, Role
from vocabulary.text import clean_text

Outcome = Attempt.Outcome
#: What a person can report; letters are written by `campaigns.letters`.
REPORTABLE = (Outcome.NO_ANSWER, Outcome.CALL_AGAIN, Outcome.TALKED, Outcome.MET, Outcome.NOT_INTERESTED)
#: Nobody was reached: no contact yet, neither for the figures nor for the 30 days.
MISSED = Outcome.NO_ANSWER


def locked(actor: Actor, target_id: UUID, version: int | None = None) -> Target:
    """The target of a frozen campaign, locked together with its company: two campaigns may hold the same one.

    Raises NotVisible, or Stale.
    """
    company = Target.objects.visible_to(actor).filter(public_id=target_id).values_list("company_id", flat=True).first()
    if company is None:
        raise NotVisible
    Company.objects.select_for_update(of=("self",)).get(pk=company)
    found = Target.objects.select_for_update(of=("self",)).select_related("campaign", "company", "assignee")
    target: Target = found.get(public_id=target_id)
    if version is not None and version != target.version:
        raise Stale(version=target.version)
    return target


def may_contact(actor: Actor) -> bool:
    """Every consultant of the nine and the coordinator."""
    return actor.is_consultant or actor.is_coordinator or actor.is_system


def may_place(actor: Actor, target: Target) -> bool:
    """The coordinator, and the consultants of the municipality that has it."""
    return actor.is_coordinator or actor.is_system or actor.works_in(target.municipality_id)


def to_know_first(actor: Actor, target: Target, moment: dt.datetime | None = None) -> list[dict[str, Any]]:
    """What to know before contacting the target: it is another municipality's, or others spoke with it lately.

    `code`, `municipality` and, of a talk, the day `on`; the newest of each municipality within 30 days.
    """
    moment = moment or clock.now()
    reasons: list[dict[str, Any]] = []
    if actor.municipality and actor.municipality != target.municipality_id:
        reasons.append({"code": "other_municipality", "municipality": target.municipality_id})
    talks = ContactLogEntry.objects.filter(
        company=target.company_id, happened_at__gte=quiet_from(moment), happened_at__lte=moment
    ).exclude(municipality_code__in=("", actor.municipality or ""))
    missed = Attempt.objects.filter(target__company=target.company_id, outcome=MISSED).values("entry")
    newest: dict[str, dt.datetime] = {}
    for code, when in (
        talks.exclude(pk__in=missed).order_by("happened_at").values_list("municipality_code", "happened_at")
    ):
        newest[code] = when
    reasons += [
        {"code": "recently_contacted", "municipality": code, "on": clock.local(when).date()}
        for code, when in sorted(newest.items(), key=lambda one: one[1], reverse=True)
    ]
    return reasons


@transaction.atomic
def record_contact(
    actor: Actor,
    target_id: UUID,
    *,
    outcome: str,
    kind: str = "phone",
    about: str = "",
    text: str = "",
    next_step: str = "",
    next_on: dt.date | None = None,
    happened_at: dt.datetime | None = None,
    do_not_call: bool = False,
    knowing: bool = False,
) -> Attempt:
    """Note a try to reach a target, in the company's contact log and for the campaign.

    `knowing` says that the caller has seen what `to_know_first` tells; without it, Conflict `look_first` tells it.
    Raises NotVisible, NotAllowed, Invalid, and Conflict for a company that wants no calls or a campaign that has ended.
    """
    target = locked(actor, target_id)
    if not may_contact(actor):
        raise NotAllowed
    moment = happened_at or clock.now()
    _check(actor, target, outcome, kind, moment, knowing)
    entry = log_contact(
        actor,
        target.company,
        kind=kind,
        about=about or target.campaign.name,
        text=text,
        next_step=next_step,
        next_on=next_on,
        happened_at=happened_at,
        do_not_call=do_not_call,
    )
    return noted(actor, target, entry, outcome)


def _check(actor: Actor, target: Target, outcome: str, kind: str, moment: dt.datetime, knowing: bool) -> None:
    if outcome not in {one.value for one in REPORTABLE}:
        raise Invalid.field("outcome", "unknown_code", _("This value is not known."))
    if target.campaign.state != "running" or target.campaign.frozen_at is None:
        raise Conflict("not_running", _("This campaign has ended."))
    if moment < target.campaign.frozen_at:
        raise Invalid.field("happened_at", "before_start", _("This was before the campaign began."))
    if target.company.do_not_call and kind == ContactLogEntry.Kind.PHONE:
        raise Conflict("do_not_call", _("This company does not want to be called for campaigns."))
    reasons = [] if knowing else to_know_first(actor, target, moment)
    if reasons:
        raise Conflict(
            "look_first",
            _("Look first: another jobcentre has this company, or has spoken with it within %(days)s days.")
            % {"days": QUIET_DAYS},
            reasons=reasons,
        )


def noted(actor: Actor, target: Target, entry: ContactLogEntry, outcome: str, **data: Any) -> Attempt:
    """Write the attempt of a log entry, what the lists repeat of it, and the event; the target is locked."""
    attempt = Attempt.objects.create(
        target=target,
        entry=entry,
        outcome=outcome,
        happened_at=entry.happened_at,
        recorded_at=clock.now(),
        municipality_code=entry.municipality_code,
    )
    if outcome != MISSED:
        target.first_contact_at = min(target.first_contact_at or entry.happened_at, entry.happened_at)
    if outcome == Outcome.MET:
        target.met_at = min(target.met_at or entry.happened_at, entry.happened_at)
    if target.last_contact_at is None or entry.happened_at >= target.last_contact_at:
        target.last_contact_at, target.last_outcome = entry.happened_at, outcome
        target.next_step, target.next_on = entry.next_step, entry.next_on
    target.version += 1
    target.save()
    append(
        "campaign.contacted",
        target.public_id,
        by=actor,
        municipality=target.municipality_id,
        audience=NINE,
        data={
            "campaign": target.campaign.public_id, "company": target.company.public_id, "outcome": outcome, **data,
        },
        happened_at=entry.happened_at,
        version=target.version,
    )  # fmt: skip
    return attempt


@transaction.atomic
def assign(actor: Actor, target_id: UUID, version: int, *, assignee: UUID | None) -> Target:
    """Give a target to a consultant of its municipality (None: nobody). Raises as `locked`, NotAllowed or Invalid."""
    target = locked(actor, target_id, version)
    if not may_place(actor, target):
        raise NotAllowed
    target.assignee = None if assignee is None else _consultant(assignee, target.municipality_id)
    target.version += 1
    target.save(update_fields=["assignee", "version"])
    return target


def _consultant(user: UUID, municipality: str) -> User:
    found = membership.current(user__public_id=user, municipality=municipality, role=Role.CONSULTANT).first()
    if found is None:
        raise Invalid.field("assignee", "not_a_consultant", _("This is no consultant of the target's municipality."))
    return found.user


@transaction.atomic
def move(actor: Actor, targets: Sequence[UUID], *, to: str, reason: str = "") -> int:
    """Give targets to another municipality, by hand; how many moved. Their assignee is cleared, history is kept.

    Raises NotVisible if one of them is not there, NotAllowed, Invalid for a municipality outside the nine.
    """
    if to not in NINE:
        raise Invalid.field("to", "unknown_code", _("This municipality is not one of the nine."))
    why = clean_text(reason, field="reason", max_length=200, multiline=False)
    found = list(_locked_all(actor, targets))
    if any(not may_place(actor, one) for one in found):
        raise NotAllowed
    moving = [one for one in found if one.municipality_id != to]
    _place(moving, to, actor, why)
    return len(moving)


def _locked_all(actor: Actor, ids: Iterable[UUID]) -> list[Target]:
    wanted = set(ids)
    found = Target.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id__in=wanted).order_by("pk")
    rows = list(found)
    if len(rows) != len(wanted):
        raise NotVisible
    return rows


def _place(targets: Sequence[Target], to: str, actor: Actor, why: str) -> None:
    now = clock.now()
    Target.objects.filter(pk__in=[one.pk for one in targets]).update(
        municipality=to, assignee=None, version=F("version") + 1
    )
    Placement.objects.bulk_create(
        [Placement(target=one, municipality_code=to, placed_at=now, by_name=actor.name, reason=why) for one in targets],
        batch_size=500,
    )


@transaction.atomic
def share_out(actor: Actor, campaign: Campaign, municipality: str) -> int:
    """Spread the municipality's unassigned targets evenly over its consultants; how many found somebody.

    Raises NotAllowed, or Conflict where the municipality has no consultant.
    """
    if not (actor.is_coordinator or actor.is_system or actor.works_in(municipality)):
        raise NotAllowed
    people = sorted({one.user_id for one in membership.current(municipality=municipality, role=Role.CONSULTANT)})
    if not people:
        raise Conflict("nobody", _("This municipality has no consultant to give them to."))
    rows = Target.objects.select_for_update(of=("self",)).filter(campaign=campaign, municipality=municipality)
    loads = {str(who).zfill(12): 0 for who in people}
    free: list[int] = []
    for pk, who in rows.order_by("name", "pk").values_list("pk", "assignee_id"):
        if who is None:
            free.append(pk)
        elif str(who).zfill(12) in loads:
            loads[str(who).zfill(12)] += 1
    shares: dict[str, list[int]] = defaultdict(list)
    for pk, who in evened_out(loads, free).items():
        shares[who].append(pk)
    for who, keys in shares.items():
        Target.objects.filter(pk__in=keys).update(assignee=int(who), version=F("version") + 1)
    return len(free)


@transaction.atomic
def link_order(actor: Actor, target_id: UUID, *, order: UUID, reason: str, counts: bool = True) -> OrderLink:
    """Say that an order of the company belongs to the target, or (`counts` false) that it does not.

    Raises NotVisible, NotAllowed, Invalid.
    """
    target = locked(actor, target_id)
    if not may_place(actor, target):
        raise NotAllowed
    found = JobOrder.objects.visible_to(actor).filter(public_id=order, company=target.company_id).first()
    if found is None:
        raise Invalid.field("order", "unknown", _("This company has no such job order."))
    why = clean_text(reason, field="reason", max_length=200, min_length=1, multiline=False)
    return OrderLink.objects.create(
        target=target, order=found, counts=counts, reason=why, linked_at=clock.now(), by_name=actor.name
    )
