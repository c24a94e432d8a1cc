"""A screening in words: demands, evidence and points as the page shows them. What is decided is the engine's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from screening.table import CURRENT, TABLES
from web.vocabulary_words import Labels, shifts_in_words

MUSTS = {
    "distance": gettext_lazy("Distance"),
    "start": gettext_lazy("Start"),
    "hours": gettext_lazy("Weekly hours"),
    "shifts": gettext_lazy("Shifts"),
    "licences": gettext_lazy("Driving licence"),
    "certificates": gettext_lazy("Certificate"),
    "languages": gettext_lazy("Language"),
    "transport": gettext_lazy("Own transport"),
    "skills": gettext_lazy("Required skill"),
}
PARTS = {
    "skills": gettext_lazy("Skills"),
    "occupation": gettext_lazy("Occupation"),
    "distance": gettext_lazy("Distance"),
    "wish": gettext_lazy("Own wish"),
}
ANSWERS = {
    "met": gettext_lazy("met"),
    "missing": gettext_lazy("missing"),
    "unknown": gettext_lazy("unknown"),
}
LANES = {
    "qualified": gettext_lazy("Qualified"),
    "check": gettext_lazy("Check"),
    "nearly": gettext_lazy("Nearly"),
}
OUTCOMES = {**LANES, "not": gettext_lazy("Not on the list")}
LANES_EXPLAINED = {
    "qualified": gettext_lazy("Every must-have is met."),
    "check": gettext_lazy("Nothing is missing, but something is unknown: ask."),
    "nearly": gettext_lazy("One must-have is missing that a course can give."),
}
EVIDENCE = {
    "within_limit": gettext_lazy("within reach"),
    "beyond_limit": gettext_lazy("too far away"),
    "workplace_unknown": gettext_lazy("the workplace is not known"),
    "postal_point_unknown": gettext_lazy("no postal code is recorded"),
    "own_limit_unknown": gettext_lazy("how far the candidate will travel is not recorded"),
    "available_in_time": gettext_lazy("available in time"),
    "available_too_late": gettext_lazy("available too late"),
    "available_from_unknown": gettext_lazy("the earliest start is not recorded"),
    "hours_overlap": gettext_lazy("the hours fit"),
    "hours_apart": gettext_lazy("the hours do not fit"),
    "hours_unknown": gettext_lazy("the weekly hours are not recorded"),
    "shifts_covered": gettext_lazy("can work these shifts"),
    "shifts_not_covered": gettext_lazy("cannot work all these shifts"),
    "shifts_unknown": gettext_lazy("the shifts are not recorded"),
    "held": gettext_lazy("held"),
    "held_by_implication": gettext_lazy("included in another licence"),
    "not_held": gettext_lazy("not held"),
    "valid_on_the_day": gettext_lazy("valid on the start date"),
    "not_valid_on_the_day": gettext_lazy("no longer valid on the start date"),
    "language_not_recorded": gettext_lazy("the language is not recorded"),
    "level_unknown": gettext_lazy("the level is not recorded"),
    "level_reached": gettext_lazy("the level is reached"),
    "level_below": gettext_lazy("the level is lower"),
    "transport_unknown": gettext_lazy("not recorded"),
    "own_transport": gettext_lazy("has own transport"),
    "no_own_transport": gettext_lazy("has no own transport"),
    "same_documented": gettext_lazy("documented"),
    "same_stated": gettext_lazy("stated by the candidate"),
    "narrower_documented": gettext_lazy("a narrower skill is documented"),
    "narrower_stated": gettext_lazy("a narrower skill is stated by the candidate"),
    "essential_in_occupation": gettext_lazy("belongs to an occupation held at least six months"),
    "skill_not_recorded": gettext_lazy("not recorded"),
    "section_not_reviewed": gettext_lazy("this part of the profile has not been gone through"),
}
NOT_REVIEWED = "section_not_reviewed"
STATES = {
    "known": "",
    "not_asked": gettext_lazy("not asked for: full points for everybody"),
    "unknown": gettext_lazy("not recorded: no points"),
    "assumed_limit": gettext_lazy("own limit not recorded: counted as 60 km"),
}
RELATIONS = {
    "same": gettext_lazy("the same skill"),
    "broader": gettext_lazy("one step broader"),
    "narrower": gettext_lazy("one step narrower"),
    "sibling": gettext_lazy("a neighbouring skill"),
    "essential": gettext_lazy("essential in an occupation held"),
    "optional": gettext_lazy("optional in an occupation held"),
    "none": gettext_lazy("nothing alike"),
}
PROOF = {
    "documented": gettext_lazy("documented"),
    "stated": gettext_lazy("stated"),
}
BANDS = {
    "<=10": gettext_lazy("up to 10 km"),
    "<=25": gettext_lazy("10–25 km"),
    "<=50": gettext_lazy("25–50 km"),
    ">50": gettext_lazy("over 50 km"),
}
MODES = {
    "oral": pgettext_lazy("language", "spoken"),
    "written": pgettext_lazy("language", "written"),
}


def day(text: str) -> str:
    """An ISO date as the reader writes dates."""
    return formats.date_format(date.fromisoformat(text), "DATE_FORMAT")


def interval(text: str) -> str:
    """30–37 hours, or one end of it."""
    low, _dash, high = text.partition("-")
    if low and high:
        return (
            _("%(low)s–%(high)s hours") % {"low": low, "high": high} if low != high else _("%(n)s hours") % {"n": low}
        )
    return _("at least %(n)s hours") % {"n": low} if low else _("at most %(n)s hours") % {"n": high}


def labels_for(verdicts: Iterable[Mapping[str, Any]]) -> Labels:
    """Every label that these verdicts name: a query for each kind."""
    codes: dict[str, set[str]] = defaultdict(set)
    for verdict in verdicts:
        for must in verdict["musts"]:
            name, demand = must["name"], must["demand"]
            if name in ("licences", "certificates", "skills"):
                codes[name].add(demand)
            elif name == "languages":
                codes[name].add(demand.partition(":")[0])
            codes["skills"].add(must.get("detail", {}).get("skill", ""))
            codes["occupations"].add(must.get("detail", {}).get("occupation", ""))
        for skill in verdict.get("skills", ()):
            codes["skills"] |= {skill["skill"]}
            if skill["evidence"] in PROOF:
                codes["skills"] |= {skill["counted"] or ""}
        codes["occupations"].add((verdict.get("occupation") or {}).get("isco4", ""))
    return Labels(**codes)


def demand_in_words(name: str, demand: str, labels: Labels) -> str:
    """What the order asks for, for one must-have."""
    if name == "distance":
        return _("at most %(km)s km") % {"km": demand} if demand else _("within the candidate's own limit")
    if name == "start":
        return _("by %(day)s") % {"day": day(demand)}
    if name == "hours":
        return interval(demand)
    if name == "shifts":
        return shifts_in_words(int(demand))
    if name == "licences":
        return f"{demand} ({labels.of(name, demand)})"
    if name == "languages":
        code, mode, level = demand.split(":")
        return f"{labels.of(name, code)}, {MODES[mode]}, {level}"
    return "" if name == "transport" else labels.of(name, demand)


def detail_in_words(detail: Mapping[str, Any], labels: Labels) -> str:
    """What the profile says, for the own jobcentre only."""
    words = {
        "metres": lambda value: _("%(km)s km by road") % {"km": formats.number_format(int(value) / 1000, 1)},
        "available_from": lambda value: _("available from %(day)s") % {"day": day(value)},
        "latest": lambda value: _("latest start %(day)s") % {"day": day(value)},
        "hours": interval,
        "shifts": lambda value: shifts_in_words(int(value)),
        "valid_through": lambda value: _("valid through %(day)s") % {"day": day(value)},
        "skill": lambda value: labels.of("skills", value),
        "occupation": lambda value: labels.of("occupations", value),
        "months": lambda value: _("%(n)s months") % {"n": value},
    }
    return ", ".join(words[key](value) if key in words else str(value) for key, value in detail.items())


@lru_cache(maxsize=256)
def _said(table: str, code: str, language: str | None) -> str:
    """A word of one of the tables above, translated once for each language: a page says most of them often."""
    return str({"musts": MUSTS, "answers": ANSWERS, "evidence": EVIDENCE}[table][code])


def must_in_words(must: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    """One row of the list of criteria. "Not held" is no news of a section that nobody has gone through."""
    language = get_language()
    evidence = [NOT_REVIEWED] if NOT_REVIEWED in must["evidence"] else must["evidence"]
    return {
        "name": _said("musts", must["name"], language),
        "demand": demand_in_words(must["name"], must["demand"], labels),
        "outcome": must["outcome"],
        "answer": _said("answers", must["outcome"], language),
        "evidence": ", ".join(_said("evidence", code, language) for code in evidence),
        "detail": detail_in_words(must.get("detail", {}), labels),
    }


def parts_in_words(verdict: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The four parts of the fit with what each weighs and gives."""
    states, table = verdict["parts"].get("states", {}), TABLES.get(verdict["version"], CURRENT)
    return [
        {
            "name": text,
            "points": str(verdict["parts"][name]),
            "weight": str(table.part_weights[name]),
            "gives": str(verdict["parts"][name] * table.part_weights[name] // table.shown_divisor),
            "state": STATES[states.get(name, "known")],
        }
        for name, text in PARTS.items()
    ]


def skills_in_words(verdict: Mapping[str, Any], labels: Labels) -> list[dict[str, Any]]:
    """Every wanted skill with what counted for it; own candidates only."""
    return [
        {
            "name": labels.of("skills", skill["skill"]),
            "required": skill["required"],
            "points": skill["points"],
            "why": _skill_why(skill, labels),
        }
        for skill in verdict.get("skills", ())
    ]


def _skill_why(skill: Mapping[str, Any], labels: Labels) -> str:
    if skill["evidence"] == "unknown":
        return str(EVIDENCE[NOT_REVIEWED])
    words = [str(RELATIONS[skill["relation"]])]
    if skill["evidence"] in PROOF:
        if skill["relation"] != "same":
            words.append(labels.of("skills", skill["counted"]))
        words.append(str(PROOF[skill["evidence"]]))
    return ", ".join(words)


def occupation_in_words(verdict: Mapping[str, Any], labels: Labels) -> str:
    """The held occupation that counted, for own candidates."""
    held = verdict.get("occupation")
    if not held:
        return ""
    return _("%(occupation)s, %(months)s months") % {
        "occupation": labels.of("occupations", held["isco4"]),
        "months": held["months"],
    }
