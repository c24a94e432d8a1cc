"""Keeping webhooks: register, change, stop, start, a new secret, sending again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from events.models import Delivery, Event, Webhook
from events.models.webhook import Asker
from events.querysets import cursor_of
from events.services import LOOKS_LIKE_CPR, MUNICIPALITY, TYPE
from events.webhooks import address

MOST_WEBHOOKS = 20
MOST_PATTERNS = 50
REFUSALS: dict[str, Any] = {
    "malformed": _("This is not a web address that can be sent to."),
    "credentials": _("The address may not hold a login or a fragment."),
    "no_tls": _("The address must begin with https://."),
    "private": _("This address lies in a private network."),
}


@transaction.atomic
def register(actor: Asker, *, url: str, patterns: Sequence[str], municipality: str = "") -> Webhook:
    """A new webhook that is told of everything from now on. A company's token registers for its company.

    `patterns` are `joborder.claimed`, `nomination.*` or `#`. An administrator of one municipality registers for
    that one. Raises NotAllowed, Invalid, or Conflict beyond twenty.
    """
    company = actor.company if actor.kind == "company" else None
    if company is None and actor.role != "admin":
        raise NotAllowed
    if company is None:
        municipality = municipality or actor.municipality or ""
        if not MUNICIPALITY.fullmatch(municipality):
            raise Invalid.field("municipality", "required", _("Name the municipality that is to be told."))
        if actor.municipality and actor.municipality != municipality:
            raise NotAllowed
    elif municipality:
        raise Invalid.field("municipality", "not_asked", _("A company's webhook has no municipality."))
    if Webhook.objects.filter(company=company, municipality=municipality).count() >= MOST_WEBHOOKS:
        raise Conflict("too_many", _("There are twenty webhooks already."))
    return Webhook.objects.create(
        municipality=municipality,
        company=company,
        url=_checked(url),
        patterns=_patterns(patterns),
        cursor=newest_cursor(),
        created_at=clock.now(),
    )


def newest_cursor() -> str:
    """The end of the feed as far as it is settled; '' while nothing has happened."""
    newest = Event.objects.settled().order_by("-xid", "-id").only("xid", "id").first()
    return cursor_of(newest) if newest else ""


@transaction.atomic
def change(
    actor: Asker, webhook_id: UUID, version: int, *, url: str | None = None, patterns: Sequence[str] | None = None
) -> Webhook:
    """Another address or other patterns, for what is planned from now on. Raises NotVisible, Stale, Invalid."""
    webhook = _locked(actor, webhook_id, version)
    if url is not None:
        webhook.url = _checked(url)
    if patterns is not None:
        webhook.patterns = _patterns(patterns)
    return _saved(webhook)


@transaction.atomic
def stop(actor: Asker, webhook_id: UUID, version: int) -> Webhook:
    """Send nothing more until started. Raises NotVisible, Stale, or Conflict when it stands still already."""
    webhook = _locked(actor, webhook_id, version)
    if webhook.state != Webhook.State.ON:
        raise Conflict("not_on", _("This webhook stands still already."))
    webhook.state = Webhook.State.STOPPED
    return _saved(webhook)


@transaction.atomic
def start(actor: Asker, webhook_id: UUID, version: int, *, skip: bool = False) -> Webhook:
    """Send again: all that happened meanwhile first, or with `skip` only what happens from now on.

    Raises NotVisible, Stale, or Conflict when it is on.
    """
    webhook = _locked(actor, webhook_id, version)
    if webhook.state == Webhook.State.ON:
        raise Conflict("is_on", _("This webhook is on."))
    webhook.state, webhook.failures, webhook.failing_since, webhook.next_try_at = Webhook.State.ON, 0, None, None
    waiting = webhook.deliveries.filter(state=Delivery.State.PENDING)
    if skip:
        webhook.cursor = newest_cursor()
        waiting.update(state=Delivery.State.GIVEN_UP, failure="skipped")
    else:
        waiting.update(next_try_at=clock.now(), first_try_at=None, tries=0)
    return _saved(webhook)


@transaction.atomic
def rotate_secret(actor: Asker, webhook_id: UUID, version: int) -> Webhook:
    """A new secret; for a day both sign. Raises NotVisible or Stale."""
    webhook = _locked(actor, webhook_id, version)
    webhook.secret_round += 1
    webhook.rotated_at = clock.now()
    return _saved(webhook)


@transaction.atomic
def replay(actor: Asker, webhook_id: UUID, deliveries: Iterable[UUID]) -> int:
    """Send these again, whatever became of them; how many. Raises NotVisible, also for a delivery of another."""
    webhook = _visible(actor, webhook_id)
    wanted = set(deliveries)
    found = webhook.deliveries.filter(public_id__in=wanted)
    changed = found.update(
        state=Delivery.State.PENDING, tries=0, first_try_at=None, next_try_at=clock.now(), delivered_at=None
    )
    if changed != len(wanted):
        raise NotVisible
    return changed


def _visible(actor: Asker, webhook_id: UUID) -> Webhook:
    webhook = Webhook.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=webhook_id).first()
    if webhook is None:
        raise NotVisible
    return webhook


def _locked(actor: Asker, webhook_id: UUID, version: int) -> Webhook:
    webhook = _visible(actor, webhook_id)
    if webhook.version != version:
        raise Stale(version=webhook.version)
    return webhook


def _saved(webhook: Webhook) -> Webhook:
    webhook.version += 1
    webhook.save()
    return webhook


def _checked(url: str) -> str:
    try:
        address.parse(url, settings.WEBHOOK_PRIVATE_HOSTS)
    except address.Refused as refusal:
        raise Invalid.field("url", refusal.code, REFUSALS[refusal.code]) from None
    if LOOKS_LIKE_CPR.search(url):
        raise Invalid.field(
            "url", "cpr_number", _("The text holds a CPR number. CPR numbers must never be written here.")
        )
    return url


def _patterns(patterns: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(patterns))
    if not 1 <= len(wanted) <= MOST_PATTERNS:
        raise Invalid.field("patterns", "required", _("One to fifty kinds of event."))
    for place, pattern in enumerate(wanted):
        if pattern != "#" and not TYPE.fullmatch(pattern.replace("*", "any")):
            detail = _("A kind of event is written like joborder.claimed, nomination.* or #.")
            raise Invalid.field(f"patterns/{place}", "malformed", detail)
    return wanted
