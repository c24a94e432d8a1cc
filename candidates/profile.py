"""A profile as the API and the import spell it: read into what is stored, and back.

Nothing about CPR number, age, sex, origin or health is accepted under any name. A section that is present, even
empty, counts as reviewed today; an absent one is left as it was (design §5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from candidates import values
from candidates.models import Candidate, Identity
from candidates.words import Words, skill_key
from events.errors import FieldProblem, Invalid
from vocabulary.scales import shift_codes

Row = tuple[Any, ...]

MAX_ROWS = 100
IDENTITY: Mapping[str, values.Reader] = {
    "name": values.text(120, min_length=1),
    "phone": values.phone,
    "email": values.email,
    "contact_way": values.one_of(frozenset(Identity.ContactWay.values)),
}
COLUMNS: Mapping[str, values.Reader] = {
    "external_reference": values.text(64, min_length=1),
    "status": values.one_of(frozenset(Candidate.Status.values)),
    "status_until": values.day,
    "unemployed_since": values.month,
    "available_from": values.day,
    "hours_min": values.whole(0, 60),
    "hours_max": values.whole(0, 60),
    "shifts": values.shifts,
    "own_transport": values.yes_no_unknown,
    "max_distance_km": values.whole(1, 200),
    "cv_text": values.text(10_000, multiline=True),
    "confirmed_on": values.past_day,
}
#: Columns that together are one reviewed section.
COLUMN_SECTIONS: Mapping[str, str] = {
    "hours_min": "hours",
    "hours_max": "hours",
    "shifts": "hours",
    "own_transport": "transport",
}
LISTS = ("licences", "certificates", "skills", "occupations", "job_goals", "languages")
FIELDS = (*IDENTITY, *COLUMNS, "postal_code", *LISTS)
SENSITIVE = frozenset(
    {"cpr", "cpr_number", "personnummer", "age", "birth_date", "date_of_birth", "sex", "gender", "origin"}
    | {"nationality", "citizenship", "ethnicity", "religion", "health", "diagnosis", "disability"}
)


@dataclass
class Profile:
    """What is to be stored: columns of Candidate and Identity, rows of the lists, and the sections reviewed.

    The rows' columns are those of `candidates.storage.TABLES`.
    """

    columns: dict[str, Any] = field(default_factory=dict)
    identity: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    reviewed: frozenset[str] = frozenset()


def read_profile(data: Any, words: Words, current: Candidate | None = None) -> Profile:
    """Check and convert the fields of a new profile, or of changes to `current`.

    `words` must have learned the skills named. Raises Invalid with every problem found, each with its pointer.
    """
    if not isinstance(data, Mapping):
        raise Invalid.field("/", "invalid_type", _("A profile is an object with fields."))
    problems: list[FieldProblem] = []
    profile = Profile()
    for name, value in data.items():
        try:
            _read_field(profile, str(name), value, words)
        except Invalid as invalid:
            problems.extend(invalid.errors)
    if current is None:
        missing = [name for name in ("external_reference", "name") if name not in data]
        problems.extend(FieldProblem(f"/{name}", "required", _("This is required.")) for name in missing)
    if not problems:
        problems.extend(_do_not_fit(profile, current))
    if problems:
        raise Invalid(problems)
    sections = {COLUMN_SECTIONS[name] for name in profile.columns if name in COLUMN_SECTIONS}
    profile.reviewed = frozenset(sections | (profile.lists.keys() & set(Candidate.SECTIONS)))
    return profile


def _read_field(profile: Profile, name: str, value: Any, words: Words) -> None:
    pointer = f"/{name}"
    if name in IDENTITY:
        profile.identity[name] = IDENTITY[name](value, pointer)
    elif name in COLUMNS:
        profile.columns[name] = COLUMNS[name](value, pointer)
    elif name == "postal_code":
        empty = value in ("", None)
        profile.columns[name] = "" if empty else values.postal_code(value, pointer, words.postal_codes)
    elif name in LISTS:
        profile.lists[name] = _read_list(name, value, words)
    elif name in SENSITIVE:
        raise values.refused(pointer, "not_accepted", _("This is not kept about anybody here."))
    else:
        # The name itself may be anything, also a number that must not come back: it is cut off.
        raise values.refused(f"/{name[:40]}" if name.isidentifier() else "/", "unknown_field", _("Unknown field."))


def _do_not_fit(profile: Profile, current: Candidate | None) -> list[FieldProblem]:
    """Problems between fields, judged on what the profile will be."""

    def will_be(name: str) -> Any:
        return profile.columns.get(name, getattr(current, name, None))

    problems = []
    low, high = will_be("hours_min"), will_be("hours_max")
    if (low is None) != (high is None):
        problems.append(FieldProblem("/hours_min", "required", _("Give both ends of the weekly hours, or none.")))
    elif low is not None and low > high:
        problems.append(FieldProblem("/hours_min", "out_of_range", _("The weekly hours begin above their end.")))
    in_course = will_be("status") == Candidate.Status.IN_COURSE
    if in_course and will_be("status_until") is None:
        problems.append(FieldProblem("/status_until", "required", _("Say until when the course lasts.")))
    if "status" in profile.columns and not in_course:
        profile.columns["status_until"] = None
    return problems


def _read_list(name: str, value: Any, words: Words) -> tuple[Row, ...]:
    """The rows of a list, sorted; every problem in it is reported, not only the first."""
    if value is None:
        value = []
    if not isinstance(value, list | tuple):
        raise values.refused(f"/{name}", "invalid_type", _("Give a list."))
    if len(value) > MAX_ROWS:
        raise values.refused(f"/{name}", "too_many", _("At most %(n)d entries.") % {"n": MAX_ROWS})
    rows: list[Row] = []
    problems: list[FieldProblem] = []
    for index, item in enumerate(value):
        pointer = f"/{name}/{index}"
        try:
            row = READERS[name](item, pointer, words)
            if name != "occupations" and any(row[0] == other[0] for other in rows):
                raise values.refused(pointer, "duplicate", _("This is listed twice."))
            rows.append(row)
        except Invalid as invalid:
            problems.extend(invalid.errors)
    if problems:
        raise Invalid(problems)
    return tuple(sorted(rows, key=repr))


def _object(item: Any, pointer: str, needed: str, **readers: values.Reader) -> dict[str, Any]:
    """The fields of one list entry; `needed` must be there. Raises Invalid with all problems."""
    if not isinstance(item, Mapping):
        raise values.refused(pointer, "invalid_type", _("Give an object with fields."))
    problems = [FieldProblem(pointer, "unknown_field", _("Unknown field.")) for key in item if key not in readers]
    found: dict[str, Any] = {}
    for name, read in readers.items():
        if name not in item:
            if name in needed.split():
                problems.append(FieldProblem(f"{pointer}/{name}", "required", _("This is required.")))
            continue
        try:
            found[name] = read(item[name], f"{pointer}/{name}")
        except Invalid as invalid:
            problems.extend(invalid.errors)
    if problems:
        raise Invalid(problems)
    return found


def _certificate(item: Any, pointer: str, words: Words) -> Row:
    found = _object(
        item,
        pointer,
        "code",
        code=lambda value, at: values.known(value, at, words.certificates),
        valid_through=values.day,
    )
    return found["code"], found.get("valid_through")


def _skill(item: Any, pointer: str, words: Words) -> Row:
    def known_skill(value: Any, at: str) -> int:
        pk = words.skills.get(skill_key(str(value)))
        if pk is None:
            raise values.refused(at, "unknown_code", _("This skill does not exist."))
        return pk

    found = _object(item, pointer, "skill", skill=known_skill, documented=values.yes_no)
    return found["skill"], found.get("documented", False)


def _occupation(item: Any, pointer: str, words: Words) -> Row:
    found = _object(
        item,
        pointer,
        "isco months",
        isco=lambda value, at: values.known(value, at, words.isco),
        title=values.text(120),
        months=values.whole(0, 720, may_be_none=False),
    )
    return found["isco"], found.get("title", ""), found["months"]


def _language(item: Any, pointer: str, words: Words) -> Row:
    found = _object(
        item,
        pointer,
        "code oral written",
        code=lambda value, at: values.known(value, at, words.languages),
        oral=values.level,
        written=values.level,
    )
    return found["code"], found["oral"], found["written"]


READERS: Mapping[str, Callable[[Any, str, Words], Row]] = {
    "licences": lambda item, pointer, words: (values.known(item, pointer, words.licences),),
    "certificates": _certificate,
    "skills": _skill,
    "occupations": _occupation,
    "job_goals": lambda item, pointer, words: (values.known(item, pointer, words.isco),),
    "languages": _language,
}


def profile_of(candidate: Candidate) -> dict[str, Any]:
    """The profile with the API's field names, without Identity. Prefetch the lists for more than one."""
    columns = ("external_reference", "postal_code", "status", "status_until", "available_from")
    since, mask = candidate.unemployed_since, candidate.shifts
    return {
        **{name: getattr(candidate, name) for name in columns},
        "unemployed_since": since.strftime("%Y-%m") if since else None,
        "hours_min": candidate.hours_min,
        "hours_max": candidate.hours_max,
        "shifts": None if mask is None else list(shift_codes(mask)),
        "own_transport": candidate.own_transport,
        "max_distance_km": candidate.max_distance_km,
        "cv_text": candidate.cv_text,
        "confirmed_on": candidate.confirmed_on,
        "licences": [row.licence_id for row in candidate.licences.all()],
        "certificates": [
            {"code": row.certificate_id, "valid_through": row.valid_through} for row in candidate.certificates.all()
        ],
        "skills": [{"skill": row.skill.public_id, "documented": row.documented} for row in candidate.skills.all()],
        "occupations": [
            {"isco": row.isco_id, "title": row.title, "months": row.months} for row in candidate.occupations.all()
        ],
        "job_goals": [row.isco_id for row in candidate.job_goals.all()],
        "languages": [
            {"code": row.language_id, "oral": row.oral, "written": row.written} for row in candidate.languages.all()
        ],
        "reviewed": {name: getattr(candidate, f"{name}_reviewed_on") for name in Candidate.SECTIONS},
    }
