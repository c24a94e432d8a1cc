"""Readers of single values: what came in, checked and turned into what is stored. Each raises Invalid."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from events import clock
from events.errors import Invalid
from vocabulary.scales import CEFR_LEVELS, SHIFTS, shifts_mask
from vocabulary.text import clean_text

Reader = Callable[[Any, str], Any]

EARLIEST, LATEST = dt.date(1950, 1, 1), dt.date(2100, 12, 31)
_PHONE = re.compile(r"\+?[0-9][0-9 ]{5,28}")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


def refused(pointer: str, code: str, detail: str) -> Invalid:
    """One problem with one value. The detail never repeats what was written."""
    return Invalid.field(pointer, code, detail)


def text(max_length: int, *, min_length: int = 0, multiline: bool = False) -> Reader:
    """A reader of free text; CPR numbers and control characters are refused."""

    def read(value: Any, pointer: str) -> str:
        if value is None and min_length == 0:
            return ""
        return clean_text(value, field=pointer, max_length=max_length, min_length=min_length, multiline=multiline)

    return read


def phone(value: Any, pointer: str) -> str:
    """Digits and spaces, with a country code if wished."""
    number = text(30)(value, pointer)
    if number and not _PHONE.fullmatch(number):
        raise refused(pointer, "invalid_phone", _("This is not a phone number."))
    return number


def email(value: Any, pointer: str) -> str:
    """An e-mail address or nothing."""
    address = text(254)(value, pointer)
    if address:
        try:
            validate_email(address)
        except ValidationError:
            raise refused(pointer, "invalid_email", _("This is not an e-mail address.")) from None
    return address


def one_of(choices: frozenset[str]) -> Reader:
    """A reader of one code out of a fixed set."""

    def read(value: Any, pointer: str) -> str:
        if not isinstance(value, str) or value not in choices:
            raise refused(
                pointer,
                "unknown_code",
                _("Choose one of: %(choices)s.") % {"choices": ", ".join(sorted(choices))},
            )
        return value

    return read


def known(value: Any, pointer: str, codes: frozenset[str]) -> str:
    """A code of the vocabulary."""
    if not isinstance(value, str) or value not in codes:
        raise refused(pointer, "unknown_code", _("This code does not exist."))
    return value


def postal_code(value: Any, pointer: str, codes: frozenset[str]) -> str:
    """A postal code that has a point: abroad there is none to measure from."""
    if not isinstance(value, str) or value not in codes:
        raise refused(pointer, "unknown_code", _("Only Danish postal codes of four digits are known here."))
    return value


def day(value: Any, pointer: str) -> dt.date | None:
    """A date (or YYYY-MM-DD) between 1950 and 2100, or nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value) == 10:
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime) or not EARLIEST <= value <= LATEST:
        raise refused(pointer, "invalid_date", _("Write the date as YYYY-MM-DD."))
    return value


def past_day(value: Any, pointer: str) -> dt.date | None:
    """A date not after today, or nothing."""
    found = day(value, pointer)
    if found and found > clock.today():
        raise refused(pointer, "in_the_future", _("The date lies in the future."))
    return found


def month(value: Any, pointer: str) -> dt.date | None:
    """YYYY-MM as the first of that month, not after today, or nothing."""
    if value is None or value == "":
        return None
    found = _MONTH.fullmatch(value) if isinstance(value, str) else None
    if not found or not 1 <= int(found[2]) <= 12 or not EARLIEST.year <= int(found[1]) <= LATEST.year:
        raise refused(pointer, "invalid_month", _("Write the month as YYYY-MM."))
    first = dt.date(int(found[1]), int(found[2]), 1)
    if first > clock.today():
        raise refused(pointer, "in_the_future", _("The month lies in the future."))
    return first


def whole(low: int, high: int, *, may_be_none: bool = True) -> Reader:
    """A reader of a whole number between two limits, or nothing."""

    def read(value: Any, pointer: str) -> int | None:
        if value is None and may_be_none:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise refused(
                pointer,
                "out_of_range",
                _("Give a whole number from %(low)d to %(high)d.") % {"low": low, "high": high},
            )
        return value

    return read


def yes_no(value: Any, pointer: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise refused(pointer, "invalid_type", _("Say true or false."))
    return value


def yes_no_unknown(value: Any, pointer: str) -> bool | None:
    """True, false or nothing."""
    return None if value is None else yes_no(value, pointer)


def shifts(value: Any, pointer: str) -> int | None:
    """A list of shift codes as a mask, or nothing."""
    if value is None:
        return None
    if not isinstance(value, list | tuple) or any(item not in SHIFTS for item in value if isinstance(item, str)):
        raise refused(pointer, "unknown_code", _("Choose from: %(codes)s.") % {"codes": ", ".join(SHIFTS)})
    if not all(isinstance(item, str) for item in value):
        raise refused(pointer, "invalid_type", _("Give a list of codes."))
    return shifts_mask(value)


def level(value: Any, pointer: str) -> int:
    """A language level: 0–6, or its name (none, A1 … C2)."""
    if isinstance(value, str) and value in CEFR_LEVELS:
        return CEFR_LEVELS.index(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < len(CEFR_LEVELS):
        raise refused(pointer, "unknown_code", _("Give a level from 0 (none) to 6 (C2)."))
    return value
