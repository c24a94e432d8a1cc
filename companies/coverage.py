"""Which units an agreement covers: all, those of an area, those chosen; and where two tovholders would meet."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies import areas
from companies.models import Agreement, Company, ProductionUnit
from companies.querysets import UnitQuerySet
from events.errors import Conflict, Invalid

MOST_UNITS = 5000
SHOWN = 3
_DIGITS = re.compile(r"[0-9]{10}")


class Size(NamedTuple):
    """How many of a company's units that have not ceased are covered, and how many it has."""

    covered: int
    units: int


def covering(company: Company, unit: ProductionUnit | None, day: dt.date) -> Agreement | None:
    """The agreement in force that covers this unit: one that names a tovholder first, then the newest."""
    found = list(company.agreements.in_force(day).order_by("-valid_from", "-id"))
    chosen: set[int] = set()
    if unit is not None and not all(agreement.covers_all_units for agreement in found):
        chosen = set(unit.agreements.values_list("pk", flat=True))
    covers = [one for one in found if one.covers_all_units or (unit is not None and _covers(one, unit, chosen))]
    return min(covers, key=lambda agreement: agreement.tovholder_id is None, default=None)


def _covers(agreement: Agreement, unit: ProductionUnit, agreements_of_unit: set[int]) -> bool:
    return agreement.covers(unit, {unit.pk} if agreement.pk in agreements_of_unit else ())


def covered_units(agreement: Agreement) -> UnitQuerySet:
    """The units that it covers today, in the order of their postal codes; ceased ones too."""
    found = ProductionUnit.objects.filter(company_id=agreement.company_id)
    if not agreement.covers_all_units:
        chosen = Agreement.units.through.objects.filter(agreement=agreement).values("productionunit")
        found = found.filter(in_area(agreement.area) | Q(pk__in=chosen))
    return found.order_by("postal_code", "name", "pk")


def would_cover(company: Company, area: Sequence[str], chosen: Iterable[ProductionUnit] | None) -> UnitQuerySet:
    """The units that an agreement with this coverage would have, ceased ones left out; see `agreements.sign`."""
    found = ProductionUnit.objects.active().filter(company=company)
    if chosen is not None or area:
        found = found.filter(in_area(area) | Q(pk__in=[unit.pk for unit in chosen or ()]))
    return found.order_by("postal_code", "name", "pk")


def in_area(parts: Sequence[str]) -> Q:
    """The units of an area, as a condition; nothing for an empty one."""
    area = areas.parse(parts)
    found = Q(municipality_code__in=area.municipalities)
    for first, last in area.postal:
        found |= Q(postal_code__range=(first, last))
    return found


def checked_area(parts: Iterable[str]) -> list[str]:
    """The area as it is stored. Raises Invalid naming the part that is none."""
    try:
        return areas.parse(parts).parts
    except ValueError as wrong:
        part = str(wrong)[:20]
        said = _("“%(part)s” is no municipality code (0101), postal code (6270) or range (6200-6299).") % {"part": part}
        raise Invalid.field("area", "unknown_area", said if part else _("These are too many areas.")) from None


def by_p_number(company: Company, text: str) -> list[ProductionUnit]:
    """The units of a list of P-numbers, as lines or as a column of a CSV file; each once.

    Raises Invalid with code `unknown_unit` that names the first numbers that the company has not, or `required`.
    """
    numbers = list(dict.fromkeys(_DIGITS.findall(text)))
    if not numbers:
        raise Invalid.field("p_numbers", "required", _("There is no P-number of ten digits in the list."))
    if len(numbers) > MOST_UNITS:
        raise Invalid.field("p_numbers", "too_many", _("At most %(n)s units at a time.") % {"n": MOST_UNITS})
    found = {unit.p_number: unit for unit in company.units.filter(p_number__isnull=False)}
    unknown = [number for number in numbers if number not in found]
    if unknown:
        said = ngettext(
            "%(n)s P-number is none of this company's: %(numbers)s",
            "%(n)s P-numbers are none of this company's: %(numbers)s",
            len(unknown),
        )
        shown = ", ".join(unknown[:SHOWN]) + (" …" if len(unknown) > SHOWN else "")
        raise Invalid.field("p_numbers", "unknown_unit", said % {"n": len(unknown), "numbers": shown})
    return [found[number] for number in numbers]


def refuse_overlap(agreement: Agreement) -> None:
    """Raise Conflict where another tovholder's agreement covers one of the units in the same time.

    Only signed agreements count. Call with the company locked, after the units are written: the caller's transaction
    takes them back.
    """
    if agreement.tovholder_id is None or agreement.signed_on is None:
        return
    others = Agreement.objects.filter(company_id=agreement.company_id, tovholder__isnull=False, signed_on__isnull=False)
    others = others.exclude(pk=agreement.pk).select_related("tovholder").order_by("valid_from", "pk")
    mine: set[int] | None = None
    for other in others:
        if not _meet(agreement, other):
            continue
        if mine is None:
            mine = _pks(agreement)
        common = mine & _pks(other)
        if common or (agreement.covers_all_units and other.covers_all_units):
            raise Conflict("tovholder_overlap", _overlap(other, common))


def _meet(one: Agreement, other: Agreement) -> bool:
    """Whether there is a day on which both are in force."""
    last = min(_last_day(one), _last_day(other))
    return max(one.valid_from, other.valid_from) <= last


def _last_day(agreement: Agreement) -> dt.date:
    ended = agreement.ended_on - dt.timedelta(days=1) if agreement.ended_on else dt.date.max
    return min(agreement.valid_to or dt.date.max, ended)


def _pks(agreement: Agreement) -> set[int]:
    return set(covered_units(agreement).order_by().values_list("pk", flat=True))


def _overlap(other: Agreement, common: set[int]) -> str:
    names = (
        ProductionUnit.objects.filter(pk__in=common)
        .order_by("postal_code", "name", "pk")
        .values_list("name", flat=True)
    )
    shown = ", ".join(names[:SHOWN]) + (" …" if len(common) > SHOWN else "")
    said = ngettext(
        "%(n)s unit has a tovholder in the same time: %(place)s, by the agreement from %(day)s. %(units)s",
        "%(n)s units have a tovholder in the same time: %(place)s, by the agreement from %(day)s. %(units)s",
        len(common),
    )
    tovholder = other.tovholder.name if other.tovholder else ""
    values = {"n": len(common), "place": tovholder, "day": other.valid_from.isoformat(), "units": shown}
    return said % values


def sizes(agreements: Sequence[Agreement]) -> dict[int, Size]:
    """By agreement's primary key: units covered and units in all. Two queries, however many agreements and units."""
    companies = {agreement.company_id for agreement in agreements}
    active = ProductionUnit.objects.active().filter(company__in=companies).order_by()
    units: dict[int, list[ProductionUnit]] = defaultdict(list)
    for unit in active.only("pk", "company_id", "municipality_code", "postal_code"):
        units[unit.company_id].append(unit)
    some = [agreement.pk for agreement in agreements if not agreement.covers_all_units]
    chosen: dict[int, set[int]] = defaultdict(set)
    rows = Agreement.units.through.objects.filter(agreement__in=some).order_by()
    for agreement_pk, unit_pk in rows.values_list("agreement_id", "productionunit_id"):
        chosen[agreement_pk].add(unit_pk)
    return {
        agreement.pk: _size(agreement, units[agreement.company_id], chosen[agreement.pk]) for agreement in agreements
    }


def _size(agreement: Agreement, units: list[ProductionUnit], chosen: set[int]) -> Size:
    if agreement.covers_all_units:
        return Size(len(units), len(units))
    area = areas.parse(agreement.area)
    covered = sum(unit.pk in chosen or area.holds(unit.municipality_code, unit.postal_code) for unit in units)
    return Size(covered, len(units))
