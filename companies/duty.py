"""Which municipality takes today what belongs nowhere: the dated setting, read for the pure rule."""

from __future__ import annotations

from companies import lead
from events import clock
from municipalities.models import DutyPeriod, Municipality


def on_duty() -> str:
    """Code of the municipality on duty today, the first of the nine if nobody was ever named.

    Raises LookupError where there are no municipalities at all.
    """
    today = clock.today()
    newest = DutyPeriod.objects.filter(valid_from__lte=today).order_by("-valid_from")[:1]
    try:
        return lead.on_duty(newest.values_list("valid_from", "municipality_id"), today)
    except LookupError:
        nine = Municipality.objects.filter(code__in=lead.NINE).order_by("code")
        first = nine.values_list("code", flat=True).first()
        if first is None:
            raise LookupError("no municipality is on duty: load the reference data") from None
        return first
