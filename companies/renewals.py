"""Agreements that run out: the nine are told 60 days before, once for each."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from companies import agreements
from companies.models import Agreement
from events import clock
from municipalities.actor import Actor

CLOCK = Actor.system("clock")


def tell_of_renewals(day: dt.date | None = None) -> int:
    """Write `agreement.renewal_due` for each agreement that runs out within 60 days; how many are told now."""
    day = day or clock.today()
    waiting = Agreement.objects.to_renew(day).filter(renewal_told_at__isnull=True)
    return sum(_tell(pk, day) for pk in waiting.order_by("valid_to", "pk").values_list("pk", flat=True))


@transaction.atomic
def _tell(pk: int, day: dt.date) -> int:
    """One agreement, unless it was told, ended or changed in the meantime."""
    still = Agreement.objects.to_renew(day).filter(pk=pk, renewal_told_at__isnull=True)
    agreement = still.select_for_update(of=("self",)).select_related("company").first()
    if agreement is None:
        return 0
    agreement.renewal_told_at = clock.now()
    agreement.save(update_fields=["renewal_told_at"])
    agreements.tell("agreement.renewal_due", agreement, CLOCK, to_company=False, valid_to=agreement.valid_to)
    return 1
