"""Say why: every demand with its evidence, every part with what it rests on (design.md §5, §6). Pure.

This derives a verdict anew from order and profile, not from the fast path; it serves the list, the replay of
a stored run and the question "why is X not on the list?" alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from screening.compile import CompiledOrder, ExpandedSkill, Related, held_months
from screening.musts import limit_km_of, metres_of, musts_of, outcome_of
from screening.table import TABLES, experience_percent, tie_of
from screening.types import (
    Evidence,
    Must,
    MustName,
    OccupationPoints,
    Parts,
    PartState,
    Person,
    Relation,
    Section,
    SkillId,
    SkillPoints,
    Verdict,
)


def judge(order: CompiledOrder, person: Person) -> Verdict:
    """The whole verdict on one person, whatever the rank: outcome, demands with evidence, parts, fit."""
    held = sorted(held_months(person.occupations).items())
    enough = [isco4 for isco4, months in held if months >= order.table.counts_from_months]
    musts = tuple(musts_of(order, person))
    skills = tuple([skill_points(skill, person, enough, order) for skill in order.skills])
    occupation = occupation_points(order, held)
    parts = parts_of(order, person, skills, occupation)
    weights = order.table.part_weights
    raw = sum([weight * getattr(parts, name) for name, weight in weights.items()])
    return Verdict(
        candidate=person.candidate,
        outcome=outcome_of(musts),
        musts=musts,
        parts=parts,
        skills=skills,
        occupation=occupation,
        raw=raw,
        fit=raw // order.table.shown_divisor,
        tie=tie_of(person.tie_seed, order.wanted.salt),
        metres=metres_of(order, person),
        limit_km=limit_km_of(order, person),
        version=order.table.version,
    )


def skill_points(skill: ExpandedSkill, person: Person, enough: Sequence[str], order: CompiledOrder) -> SkillPoints:
    """The best of what the person has for one wanted skill; at equal points a recorded skill first.

    `enough` are the ISCO-4 codes held long enough to imply skills, ascending.
    """
    points = 0
    relation: Relation = "none"
    evidence: Evidence = "none"
    counted: SkillId | None = None
    for other in _in_both(person.skills, skill.related):
        related, documented = skill.related[other], person.skills[other]
        worth = related.documented if documented else related.stated
        if worth > points:
            points, relation, counted = worth, related.relation, other
            evidence = "documented" if documented else "stated"
    for isco4 in enough:
        if isco4 in skill.essential and order.table.essential > points:
            points, relation, evidence, counted = order.table.essential, "essential", "occupation", isco4
        elif isco4 in skill.optional and order.table.optional > points:
            points, relation, evidence, counted = order.table.optional, "optional", "occupation", isco4
    if not points and "skills" not in person.reviewed:
        evidence = "unknown"
    return SkillPoints(skill.skill, skill.required, skill.weight, points, relation, evidence, counted)


def _in_both(recorded: Mapping[SkillId, bool], related: Mapping[SkillId, Related]) -> list[SkillId]:
    """Keys of both in a lasting order; most often none or one."""
    found = recorded.keys() & related.keys()
    return sorted(found, key=str) if len(found) > 1 else list(found)


def occupation_points(order: CompiledOrder, held: Iterable[tuple[str, int]]) -> OccupationPoints | None:
    """The held occupation (ISCO-4 code and months, ascending) with the best product of likeness and experience.

    None if none shares a digit with the order's.
    """
    isco = order.wanted.isco
    if isco is None:
        return None
    best: OccupationPoints | None = None
    for isco4, months in held:
        if isco4[0] != isco[0]:
            continue
        digits = 1
        while digits < min(len(isco), len(isco4)) and isco[digits] == isco4[digits]:
            digits += 1
        percent = experience_percent(months, order.table)
        points = order.table.occupation_levels[digits - 1] * percent // 100
        if best is None or (points, months) > (best.points, best.months):
            best = OccupationPoints(isco4, digits, months, percent, points)
    return best


def parts_of(
    order: CompiledOrder, person: Person, skills: tuple[SkillPoints, ...], occupation: OccupationPoints | None
) -> Parts:
    """The four parts; not asked is full for everybody, unknown is 0 and its state says so."""
    wanted, full = order.wanted, order.table.full
    states: dict[str, PartState] = dict.fromkeys(order.table.part_weights, "known")
    skills_part = full
    if not skills:
        states["skills"] = "not_asked"
    else:
        total = sum(one.weight for one in skills)
        skills_part = sum(one.weight * one.points for one in skills) // total
        if not person.skills and not skills_part and "skills" not in person.reviewed:
            states["skills"] = "unknown"
    if wanted.isco is None:
        states["occupation"] = states["wish"] = "not_asked"
    else:
        if not person.occupations and "occupations" not in person.reviewed:
            states["occupation"] = "unknown"
        if not person.goals:
            states["wish"] = "unknown"
    distance, states["distance"] = _distance_part(order, person)
    return Parts(
        skills=skills_part,
        occupation=full if wanted.isco is None else (occupation.points if occupation else 0),
        distance=distance,
        wish=full if wanted.isco is None else _wish_part(wanted.isco, person, order),
        states=states,
    )


def _distance_part(order: CompiledOrder, person: Person) -> tuple[int, PartState]:
    limit_km, metres = limit_km_of(order, person), metres_of(order, person)
    if limit_km is None:
        return order.table.full, "not_asked"
    if metres is None:
        return 0, "unknown"
    limit = limit_km * 1000
    part = order.table.full * max(0, limit - metres) // limit if limit else 0
    return part, "known" if person.max_distance_km is not None else "assumed_limit"


def _wish_part(isco: str, person: Person, order: CompiledOrder) -> int:
    if len(isco) == 4 and isco in person.goals:
        return order.table.wish_isco4
    if len(isco) >= 3 and isco[:3] in {goal[:3] for goal in person.goals}:
        return order.table.wish_isco3
    return 0


def distance_band(metres: int | None) -> str | None:
    """The band that another municipality sees: up to 10, 25, 50 km, or beyond."""
    if metres is None:
        return None
    for limit_km in (10, 25, 50):
        if metres <= limit_km * 1000:
            return f"<={limit_km}"
    return ">50"


def as_data(verdict: Verdict) -> dict[str, Any]:
    """The whole verdict as JSON-ready data: to be stored with a run, and shown to the own jobcentre only."""
    occupation = verdict.occupation
    return {
        "candidate": verdict.candidate,
        "outcome": verdict.outcome,
        "fit": verdict.fit,
        "raw": verdict.raw,
        "tie": verdict.tie,
        "version": verdict.version,
        "metres": verdict.metres,
        "limit_km": verdict.limit_km,
        "parts": {**{name: getattr(verdict.parts, name) for name in _PARTS}, "states": dict(verdict.parts.states)},
        "musts": [{**_must_data(must), "detail": dict(must.detail), "curable": must.curable} for must in verdict.musts],
        "skills": [
            {
                "skill": skill.skill,
                "required": skill.required,
                "weight": skill.weight,
                "points": skill.points,
                "relation": skill.relation,
                "evidence": skill.evidence,
                "counted": skill.counted,
            }
            for skill in verdict.skills
        ],
        "occupation": occupation and {name: getattr(occupation, name) for name in OccupationPoints.__slots__},
    }


def card(verdict: Verdict) -> dict[str, Any]:
    """What another municipality sees (design.md §6): answers to the demands, fit, parts and a distance band.

    No candidate key, dates, months, metres, own limits, nor skills and occupations the order did not name.
    """
    return card_from(as_data(verdict))


def card_from(data: Mapping[str, Any]) -> dict[str, Any]:
    """The card out of the whole verdict as data, as `as_data` gives it and a run keeps it."""
    return {
        "outcome": data["outcome"],
        "fit": data["fit"],
        "parts": {name: data["parts"][name] for name in _PARTS},
        "musts": [{name: must[name] for name in _ON_A_CARD} for must in data["musts"]],
        "distance_band": distance_band(data["metres"]),
        "version": data["version"],
    }


_PARTS: Final = ("skills", "occupation", "distance", "wish")
_ON_A_CARD: Final = ("name", "demand", "outcome", "evidence", "ask_for")


ASK_FOR: Final[Mapping[str, str]] = MappingProxyType(
    {
        "own_limit_unknown": "max_distance_km",
        "postal_point_unknown": "postal_code",
        "workplace_unknown": "workplace",
        "available_from_unknown": "available_from",
        "hours_unknown": "hours",
        "shifts_unknown": "shifts",
        "level_unknown": "languages",
        "transport_unknown": "own_transport",
    }
)
"""Evidence of what is unknown → the field to be filled in; the workplace is the order's, the rest the candidate's."""
SECTION_OF: Final[Mapping[MustName, Section]] = MappingProxyType(
    {
        "hours": "hours", "shifts": "hours", "licences": "licences", "certificates": "certificates",
        "languages": "languages", "transport": "transport", "skills": "skills",
    }
)  # fmt: skip


def ask_for(must: Must) -> list[str]:
    """The fields or sections to ask the candidate about, so that an unknown demand gets an answer."""
    if must.outcome != "unknown":
        return []
    fields = [ASK_FOR[code] for code in must.evidence if code in ASK_FOR]
    if "section_not_reviewed" in must.evidence:
        fields.append(SECTION_OF[must.name])
    return fields


def against(verdict: Verdict) -> dict[str, Any]:
    """What speaks against somebody: demands that are not met or not known, and what each part of the fit lost.

    `lost` is in points of the shown fit, rounded down. Fit for another municipality's eyes, like a card.
    """
    weights = TABLES[verdict.version].part_weights
    full = TABLES[verdict.version].full
    lost = {name: weight * (full - getattr(verdict.parts, name)) for name, weight in weights.items()}
    return {
        "musts": [_must_data(must) for must in verdict.musts if must.outcome != "met"],
        "parts": [
            {
                "name": name,
                "points": getattr(verdict.parts, name),
                "lost": lost[name] // TABLES[verdict.version].shown_divisor,
                "state": verdict.parts.states[name],
            }
            for name in sorted(lost, key=lambda one: -lost[one])
            if lost[name]
        ],
    }


def _must_data(must: Must) -> Mapping[str, Any]:
    return {
        "name": must.name,
        "demand": must.demand,
        "outcome": must.outcome,
        "evidence": list(must.evidence),
        "ask_for": ask_for(must),
    }
