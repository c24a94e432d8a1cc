"""What a step of a nomination takes, checked: all problems at once, each with its pointer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _

from candidates import cv_principles, cv_rules, values
from candidates.cv_check import in_words
from events import clock
from events.errors import FieldProblem, Invalid
from joborders.models import JobOrder
from joborders.nomination_workflow import REASONS_WITH_TEXT, HireTerms

CHANNELS: Final = frozenset({"phone", "meeting", "video", "mail", "message"})
TALK: Final = ("talk_can_do", "talk_wants_to", "cv_checked")
MAX_HOURS: Final = 60
ACCEPTANCE: Mapping[str, values.Reader] = {
    "accepted_on": values.past_day,
    "channel": values.one_of(CHANNELS),
    "by": values.text(120, min_length=1),
    **dict.fromkeys(TALK, values.yes_no),
    "special_terms_fit": values.yes_no_unknown,
    "cv_text": values.text(10_000, multiline=True),
}
_NEEDED = ("accepted_on", "channel", *TALK)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The columns that an acceptance writes, and the marks in the CV text that the company will read."""

    columns: dict[str, Any]
    warnings: tuple[str, ...]


def acceptance(given: Mapping[str, Any], *, order: JobOrder, cv_text: str, by: str) -> Acceptance:
    """Read an acceptance; its keys are those of ACCEPTANCE.

    `cv_text` is the profile's, taken when the acceptance brings none; `by` is who wrote the acceptance down when it
    names nobody. All three answers of the talk must be yes; the home jobcentre judges special terms. Raises Invalid.
    """
    problems: list[FieldProblem] = []
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in ACCEPTANCE:
            problems.append(FieldProblem("/", "unknown_field", _("Unknown field.")))
            continue
        _collect(problems, lambda n=name, v=value: found.__setitem__(n, ACCEPTANCE[n](v, f"/{n}")))
    if "cv_text" not in given:
        _collect(problems, lambda: found.__setitem__("cv_text", ACCEPTANCE["cv_text"](cv_text, "/cv_text")))
    for name in _NEEDED:
        if given.get(name) is None:
            problems.append(FieldProblem(f"/{name}", "required", _("This is required.")))
    problems.extend(_no_to_the_talk(found, order))
    if problems:
        raise Invalid(problems)
    columns = {name: found[name] for name in (*TALK, "cv_text")}
    columns |= {
        "acceptance_on": found["accepted_on"],
        "acceptance_channel": found["channel"],
        "acceptance_by": found.get("by") or by[:120],
        "special_terms_fit": found.get("special_terms_fit"),
    }
    kinds = {finding.kind.value for finding in cv_rules.findings(found["cv_text"])}
    return Acceptance(columns, tuple(f"cv_{kind}" for kind in sorted(kinds)))


def _no_to_the_talk(found: Mapping[str, Any], order: JobOrder) -> list[FieldProblem]:
    """A person who cannot or will not do the job, or whose CV nobody looked at, is not accepted but withdrawn."""
    must = list(TALK)
    if order.type == JobOrder.Type.SPECIAL:
        must.append("special_terms_fit")
    problems = [
        FieldProblem(f"/{name}", "not_confirmed", _("This must be confirmed before the candidate is accepted."))
        for name in must
        if found.get(name) is False
    ]
    if "special_terms_fit" in must and found.get("special_terms_fit") is None:
        problems.append(FieldProblem("/special_terms_fit", "required", _("Say whether the special terms fit.")))
    return problems


def reason(code: object, text: object, reasons: type[StrEnum]) -> tuple[str, str]:
    """A reason out of the step's list, with text where it asks for one. Raises Invalid."""
    problems: list[FieldProblem] = []
    found: dict[str, str] = {}
    known = values.one_of(frozenset(str(item) for item in reasons))
    _collect(problems, lambda: found.__setitem__("reason", known(code, "/reason")))
    _collect(problems, lambda: found.__setitem__("text", values.text(1000, multiline=True)(text, "/text")))
    needs_text = {str(item) for item in REASONS_WITH_TEXT}
    if not problems and found["reason"] in needs_text and not found["text"]:
        problems.append(FieldProblem("/text", "required", _("This reason needs a text.")))
    if problems:
        raise Invalid(problems)
    return found["reason"], found["text"]


def cv_columns(why: object, failed: tuple[str, ...]) -> dict[str, str]:
    """The columns of a presentation: the checklist's version, what fails, and why it is shown. Raises Invalid."""
    text = values.text(1000, multiline=True)(why, "/reason")
    if failed and not text:
        said = _("The CV does not keep all principles (%(gaps)s). Say why it is shown nevertheless.")
        raise Invalid.field("/reason", "cv_fails", said % {"gaps": in_words(failed)})
    kept = text if failed else ""
    return {"cv_principles": cv_principles.CURRENT, "cv_gaps": ",".join(failed), "cv_reason": kept}


def hire(starts_on: object, weekly_hours: object, terms: object) -> dict[str, Any]:
    """The columns of a hire: start date, weekly hours 1–60, ordinary or subsidised. Raises Invalid."""
    problems: list[FieldProblem] = []
    found: dict[str, Any] = {}
    hours = values.whole(1, MAX_HOURS, may_be_none=False)
    known = values.one_of(frozenset(str(item) for item in HireTerms))
    _collect(problems, lambda: found.__setitem__("hire_starts_on", start_date(starts_on)))
    _collect(problems, lambda: found.__setitem__("hire_hours", hours(weekly_hours, "/weekly_hours")))
    _collect(problems, lambda: found.__setitem__("hire_terms", known(terms, "/terms")))
    if problems:
        raise Invalid(problems)
    return found


def start_date(value: object) -> date:
    """The day a hire begins. Raises Invalid."""
    found = values.day(value, "/starts_on")
    if found is None:
        raise Invalid.field("/starts_on", "required", _("Give the date of the first working day."))
    return found


def _collect(problems: list[FieldProblem], read: Callable[[], object]) -> None:
    try:
        read()
    except Invalid as invalid:
        problems.extend(invalid.errors)


#: Nobody plans an interview further away than this.
FARTHEST_INTERVIEW = timedelta(days=366)


def interview_time(value: object, *, needed: bool = False) -> datetime | None:
    """When company and candidate meet (aware), in UTC. Raises Invalid for a time that is needed or has passed."""
    if value is None or value == "":
        if needed:
            raise Invalid.field("interview_at", "required", _("Tell when the interview is."))
        return None
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise Invalid.field("interview_at", "invalid", _("A time needs its offset from UTC."))
    now = clock.now()
    if value <= now:
        raise Invalid.field("interview_at", "in_the_past", _("This time has passed."))
    if value > now + FARTHEST_INTERVIEW:
        raise Invalid.field("interview_at", "out_of_range", _("This is more than a year away."))
    return value.astimezone(UTC)
