"""The company's secret link to its order, and the six-digit code that opens the named candidates (design §6)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events import clock
from events.errors import DomainError, Invalid, NotAllowed, NotVisible, StepRefused
from joborders import workflow
from joborders.models import FollowLink, JobOrder, Nomination
from joborders.services import nominations
from joborders.services.base import facts, locked, save_and_tell
from joborders.services.ending import FOLLOW_DAYS
from municipalities.actor import Actor

CODE_MINUTES, CODE_TRIES, OPEN_HOURS = 10, 5, 8
SECONDS_BETWEEN_CODES = 60
ANSWERS = ("interview", "move_interview", "hire", "decline")
#: Length of a secret of `secret_for_mail`: 48 bytes in base64; the link's own one has 43 characters.
MAIL_SECRET = 64


class TooSoon(DomainError):
    """A code was mailed just now."""

    status = 429


def digest(secret: str) -> str:
    """What is kept of a secret. Secrets are random and long, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def create(order: JobOrder, secret: str = "") -> str:
    """Make (or replace) the order's follow link; the secret is returned once and not kept.

    A caller who can make the same long random `secret` again may give it: sent twice, a form then gives one link.
    """
    secret = secret or secrets.token_urlsafe(32)
    FollowLink.objects.update_or_create(
        order=order,
        defaults={
            "digest": digest(secret),
            "created_at": clock.now(),
            "expires_at": expires_at(order),
            "code_digest": "",
            "opened_digest": "",
        },
    )
    return secret


def expires_at(order: JobOrder) -> datetime | None:
    """When links to the order lead nowhere any more; None while it is open."""
    return None if order.ended_at is None else order.ended_at + timedelta(days=FOLLOW_DAYS)


def lives(order: JobOrder) -> bool:
    """Whether a link to the order can still lead anywhere."""
    until = expires_at(order)
    return until is None or until > clock.now()


@transaction.atomic
def replace(order_id: UUID, actor: Actor, version: int | None) -> JobOrder:
    """End a link that somebody else may have: its secret, those in mails, whoever it let in. A mail brings a new one.

    Raises NotVisible, Stale, NotAllowed for others than the lead's consultants, StepRefused once the link has expired.
    """
    order = locked(order_id, actor, version)
    if workflow.Part.LEAD_CONSULTANT not in workflow.parts_of(actor, facts(order)):
        raise NotAllowed()
    if not lives(order):
        raise StepRefused(allowed=workflow.allowed(facts(order), actor))
    create(order)
    return save_and_tell(order, "joborder.link_replaced", actor, by_mail=bool(order.contact_email))


def secret_for_mail(order: JobOrder) -> str:
    """A second secret of the order's link, for mails: made of the link and SECRET_KEY, so that no row needs to hold it.

    The same for every mail until the link is replaced or SECRET_KEY and its fallbacks are. The order gets a link if
    it has none.
    """
    link = FollowLink.objects.filter(order=order).first()
    if link is None:
        create(order)
        link = FollowLink.objects.get(order=order)
    return _sealed(order.public_id, link.digest, settings.SECRET_KEY)


def _sealed(order: UUID, of_link: str, key: str) -> str:
    mixed = hmac.new(key.encode(), f"follow-mail:{order.hex}:{of_link}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(order.bytes + mixed).decode()


def _by_mail(secret: str) -> FollowLink | None:
    """The link of a secret of `secret_for_mail`."""
    try:
        found = UUID(bytes=base64.urlsafe_b64decode(secret)[:16])
    except ValueError:
        return None
    link = FollowLink.objects.select_related("order__company", "order__lead").filter(order__public_id=found).first()
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if link is None or not any(secrets.compare_digest(_sealed(found, link.digest, key), secret) for key in keys):
        return None
    return link


def find(secret: str) -> FollowLink:
    """The link of a secret, with order and company. Raises NotVisible if unknown or expired."""
    if len(secret) == MAIL_SECRET:
        link = _by_mail(secret)
    else:
        found = FollowLink.objects.select_related("order__company", "order__lead")
        link = found.filter(digest=digest(secret)).first()
    if link is None or (link.expires_at is not None and link.expires_at <= clock.now()):
        raise NotVisible()
    return link


def actor_of(link: FollowLink) -> Actor:
    """Who acts through a link: the company, on this one order."""
    company = link.order.company
    return Actor.link(link.order.public_id, company.public_id, name=company.name)


@transaction.atomic
def new_code(link: FollowLink) -> str:
    """A six-digit code, to be mailed to the verified contact.

    Raises NotAllowed if the contact is not verified, TooSoon within a minute of the last one.
    """
    order = link.order
    sent = link.code_sent_at
    if sent is not None and (clock.now() - sent).total_seconds() < SECONDS_BETWEEN_CODES:
        raise TooSoon("code_just_sent", _("A code was mailed just now. Wait a minute before you ask for another one."))
    if order.contact_verified_at is None or not order.contact_email:
        raise NotAllowed("contact_not_verified", _("The jobcentre has not verified this contact yet."))
    code = f"{secrets.randbelow(1_000_000):06d}"
    FollowLink.objects.filter(pk=link.pk).update(
        code_digest=digest(f"{link.pk}:{code}"), code_sent_at=clock.now(), code_tries=0
    )
    return code


def open_with(link: FollowLink, code: str) -> str:
    """Open the link for 8 hours; returns a second secret for the cookie.

    Raises Invalid for a wrong or old code; the sixth try is refused whatever it holds. A wrong try is kept.
    """
    with transaction.atomic():
        row = FollowLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        fresh = row.code_sent_at is not None and row.code_sent_at + timedelta(minutes=CODE_MINUTES) > clock.now()
        right = (
            bool(row.code_digest)
            and fresh
            and row.code_tries < CODE_TRIES
            and secrets.compare_digest(row.code_digest, digest(f"{row.pk}:{code}"))
        )
        opened = secrets.token_urlsafe(32)
        if right:
            row.code_digest, row.opened_digest = "", digest(opened)
            row.opened_until = clock.now() + timedelta(hours=OPEN_HOURS)
        row.code_tries = min(row.code_tries + 1, CODE_TRIES)
        row.save()
    if not right:
        raise Invalid.field("code", "wrong_code", _("The code is wrong or too old. Ask for a new one."))
    return opened


def actor_by(link: FollowLink, opened: bool) -> Actor:
    """Who reads through a link: by name only after the code, since without the company nobody is released to it."""
    actor = actor_of(link)
    return actor if opened else Actor.link(link.order.public_id, name=actor.name)


def answer(
    nomination_id: UUID,
    actor: Actor,
    version: int,
    *,
    answer: str,
    starts_on: object = None,
    interview_at: object = None,
    reason: object = None,
    text: object = "",
) -> Nomination:
    """The company's word on one presented candidate: `interview` (at a time, if agreed), `move_interview` to another
    time, `hire` (the jobcentre confirms) or `decline`."""
    match answer:
        case "interview":
            return nominations.interview(nomination_id, actor, version, interview_at=interview_at).nomination
        case "move_interview":
            return nominations.move_interview(nomination_id, actor, version, interview_at=interview_at).nomination
        case "hire":
            return nominations.report_hire(nomination_id, actor, version, starts_on=starts_on).nomination
        case _:
            return nominations.decline(nomination_id, actor, version, reason=reason, text=text).nomination


def is_open(link: FollowLink, opened_secret: str) -> bool:
    """Whether named candidates may be shown to the holder of the second secret now."""
    until = link.opened_until
    return bool(
        link.opened_digest
        and until is not None
        and until > clock.now()
        and secrets.compare_digest(link.opened_digest, digest(opened_secret))
    )
