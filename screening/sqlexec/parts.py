"""The four parts of the fit as SQL over one row `k` of the pool, each 0–1000 and floored once (design.md §5)."""

from __future__ import annotations

from collections import defaultdict

from screening.compile import CompiledOrder, ExpandedSkill
from screening.sqlexec.demands import codes, held_long, numbers
from screening.sqlexec.dialect import Dialect
from screening.table import WeightTable
from screening.types import SkillId


def raw(order: CompiledOrder, dialect: Dialect) -> str:
    """The weighted sum of the parts, 0–100,000."""
    parts = {
        "skills": _skills(order, dialect),
        "occupation": _occupation(order, dialect),
        "distance": _distance(order),
        "wish": _wish(order, dialect),
    }
    return " + ".join(f"{weight} * {parts[name]}" for name, weight in order.table.part_weights.items())


def _skills(order: CompiledOrder, dialect: Dialect) -> str:
    """Σ weight·best / Σ weight over the wanted skills; best of what is recorded and what an occupation implies.

    One row per recorded skill or held occupation that counts for any wanted skill, one column per wanted skill.
    """
    if not order.skills:
        return str(order.table.full)
    recorded = ", ".join(f"{_recorded(skill)} AS w{place}" for place, skill in enumerate(order.skills))
    ways = (
        f"SELECT {recorded} FROM candidates_candidateskill s "
        f"WHERE s.candidate_id = k.id AND s.skill_id IN ({numbers(order.by_skill)})"
    )
    if order.by_isco:
        implied = ", ".join(_implied(skill, order.table, dialect) for skill in order.skills)
        ways += f" UNION ALL SELECT {implied} {held_long(order.by_isco, order.table.counts_from_months, dialect)}"
    best = " + ".join(f"{skill.weight} * MAX(b.w{place})" for place, skill in enumerate(order.skills))
    return f"((SELECT COALESCE({best}, 0) FROM ({ways}) b) / {order.weight_total})"


def _recorded(skill: ExpandedSkill) -> str:
    """Points of a recorded skill `s` for a wanted one, by what the relation is worth."""
    worth: dict[tuple[int, int], list[SkillId]] = defaultdict(list)
    for other, related in skill.related.items():
        worth[related.documented, related.stated].append(other)
    arms = " ".join(
        f"WHEN s.skill_id IN ({numbers(others)}) THEN CASE WHEN s.documented THEN {documented} ELSE {stated} END"
        for (documented, stated), others in worth.items()
    )
    return f"(CASE {arms} ELSE 0 END)"


def _implied(skill: ExpandedSkill, table: WeightTable, dialect: Dialect) -> str:
    """Points of a held occupation `o` for a wanted skill."""
    arms = [
        f"WHEN o.isco_id IN ({codes(isco, dialect)}) THEN {points}"
        for isco, points in ((skill.essential, table.essential), (skill.optional, table.optional))
        if isco
    ]
    return f"(CASE {' '.join(arms)} ELSE 0 END)" if arms else "0"


def _occupation(order: CompiledOrder, dialect: Dialect) -> str:
    """The best product of common leading digits and experience over the held ISCO-4 codes."""
    isco, table = order.wanted.isco, order.table
    if isco is None:
        return str(table.full)
    arms = " ".join(
        f"WHEN SUBSTR(o.isco_id, 1, {digits}) = {dialect.params.add(isco[:digits])} "
        f"THEN {table.occupation_levels[digits - 1]}"
        for digits in range(len(isco), 0, -1)
    )
    product = f"(CASE {arms} ELSE 0 END) * {_percent(table)} / 100"
    near = f"SUBSTR(o.isco_id, 1, 1) = {dialect.params.add(isco[:1])}"
    each = (
        f"SELECT {product} AS points FROM candidates_candidateoccupation o "
        f"WHERE o.candidate_id = k.id AND {near} GROUP BY o.isco_id"
    )
    return f"(SELECT COALESCE(MAX(e.points), 0) FROM ({each}) e)"


def _percent(table: WeightTable) -> str:
    arms = " ".join(f"WHEN SUM(o.months) >= {months} THEN {percent}" for months, percent in table.experience)
    return f"(CASE {arms} ELSE {table.experience[-1][1]} END)"


def _distance(order: CompiledOrder) -> str:
    """Nearness within the smaller of both limits; an unknown own limit counts as the assumed one."""
    wanted, full = order.wanted, order.table.full
    if wanted.remote:
        return str(full)
    limit = f"COALESCE(k.max_distance_km, {order.table.assumed_limit_km}) * 1000"
    if wanted.max_distance_km is not None:
        asked = wanted.max_distance_km * 1000
        limit = f"(CASE WHEN {limit} < {asked} THEN {limit} ELSE {asked} END)"
    return f"(CASE WHEN k.metres < {limit} THEN {full} * ({limit} - k.metres) / ({limit}) ELSE 0 END)"


def _wish(order: CompiledOrder, dialect: Dialect) -> str:
    """Whether the job goals hold the occupation, or one with the same three digits."""
    isco, table = order.wanted.isco, order.table
    if isco is None:
        return str(table.full)
    near = f"WHEN SUBSTR(g.isco_id, 1, 3) = {dialect.params.add(isco[:3])} THEN {table.wish_isco3}"
    same = f"WHEN g.isco_id = {dialect.params.add(isco)} THEN {table.wish_isco4}" if len(isco) == 4 else ""
    points = f"MAX(CASE {same} {near} ELSE 0 END)"
    return f"(SELECT COALESCE({points}, 0) FROM candidates_jobgoal g WHERE g.candidate_id = k.id)"
