"""Where the work is and whether the codes exist: what an order block refers to, looked up in few queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from companies.models import ProductionUnit
from events import kept
from joborders.models import JobOrder, Requirement
from joborders.problems import Problems
from joborders.wanted import Wanted
from municipalities.models import Municipality, PostalCode
from vocabulary.models import Certificate, IscoGroup, Language, Licence, Skill
from vocabulary.skills import Found, Named, named

_LISTS = {"occupation": IscoGroup, "licence": Licence, "certificate": Certificate, "language": Language}
_SKILL, _POSTCODE = Requirement.Kind.SKILL.value, "postcode"
_NO_SKILL = {
    Found.UNKNOWN: ("unknown_code", _("This value is not known.")),
    Found.RETIRED: ("retired", _("This skill is no longer in the vocabulary. Choose the one that took its place.")),
    Found.GROUP: ("not_a_skill", _("This is the heading of a group of skills. Choose a skill of the group.")),
    Found.AMBIGUOUS: ("ambiguous", _("Several skills are called this. Choose one of them by its id.")),
}

#: The lowest and highest Danish municipality code (Copenhagen, Hjørring).
FIRST_CODE, LAST_CODE = "0101", "0860"


def check_codes(wanted: Wanted, problems: Problems, order: JobOrder | None = None) -> Mapping[str, str]:
    """Note every code that the vocabulary does not hold, and write skills by their public id, however they were named.

    `order` is the one that changes: it may keep a skill that was retired meanwhile. Returns the municipalities that
    the workplace's postcode touches, by postcode. One query; a few more where a skill is not named by the id of one in
    force.
    """
    asked: dict[str, set[str]] = {}
    if wanted.fields.get("occupation_id"):
        asked["occupation"] = {wanted.fields["occupation_id"]}
    for row in wanted.requirements or ():
        code = _as_id(row.code) if row.kind == _SKILL else row.code
        if code:
            asked.setdefault(row.kind, set()).add(code)
    if wanted.workplace and wanted.workplace["postal_code"]:
        asked[_POSTCODE] = {wanted.workplace["postal_code"]}
    known = _known(asked)
    if "occupation" in asked and not known["occupation"]:
        problems.add("occupation", "unknown_code", _("This occupation is not known (an ISCO-08 code of four digits)."))
    for index, row in enumerate(wanted.requirements or ()):
        if row.kind != Requirement.Kind.SKILL and row.code not in known[row.kind]:
            problems.add(f"requirements/{index}/code", "unknown_code", _("This value is not known."))
    _name_skills(wanted, problems, order, known[_SKILL])
    return known[_POSTCODE]


def _known(asked: Mapping[str, set[str]]) -> dict[str, dict[str, str]]:
    """By kind, the codes that exist; a postcode with the municipalities that it touches."""
    known: dict[str, dict[str, str]] = {kind: {} for kind in (*_LISTS, _SKILL, _POSTCODE)}
    kinds = tuple(sorted(asked))
    if kinds:
        for kind, code, touched in kept.rows(_known_rows, (kinds,), *(_keys(kind, asked[kind]) for kind in kinds)):
            known[kind][str(UUID(code)) if kind == _SKILL else code] = touched
    return known


def _known_rows(kinds: tuple[str, ...], *codes: list[Any]) -> QuerySet[Any, tuple[str, str, str]]:
    first, *others = (_of_kind(kind, those) for kind, those in zip(kinds, codes, strict=True))
    return first.union(*others, all=True)


def _of_kind(kind: str, codes: list[Any]) -> QuerySet[Any, tuple[str, str, str]]:
    name, none = Value(kind, CharField()), Value("", CharField())
    if kind == _POSTCODE:
        return PostalCode.objects.filter(code__in=codes).order_by().values_list(name, "code", "municipality_codes")
    if kind == _SKILL:
        skills = Skill.objects.current().filter(public_id__in=codes, is_group=False).order_by()
        return skills.values_list(name, Cast("public_id", TextField()), none)
    return _LISTS[kind].objects.filter(code__in=codes).order_by().values_list(name, "code", none)


def _keys(kind: str, codes: set[str]) -> list[Any]:
    return [UUID(code) for code in sorted(codes)] if kind == _SKILL else sorted(codes)


def _as_id(name: str) -> str:
    """The one spelling of a public id; '' for any other name."""
    try:
        return str(UUID(name))
    except ValueError:
        return ""


def _name_skills(wanted: Wanted, problems: Problems, order: JobOrder | None, in_force: Collection[str]) -> None:
    """Skills by public id in place of URIs and labels; each only once."""
    rows = [(at, row) for at, row in enumerate(wanted.requirements or ()) if row.kind == Requirement.Kind.SKILL]
    answers = {row.code: Named(Found.CURRENT, UUID(row.code)) for _at, row in rows if _as_id(row.code) in in_force}
    if others := {row.code for _at, row in rows} - answers.keys():
        answers |= named(others)
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


def place(
    order: JobOrder,
    wanted: Wanted,
    units: Iterable[ProductionUnit],
    problems: Problems,
    postcodes: Mapping[str, str],
) -> None:
    """Set the order's unit and workplace. A unit of another company, or an unknown place, is noted.

    `postcodes` are those that `check_codes` gave.
    """
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
        order.workplace_municipality = _chosen(wanted.workplace, problems, "workplace", postcodes)


def municipality_of(place: dict[str, str], problems: Problems, at: str) -> str:
    """The municipality code of an address. A postcode shared by several never decides: then it must be chosen."""
    found = PostalCode.objects.filter(code=place["postal_code"])
    return _chosen(place, problems, at, dict(found.values_list("code", "municipality_codes")))


def _chosen(place: dict[str, str], problems: Problems, at: str, postcodes: Mapping[str, str]) -> str:
    chosen, postal_code = place["municipality"], place["postal_code"]
    if chosen and not FIRST_CODE <= chosen <= LAST_CODE:
        problems.add(f"{at}/municipality", "unknown_code", _("There is no municipality with this code."))
        return ""
    if not postal_code:
        return chosen
    codes = postcodes.get(postal_code)
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


def unit_fields(body: Mapping[str, Any], at: str = "") -> dict[str, Any]:
    """A unit's body with its municipality code; a postcode shared by several asks. Raises Invalid."""
    values = dict(body)
    problems = Problems(prefix=f"/{at}" if at else "")
    place = {"postal_code": values.get("postal_code", ""), "municipality": values.pop("municipality", "")}
    inner = Problems()
    values["municipality_code"] = municipality_of(place, inner, "unit")
    for found in inner.found:
        problems.add(found.pointer.rpartition("/")[2], found.code, found.detail)
    if not values["municipality_code"] and not problems.found:
        problems.add("municipality", "required", _("Name the municipality that the unit lies in."))
    problems.raise_any()
    return values
