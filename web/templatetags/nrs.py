"""Small parts that every page uses: icons, times in words, badges, the summary of mistakes."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from events import clock
from web.forms.base import Mistake, summary_of

register = template.Library()

SPRITE = "vendor/dkfds/img/all-svg-icons.svg"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: From here on the date says more than a number of days.
LONG = 30 * DAY


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the design system; silent unless it has a label."""
    return _icon(name, str(label), css)


@lru_cache(maxsize=512)
def _icon(name: str, label: str, css: str) -> SafeString:
    """Made once: a page may ask for 300 of them, and they are few."""
    about = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon-svg {}" focusable="false" {}><use href="{}#{}"></use></svg>', css, about, _sprite(), name
    )


@register.simple_tag
def seen_before(field: BoundField) -> SafeString:
    """The value that the person saw, hidden, of a field that remembers it; dkfds wants a box and its label adjacent."""
    return field.as_hidden(only_initial=True) if field.field.show_hidden_initial else SafeString("")


@cache
def _sprite() -> str:
    """The sprite's address, which changes with a new start only."""
    return static(SPRITE)


@register.inclusion_tag("web/parts/call_us.html")
def call_us() -> dict[str, str]:
    """Phone and mail of the service, for pages that are drawn without a request (400, 500)."""
    phone = settings.SERVICE_PHONE
    return {"phone": phone, "phone_link": phone.replace(" ", ""), "mailbox": settings.SHARED_MAILBOX}


@register.filter
def exact(moment: datetime | None) -> str:
    """20. november 2026 kl. 08.15"""
    if moment is None:
        return ""
    there = clock.local(moment)
    return _("%(date)s at %(time)s") % {
        "date": formats.date_format(there, "DATE_FORMAT"),
        "time": formats.date_format(there, pgettext("time of day", "H:i")),
    }


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """How long ago it was, or how long there is until then, with the exact time on hover and for machines."""
    if moment is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', clock.local(moment).isoformat(), exact(moment), in_words(moment)
    )


def in_words(moment: datetime) -> str:
    """2 hours ago, in 3 days, and the date for what is more than 30 days away."""
    gap = clock.now() - moment
    if abs(gap) > LONG:
        return formats.date_format(clock.local(moment), "DATE_FORMAT")
    if abs(gap) < MINUTE:
        return _("just now")
    size = _size(abs(gap))
    return (_("%(size)s ago") if gap > timedelta(0) else _("in %(size)s")) % {"size": size}


def _size(gap: timedelta) -> str:
    if gap < HOUR:
        n = gap // MINUTE
        return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    if gap < DAY:
        n = gap // HOUR
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    n = gap // DAY
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


@register.simple_tag
def mistakes(*forms: Any) -> list[Mistake]:
    """The mistakes of all forms of the page, for the summary on top."""
    return [mistake for form in forms if form is not None and form.is_bound for mistake in summary_of(form)]


@register.simple_tag(takes_context=True)
def here_with(context: dict[str, Any], **changes: Any) -> str:
    """The present address with some of its parameters changed; None takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"
