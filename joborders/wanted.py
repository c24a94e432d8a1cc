"""What a company wants, as it comes in: the order block checked field by field, all problems at once.

The block is plain JSON: dates as ISO text (or dates), codes as text. `parse` looks at form and cross-field rules,
`joborders.services.places` whether the codes exist; units and companies are the services' business.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext_lazy as _

from events import clock
from joborders.demands import flag, requirement, requirement_of
from joborders.models import JobOrder, Requirement
from joborders.problems import Problems
from vocabulary.scales import SHIFTS, shift_codes, shifts_mask

MAX_REQUIREMENTS = 50
MAX_HOURS = 60
NEEDED = ("title", "description", "positions", "contact")
DATES = ("employment_until", "starts_on", "deadline")
FLAGS = ("is_remote", "needs_own_transport", "is_public", "is_anonymous")
#: name: (longest, may hold line breaks, may be empty)
TEXTS: Mapping[str, tuple[int, bool, bool]] = {
    "title": (100, False, False),
    "description": (5000, True, False),
    "internal_note": (2000, True, True),
    "wage": (200, False, True),
    "collective_agreement": (200, False, True),
}
CHOICES: Mapping[str, Collection[str]] = {
    "type": JobOrder.Type.values,
    "employment": JobOrder.Employment.values,
    "apply_how": JobOrder.Apply.values,
}
#: name: (lowest, highest, may be null)
NUMBERS: Mapping[str, tuple[int, int, bool]] = {
    "positions": (1, 999, False),
    "hours_min": (0, MAX_HOURS, True),
    "hours_max": (0, MAX_HOURS, True),
    "grace_days": (0, 60, False),
    "max_distance_km": (1, 200, True),
    "filled_otherwise": (0, 999, False),
}
WORKPLACE = ("unit", "p_number", "workplace")
OTHERS = ("occupation", "shifts", "apply_link", "contact", "requirements")
KNOWN = frozenset({*TEXTS, *CHOICES, *NUMBERS, *DATES, *FLAGS, *WORKPLACE, *OTHERS})
CONTACT = {"name": 120, "phone": 30, "email": 254, "best_time": 120}


@dataclass
class Wanted:
    """A checked block: `fields` are columns of the order, only what was given; the rest is looked up."""

    fields: dict[str, Any] = field(default_factory=dict)
    requirements: list[Requirement] | None = None
    unit: UUID | None = None
    p_number: str | None = None
    workplace: dict[str, str] | None = None


def parse(
    data: Mapping[str, Any],
    problems: Problems,
    *,
    partial: bool = False,
    for_member: bool = True,
    known_numbers: Collection[str] = (),
) -> Wanted:
    """Check an order block. Problems are noted, not raised; `partial` is a change, which needs nothing."""
    wanted = Wanted()
    _names(data, problems, partial=partial, for_member=for_member)
    for name, (longest, multiline, empty) in TEXTS.items():
        if name in data:
            wanted.fields[name] = problems.text(
                name, data[name], longest, multiline=multiline, empty=empty, known=known_numbers
            )
    for name, values in CHOICES.items():
        if name in data:
            wanted.fields[name] = _choice(name, data[name], values, problems)
    for name, limits in NUMBERS.items():
        if name in data:
            wanted.fields[name] = _number(name, data[name], limits, problems)
    wanted.fields |= {name: _date(name, data[name], problems) for name in DATES if name in data}
    wanted.fields |= {name: flag(name, data[name], problems) for name in FLAGS if name in data}
    for name in [name for name in _READERS if name in data]:
        _READERS[name](data[name], wanted, problems, known_numbers)
    return wanted


def _names(data: Mapping[str, Any], problems: Problems, *, partial: bool, for_member: bool) -> None:
    """Unknown names, names not for this hand, and what is needed but not there."""
    closed = set() if for_member else {"internal_note"}
    if not partial:
        closed.add("filled_otherwise")
    for name in data:
        if name not in KNOWN or name in closed:
            problems.add(str(name)[:60], "unknown_field", _("This field is not known here."))
    if partial:
        return
    needed = NEEDED if data.get("type") == JobOrder.Type.ENQUIRY else (*NEEDED, "occupation")
    for name in needed:
        told_by_its_reader = name in data and name in (*TEXTS, *NUMBERS, "contact")
        if data.get(name) in (None, "", {}) and not told_by_its_reader:
            problems.add(name, "required", _("This field is required."))


def _choice(name: str, value: Any, values: Collection[str], problems: Problems) -> Any:
    if not isinstance(value, str) or value not in values:
        problems.add(name, "unknown_code", _("This value is not known."))
    return value


def _number(name: str, value: Any, limits: tuple[int, int, bool], problems: Problems) -> int | None:
    low, high, nullable = limits
    if value is None and nullable:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        problems.add(name, "invalid_type", _("This must be a whole number."))
        return None
    if not low <= value <= high:
        detail = _("This must be from %(low)d to %(high)d.") % {"low": low, "high": high}
        problems.add(name, "out_of_range", detail)
        return None
    return value


def _date(name: str, value: Any, problems: Problems) -> date | None:
    """A date that is not over yet; null stands for none (a start: as soon as possible)."""
    if value is None or value == "":
        return None
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        problems.add(name, "invalid_date", _("This must be a date, as in 2026-12-31."))
        return None
    if day < clock.today():
        problems.add(name, "in_the_past", _("This date has passed."))
    elif day.year > clock.today().year + 10:
        problems.add(name, "out_of_range", _("This date is too far away."))
    return day


def _occupation(value: Any, wanted: Wanted, problems: Problems, _known: Collection[str]) -> None:
    if value is None or value == "":
        wanted.fields["occupation_id"] = None
    elif isinstance(value, str) and len(value) == 4 and value.isascii() and value.isdigit():
        wanted.fields["occupation_id"] = value
    else:
        problems.add("occupation", "unknown_code", _("This occupation is not known (an ISCO-08 code of four digits)."))


def _shifts(value: Any, wanted: Wanted, problems: Problems, _known: Collection[str]) -> None:
    if not isinstance(value, list) or not all(isinstance(code, str) and code in SHIFTS for code in value):
        problems.add("shifts", "unknown_code", _("This value is not known."))
        return
    wanted.fields["shifts"] = shifts_mask(value)


def _link(value: Any, wanted: Wanted, problems: Problems, known: Collection[str]) -> None:
    wanted.fields["apply_link"] = link = problems.text("apply_link", value or None, 200, known=known)
    if not link:
        return
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError:
        problems.add("apply_link", "invalid_link", _("This must be an address on the web."))


def _contact(value: Any, wanted: Wanted, problems: Problems, known: Collection[str]) -> None:
    wanted.fields |= contact(value, problems, "contact", known)


def contact(value: Any, problems: Problems, at: str = "contact", known: Collection[str] = ()) -> dict[str, str]:
    """A contact person as order columns: a name, and a phone number or mail address at least."""
    if not isinstance(value, Mapping):
        problems.add(at, "invalid_type", _("This must be an object."))
        return {}
    for name in value:
        if name not in CONTACT:
            problems.add(f"{at}/{str(name)[:60]}", "unknown_field", _("This field is not known here."))
    read = {
        f"contact_{name}": problems.text(
            f"{at}/{name}", value.get(name), longest, multiline=False, empty=name != "name", known=known
        )
        for name, longest in CONTACT.items()
    }
    if not value.get("phone") and not value.get("email"):
        problems.add(f"{at}/phone", "contact_needed", _("Give a phone number or an e-mail address."))
    digits = sum(char.isdigit() for char in read["contact_phone"])
    if read["contact_phone"] and not 8 <= digits <= 15:
        problems.add(f"{at}/phone", "invalid_phone", _("This is not a phone number."))
    if read["contact_email"]:
        try:
            validate_email(read["contact_email"])
        except ValidationError:
            problems.add(f"{at}/email", "invalid_email", _("This is not an e-mail address."))
    return read


def _unit(value: Any, wanted: Wanted, problems: Problems, _known: Collection[str]) -> None:
    if value in (None, ""):
        return
    try:
        wanted.unit = value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        problems.add("unit", "unknown_unit", _("This company has no such production unit."))


def _p_number(value: Any, wanted: Wanted, problems: Problems, _known: Collection[str]) -> None:
    if value in (None, ""):
        return
    digits = "".join(str(value).split())
    if len(digits) == 10 and digits.isascii() and digits.isdigit():
        wanted.p_number = digits
    else:
        problems.add("p_number", "p_number_invalid", _("A P-number has ten digits."))


def _workplace(value: Any, wanted: Wanted, problems: Problems, known: Collection[str]) -> None:
    if value is None:
        return
    wanted.workplace = address(value, problems, "workplace", known)


def address(value: Any, problems: Problems, at: str, known: Collection[str] = ()) -> dict[str, str]:
    """street, postal_code and municipality as clean text; whether they fit each other is looked up later."""
    if not isinstance(value, Mapping):
        problems.add(at, "invalid_type", _("This must be an object."))
        return {}
    for name in value:
        if name not in ("street", "postal_code", "municipality"):
            problems.add(f"{at}/{str(name)[:60]}", "unknown_field", _("This field is not known here."))
    street = problems.text(f"{at}/street", value.get("street"), 200, multiline=False, empty=True, known=known)
    read = {"street": street}
    for name in ("postal_code", "municipality"):
        code = value.get(name) or ""
        if code and not (isinstance(code, str) and len(code) == 4 and code.isascii() and code.isdigit()):
            problems.add(f"{at}/{name}", "invalid_code", _("This must be four digits."))
            code = ""
        read[name] = code
    if not read["postal_code"] and not read["municipality"]:
        problems.add(f"{at}/postal_code", "required", _("This field is required."))
    return read


def _requirements(value: Any, wanted: Wanted, problems: Problems, _known: Collection[str]) -> None:
    if not isinstance(value, list) or len(value) > MAX_REQUIREMENTS:
        problems.add("requirements", "invalid_type", _("This must be a list of at most 50 demands."))
        return
    wanted.requirements, seen = [], set()
    for index, item in enumerate(value):
        row = requirement(item, f"requirements/{index}", problems)
        if row is None:
            continue
        if (row.kind, row.code) in seen:
            problems.add(f"requirements/{index}/code", "twice", _("This is asked for twice."))
        seen.add((row.kind, row.code))
        wanted.requirements.append(row)


_READERS: Mapping[str, Callable[[Any, Wanted, Problems, Collection[str]], None]] = {
    "occupation": _occupation,
    "shifts": _shifts,
    "apply_link": _link,
    "contact": _contact,
    "unit": _unit,
    "p_number": _p_number,
    "workplace": _workplace,
    "requirements": _requirements,
}


def check_together(order: JobOrder, problems: Problems) -> None:
    """Rules between fields, on the order as it would be."""
    if order.employment == JobOrder.Employment.FIXED_TERM and order.employment_until is None:
        problems.add("employment_until", "required", _("A fixed term needs its last day."))
    if order.employment_until and order.starts_on and order.employment_until < order.starts_on:
        problems.add("employment_until", "before_start", _("This is before the start."))
    low, high = order.hours_min, order.hours_max
    if low is not None and high is not None and low > high:
        problems.add("hours_max", "below_minimum", _("The most hours cannot be fewer than the least."))
    if (low is None) != (high is None):
        order.hours_min = low if low is not None else 0
        order.hours_max = high if high is not None else MAX_HOURS
    if order.apply_how == JobOrder.Apply.LINK and not order.apply_link:
        problems.add("apply_link", "required", _("Give the link where candidates apply."))


def block_of(order: JobOrder, requirements: Collection[Requirement] | None = None) -> dict[str, Any]:
    """The order block as it is now, in JSON types: what a revision holds and what a screening replays."""
    rows = order.demands if requirements is None else requirements
    block: dict[str, Any] = {name: getattr(order, name) for name in (*TEXTS, *CHOICES, *NUMBERS, *FLAGS, "apply_link")}
    del block["internal_note"]
    for name in DATES:
        day = getattr(order, name)
        block[name] = day.isoformat() if day else None
    return block | {
        "occupation": order.occupation_id,
        "shifts": list(shift_codes(order.shifts)),
        "unit": str(order.unit.public_id) if order.unit is not None else None,
        "workplace": {
            "street": order.workplace_street,
            "postal_code": order.workplace_postal_code,
            "municipality": order.workplace_municipality,
        },
        "requirements": [requirement_of(row) for row in sorted(rows, key=lambda row: (row.kind, row.code))],
    }
