"""The statement: the pool looked at stage by stage, the cheap columns first, rows of sections for who is left.

`looked` joins the metres and answers by columns · `asked` counts rows of licences, certificates and languages · `known`
those of required skills · `judged` gives lane, first missing demand and, in a shown lane, the fit. Everything is one
pass over the pool; no stage is joined with another, so there is nothing that the planner could misjudge.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from screening.compile import CompiledOrder
from screening.loading import COLUMNS
from screening.sqlexec import demands, parts
from screening.sqlexec.demands import PASSED_ALL, Counted, Demand
from screening.sqlexec.dialect import Dialect
from screening.table import TIE_MODULUS

QUALIFIED, CHECK, NEARLY, NOT = range(4)
COUNTED = -1
#: Compared with ">": of "=" the planner expects so few rows that it looks them up one by one.
LAST_STEP = PASSED_ALL - 1


def statement(
    order: CompiledOrder, people: QuerySet[Any], answer: str, dialect: Dialect, *, with_fit: bool = True
) -> str:
    """SQL of one screening over `people`; its parameters are kept in the dialect.

    `answer` selects from `looked` (early: the step at which somebody is out by a column) and `judged` (id, home_id,
    lane, first_missing, and with the fit raw and tie in the shown lanes).
    """
    by_column = list(demands.column_demands(order, dialect))
    sections = list(demands.section_demands(order, dialect))
    skills = list(demands.skill_demands(order, dialect))
    transport = demands.transport_demand(order)
    late = [*(one.demand() for one in sections), *([transport] if transport else []), *(s.demand() for s in skills)]
    running = _running([one.demand() for one in sections], transport)
    tables, pool = _pool(order, people, dialect)
    stages = {
        "looked AS MATERIALIZED": f"SELECT k.*, {_first(by_column)} AS early FROM ({pool} {dialect.fence}) k",
        "asked AS": f"SELECT k.*{_with(sections)} FROM looked k WHERE k.early > {LAST_STEP} {dialect.fence}",
        "known AS": f"SELECT k.*{_with(skills, running)} FROM asked k {dialect.fence}",
        "placed AS": f"SELECT k.*, {_places(by_column, late)} FROM known k {dialect.fence}",
        "judged AS MATERIALIZED": (
            f"SELECT k.id, k.home_id, k.lane, k.first_missing{_fit(order, dialect) if with_fit else ''} FROM placed k"
        ),
    }
    steps = [*tables, *(f"{name} ({sql})" for name, sql in stages.items())]
    return f"WITH {', '.join(steps)} {answer}"


def _pool(order: CompiledOrder, people: QuerySet[Any], dialect: Dialect) -> tuple[list[str], str]:
    """The pool as `screening.loading.pool` says it: the rule is written once, in the ORM.

    With the metres to the workplace, null where a point is not known.
    """
    read = (*COLUMNS, "home_id")
    sql, values = people.order_by().values_list(*read).query.get_compiler(people.db).as_sql()
    named = sql % tuple(dialect.params.add(value) for value in values)
    columns = ", ".join("id" if column == "pk" else column for column in read)
    tables = [f"pool({columns}) AS ({named})"]
    if order.wanted.remote or not order.metres:
        return tables, "SELECT p.*, CAST(NULL AS integer) AS metres FROM pool p"
    tables.append(dialect.table("near", ("postal", "metres"), list(order.metres.items()), ("text", "int")))
    return tables, "SELECT p.*, n.metres FROM pool p LEFT JOIN near n ON n.postal = p.postal_code"


def _first(asked: list[Demand]) -> str:
    """The first step of the funnel with something missing."""
    arms = [f"WHEN {one.missing} > 0 THEN {one.step}" for one in asked]
    return f"(CASE {' '.join(arms)} ELSE {PASSED_ALL} END)" if arms else str(PASSED_ALL)


def _with(counted: list[Counted], condition: str = "") -> str:
    """Columns with what is met, counted for whom it can matter."""
    how = f"CASE WHEN {condition} THEN {{}} ELSE 0 END" if condition else "{}"
    return "".join(f", {how.format(one.sql)} AS {one.column}" for one in counted)


def _running(sections: list[Demand], transport: Demand | None) -> str:
    """Who can still be listed once licences, certificates, languages and transport are known."""
    hard = [one.missing for one in (*sections, transport) if one and not one.is_curable]
    soft = [one.missing for one in sections if one.is_curable]
    conditions = [f"{missing} = 0" for missing in hard]
    if soft:
        conditions.append(f"{' + '.join(soft)} <= 1")
    return " AND ".join(conditions)


def _places(by_column: list[Demand], late: list[Demand]) -> str:
    """The lane: none missing, none missing but something unknown, one curable missing, or not; and the step."""
    arms = [f"WHEN {one.missing} > 0 THEN {NOT}" for one in late if not one.is_curable]
    if soft := " + ".join(one.missing for one in late if one.is_curable):
        arms += [f"WHEN {soft} > 1 THEN {NOT}", f"WHEN {soft} = 1 THEN {NEARLY}"]
    unknown = " OR ".join(one.unknown for one in (*by_column, *late))
    arms.append(f"WHEN {unknown} THEN {CHECK}")
    return f"(CASE {' '.join(arms)} ELSE {QUALIFIED} END) AS lane, {_first(late)} AS first_missing"


def _fit(order: CompiledOrder, dialect: Dialect) -> str:
    """Raw fit and tie of those in a shown lane."""
    tie = f"CAST(k.tie_seed AS bigint) * {order.wanted.salt} %% {TIE_MODULUS}"
    listed = f"WHEN k.lane < {NOT} THEN"
    return f", CASE {listed} {parts.raw(order, dialect)} END AS raw, CASE {listed} {tie} END AS tie"


def ranking(limit: int) -> str:
    """The counts as (−1, lane, first missing step, people), then (lane, candidate, raw, tie), best first.

    At most `limit` of each shown lane.
    """
    out = f"SELECT {COUNTED}, {NOT}, early, COUNT(*) FROM looked WHERE early < {PASSED_ALL} GROUP BY early"
    rest = f"SELECT {COUNTED}, lane, first_missing, COUNT(*) FROM judged GROUP BY lane, first_missing"
    lanes = (
        f"SELECT * FROM (SELECT {lane}, id, raw, tie FROM judged WHERE lane = {lane} "
        f"ORDER BY raw DESC, tie, id LIMIT {int(limit)}) l{lane}"
        for lane in (QUALIFIED, CHECK, NEARLY)
    )
    return " UNION ALL ".join([out, rest, *lanes])


def ahead(lane: int, raw: int) -> str:
    """How many of a lane have a higher raw fit."""
    return f"SELECT COUNT(*) FROM judged WHERE lane = {lane} AND raw > {raw}"


BY_HOME = f"SELECT home_id, lane, COUNT(*) FROM judged WHERE lane < {NOT} GROUP BY home_id, lane"
