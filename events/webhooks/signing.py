"""Signatures as Standard Webhooks (version 1) has them: HMAC-SHA256 over id, time and body.

The secret of a webhook is derived from the product's secret key, so that no copy of the database holds it. While a
secret key is being replaced (SECRET_KEY_FALLBACKS), or for a day after a new secret was asked for, each delivery
carries the signatures of the old and of the new one.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

from django.conf import settings

from events.models import Webhook

OVERLAP = dt.timedelta(days=1)
PREFIX = "whsec_"


def secret(webhook: Webhook) -> str:
    """The secret to give to the receiver, as text: `whsec_` and base64 of 32 bytes."""
    return PREFIX + base64.b64encode(_key(settings.SECRET_KEY, webhook, webhook.secret_round)).decode()


def headers(webhook: Webhook, event_id: str, body: bytes, now: dt.datetime) -> dict[str, str]:
    """`webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature` of a delivery."""
    seconds = str(int(now.timestamp()))
    signed = f"{event_id}.{seconds}.".encode() + body
    rounds = [webhook.secret_round]
    if webhook.secret_round > 1 and webhook.rotated_at is not None and now - webhook.rotated_at < OVERLAP:
        rounds.append(webhook.secret_round - 1)
    keys = [_key(master, webhook, number) for number in rounds for master in _masters()]
    signatures = [base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _masters() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _key(master: str, webhook: Webhook, number: int) -> bytes:
    purpose = f"webhook secret:{webhook.public_id}:{number}"
    return hmac.digest(master.encode(), purpose.encode(), hashlib.sha256)
