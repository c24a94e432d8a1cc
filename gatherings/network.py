"""Writes of the business network: members, what was promised, and what companies say that they will need."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible
from events.services import append
from gatherings.models import Commitment, CompetenceNeed, NetworkMember
from municipalities.actor import Actor
from municipalities.models import Municipality
from vocabulary.models import IscoGroup
from vocabulary.text import clean_text

#: A statement of a need stands so long unless the company says otherwise.
STANDS_DAYS = 365


def may_work(actor: Actor) -> bool:
    """Consultants and the coordinator run the network and its gatherings."""
    return actor.is_consultant or actor.is_coordinator


def company_of(actor: Actor, company: UUID) -> Company:
    """The company, locked. Raises NotAllowed or NotVisible."""
    if not may_work(actor):
        raise NotAllowed
    found = Company.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=company).first()
    if found is None:
        raise NotVisible
    return found  # type: ignore[no-any-return]


@transaction.atomic
def join(actor: Actor, company: UUID, *, joined_on: dt.date | None = None) -> NetworkMember:
    """The company is a member from that day on (default today). Raises NotVisible, NotAllowed, Invalid, Conflict."""
    found, day = company_of(actor, company), joined_on or clock.today()
    if day > clock.today():
        raise Invalid.field("joined_on", "in_the_future", _("This lies in the future."))
    if NetworkMember.objects.filter(company=found, left_on__isnull=True).exists():
        raise Conflict("member", _("The company is a member already."))
    made = NetworkMember.objects.create(company=found, joined_on=day)
    _tell("network.joined", made.public_id, found, actor)
    return made


def _locked(actor: Actor, member: UUID) -> NetworkMember:
    if not may_work(actor):
        raise NotAllowed
    seen = NetworkMember.objects.visible_to(actor).select_for_update(of=("self",)).select_related("company")
    found: NetworkMember | None = seen.filter(public_id=member, left_on__isnull=True).first()
    if found is None:
        raise NotVisible
    return found


@transaction.atomic
def leave(actor: Actor, member: UUID) -> NetworkMember:
    """The company is no member any more, from today. Raises NotVisible or NotAllowed."""
    found = _locked(actor, member)
    found.left_on = clock.today()
    found.save(update_fields=["left_on"])
    _tell("network.left", found.public_id, found.company, actor)
    return found


@transaction.atomic
def commit(actor: Actor, member: UUID, *, side: str, text: str, due_on: dt.date | None = None) -> Commitment:
    """Write down what one side promised the other. Raises NotVisible, NotAllowed or Invalid."""
    found = _locked(actor, member)
    if side not in Commitment.Side.values:
        raise Invalid.field("side", "unknown_code", _("This value is not known."))
    words = clean_text(text, field="text", max_length=300, min_length=1, multiline=False)
    made = Commitment.objects.create(member=found, side=side, text=words, due_on=due_on)
    _tell("network.committed", found.public_id, found.company, actor)
    return made


@transaction.atomic
def keep(actor: Actor, member: UUID, commitment: UUID) -> Commitment:
    """What was promised is done, today. Raises NotVisible, NotAllowed or Conflict."""
    found = _locked(actor, member)
    promised = found.commitments.filter(public_id=commitment).first()
    if promised is None:
        raise NotVisible
    if promised.kept_on is not None:
        raise Conflict("kept", _("This is done already."))
    promised.kept_on = clock.today()
    promised.save(update_fields=["kept_on"])
    _tell("network.kept", found.public_id, found.company, actor)
    return promised


@transaction.atomic
def state_need(
    actor: Actor,
    company: UUID,
    *,
    text: str,
    needed_by: dt.date,
    occupation: str | None = None,
    people: int | None = None,
    expires_on: dt.date | None = None,
) -> CompetenceNeed:
    """Write down what a company will lack, by when, and until when that stands (a year, unless it says otherwise).

    `occupation` is an ISCO-08 code. Raises NotVisible, NotAllowed or Invalid.
    """
    found, today = company_of(actor, company), clock.today()
    expires_on = expires_on or today + dt.timedelta(days=STANDS_DAYS)
    if expires_on < today:
        raise Invalid.field("expires_on", "before_start", _("This date has passed."))
    if needed_by < today:
        raise Invalid.field("needed_by", "before_start", _("This date has passed."))
    if occupation and not IscoGroup.objects.filter(code=occupation).exists():
        raise Invalid.field("occupation", "unknown_code", _("This occupation is not known."))
    made = CompetenceNeed.objects.create(
        company=found,
        occupation_id=occupation or None,
        text=clean_text(text, field="text", max_length=500, min_length=1),
        people=people,
        needed_by=needed_by,
        expires_on=expires_on,
        stated_on=today,
        by_name=actor.name[:120],
    )
    _tell("network.need_stated", made.public_id, found, actor)
    return made


def _tell(event: str, subject: UUID, company: Company, actor: Actor) -> None:
    append(
        event,
        subject,
        by=actor,
        municipality=company.lead_id,
        audience=Municipality.objects.values_list("code", flat=True),
        data={"company": company.public_id},
    )
