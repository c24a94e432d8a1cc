"""Writes of gatherings: planned, companies invited, answers taken, attendance and leads noted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from companies.models import Company, Contact
from companies.services import log_contact, stale
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible
from events.services import append, append_many
from gatherings.models import Gathering, Invitation, NetworkMember
from gatherings.network import may_work
from municipalities.actor import Actor
from municipalities.models import Municipality
from vocabulary.text import clean_text

SALT = "gatherings.invitation"
MOST_AT_ONCE = 1000
MOST_PEOPLE = 20
TEXTS = {"title": (150, 1, False), "place": (200, 1, False), "text": (3000, 0, True)}
FIELDS = ("kind", "title", "text", "place", "starts_at", "ends_at", "sign_up_until", "seats", "municipality")


@transaction.atomic
def plan(actor: Actor, **given: Any) -> Gathering:
    """Plan a gathering; `given` holds FIELDS, the municipality as a code or None for all nine.

    Raises NotAllowed or Invalid.
    """
    if not may_work(actor):
        raise NotAllowed
    made = Gathering()
    _take(made, given)
    made.save(force_insert=True)
    _tell("gathering.planned", made, actor, kind=made.kind)
    return made


@transaction.atomic
def change(actor: Actor, gathering_id: UUID, version: int, changes: Mapping[str, Any]) -> Gathering:
    """Change FIELDS of a gathering that is still to come. Raises NotVisible, NotAllowed, Stale, Invalid, Conflict."""
    gathering = _locked(actor, gathering_id, version)
    before = _values(gathering)
    _take(gathering, {**before, **changes})
    changed = sorted(name for name, value in _values(gathering).items() if value != before[name])
    if not changed:
        return gathering
    gathering.version += 1
    gathering.save()
    _tell("gathering.changed", gathering, actor, fields=changed)
    return gathering


def _values(gathering: Gathering) -> dict[str, Any]:
    """FIELDS as they stand."""
    return {**{name: getattr(gathering, name) for name in FIELDS[:-1]}, "municipality": gathering.municipality_id}


@transaction.atomic
def cancel(actor: Actor, gathering_id: UUID, version: int) -> Gathering:
    """It will not take place. Raises NotVisible, NotAllowed, Stale or Conflict."""
    gathering = _locked(actor, gathering_id, version)
    gathering.cancelled_at = clock.now()
    gathering.version += 1
    gathering.save(update_fields=["cancelled_at", "version"])
    _tell("gathering.cancelled", gathering, actor, kind=gathering.kind)
    return gathering


def _take(gathering: Gathering, given: Mapping[str, Any]) -> None:
    for name, (longest, shortest, multiline) in TEXTS.items():
        value = given.get(name) or ""
        text = clean_text(value, field=name, max_length=longest, min_length=shortest, multiline=multiline)
        setattr(gathering, name, text)
    if given["kind"] not in Gathering.Kind.values:
        raise Invalid.field("kind", "unknown_code", _("This value is not known."))
    gathering.kind, gathering.seats = given["kind"], given.get("seats")
    gathering.starts_at, gathering.ends_at = given["starts_at"], given["ends_at"]
    gathering.sign_up_until = given["sign_up_until"]
    if gathering.ends_at <= gathering.starts_at:
        raise Invalid.field("ends_at", "before_start", _("It ends before it begins."))
    if gathering.sign_up_until > clock.local(gathering.starts_at).date():
        raise Invalid.field("sign_up_until", "after_start", _("The last day to sign up lies after the meeting."))
    if "municipality" in given:
        code = given["municipality"] or None
        if code and not Municipality.objects.filter(code=code).exists():
            raise Invalid.field("municipality", "unknown_code", _("This municipality is not one of the nine."))
        gathering.municipality_id = code


def _locked(actor: Actor, gathering_id: UUID, version: int | None) -> Gathering:
    """A gathering that is not cancelled, locked. Raises NotVisible, NotAllowed, Stale or Conflict."""
    seen = Gathering.objects.visible_to(actor).select_for_update(of=("self",))
    found: Gathering | None = seen.filter(public_id=gathering_id).first()
    if found is None:
        raise NotVisible
    if not may_work(actor):
        raise NotAllowed
    if version is not None and found.version != version:
        raise stale(found.public_id, found.version, version)
    if found.cancelled_at is not None:
        raise Conflict("cancelled", _("This meeting is cancelled."))
    return found


def invitable(divisions: Iterable[str], municipality: str | None, *, network_only: bool = False) -> Any:
    """Companies led by the nine (or one of them) of these industries; of the network alone where that is asked."""
    found = Company.objects.filter(no_letters=False, do_not_call=False).order_by("pk")
    codes = [code for code in divisions if code]
    if codes:
        wanted = Q()
        for code in codes:
            wanted |= Q(industry_code__startswith=code)
        found = found.filter(wanted)
    if municipality:
        found = found.filter(lead=municipality)
    if network_only:
        found = found.filter(pk__in=NetworkMember.objects.filter(left_on__isnull=True).values("company"))
    return found if codes or network_only else found.none()


@transaction.atomic
def invite(
    actor: Actor,
    gathering_id: UUID,
    *,
    divisions: Iterable[str] = (),
    municipality: str | None = None,
    network_only: bool = False,
) -> Mapping[str, int]:
    """Invite all companies of an industry list that are not invited yet; counts by `invited`, `no_address`, `known`.

    Each gets a mail with a link of its own. Companies that want no letters or calls are left out. Raises NotVisible,
    NotAllowed, Invalid (nothing to choose by, or more than a thousand), or Conflict when it is over or cancelled.
    """
    gathering = _locked(actor, gathering_id, None)
    if gathering.starts_at <= clock.now():
        raise Conflict("over", _("This meeting has begun."))
    companies = list(invitable(list(divisions), municipality, network_only=network_only)[: MOST_AT_ONCE + 1])
    if not companies:
        raise Invalid.field("divisions", "nobody", _("There is no company to invite by this choice."))
    if len(companies) > MOST_AT_ONCE:
        raise Invalid.field("divisions", "too_many", _("These are more than 1000 companies. Choose fewer industries."))
    known = set(gathering.invitations.values_list("company_id", flat=True))
    people = Contact.objects.filter(company__in=companies, ended_on__isnull=True).exclude(email="")
    contacts: dict[int, Contact] = {}
    for person in people.order_by("company_id", "pk"):
        contacts.setdefault(person.company_id, person)
    counts: Counter[str] = Counter(invited=0, no_address=0, known=0)
    made = []
    for company in companies:
        contact = contacts.get(company.pk)
        counts["known" if company.pk in known else "invited" if contact else "no_address"] += 1
        if contact is not None and company.pk not in known:
            made.append(Invitation(gathering=gathering, company=company, contact=contact, invited_at=clock.now()))
    Invitation.objects.bulk_create(made)
    audience = list(Municipality.objects.values_list("code", flat=True))
    append_many(
        _draft("gathering.invited", gathering, actor, audience, company=one.company.public_id, invitation=one.public_id)
        for one in made
    )
    return dict(counts)


def token_of(invitation: Invitation) -> str:
    """The secret of the company's own sign-up link."""
    return signing.dumps(invitation.public_id.hex, salt=SALT, compress=False)


def invitation_of(token: str) -> Invitation:
    """The invitation that a link belongs to. Raises NotVisible for one that is none."""
    try:
        wanted = UUID(hex=signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        raise NotVisible from None
    found = Invitation.objects.select_related("gathering", "company").filter(public_id=wanted).first()
    if found is None:
        raise NotVisible
    return found


def is_open(gathering: Gathering) -> bool:
    """Whether companies may still answer."""
    return gathering.cancelled_at is None and clock.today() <= gathering.sign_up_until


def free_seats(gathering: Gathering, *, besides: Invitation | None = None) -> int | None:
    """Seats that nobody has taken, None where they are not counted."""
    if gathering.seats is None:
        return None
    others = gathering.invitations.all()
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    return max(0, gathering.seats - (others.aggregate(n=Sum("people"))["n"] or 0))


@transaction.atomic
def answer(token: str, *, coming: bool, people: int = 0) -> Invitation:
    """The company's answer, by its link; it may be changed until the last day to sign up.

    Raises NotVisible, Invalid, or Conflict: `closed`, `full`.
    """
    seen = invitation_of(token)
    gathering = Gathering.objects.select_for_update(of=("self",)).get(pk=seen.gathering_id)
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("company").get(pk=seen.pk)
    if not is_open(gathering):
        raise Conflict("closed", _("It is too late to sign up. Call us."))
    if coming and not 1 <= people <= MOST_PEOPLE:
        raise Invalid.field("people", "out_of_range", _("Write how many of you come, from 1 to 20."))
    free = free_seats(gathering, besides=invitation)
    if coming and free is not None and people > free:
        raise Conflict("full", _("There are not enough seats left."))
    invitation.answer = Invitation.Answer.COMING if coming else Invitation.Answer.NOT_COMING
    invitation.people, invitation.answered_at = people if coming else 0, clock.now()
    invitation.save(update_fields=["answer", "people", "answered_at"])
    company = invitation.company.public_id
    values = {"company": company, "answer": invitation.answer, "people": invitation.people}
    _tell("gathering.answered", gathering, Actor.company_(company, name=invitation.company.name), **values)
    return invitation


@transaction.atomic
def note_attendance(actor: Actor, gathering_id: UUID, came: Mapping[UUID, int]) -> int:
    """Note how many of each invited company were there; how many rows changed. Raises NotVisible, Invalid, Conflict."""
    gathering = _locked(actor, gathering_id, None)
    if gathering.starts_at > clock.now():
        raise Conflict("to_come", _("The meeting has not begun."))
    if any(not 0 <= number <= MOST_PEOPLE for number in came.values()):
        raise Invalid.field("came", "out_of_range", _("Write a number from 0 to 20."))
    rows = gathering.invitations.select_for_update(of=("self",)).select_related("company").order_by("pk")
    changed = [one for one in rows.filter(public_id__in=list(came)) if one.came != came[one.public_id]]
    for one in changed:
        one.came = came[one.public_id]
    Invitation.objects.bulk_update(changed, ["came"])
    for one in changed:
        _tell("gathering.attended", gathering, actor, company=one.company.public_id, people=one.came)
    return len(changed)


@transaction.atomic
def note_lead(
    actor: Actor, invitation_id: UUID, *, text: str = "", next_step: str = "", next_on: dt.date | None = None
) -> Invitation:
    """Put what the company said at the meeting into its contact log.

    Raises NotVisible, NotAllowed, Invalid or Conflict.
    """
    if not may_work(actor):
        raise NotAllowed
    seen = Invitation.objects.filter(gathering__in=Gathering.objects.visible_to(actor), public_id=invitation_id)
    found = seen.select_for_update(of=("self",)).select_related("gathering", "company").first()
    if found is None:
        raise NotVisible
    if found.entry is not None:
        raise Conflict("noted", _("This stands in the contact log already."))
    about, begun = found.gathering.title, min(found.gathering.starts_at, clock.now())
    entry = log_contact(
        actor, found.company, kind="meeting", about=about, text=text, next_step=next_step, next_on=next_on,
        happened_at=begun,
    )  # fmt: skip
    found.entry = entry.public_id
    found.save(update_fields=["entry"])
    _tell("gathering.lead_noted", found.gathering, actor, company=found.company.public_id)
    return found


def _draft(event: str, gathering: Gathering, actor: Actor, audience: list[str], **data: Any) -> dict[str, Any]:
    return {
        "type": event,
        "subject": gathering.public_id,
        "by": actor,
        "municipality": gathering.municipality_id or "",
        "audience": audience,
        "data": data,
        "version": gathering.version,
    }


def _tell(event: str, gathering: Gathering, actor: Actor, **data: Any) -> None:
    audience = list(Municipality.objects.values_list("code", flat=True))
    given = _draft(event, gathering, actor, audience, **data)
    append(given.pop("type"), given.pop("subject"), **given)
