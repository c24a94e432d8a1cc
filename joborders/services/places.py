"""Where the work is and whether the codes exist: what an order block refers to, looked up in few queries."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import CharField, Value
from django.utils.translation import gettext_lazy as _

from companies.models import ProductionUnit
from joborders.models import JobOrder, Requirement
from joborders.problems import Problems
from joborders.wanted import Wanted
from municipalities.models import Municipality, PostalCode
from vocabulary.models import Certificate, IscoGroup, Language, Licence, Skill

_LISTS = {"occupation": IscoGroup, "licence": Licence, "certificate": Certificate, "language": Language}

#: The lowest and highest Danish municipality code (Copenhagen, Hjørring).
FIRST_CODE, LAST_CODE = "0101", "0860"


def check_codes(wanted: Wanted, problems: Problems) -> None:
    """Note every code that the vocabulary does not hold: at most two queries, one for the lists, one for skills."""
    asked: dict[str, set[str]] = {}
    if wanted.fields.get("occupation_id"):
        asked["occupation"] = {wanted.fields["occupation_id"]}
    for row in wanted.requirements or ():
        asked.setdefault(row.kind, set()).add(row.code)
    known = _known_codes(asked)
    if "occupation" in asked and not asked["occupation"] <= known["occupation"]:
        problems.add("occupation", "unknown_code", _("This occupation is not known (an ISCO-08 code of four digits)."))
    for index, row in enumerate(wanted.requirements or ()):
        if row.code not in known[row.kind]:
            problems.add(f"requirements/{index}/code", "unknown_code", _("This value is not known."))


def _known_codes(asked: dict[str, set[str]]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {kind: set() for kind in (*_LISTS, Requirement.Kind.SKILL.value)}
    parts = [
        model.objects.filter(code__in=asked[kind]).order_by().values_list(Value(kind, output_field=CharField()), "code")
        for kind, model in _LISTS.items()
        if asked.get(kind)
    ]
    if parts:
        for kind, code in parts[0].union(*parts[1:], all=True):
            known[kind].add(code)
    skills = [key for key in map(_uuid, asked.get("skill", ())) if key is not None]
    if skills:
        found = Skill.objects.current().filter(public_id__in=skills).values_list("public_id", flat=True)
        known["skill"] = {str(key) for key in found}
    return known


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def place(order: JobOrder, wanted: Wanted, units: Iterable[ProductionUnit], problems: Problems) -> None:
    """Set the order's unit and workplace. A unit of another company, or an unknown place, is noted."""
    unit = None
    if wanted.unit is not None:
        unit = next((item for item in units if item.public_id == wanted.unit), None)
        if unit is None:
            problems.add("unit", "unknown_unit", _("This company has no such production unit."))
    elif wanted.p_number is not None:
        unit = next((item for item in units if item.p_number == wanted.p_number), None)
        if unit is None:
            problems.add("p_number", "p_number_of_another", _("This company has no unit with this P-number."))
    if unit is not None:
        order.unit = unit
        order.workplace_street, order.workplace_postal_code = unit.street, unit.postal_code
        order.workplace_municipality = unit.municipality_code
    elif wanted.workplace:
        order.unit = None
        order.workplace_street = wanted.workplace["street"]
        order.workplace_postal_code = wanted.workplace["postal_code"]
        order.workplace_municipality = municipality_of(wanted.workplace, problems, "workplace")


def municipality_of(place: dict[str, str], problems: Problems, at: str) -> str:
    """The municipality code of an address. A postcode shared by several never decides: then it must be chosen."""
    chosen, postal_code = place["municipality"], place["postal_code"]
    if chosen and not FIRST_CODE <= chosen <= LAST_CODE:
        problems.add(f"{at}/municipality", "unknown_code", _("There is no municipality with this code."))
        return ""
    if not postal_code:
        return chosen
    codes = PostalCode.objects.filter(code=postal_code).values_list("municipality_codes", flat=True).first()
    if codes is None:
        if not chosen:
            problems.add(f"{at}/municipality", "required", _("Name the municipality: this postcode is not known here."))
        return chosen
    touched = codes.split()
    if chosen in touched:
        return chosen
    if chosen:
        problems.add(f"{at}/municipality", "not_in_postcode", _("This postcode does not touch that municipality."))
    elif len(touched) == 1:
        return touched[0]
    else:
        names = dict(Municipality.objects.filter(code__in=touched).values_list("code", "name"))
        listed = ", ".join(f"{names[code]} ({code})" if code in names else code for code in touched)
        detail = _("Several municipalities share this postcode. Which one is it: %(names)s?") % {"names": listed}
        problems.add(f"{at}/municipality", "choose_municipality", detail)
    return ""
