"""The must-haves as SQL over one row `k` of the pool (design.md §5).

Each demand becomes an expression for how many of its kind are missing and one for whether any is unknown. Columns of
the candidate are looked at first; sections with rows of their own only for who is not out already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from screening.compile import CompiledOrder, ExpandedSkill, asked_levels, distinct
from screening.sqlexec.dialect import Dialect
from screening.types import FUNNEL, MustName, SkillId
from vocabulary.scales import LICENCE_IMPLIES_TOGETHER, licence_closure, licences_towards

PASSED_ALL = len(FUNNEL)
LEVEL_COLUMNS = ("oral", "written")


class Demand(NamedTuple):
    """One step of the funnel. `missing` counts (0: none), `unknown` is a condition; both over columns of `k`."""

    name: MustName
    missing: str
    unknown: str
    is_curable: bool = False

    @property
    def step(self) -> int:
        """The place in the funnel."""
        return FUNNEL.index(self.name)


class Counted(NamedTuple):
    """A section whose rows are counted: `column` is how many of `asked` demands are met, computed by `sql`."""

    name: MustName
    column: str
    asked: int
    sql: str
    section: str
    is_curable: bool

    def demand(self) -> Demand:
        """Unmet is missing where the section was reviewed, else unknown."""
        reviewed = f"k.{self.section}_reviewed_on"
        return Demand(
            self.name,
            f"(CASE WHEN {reviewed} IS NULL THEN 0 ELSE {self.asked} - k.{self.column} END)",
            f"({reviewed} IS NULL AND k.{self.column} < {self.asked})",
            self.is_curable,
        )


def available_from() -> str:
    """The day from which somebody can start; in a course, from its last day on."""
    in_course = "k.status = 'in_course' AND k.status_until IS NOT NULL"
    later = "k.available_from IS NULL OR k.available_from < k.status_until"
    return f"(CASE WHEN {in_course} AND ({later}) THEN k.status_until ELSE k.available_from END)"


def column_demands(order: CompiledOrder, dialect: Dialect) -> Iterator[Demand]:
    """Distance, start, hours and shifts: answered by the candidate's own columns, none of them curable."""
    wanted, add = order.wanted, dialect.params.add
    if not wanted.remote:
        beyond = "k.metres > k.max_distance_km * 1000"
        if wanted.max_distance_km is not None:
            beyond = f"(k.metres > {wanted.max_distance_km * 1000} OR {beyond})"
        blank = "(k.max_distance_km IS NULL OR k.metres IS NULL)"
        yield Demand("distance", _truth(f"NOT {blank} AND {beyond}"), blank)
    available = available_from()
    late = f"{available} > {add(order.latest_start.isoformat())}"
    yield Demand("start", _truth(late), f"{available} IS NULL")
    if wanted.hours_min is not None or wanted.hours_max is not None:
        yield _hours(wanted.hours_min, wanted.hours_max)
    if wanted.shifts:
        uncovered = f"k.shifts & {wanted.shifts} <> {wanted.shifts}"
        yield _reviewed("shifts", "k.shifts IS NULL", uncovered, "hours")


def transport_demand(order: CompiledOrder) -> Demand | None:
    """Own transport, where it is asked: a column too, but late in the funnel."""
    if not order.wanted.own_transport:
        return None
    return _reviewed("transport", "k.own_transport IS NULL", "NOT k.own_transport", "transport")


def _truth(condition: str) -> str:
    return f"(CASE WHEN {condition} THEN 1 ELSE 0 END)"


def _reviewed(name: MustName, blank: str, unmet: str, section: str) -> Demand:
    """A demand on a field: blank is unknown; not met is missing where the section was reviewed, else unknown."""
    reviewed = f"k.{section}_reviewed_on"
    return Demand(
        name,
        _truth(f"{unmet} AND {reviewed} IS NOT NULL"),
        f"({blank} OR ({unmet} AND {reviewed} IS NULL))",
    )


def _hours(low: int | None, high: int | None) -> Demand:
    apart = []
    if high is not None:
        apart.append(f"COALESCE(k.hours_min, 0) > {high}")
    if low is not None:
        apart.append(f"COALESCE(k.hours_max, {low}) < {low}")
    return _reviewed("hours", "(k.hours_min IS NULL AND k.hours_max IS NULL)", f"({' OR '.join(apart)})", "hours")


def section_demands(order: CompiledOrder, dialect: Dialect) -> Iterator[Counted]:
    """Licences, certificates and languages: rows of their own."""
    add, wanted = dialect.params.add, order.wanted
    if licences := distinct(wanted.licences):
        held = " + ".join(_truth(_holds(code, dialect)) for code in licences)
        yield Counted("licences", "licences_met", len(licences), held, "licences", True)
    if certificates := distinct(wanted.certificates):
        day = add(order.decided_on.isoformat())
        valid = " + ".join(
            _truth(
                "EXISTS (SELECT 1 FROM candidates_candidatecertificate c WHERE c.candidate_id = k.id "
                f"AND c.certificate_id = {add(code)} AND (c.valid_through IS NULL OR c.valid_through >= {day}))"
            )
            for code in certificates
        )
        yield Counted("certificates", "certificates_met", len(certificates), valid, "certificates", True)
    if levels := asked_levels(wanted):
        reached = " + ".join(
            _truth(
                "EXISTS (SELECT 1 FROM candidates_candidatelanguage l WHERE l.candidate_id = k.id "
                f"AND l.language_id = {add(code)} AND l.{LEVEL_COLUMNS[mode]} >= {level})"
            )
            for code, mode, level in levels
        )
        yield Counted("languages", "languages_met", len(levels), reached, "languages", False)


def _holds(code: str, dialect: Dialect, used: frozenset[int] = frozenset()) -> str:
    """A licence is held by itself, by one that includes it, or by all of those that give it together."""
    enough = sorted(other for other in licences_towards([code]) if code in licence_closure([other]))
    any_of = f"d.licence_id IN ({codes(enough, dialect)})"
    ways = [f"EXISTS (SELECT 1 FROM candidates_candidatelicence d WHERE d.candidate_id = k.id AND {any_of})"]
    for rule, (needs, gains) in enumerate(LICENCE_IMPLIES_TOGETHER):
        if rule not in used and code not in needs and code in licence_closure(gains):
            ways.append("(" + " AND ".join(_holds(need, dialect, used | {rule}) for need in sorted(needs)) + ")")
    return f"({' OR '.join(ways)})"


def skill_demands(order: CompiledOrder, dialect: Dialect) -> Iterator[Counted]:
    """The required skills, those that a planned course teaches apart.

    Met by the same concept or a narrower one, recorded or essential in an occupation held long enough.
    """
    teachable, enough = order.wanted.teachable, order.table.counts_from_months
    required = [skill for skill in order.skills if skill.required]
    for kind, is_curable in (("hard", False), ("soft", True)):
        skills = [skill for skill in required if skill.meets.isdisjoint(teachable) is not is_curable]
        if skills:
            met = " + ".join(_truth(_has(skill, enough, dialect)) for skill in skills)
            yield Counted("skills", f"{kind}_met", len(skills), met, "skills", is_curable)


def _has(skill: ExpandedSkill, enough: int, dialect: Dialect) -> str:
    recorded = (
        "EXISTS (SELECT 1 FROM candidates_candidateskill s "
        f"WHERE s.candidate_id = k.id AND s.skill_id IN ({numbers(skill.meets)}))"
    )
    if not skill.meets_isco:
        return recorded
    # Without reference to `k`: computed once, as a set to look people up in.
    held = (
        "SELECT o.candidate_id FROM candidates_candidateoccupation o "
        f"WHERE o.isco_id IN ({codes(skill.meets_isco, dialect)}) "
        f"GROUP BY o.candidate_id, o.isco_id HAVING SUM(o.months) >= {enough}"
    )
    return f"({recorded} OR k.id IN ({held}))"


def numbers(keys: Iterable[SkillId]) -> str:
    """Keys of the database, as they stand in an IN."""
    return ", ".join(str(key) for key in sorted(int(key) for key in keys))


def codes(words: Iterable[str], dialect: Dialect) -> str:
    """Codes of the vocabulary, as they stand in an IN."""
    return ", ".join(dialect.params.add(word) for word in sorted(words))


def held_long(isco: Iterable[str], enough: int, dialect: Dialect) -> str:
    """From those of these ISCO-4 codes that `k` has held at least so many months, summed per code."""
    return (
        "FROM candidates_candidateoccupation o "
        f"WHERE o.candidate_id = k.id AND o.isco_id IN ({codes(isco, dialect)}) "
        f"GROUP BY o.isco_id HAVING SUM(o.months) >= {enough}"
    )
