"""What came of a delivery, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from events.models import Delivery
from events.webhooks.services import REFUSALS


def outcome(delivery: Delivery) -> str:
    """The last answer, or why there was none."""
    if delivery.status is not None:
        return _("answered %(status)d") % {"status": delivery.status}
    if delivery.failure == "skipped":
        return _("left out at the start")
    reason: Any = REFUSALS.get(delivery.failure)
    return str(reason) if reason else (_("no answer") if delivery.failure else "")
