"""Every demand of an order asked of one person, with the evidence for the answer (design.md §5). Pure.

Evidence comes as codes about the demand; the pages put them into words.
"""

from collections.abc import Iterator

from screening.compile import (
    CompiledOrder,
    ExpandedSkill,
    asked_levels,
    distinct,
    held_licences,
    held_months,
)
from screening.types import Answer, Detail, Must, MustName, Outcome, Person, Section
from vocabulary.scales import cefr_level

MODES = ("oral", "written")


def outcome_of(musts: tuple[Must, ...]) -> Outcome:
    """qualified: all met · check: none missing · nearly: one missing, curable by a course · not: the rest."""
    missing = [must for must in musts if must.outcome == "missing"]
    if len(missing) > 1 or any(not must.curable for must in missing):
        return "not"
    if missing:
        return "nearly"
    return "check" if any(must.outcome == "unknown" for must in musts) else "qualified"


def musts_of(order: CompiledOrder, person: Person) -> Iterator[Must]:
    """One answer per demand of the order, in the order of the funnel; what is not asked is left out."""
    wanted = order.wanted
    if not wanted.remote:
        yield _distance(order, person)
    yield _start(order, person)
    if wanted.hours_min is not None or wanted.hours_max is not None:
        yield _hours(order, person)
    if wanted.shifts:
        yield _shifts(order, person)
    for code in distinct(wanted.licences):
        yield _licence(code, person)
    for code in distinct(wanted.certificates):
        yield _certificate(code, order, person)
    for code, mode, level in asked_levels(wanted):
        yield _language(code, mode, level, person)
    if wanted.own_transport:
        yield _transport(person)
    for skill in order.skills:
        if skill.required:
            yield _skill(skill, order, person)


def _unmet(
    name: MustName,
    demand: str,
    evidence: str,
    section: Section,
    person: Person,
    detail: Detail = (),
    curable: bool = False,
) -> Must:
    """A demand that is not met: missing where the section was reviewed, else unknown, and said so."""
    if section in person.reviewed:
        return Must(name, demand, "missing", (evidence,), detail, curable)
    return Must(name, demand, "unknown", (evidence, "section_not_reviewed"), detail, curable)


def _distance(order: CompiledOrder, person: Person) -> Must:
    asked = order.wanted.max_distance_km
    demand = "" if asked is None else str(asked)
    metres = metres_of(order, person)
    gaps = []
    if not order.workplace_known:
        gaps.append("workplace_unknown")
    elif metres is None:
        gaps.append("postal_point_unknown")
    if person.max_distance_km is None:
        gaps.append("own_limit_unknown")
    known: Detail = () if metres is None else (("metres", metres),)
    if gaps or metres is None:
        return Must("distance", demand, "unknown", tuple(gaps), known)
    limit_km = limit_km_of(order, person)
    within = limit_km is not None and metres <= limit_km * 1000
    answer: Answer = "met" if within else "missing"
    return Must("distance", demand, answer, ("within_limit" if within else "beyond_limit",), known)


def _start(order: CompiledOrder, person: Person) -> Must:
    demand, available = order.decided_on.isoformat(), person.available_from
    if available is None:
        return Must("start", demand, "unknown", ("available_from_unknown",))
    detail = (("available_from", available.isoformat()), ("latest", order.latest_start.isoformat()))
    if available <= order.latest_start:
        return Must("start", demand, "met", ("available_in_time",), detail)
    return Must("start", demand, "missing", ("available_too_late",), detail)


def _interval(low: int | None, high: int | None) -> str:
    return f"{'' if low is None else low}-{'' if high is None else high}"


def _hours(order: CompiledOrder, person: Person) -> Must:
    wanted = order.wanted
    demand = _interval(wanted.hours_min, wanted.hours_max)
    if person.hours_min is None and person.hours_max is None:
        return Must("hours", demand, "unknown", ("hours_unknown",))
    detail = (("hours", _interval(person.hours_min, person.hours_max)),)
    low = max(person.hours_min or 0, wanted.hours_min or 0)
    highs = [high for high in (person.hours_max, wanted.hours_max) if high is not None]
    lows_meet = not highs or low <= min(highs)
    if lows_meet:
        return Must("hours", demand, "met", ("hours_overlap",), detail)
    return _unmet("hours", demand, "hours_apart", "hours", person, detail)


def _shifts(order: CompiledOrder, person: Person) -> Must:
    demand = str(order.wanted.shifts)
    if person.shifts is None:
        return Must("shifts", demand, "unknown", ("shifts_unknown",))
    detail = (("shifts", person.shifts),)
    if order.wanted.shifts & person.shifts == order.wanted.shifts:
        return Must("shifts", demand, "met", ("shifts_covered",), detail)
    return _unmet("shifts", demand, "shifts_not_covered", "hours", person, detail)


def _licence(code: str, person: Person) -> Must:
    if code in person.licences:
        return Must("licences", code, "met", ("held",), (), True)
    if code in held_licences(person.licences):
        held = ", ".join(sorted(person.licences))
        return Must("licences", code, "met", ("held_by_implication",), (("held", held),), True)
    return _unmet("licences", code, "not_held", "licences", person, curable=True)


def _certificate(code: str, order: CompiledOrder, person: Person) -> Must:
    if code not in person.certificates:
        return _unmet("certificates", code, "not_held", "certificates", person, curable=True)
    through = person.certificates[code]
    detail = () if through is None else (("valid_through", through.isoformat()),)
    if through is None or order.decided_on <= through:
        return Must("certificates", code, "met", ("valid_on_the_day",), detail, True)
    return _unmet("certificates", code, "not_valid_on_the_day", "certificates", person, detail, curable=True)


def _language(code: str, mode: int, level: int, person: Person) -> Must:
    demand = f"{code}:{MODES[mode]}:{cefr_level(level)}"
    if code not in person.languages:
        return _unmet("languages", demand, "language_not_recorded", "languages", person)
    reached = person.languages[code][mode]
    if reached is None:
        return Must("languages", demand, "unknown", ("level_unknown",))
    detail = (("level", cefr_level(reached)),)
    if reached >= level:
        return Must("languages", demand, "met", ("level_reached",), detail)
    return _unmet("languages", demand, "level_below", "languages", person, detail)


def _transport(person: Person) -> Must:
    if person.own_transport is None:
        return Must("transport", "own", "unknown", ("transport_unknown",))
    if person.own_transport:
        return Must("transport", "own", "met", ("own_transport",))
    return _unmet("transport", "own", "no_own_transport", "transport", person)


def _skill(skill: ExpandedSkill, order: CompiledOrder, person: Person) -> Must:
    """Met by the same concept or a narrower one: recorded, or essential in an occupation held long enough."""
    demand = str(skill.skill)
    curable = not skill.meets.isdisjoint(order.wanted.teachable)
    if candidates := person.skills.keys() & skill.meets:
        other = min(candidates, key=lambda one: (one != skill.skill, not person.skills[one], str(one)))
        how = "same" if other == skill.skill else "narrower"
        proof = "documented" if person.skills[other] else "stated"
        return Must("skills", demand, "met", (f"{how}_{proof}",), (("skill", str(other)),), curable)
    held = held_months(person.occupations)
    enough = [isco4 for isco4 in sorted(held) if held[isco4] >= order.table.counts_from_months]
    for isco4 in enough:
        if isco4 in skill.meets_isco:
            detail = (("occupation", isco4), ("months", held[isco4]))
            return Must("skills", demand, "met", ("essential_in_occupation",), detail, curable)
    return _unmet("skills", demand, "skill_not_recorded", "skills", person, curable=curable)


def metres_of(order: CompiledOrder, person: Person) -> int | None:
    """Metres between home point and workplace; None where remote or where a point is not known."""
    if order.wanted.remote or person.postal is None:
        return None
    return order.metres.get(person.postal)


def limit_km_of(order: CompiledOrder, person: Person) -> int | None:
    """The smaller of both sides' limits, 60 km standing in for an unknown own one; None where remote."""
    if order.wanted.remote:
        return None
    own = order.table.assumed_limit_km if person.max_distance_km is None else person.max_distance_km
    asked = order.wanted.max_distance_km
    return own if asked is None else min(own, asked)
