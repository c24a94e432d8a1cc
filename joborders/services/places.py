"""Where the work is and whether the codes exist: what an order block refers to, looked up in few queries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import CharField, Value
from django.utils.translation import gettext_lazy as _

from companies.models import ProductionUnit
from joborders.models import JobOrder, Requirement
from joborders.problems import Problems
from joborders.wanted import Wanted
from municipalities.models import Municipality, PostalCode
from vocabulary.models import Certificate, IscoGroup, Language, Licence
from vocabulary.skills import Found, named

_LISTS = {"occupation": IscoGroup, "licence": Licence, "certificate": Certificate, "language": Language}
_NO_SKILL = {
    Found.UNKNOWN: ("unknown_code", _("This value is not known.")),
    Found.RETIRED: ("retired", _("This skill is no longer in the vocabulary. Choose the one that took its place.")),
    Found.GROUP: ("not_a_skill", _("This is the heading of a group of skills. Choose a skill of the group.")),
    Found.AMBIGUOUS: ("ambiguous", _("Several skills are called this. Choose one of them by its id.")),
}


def check_codes(wanted: Wanted, problems: Problems, order: JobOrder | None = None) -> None:
    """Note every code that the vocabulary does not hold, and write skills by their public id, however they were named.

    `order` is the one that changes: it may keep a skill that was retired meanwhile. One query for the lists, and a
    few for skills, whatever their number.
    """
    asked: dict[str, set[str]] = {}
    if wanted.fields.get("occupation_id"):
        asked["occupation"] = {wanted.fields["occupation_id"]}
    for row in wanted.requirements or ():
        if row.kind != Requirement.Kind.SKILL:
            asked.setdefault(row.kind, set()).add(row.code)
    known = _known_codes(asked)
    if "occupation" in asked and not asked["occupation"] <= known["occupation"]:
        problems.add("occupation", "unknown_code", _("This occupation is not known (an ISCO-08 code of four digits)."))
    for index, row in enumerate(wanted.requirements or ()):
        if row.kind != Requirement.Kind.SKILL and row.code not in known[row.kind]:
            problems.add(f"requirements/{index}/code", "unknown_code", _("This value is not known."))
    _name_skills(wanted, problems, order)


def _known_codes(asked: dict[str, set[str]]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {kind: set() for kind in _LISTS}
    parts = [
        model.objects.filter(code__in=asked[kind]).order_by().values_list(Value(kind, output_field=CharField()), "code")
        for kind, model in _LISTS.items()
        if asked.get(kind)
    ]
    if parts:
        for kind, code in parts[0].union(*parts[1:], all=True):
            known[kind].add(code)
    return known


def _name_skills(wanted: Wanted, problems: Problems, order: JobOrder | None) -> None:
    """Skills by public id in place of URIs and labels; each only once."""
    rows = [(at, row) for at, row in enumerate(wanted.requirements or ()) if row.kind == Requirement.Kind.SKILL]
    if not rows:
        return
    answers = named(row.code for _at, row in rows)
    held: set[str] = set()
    if order is not None and any(answer.found is Found.RETIRED for answer in answers.values()):
        held = {row.code for row in order.requirements.all()}
    seen: dict[str, str] = {}
    for at, row in rows:
        answer = answers[row.code]
        code = str(answer.public_id)
        if answer.found is not Found.CURRENT and not (answer.found is Found.RETIRED and code in held):
            problems.add(f"requirements/{at}/code", *_NO_SKILL[answer.found])
            continue
        # Two equal texts were noted when they were read; here two names turn out to be one skill.
        if seen.setdefault(code, row.code) != row.code:
            problems.add(f"requirements/{at}/code", "twice", _("This is asked for twice."))
        row.code = code


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
