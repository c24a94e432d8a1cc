"""Calls and mails that never became an order are not kept (GDPR art. 5(1)(e)): 90 days, then they are gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from events import clock
from joborders.models import Intake

KEPT = timedelta(days=90)


def over(before: datetime | None = None) -> QuerySet[Intake]:
    """Drafts, enquiries and spam that came before then, without it 90 days ago."""
    unsubmitted = (Intake.State.DRAFT, Intake.State.ENQUIRY, Intake.State.SPAM)
    return Intake.objects.filter(state__in=unsubmitted, received_at__lt=before or clock.now() - KEPT)


def forget_intakes(before: datetime | None = None) -> int:
    """Delete them with everything that hangs on them (mails too); how many. May run any number of times."""
    _rows, by_model = over(before).delete()
    return by_model.get(Intake._meta.label, 0)
