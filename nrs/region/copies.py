"""Many more orders like those just written, set by set in SQL: for regions too large to draw order by order.

PostgreSQL only. A copy is the same course with the same company, some seconds later, with other people of the same
municipalities, its own ids and number. All moments of a drawn order are whole minutes, so that seconds move nothing
across an opening or closing hour. What depends on what is copied with it; indexes and foreign keys are taken off before
and put on again afterwards, which checks them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Field, ForeignKey, Model

from candidates.models import Release
from companies.models import ContactLogEntry
from events.models import Event
from joborders.models import (
    FollowLink,
    Intake,
    JobOrder,
    Nomination,
    OrderSpan,
    Requirement,
    Revision,
    SupplyAnswer,
)
from municipalities.working_time import ZONE, Calendar
from nrs.region.deeds import Homes
from nrs.region.orders import Drawn
from nrs.region.world import World

#: So many orders are drawn; a larger region on PostgreSQL is made of copies of them.
DRAWN = 25_000
#: Seconds between copies stay within the minute.
MOST = 50
#: A block of people of one municipality has at least so many.
BLOCK = 25
MODELS: Sequence[type[Model]] = (
    JobOrder, Requirement, Revision, OrderSpan, Intake, FollowLink, Nomination, Release, SupplyAnswer, ContactLogEntry,
    Event,
)  # fmt: skip
LATER = "t.{} + k * interval '1 second'"
MEMORY = "SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL work_mem = '256MB'"
#: The id of a copy: the drawn one's first three digits are 000 (`world.Chance`), so that a copy has its own there.
COPIED = "({prefix} || substr({id}, 4))"
PREFIX = "lpad(to_hex(k * 83), 3, '0')"


def _copied(column: str) -> str:
    return COPIED.format(prefix="c.prefix", id=f"t.{column}::text") + "::uuid"


def _copied_in(name: str) -> str:
    return COPIED.format(prefix="c.prefix", id=f"(t.data->>'{name}')")


@dataclass(frozen=True)
class Plan:
    """How many orders are drawn, how often each is copied, and in how many blocks the people stand."""

    drawn: int
    copies: int

    @property
    def orders(self) -> int:
        """Drawn and copied together: at least as many as asked for; the rest is drawn."""
        return self.drawn * (self.copies + 1)


def plan(orders: int, drawn: int | None) -> Plan:
    """How to make so many orders. `drawn`: at most so many by hand (DRAWN), more where copies would be too many."""
    most = drawn or DRAWN
    if connection.vendor != "postgresql" or orders <= most:
        return Plan(orders, 0)
    copies = min(MOST, -(-orders // most)) - 1
    return Plan(-(-orders // (copies + 1)), copies)


def blocks_of(at_home: Homes, copies: int) -> tuple[Homes, list[Homes]]:
    """Whom the drawn orders choose from, and for each copy whom theirs are replaced by, in the same places.

    Nobody who is hired in one copy is nominated in another, as far as there are enough people.
    """
    count = max(1, min(copies + 1, *(len(people) // BLOCK for people in at_home.values())))
    sizes = {home: len(people) // count for home, people in at_home.items()}
    cut = [
        {home: people[sizes[home] * n : sizes[home] * (n + 1)] for home, people in at_home.items()}
        for n in range(count)
    ]
    return cut[0], [cut[copy % count] for copy in range(1, copies + 1)]


class Copier:
    """Remembers what stood in the tables before; `copy` multiplies what has been written since."""

    def __init__(self, world: World, copies: int) -> None:
        """Before the orders to be copied are written."""
        self.world, self.copies = world, copies
        self.before = {model: _one(f"SELECT COALESCE(MAX(id), 0) FROM {_table(model)}") for model in MODELS}
        self.numbers: list[tuple[Any, list[str]]] = []
        self.moving: list[tuple[str, Any, bool, bool]] = []
        self.ends: dict[type[Model], tuple[Any, ...]] = {}

    def know(self, drawn: Sequence[Drawn], nominations: Sequence[Nomination]) -> None:
        """Note numbers, and which due times move with the seconds: those that were not put off to an opening."""
        for one in drawn:
            order = one.order
            calendar = self.world.calendar(order.lead_id)
            self.numbers.append((order.public_id, one.numbers[1:]))
            due = (order.response_due_at, order.candidate_due_at)
            self.moving.append(("order", order.public_id, *(_moves(calendar, order.received_at, at) for at in due)))
            if one.intake and one.intake.municipality_id:
                calendar = self.world.calendar(one.intake.municipality_id)
                moves = _moves(calendar, order.received_at, one.intake.response_due_at)
                self.moving.append(("intake", one.intake.public_id, moves, moves))
        for one in nominations:
            if one.requested_at:
                moves = _moves(self.world.calendar(one.home_code), one.requested_at, one.answer_due_at)
                self.moving.append(("nomination", one.public_id, moves, moves))

    def copy(self, first: Homes, others: Sequence[Homes], say: Callable[[str], None]) -> None:
        """Multiply, and say how long it took. Within the caller's transaction."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(MEMORY)
            self._fill(cursor, first, others)
            put_back = _bare(cursor)
            for model in MODELS:
                begun = time.monotonic()
                written = self._multiply(cursor, model)
                say(f"{model._meta.db_table}: {written} copies ({time.monotonic() - begun:.1f} s)")
            self._hire(cursor)
            begun = time.monotonic()
            for statement in put_back:
                cursor.execute(statement)
            say(f"indexes and foreign keys ({time.monotonic() - begun:.1f} s)")
            for name in ("numbers", "moving", "people"):
                cursor.execute(f"DROP TABLE region_{name}")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def _fill(self, cursor: Any, first: Homes, others: Sequence[Homes]) -> None:
        """What the statements look up: numbers, due times that move, and who replaces whom."""
        cursor.execute("CREATE TEMP TABLE region_numbers (subject uuid PRIMARY KEY, numbers text[])")
        cursor.execute("CREATE TEMP TABLE region_moving (kind text, subject uuid PRIMARY KEY, one bool, two bool)")
        cursor.execute(
            "CREATE TEMP TABLE region_people (person bigint, copy int, other bigint, pseudonym text, "
            "PRIMARY KEY (person, copy))"
        )
        _copy_in(cursor, "region_numbers", self.numbers)
        _copy_in(cursor, "region_moving", self.moving)
        _copy_in(cursor, "region_people", list(_replaced(first, others)))
        cursor.execute("ANALYZE region_numbers; ANALYZE region_moving; ANALYZE region_people")

    def _multiply(self, cursor: Any, model: type[Model]) -> int:
        """Write the copies of one table's rows, as many as are returned."""
        table, before = _table(model), self.before[model]
        if self._ends(model)[1] is None:
            return 0
        fields = [field for field in model._meta.local_concrete_fields if not field.has_db_default()]
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        expressions = ", ".join(self._expression(model, field) for field in fields)
        source = f"SELECT * FROM {table} WHERE id > {before} {_WHICH.get(model, '')} ORDER BY id"
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {expressions} FROM ({source}) t "
            f"CROSS JOIN LATERAL (SELECT k, {PREFIX} FROM generate_series(1, {self.copies}) k) c(k, prefix) "
            f"{_JOINS.get(model, '')}"
        )
        written = cursor.rowcount
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")
        return int(written)

    def _expression(self, model: type[Model], field: Field[Any, Any]) -> str:
        """What a copy has in this column."""
        own = _OWN.get(model, {}).get(field.column)
        if own:
            return own
        if field.primary_key:
            return self._key(model, "t.id")
        if isinstance(field, ForeignKey) and field.related_model is JobOrder:
            return self._key(JobOrder, f"t.{field.column}")
        quoted = connection.ops.quote_name(field.column)
        return LATER.format(quoted) if isinstance(field, DateTimeField) else f"t.{quoted}"

    def _key(self, model: type[Model], column: str) -> str:
        """Keys run on as the originals do, the copies of one side by side."""
        first, last = self._ends(model)
        return f"{last + 1} + ({column} - {first}) * {self.copies} + k - 1"

    def _ends(self, model: type[Model]) -> tuple[Any, ...]:
        if model not in self.ends:
            found = f"SELECT MIN(id), MAX(id) FROM {_table(model)} WHERE id > %s"
            self.ends[model] = _row(found, self.before[model])
        return self.ends[model]

    def _hire(self, cursor: Any) -> None:
        """Whoever replaces somebody hired of late is hired, too."""
        cursor.execute(
            "UPDATE candidates_candidate c SET status = 'hired', status_until = NULL, hired_from = drawn.hired_from "
            "FROM candidates_candidate drawn JOIN region_people p ON p.person = drawn.id "
            "WHERE c.id = p.other AND drawn.status = 'hired'"
        )


def _moves(calendar: Calendar, start: Any, due: Any) -> bool:
    """Whether something due so many working days after start is due later when it starts some seconds later."""
    return due is not None and calendar.is_open(start) and due.astimezone(ZONE).time() == start.astimezone(ZONE).time()


def _replaced(first: Homes, others: Sequence[Homes]) -> Any:
    for k, block in enumerate(others, 1):
        for home, people in first.items():
            for person, other in zip(people, block[home], strict=True):
                yield person.candidate.pk, k, other.candidate.pk, other.candidate.pseudonym


def _copy_in(cursor: Any, table: str, rows: Sequence[Sequence[Any]]) -> None:
    with cursor.cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _row(statement: str, *values: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(cursor.fetchone())


def _one(statement: str) -> int:
    return int(_row(statement)[0])


def _bare(cursor: Any) -> list[str]:
    """Take off what a bulk load need not keep up row by row, all but the keys. Returns what puts it on again."""
    tables = [model._meta.db_table for model in MODELS]
    cursor.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid), contype FROM pg_constraint "
        "WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u') ORDER BY contype DESC, conname",
        [tables],
    )
    constraints = cursor.fetchall()
    put_back = [f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}" for table, name, text, _kind in constraints]
    for table, name, _text, _kind in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary ORDER BY 1",
        [tables],
    )
    indexes = cursor.fetchall()
    for name, _text in indexes:
        cursor.execute(f"DROP INDEX {name}")
    return [text for _name, text in indexes] + put_back


_DUE = "{0} + CASE WHEN m.{1} THEN k * interval '1 second' ELSE interval '0' END"
_RESPONSE, _CANDIDATE = _DUE.format("t.response_due_at", "one"), _DUE.format("t.candidate_due_at", "two")
_MOVING = "JOIN region_moving m ON m.subject = t.public_id"
_PERSON = "JOIN region_people p ON p.person = t.candidate_id AND p.copy = k"
#: The columns of a copy that are neither the same nor the same some seconds later.
_OWN: Mapping[type[Model], Mapping[str, str]] = {
    JobOrder: {
        "public_id": _copied("public_id"),
        "number": "n.numbers[k]",
        "salt": "1 + (t.salt::bigint * 48271 + k * 16807) % 2147483645",
        "response_due_at": _RESPONSE,
        "candidate_due_at": _CANDIDATE,
        "next_due_at": "CASE WHEN t.state = 'open' AND t.paused_at IS NULL THEN LEAST("
        f"CASE WHEN t.responded_at IS NULL THEN {_RESPONSE} END, "
        f"CASE WHEN t.presented_at IS NULL THEN {_CANDIDATE} END) END",
    },
    Intake: {"public_id": _copied("public_id"), "response_due_at": _RESPONSE},
    FollowLink: {"digest": "encode(sha256((k::text || t.digest)::bytea), 'hex')"},
    Nomination: {
        "public_id": _copied("public_id"),
        "candidate_id": "p.other",
        "pseudonym": "p.pseudonym",
        "answer_due_at": _DUE.format("t.answer_due_at", "one"),
    },
    Release: {"order": _copied('"order"'), "candidate_id": "p.other"},
    ContactLogEntry: {
        "public_id": _copied("public_id"),
        "order": _copied('"order"'),
        "about": "n.numbers[k] || substr(t.about, strpos(t.about, ' '))",
    },
    Event: {
        "public_id": _copied("public_id"),
        "subject": _copied("subject"),
        "data": "CASE t.type "
        "WHEN 'joborder.submitted' THEN t.data || jsonb_build_object('number', n.numbers[k]) "
        f"WHEN 'joborder.screened' THEN jsonb_build_object('run', {_copied_in('run')}) "
        f"WHEN 'nomination.presented' THEN t.data || jsonb_build_object('order', {_copied_in('order')}, "
        f"'together', {_copied_in('together')}) "
        "ELSE CASE WHEN starts_with(t.type, 'nomination.') OR t.type = 'intake.submitted' "
        f"THEN t.data || jsonb_build_object('order', {_copied_in('order')}) ELSE t.data END END",
    },
}
_JOINS: Mapping[type[Model], str] = {
    JobOrder: f"{_MOVING} JOIN region_numbers n ON n.subject = t.public_id",
    Intake: _MOVING,
    Nomination: f"LEFT {_MOVING} {_PERSON}",
    Release: _PERSON,
    ContactLogEntry: 'JOIN region_numbers n ON n.subject = t."order"',
    Event: "LEFT JOIN region_numbers n ON n.subject = t.subject AND t.type = 'joborder.submitted'",
}
#: Calls and mails that are no orders yet are not copied.
_WHICH: Mapping[type[Model], str] = {Intake: "AND order_id IS NOT NULL"}
