"""Expand an order once, so that judging a person is a handful of look-ups (design.md §5). Pure.

"Expand the order, not the people": every wanted skill becomes a map from the skills that somebody may have
recorded to their points; every demand becomes a check that answers met, missing or unknown.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from screening.table import CURRENT, WeightTable
from screening.types import FUNNEL, MustName, Person, Relation, SkillId, Wanted, WantedSkill
from vocabulary.scales import licence_closure

MET: Final = 0
MISSING: Final = 1
UNKNOWN: Final = 2

Edges = Mapping[SkillId, frozenset[SkillId]]
IscoSets = Mapping[SkillId, frozenset[str]]
Check = Callable[[Person], int]


class SkillGraph(Protocol):
    """How skills hang together, by direct steps; `groups` among parents and children are no skills.

    `vocabulary.graph.SkillGraph` is one; the ISCO sets hold ISCO-4 codes of occupations.
    """

    @property
    def parents(self) -> Edges: ...
    @property
    def children(self) -> Edges: ...
    @property
    def groups(self) -> frozenset[SkillId]: ...
    @property
    def essential_isco(self) -> IscoSets: ...
    @property
    def optional_isco(self) -> IscoSets: ...


class Related(NamedTuple):
    """A recorded skill seen from a wanted one: how it is related and what it is worth."""

    relation: Relation
    documented: int
    stated: int


@dataclass(frozen=True, slots=True)
class ExpandedSkill:
    """A wanted skill with everything that counts for it."""

    skill: SkillId
    required: bool
    weight: int
    related: Mapping[SkillId, Related]
    essential: frozenset[str]
    optional: frozenset[str]
    meets: frozenset[SkillId]
    """The skill and all that is narrower: what meets it when it is required."""
    meets_isco: frozenset[str]
    """ISCO-4 codes to which one of `meets` is essential."""


class AskedMust(NamedTuple):
    """One demand, ready to be asked of a person; `step` is its place in the funnel."""

    step: int
    curable: bool
    check: Check


@dataclass(frozen=True, slots=True)
class CompiledOrder:
    """An order expanded by graph, distances and weight table; read by fast path and explanation alike."""

    wanted: Wanted
    table: WeightTable
    decided_on: date
    latest_start: date
    metres: Mapping[str, int]
    workplace_known: bool
    skills: tuple[ExpandedSkill, ...]
    weight_total: int
    by_skill: Mapping[SkillId, tuple[tuple[int, int, int], ...]]
    """Recorded skill → (index of the wanted skill, documented points, stated points)."""
    by_isco: Mapping[str, tuple[tuple[int, int], ...]]
    """ISCO-4 code → (index of the wanted skill, points)."""
    musts: tuple[AskedMust, ...]
    """In the order of the funnel."""


@lru_cache(maxsize=8192)
def held_licences(licences: frozenset[str]) -> frozenset[str]:
    """The licences with all that they include (CE holds C, BE, B …)."""
    return licence_closure(licences)


def held_months(occupations: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Months summed per ISCO-4 code."""
    held: dict[str, int] = {}
    for code, months in occupations:
        isco4 = code[:4]
        held[isco4] = held.get(isco4, 0) + months
    return held


def narrower_closure(skill: SkillId, graph: SkillGraph) -> frozenset[SkillId]:
    """The skill itself and every skill narrower at any depth, groups left out; cycles end."""
    found: set[SkillId] = {skill}
    waiting = [skill]
    while waiting:
        fresh = graph.children.get(waiting.pop(), frozenset()) - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found - graph.groups) | {skill}


def related_skills(skill: SkillId, graph: SkillGraph, table: WeightTable) -> dict[SkillId, Related]:
    """Skills that count for a wanted one; where several relations hold, the one worth most."""
    related: dict[SkillId, Related] = {}
    parents = graph.parents.get(skill, frozenset())
    for parent in parents:
        family = graph.children.get(parent, frozenset()) - graph.groups
        if len(family) <= table.sibling_limit:
            for member in family:
                related[member] = Related("sibling", table.sibling.documented, table.sibling.stated)
    for child in graph.children.get(skill, frozenset()) - graph.groups:
        related[child] = Related("narrower", table.step.documented, table.step.stated)
    for parent in parents - graph.groups:
        related[parent] = Related("broader", table.step.documented, table.step.stated)
    related[skill] = Related("same", table.same.documented, table.same.stated)
    return related


def once_each(skills: Iterable[WantedSkill]) -> tuple[WantedSkill, ...]:
    """Each wanted skill once, required beats wished, in the order of first mention."""
    kept: dict[SkillId, WantedSkill] = {}
    for wanted in skills:
        known = kept.get(wanted.skill)
        if known is None or (wanted.required and not known.required):
            kept[wanted.skill] = wanted
    return tuple(kept.values())


def expand(wanted: WantedSkill, graph: SkillGraph, table: WeightTable) -> ExpandedSkill:
    """Everything that counts for one wanted skill. Raises ValueError on an unknown reuse level."""
    if wanted.reuse_level not in table.specificity:
        raise ValueError(f"no reuse level {wanted.reuse_level!r}")
    importance = table.required_weight if wanted.required else table.wished_weight
    meets = narrower_closure(wanted.skill, graph)
    essential = graph.essential_isco.get(wanted.skill, frozenset())
    return ExpandedSkill(
        skill=wanted.skill,
        required=wanted.required,
        weight=importance * table.specificity[wanted.reuse_level],
        related=related_skills(wanted.skill, graph, table),
        essential=essential,
        optional=graph.optional_isco.get(wanted.skill, frozenset()) - essential,
        meets=meets,
        meets_isco=frozenset().union(*(graph.essential_isco.get(skill, frozenset()) for skill in meets)),
    )


def compile_order(
    wanted: Wanted, graph: SkillGraph, metres: Mapping[str, int], table: WeightTable = CURRENT
) -> CompiledOrder:
    """Expand an order once for any number of people.

    `metres` is the row of the workplace in the distance table (`DistanceTable.row(wanted.workplace)`): postal
    key → metres; empty where the workplace has no point. Raises ValueError on an unknown reuse level.
    """
    skills = tuple(expand(skill, graph, table) for skill in once_each(wanted.skills))
    latest_start = wanted.decided_on + timedelta(days=wanted.grace_days)
    by_skill: dict[SkillId, tuple[tuple[int, int, int], ...]] = {}
    by_isco: dict[str, tuple[tuple[int, int], ...]] = {}
    for index, skill in enumerate(skills):
        for other, related in skill.related.items():
            by_skill[other] = (*by_skill.get(other, ()), (index, related.documented, related.stated))
        for isco4 in skill.essential:
            by_isco[isco4] = (*by_isco.get(isco4, ()), (index, table.essential))
        for isco4 in skill.optional:
            by_isco[isco4] = (*by_isco.get(isco4, ()), (index, table.optional))
    return CompiledOrder(
        wanted=wanted,
        table=table,
        decided_on=wanted.decided_on,
        latest_start=latest_start,
        metres=metres,
        workplace_known=bool(metres),
        skills=skills,
        weight_total=sum(skill.weight for skill in skills),
        by_skill=by_skill,
        by_isco=by_isco,
        musts=tuple(_asked(wanted, skills, metres, latest_start, table)),
    )


def distinct(codes: Iterable[str]) -> tuple[str, ...]:
    """Each code once, in the order of first mention: asking twice is asking once."""
    return tuple(dict.fromkeys(codes))


def _asked(
    wanted: Wanted,
    skills: tuple[ExpandedSkill, ...],
    metres: Mapping[str, int],
    latest_start: date,
    table: WeightTable,
) -> Iterable[AskedMust]:
    """The demands of the order in the order of the funnel; what is not asked is not in it."""

    def must(name: MustName, check: Check, curable: bool = False) -> AskedMust:
        return AskedMust(FUNNEL.index(name), curable, check)

    if not wanted.remote:
        yield must("distance", _distance_check(metres, wanted.max_distance_km))
    yield must("start", _start_check(latest_start))
    if wanted.hours_min is not None or wanted.hours_max is not None:
        yield must("hours", _hours_check(wanted.hours_min, wanted.hours_max))
    if wanted.shifts:
        yield must("shifts", _shifts_check(wanted.shifts))
    for code in distinct(wanted.licences):
        yield must("licences", _licence_check(code), curable=True)
    for code in distinct(wanted.certificates):
        yield must("certificates", _certificate_check(code, wanted.decided_on), curable=True)
    for language, mode, level in asked_levels(wanted):
        yield must("languages", _language_check(language, mode, level))
    if wanted.own_transport:
        yield must("transport", _transport_check)
    for skill in skills:
        if skill.required:
            curable = not skill.meets.isdisjoint(wanted.teachable)
            yield must("skills", _skill_check(skill, table.counts_from_months), curable)


def asked_levels(wanted: Wanted) -> tuple[tuple[str, int, int], ...]:
    """The language demands: (code, 0 oral or 1 written, level); asked twice, the highest level counts."""
    highest: dict[tuple[str, int], int] = {}
    for language in wanted.languages:
        for mode, level in enumerate((language.oral, language.written)):
            if level > 0:
                key = (language.code, mode)
                highest[key] = max(level, highest.get(key, 0))
    return tuple((code, mode, level) for (code, mode), level in highest.items())


def _distance_check(metres: Mapping[str, int], order_km: int | None) -> Check:
    far = 10**9 if order_km is None else order_km * 1000

    def check(person: Person) -> int:
        own_km = person.max_distance_km
        if own_km is None or person.postal is None:
            return UNKNOWN
        way = metres.get(person.postal)
        if way is None:
            return UNKNOWN
        return MET if way <= far and way <= own_km * 1000 else MISSING

    return check


def _start_check(latest_start: date) -> Check:
    def check(person: Person) -> int:
        if person.available_from is None:
            return UNKNOWN
        return MET if person.available_from <= latest_start else MISSING

    return check


def _hours_check(hours_min: int | None, hours_max: int | None) -> Check:
    def check(person: Person) -> int:
        low, high = person.hours_min, person.hours_max
        if low is None and high is None:
            return UNKNOWN
        too_many = low is not None and hours_max is not None and low > hours_max
        too_few = high is not None and hours_min is not None and high < hours_min
        if not (too_many or too_few):
            return MET
        return MISSING if "hours" in person.reviewed else UNKNOWN

    return check


def _shifts_check(shifts: int) -> Check:
    def check(person: Person) -> int:
        if person.shifts is None:
            return UNKNOWN
        if shifts & ~person.shifts == 0:
            return MET
        return MISSING if "hours" in person.reviewed else UNKNOWN

    return check


def _licence_check(code: str) -> Check:
    def check(person: Person) -> int:
        if code in held_licences(person.licences):
            return MET
        return MISSING if "licences" in person.reviewed else UNKNOWN

    return check


def _certificate_check(code: str, decided_on: date) -> Check:
    def check(person: Person) -> int:
        if code in person.certificates:
            through = person.certificates[code]
            if through is None or through >= decided_on:
                return MET
        return MISSING if "certificates" in person.reviewed else UNKNOWN

    return check


def _language_check(code: str, mode: int, level: int) -> Check:
    def check(person: Person) -> int:
        levels = person.languages.get(code)
        if levels is not None:
            reached = levels[mode]
            if reached is None:
                return UNKNOWN
            if reached >= level:
                return MET
        return MISSING if "languages" in person.reviewed else UNKNOWN

    return check


def _transport_check(person: Person) -> int:
    if person.own_transport is None:
        return UNKNOWN
    if person.own_transport:
        return MET
    return MISSING if "transport" in person.reviewed else UNKNOWN


def _skill_check(skill: ExpandedSkill, counts_from_months: int) -> Check:
    meets, meets_isco = skill.meets, skill.meets_isco

    def check(person: Person) -> int:
        if not meets.isdisjoint(person.skills):
            return MET
        if meets_isco:
            for isco4, months in held_months(person.occupations).items():
                if months >= counts_from_months and isco4 in meets_isco:
                    return MET
        return MISSING if "skills" in person.reviewed else UNKNOWN

    return check
