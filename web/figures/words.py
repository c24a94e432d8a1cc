"""The figures' codes in words, and days and numbers as people write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from campaigns.periods import Per
from municipalities.models import Municipality
from vocabulary.models import Industry, IndustryLevel

MEASURES: Mapping[str, Any] = {
    "first_response": _("First contact with the company"),
    "first_candidate": _("First candidate presented"),
    "fill": _("Order filled"),
}
OUTCOMES: Mapping[str, Any] = {
    "kept": _("Kept"),
    "broken": _("Broken"),
    "running": _("Not due yet"),
    "paused": _("Stands still"),
    "not_needed": _("Ended before"),
}
REASONS: Mapping[str, Any] = {
    "filled": _("All positions filled"),
    "partly_filled": _("Some positions filled"),
    "hired_elsewhere": _("Hired elsewhere"),
    "withdrawn": _("The company withdrew"),
    "no_suitable_candidates": _("No suitable candidates"),
    "deadline_expired": _("The deadline passed"),
    "duplicate": _("Duplicate"),
    "labour_conflict": _("Labour conflict"),
    "other": _("Another reason"),
    "qualifications": _("Lacked qualifications"),
    "experience": _("Lacked experience"),
    "language": _("Lacked language"),
    "hours": _("The hours did not fit"),
    "no_show": _("Did not show up"),
    "another_chosen": _("Somebody else was chosen"),
    "position_gone": _("The position was gone"),
    "candidate_declines": _("The candidate said no"),
    "company_declines": _("The company changed its mind"),
    "not_reached": _("Could not be reached"),
    "not_suitable": _("Did not suit the job"),
    "not_available": _("Was not available"),
    "found_work": _("Found other work"),
    "special_terms_not_met": _("The special terms did not fit"),
}
ENDS: Mapping[str, Any] = {
    "declined": _("The company said no"),
    "withdrawn": _("Withdrawn by the jobcentre"),
    "not_started": _("Hired, but did not start"),
}


def municipalities() -> dict[str, str]:
    """Names of the nine by code; one query."""
    return dict(Municipality.objects.order_by("name").values_list("code", "name"))


def industries(codes: set[str]) -> dict[str, str]:
    """Names of these divisions by code, in the newest classification that has them; one query."""
    titles = Industry.objects.filter(level=IndustryLevel.DIVISION, code__in=codes).order_by("version")
    names = {code: f"{code} {title}" for code, title in titles.values_list("code", "title_da")}
    found = {code: names.get(code, code) for code in sorted(codes - {"unknown"})}
    return found | ({"unknown": gettext("No industry registered")} if "unknown" in codes else {})


def period(row: Mapping[str, Any], per: Per) -> str:
    """marts 2016, or uge 11 2016; a star where hires are provisional."""
    star = " *" if row.get("provisional") else ""
    if per == "week":
        year, week = row["period"].split("-W")
        return gettext("week %(week)s %(year)s") % {"week": int(week), "year": year} + star
    month = formats.date_format(row["from"], "M Y")
    return (month.lower() if get_language() == "da" else month) + star


def day(value: dt.date) -> str:
    """31. marts 2016"""
    return formats.date_format(value, "DATE_FORMAT")


def number(value: float | None) -> str:
    """As it is written in the reader's language; a dash for nothing."""
    return "–" if value is None else str(formats.localize(value, use_l10n=True))


def percent(value: float | None) -> str:
    """62,5 % in Danish, 62.5% in English."""
    gap = "\N{NO-BREAK SPACE}" if get_language() == "da" else ""
    return "–" if value is None else f"{number(value)}{gap}%"
