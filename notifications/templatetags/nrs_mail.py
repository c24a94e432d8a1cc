"""What the mails' templates need beside Django's."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import formats
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from events import clock

register = template.Library()


@register.filter
def moment(value: datetime | None) -> str:
    """Tuesday, 1 December 2026 at 10:00"""
    if value is None:
        return ""
    there = clock.local(value)
    return _("%(date)s at %(time)s") % {
        "date": formats.date_format(there, "l j. F Y" if get_language() == "da" else "l, j F Y"),
        "time": formats.date_format(there, pgettext("time of day", "H:i")),
    }
