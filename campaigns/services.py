"""Writes of campaigns: draw up, change, freeze the list, end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns.asked import NINE
from campaigns.focus import known_codes
from campaigns.models import Campaign, Placement, Target
from campaigns.rules import codes_of
from campaigns.selecting import NEEDS, companies, wanted_of
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from events.services import append
from municipalities.actor import Actor
from vocabulary.models import IscoGroup
from vocabulary.text import clean_text

FIELDS = (
    "name", "purpose", "follows", "industry_version", "divisions", "minimum_headcount", "municipalities",
    "not_contacted_since", "needs", "needs_since", "needs_until", "occupations", "without_earlier", "ends_on",
)  # fmt: skip
MOST_EMPLOYEES = 1_000_000
#: A longer list is a register, not a campaign.
MOST_TARGETS = 20_000


def may_run(actor: Actor) -> bool:
    """Campaigns are drawn up, frozen and ended by the coordinator (design §2)."""
    return actor.is_coordinator or actor.is_system


@transaction.atomic
def draw_up(actor: Actor, **fields: Any) -> Campaign:
    """A campaign without a list yet; `follows` is the wave before it (a Campaign). Raises NotAllowed or Invalid."""
    if not may_run(actor):
        raise NotAllowed
    campaign = Campaign(created_at=clock.now(), created_by=actor.name)
    _fill(campaign, fields)
    campaign.save()
    return campaign


@transaction.atomic
def change(actor: Actor, campaign_id: UUID, version: int, changes: Mapping[str, Any]) -> Campaign:
    """Change what the list will be chosen by. Raises NotVisible, NotAllowed, Stale, Invalid, Conflict once frozen."""
    campaign = locked(actor, campaign_id, version)
    if campaign.frozen_at is not None:
        raise Conflict("frozen", _("The list is frozen: what it was chosen by stands."))
    _fill(campaign, changes)
    campaign.version += 1
    campaign.save()
    return campaign


@transaction.atomic
def freeze(actor: Actor, campaign_id: UUID, version: int) -> Campaign:
    """Write the list down as it is today and begin. It never changes after, whatever becomes of the companies.

    Each company is counted once and goes to its lead municipality. Raises NotVisible, NotAllowed, Stale, Conflict.
    """
    campaign = locked(actor, campaign_id, version)
    if campaign.frozen_at is not None:
        raise Conflict("frozen", _("The list is frozen already."))
    found = list(companies(wanted_of(campaign))[: MOST_TARGETS + 1])
    if not found:
        raise Conflict("empty_list", _("No company fits: there is nobody to contact."))
    if len(found) > MOST_TARGETS:
        raise Conflict("long_list", _("These are too many companies for one campaign. Narrow it down."))
    now = clock.now()
    targets = Target.objects.bulk_create([_target(campaign, company) for company in found], batch_size=500)
    Placement.objects.bulk_create(
        [
            Placement(target=one, municipality_code=one.municipality_id, placed_at=now, by_name=actor.name)
            for one in targets
        ],
        batch_size=500,
    )
    campaign.frozen_at = now
    campaign.version += 1
    campaign.save(update_fields=["frozen_at", "version"])
    _tell("campaign.started", campaign, actor, targets=len(targets))
    return campaign


def _target(campaign: Campaign, company: Any) -> Target:
    """The company as it is now, with the industry that it was chosen by: that of its unit, else its own."""
    industry = company.local_industry or company.industry_code
    return Target(
        campaign=campaign,
        company=company,
        name=company.name,
        industry_code=industry,
        division=industry[:2],
        headcount=company.in_the_nine or 0,
        units=company.local_units,
        lead_code=company.lead_id,
        municipality_id=company.lead_id,
    )


@transaction.atomic
def end(actor: Actor, campaign_id: UUID, version: int, *, ended_on: dt.date | None = None) -> Campaign:
    """End a campaign; `ended_on` (today) is its last day, from which the six months count in which orders still do.

    Raises NotVisible, NotAllowed, Stale, Invalid, Conflict.
    """
    campaign = locked(actor, campaign_id, version)
    ended_on = ended_on or clock.today()
    if campaign.state != "running" or campaign.frozen_at is None:
        raise Conflict("not_running", _("Only a running campaign can be ended."))
    if ended_on > clock.today():
        raise Invalid.field("ended_on", "in_the_future", _("This lies in the future."))
    if ended_on < clock.local(campaign.frozen_at).date():
        raise Invalid.field("ended_on", "before_start", _("The campaign ends before it begins."))
    campaign.ended_on, campaign.ended_recorded_at = ended_on, clock.now()
    campaign.version += 1
    campaign.save(update_fields=["ended_on", "ended_recorded_at", "version"])
    _tell("campaign.ended", campaign, actor)
    return campaign


def locked(actor: Actor, campaign_id: UUID, version: int) -> Campaign:
    """The campaign, locked, on the version decided on. Raises NotVisible, NotAllowed or Stale."""
    seen = Campaign.objects.visible_to(actor).select_for_update(of=("self",))
    campaign: Campaign | None = seen.filter(public_id=campaign_id).first()
    if campaign is None:
        raise NotVisible
    if not may_run(actor):
        raise NotAllowed
    if campaign.version != version:
        raise Stale(version=campaign.version)
    return campaign


def _tell(event: str, campaign: Campaign, actor: Actor, **data: Any) -> None:
    append(event, campaign.public_id, by=actor, municipality="", audience=NINE, data=data, version=campaign.version)


def _fill(campaign: Campaign, fields: Mapping[str, Any]) -> None:
    """Put the fields in, checked together with those that stay. Raises Invalid."""
    for name in FIELDS:
        if name in fields:
            setattr(campaign, name, fields[name])
    campaign.name = clean_text(campaign.name, field="name", max_length=120, min_length=1, multiline=False)
    campaign.purpose = clean_text(campaign.purpose, field="purpose", max_length=1000)
    campaign.divisions = " ".join(known_codes(campaign.divisions, campaign.industry_version))
    campaign.municipalities = " ".join(_known("municipalities", campaign.municipalities, NINE))
    campaign.needs = " ".join(_known("needs", campaign.needs, tuple(NEEDS)))
    campaign.occupations = " ".join(_known_occupations(campaign.occupations))
    if not campaign.divisions and not campaign.needs:
        raise Invalid.field(
            "divisions", "required", _("Choose an industry, or a sign that the company looks for people.")
        )
    if not 0 <= campaign.minimum_headcount <= MOST_EMPLOYEES:
        raise Invalid.field("minimum_headcount", "out_of_range", _("From 0 to a million."))
    today = clock.today()
    if campaign.ends_on is None or campaign.ends_on < today:
        raise Invalid.field("ends_on", "in_the_past", _("The planned last day lies in the past."))
    if campaign.needs_until is not None and campaign.needs_until < today:
        raise Invalid.field("needs_until", "in_the_past", _("This lies in the past."))
    for name in ("not_contacted_since", "needs_since"):
        day = getattr(campaign, name)
        if day is not None and day > today:
            raise Invalid.field(name, "in_the_future", _("This lies in the future."))
    if campaign.follows is not None and campaign.follows.pk == campaign.pk:
        raise Invalid.field("follows", "itself", _("A campaign does not follow itself."))


def _known(field: str, text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    codes = codes_of(text)
    if not set(codes) <= set(known):
        raise Invalid.field(field, "unknown_code", _("This value is not known."))
    return codes


def _known_occupations(text: str) -> tuple[str, ...]:
    codes = codes_of(text)
    if IscoGroup.objects.filter(code__in=codes).count() != len(set(codes)):
        raise Invalid.field("occupations", "unknown_code", _("This occupation is not known."))
    return codes
