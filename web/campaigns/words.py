"""The codes of campaigns and register imports in human words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.funnel import STAGES
from campaigns.selecting import NEEDS
from vocabulary.models import IscoGroup
from web.agreements.words import occupation_of

STAGE_WORDS: Mapping[str, Any] = {
    "targeted": _("On the list"),
    "contacted": _("Contacted"),
    "met": _("Met"),
    "agreement": _("Agreement after contact"),
    "order": _("Order after contact"),
    "hire": _("Hire after contact"),
}
assert tuple(STAGE_WORDS) == STAGES
ROW_OUTCOMES: Mapping[str, Any] = {
    "new": _("New units"),
    "changed": _("Changed units"),
    "ceased": _("Ceased units"),
    "unchanged": _("As they were"),
    "refused": _("Refused rows"),
}
REMARKS: Mapping[str, Any] = {
    "windows_1252": _("The file is written in Windows-1252, and was read as such."),
    "several_sheets": _("The workbook has several sheets; only the first one is read."),
    "columns_not_used": _("Columns that are not used"),
    "municipality_by_postal_code": _("Rows without a municipality, found by a postal code that only one has"),
    "industry_unknown": _("Rows with an industry that is not known; it is left out"),
    "bands_as_dates": _("Bands such as 2-4 that Excel has made dates of, read back"),
    "dates_as_numbers": _("Dates that stand there as Excel's numbers, read as days"),
}
PROBLEMS: Mapping[str, Any] = {
    "heading_again": _("the heading stands here again"),
    "formula": _("the cell holds a formula"),
    "required": _("the cell is empty"),
    "cvr_invalid": _("no valid CVR number"),
    "p_number_invalid": _("a P-number has ten digits"),
    "p_number_of_another": _("the P-number belongs to another company"),
    "twice": _("the row stands in the file already"),
    "address_needed": _("neither a P-number nor an address"),
    "municipality_needed": _("no municipality, and several share the postal code"),
    "not_a_municipality": _("no such municipality"),
    "not_a_postal_code": _("no postal code"),
    "not_a_headcount": _("no number or band of employees"),
    "not_a_date": _("no date"),
    "cpr_number": _("the cell holds a CPR number"),
    "control_characters": _("the cell holds characters that cannot be shown"),
    "too_long": _("the text is too long"),
}
COLUMNS: Mapping[str, Any] = {
    "cvr": "CVR",
    "p_number": _("P-number"),
    "name": _("Name"),
    "street": _("Street and number"),
    "postal_code": _("Postal code"),
    "municipality": _("Municipality"),
    "industry": _("Industry"),
    "headcount": _("Employees"),
    "ended": _("Ceased"),
    "is_main": _("Main unit"),
}
LETTERS: Mapping[str, Any] = {
    "no_address": _("Without a mail address"),
    "no_letters": _("Do not want letters"),
    "do_not_call": _("Do not want to be contacted"),
}


def needs_in_words(codes: str) -> list[Any]:
    """The signs that a campaign looks for."""
    return [NEEDS[code].label for code in codes.split() if code in NEEDS]


def occupations_in_words(codes: str) -> list[str]:
    """The occupations that a campaign is narrowed to, with their titles; one query, none where there are none."""
    wanted = codes.split()
    return [occupation_of(group) for group in IscoGroup.objects.filter(code__in=wanted)] if wanted else []
