"""Writing an order over several pages and days: begin, keep, hand in once, forget."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from companies import services as companies
from companies.models import Company
from events import clock
from joborders.models import JobOrder
from joborders.services import follow
from joborders.services.submitting import submit_public
from municipalities.actor import Actor
from web.company.order_block import Answers, Step, industry_of
from web.models import OrderDraft

LIFETIME = timedelta(days=14)
#: How long the receipt can be read again.
RECEIPT = timedelta(days=1)


def begin(data: Mapping[str, Any] | None = None) -> tuple[OrderDraft, str]:
    """A new draft and its secret, which is not kept."""
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    draft = OrderDraft.objects.create(
        digest=follow.digest(secret), data=dict(data or {}), saved_at=now, expires_at=now + LIFETIME
    )
    return draft, secret


def find(secret: str) -> OrderDraft | None:
    """The draft of a secret; None if unknown or forgotten."""
    if not secret:
        return None
    found = OrderDraft.objects.select_related("order__lead", "order__company")
    return found.filter(digest=follow.digest(secret), expires_at__gt=clock.now()).first()


@transaction.atomic
def keep(draft: OrderDraft, step: Step, typed: Any) -> OrderDraft:
    """Write down what was typed on one step, right or wrong; the other steps stay as another tab left them."""
    row = OrderDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if row.order_id is None:
        row.data = {**row.data, step.value: typed}
        row.saved_at = clock.now()
        row.expires_at = row.saved_at + LIFETIME
        row.save(update_fields=["data", "saved_at", "expires_at"])
    return row


@transaction.atomic
def hand_in(draft: OrderDraft, secret: str) -> JobOrder:
    """Make the order, once: whoever sends the same draft again gets the same one. Raises Invalid.

    What was typed is forgotten here; the order has it.
    """
    row = OrderDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if row.order is not None:
        return row.order
    block = Answers(row.data).block()
    is_new = not Company.objects.with_cvr("".join(block["company"]["cvr"].split())).exists()
    order, _secret = submit_public(block, channel=JobOrder.Channel.WEB, language=get_language() or "da")
    follow.create(order, follow_secret(secret))
    if is_new and (code := industry_of(row.data)):
        changes = {"industry_code": code, "industry_version": "DB25"}
        companies.change(Actor.system("public"), order.company.public_id, order.company.version, changes)
    row.order, row.data, row.expires_at = order, {}, clock.now() + RECEIPT
    row.save(update_fields=["order", "data", "expires_at"])
    return order


def drop(draft: OrderDraft) -> None:
    """The company does not want to go on: nothing of it stays."""
    OrderDraft.objects.filter(pk=draft.pk).delete()


def follow_secret(secret: str) -> str:
    """The follow link's secret, made of the draft's: sent twice, the form gives one link, and it is kept nowhere."""
    mixed = hmac.new(settings.SECRET_KEY.encode(), f"follow:{secret}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mixed).decode().rstrip("=")


def forget() -> int:
    """Delete the drafts whose time is over; how many."""
    return OrderDraft.objects.filter(expires_at__lte=clock.now()).delete()[0]
