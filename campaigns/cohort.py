"""The orders received in a period as columns, each with the moments that times and promises are made of.

A figure over a year of a large region is about a hundred thousand orders. They are never made into objects: moments are
arrays of seconds since 1970, not a number where something has not happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.asked import NINE, Asked, of_industry
from campaigns.periods import Per, Period, periods
from events import clock, replica
from events.models import Event
from joborders.models import OrderSpan
from municipalities.wall import to_score

Column = np.ndarray[Any, np.dtype[Any]]
MOMENTS = ("received", "response_due", "candidate_due", "responded", "presented", "ended", "paused")


@dataclass(frozen=True, slots=True)
class Cohort:
    """Orders as they stood at the end of the question's day, as far as it was known; a column for each fact.

    `responded`, `presented`: the first contact with the company, the first candidate shown to it; `ended`: when it was
    filled or closed; `paused`: since when an open one pauses.
    """

    lead: Column
    state: Column
    received: Column
    response_due: Column
    candidate_due: Column
    responded: Column
    presented: Column
    ended: Column
    paused: Column

    @property
    def everybody(self) -> Column:
        """All of them, to count with."""
        return np.ones(len(self.lead), dtype=bool)

    def by_period(self, question: Asked, per: Per) -> Iterator[tuple[Period, Column]]:
        """Every week or month, and which orders were received in it."""
        spans = list(periods(question.since, question.until, per))
        starts = [clock.day_start(span.first).timestamp() for span in spans]
        places = np.searchsorted(starts, self.received, side="right") - 1
        for place, span in enumerate(spans):
            yield span, places == place

    def by_lead(self, question: Asked) -> Iterator[tuple[str, Column]]:
        """Every municipality that the question asks about, and which orders it led."""
        for code in NINE:
            if question.municipality in (None, code):
                yield code, self.lead == code


@to_score
def cohort(question: Asked) -> Cohort:
    """The orders received in the period; two statements. Of nominations it reads whose order they are on.

    The first contact and the first candidate stand on the order itself as they are known now. Only where some of the
    period were registered after `known_at` are they looked up as they were known then, event by event.
    """
    found = _read(question, _ON_THE_ORDER, [])
    if _is_known_better_now(question):
        found = _read(question, *_in_the_events(question))
    return found


def _is_known_better_now(question: Asked) -> bool:
    """Whether a first contact or candidate was registered after the time that the figure knows of.

    Asked after the orders were read, so that nothing that was read can have come in between.
    """
    return (
        Event.objects.filter(
            type__in=("joborder.responded", "nomination.presented"),
            happened_at__gte=question.period[0],
            happened_at__lt=question.end,
            recorded_at__gt=question.known_at,
        )
        .order_by()
        .exists()
    )


def _read(question: Asked, how: tuple[str, str, str, str], values: Sequence[Any]) -> Cohort:
    """The orders, with the first contact and candidate as `how` finds them."""
    sql, parameters = _statement(question, how, values)
    connection = replica.connection()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_PACKED.format(sql), parameters)
            lead, state, *packed = cursor.fetchone()
            moments = [_unpacked(column) for column in packed]
            leads = np.frombuffer((lead or "").encode(), dtype="S4").astype("U4")
            is_open = np.frombuffer((state or "").encode(), dtype="S1") == b"o"
            states = np.where(is_open, "open", np.where(_is(state, b"f"), "filled", "closed"))
        else:
            cursor.execute(sql, parameters)
            rows = cursor.fetchall()
            found: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * (2 + len(MOMENTS))
            leads, states = np.array(found[0], dtype="U4"), np.array(found[1], dtype="U6")
            moments = [_seconds(column) for column in found[2:]]
            is_open = states == "open"
    columns = dict(zip(MOMENTS, moments, strict=True))
    ended = np.where(np.isnan(columns["ended"]), columns["received"], columns["ended"])
    columns["ended"] = np.where(is_open, np.nan, ended)
    columns["paused"] = np.where(is_open, columns["paused"], np.nan)
    return Cohort(leads, states, **columns)


def _is(states: str | None, letter: bytes) -> Column:
    return np.frombuffer((states or "").encode(), dtype="S1") == letter


#: PostgreSQL gives whole columns, each as one value: a hundred thousand rows cost more to read than to find.
_PACKED = (
    "SELECT string_agg(lead_code, ''), string_agg(left(state, 1), ''), "
    + ", ".join(f"string_agg(timestamptz_send(COALESCE({name}, '-infinity')), ''::bytea)" for name in MOMENTS)
    + " FROM ({}) cohort"
)
_SINCE_1970 = 946_684_800_000_000
"""PostgreSQL counts microseconds from 2000."""


def _unpacked(column: bytes | None) -> Column:
    """Seconds since 1970 out of what `timestamptz_send` wrote, not a number for minus infinity."""
    found = np.frombuffer(column or b"", dtype=">i8")
    return np.where(found == np.iinfo(np.int64).min, np.nan, (found + np.int64(_SINCE_1970)) / 1e6)


def _seconds(values: Sequence[Any]) -> Column:
    """Moments as SQLite gives them (text, UTC)."""
    return np.array([None if value is None else _moment(value).timestamp() for value in values], dtype=float)


def _moment(value: str | dt.datetime) -> dt.datetime:
    found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.replace(tzinfo=dt.UTC)


#: How the first contact and the first candidate are found: common tables, joins, and the two moments.
_ON_THE_ORDER = ("", "", "joborder.responded_at", "joborder.presented_at")
_HAPPENED = "happened_at >= %s AND happened_at < %s AND recorded_at <= %s"


def _in_the_events(question: Asked) -> tuple[tuple[str, str, str, str], list[Any]]:
    """As they were known then, and the parameters of it. Found by the period, not order by order."""
    once = "MATERIALIZED " if replica.connection().vendor == "postgresql" else ""
    tables = f"""
    , responded AS (SELECT subject, MIN(happened_at) AS at FROM events_event
        WHERE type = 'joborder.responded' AND {_HAPPENED} GROUP BY subject),
    nominations AS {once}(SELECT joborders_nomination.order_id, joborders_nomination.public_id FROM joborders_nomination
        JOIN orders ON orders.order_id = joborders_nomination.order_id),
    presented AS (SELECT order_id, MIN(happened_at) AS at FROM events_event
        JOIN nominations ON nominations.public_id = subject
        WHERE type = 'nomination.presented' AND {_HAPPENED} GROUP BY order_id)"""
    joins = """
    LEFT JOIN responded ON responded.subject = joborder.public_id
    LEFT JOIN presented ON presented.order_id = orders.order_id"""
    values = [_bound(one) for one in (question.period[0], question.end, question.known_at)]
    return (tables, joins, "responded.at", "presented.at"), [*values, *values]


def _statement(question: Asked, how: tuple[str, str, str, str], values: Sequence[Any]) -> tuple[str, list[Any]]:
    """One row for each order. Everything is found by the period: it costs what the period costs.

    `ended` is when it last stopped being open, `paused` the last pause that no later step ended: that of an order
    which still pauses stands on it.
    """
    first, after, end, known = (_bound(one) for one in (*question.period, question.end, question.known_at))
    once = "MATERIALIZED " if replica.connection().vendor == "postgresql" else ""
    which, asked = _asked_about(question)
    tables, joins, responded, presented = how
    stands = "happened_from < %s AND (happened_to IS NULL OR happened_to >= %s)"
    sql = f"""
    WITH orders AS {once}(SELECT order_id, MAX(received_at) AS received,
        MAX(CASE WHEN {stands} THEN state END) AS state, MAX(CASE WHEN {stands} THEN lead_code END) AS lead_code,
        MAX(CASE WHEN state = 'open' AND happened_to < %s THEN happened_to END) AS ended
        FROM joborders_orderspan WHERE received_at >= %s AND received_at < %s
        AND known_from <= %s AND (known_to IS NULL OR known_to > %s) {which} GROUP BY order_id),
    pauses AS (SELECT subject, happened_at, id FROM events_event WHERE type = 'joborder.paused' AND {_HAPPENED}
        AND NOT EXISTS (SELECT 1 FROM joborders_joborder still WHERE still.public_id = events_event.subject
            AND still.paused_at < %s AND still.paused_at <= %s)),
    paused AS (SELECT subject, MAX(happened_at) AS at FROM pauses
        WHERE NOT EXISTS (SELECT 1 FROM events_event later WHERE later.subject = pauses.subject
            AND later.type IN ('joborder.resumed', 'joborder.filled', 'joborder.closed')
            AND (later.happened_at > pauses.happened_at
                OR (later.happened_at = pauses.happened_at AND later.id > pauses.id))
            AND later.happened_at < %s AND later.recorded_at <= %s)
        GROUP BY subject){tables}
    SELECT orders.lead_code, orders.state, orders.received, joborder.response_due_at AS response_due,
        joborder.candidate_due_at AS candidate_due,
        CASE WHEN {responded} < %s THEN {responded} END AS responded,
        CASE WHEN {presented} < %s THEN {presented} END AS presented, orders.ended,
        CASE WHEN joborder.paused_at < %s AND joborder.paused_at <= %s THEN joborder.paused_at ELSE paused.at END
            AS paused
    FROM orders
    JOIN joborders_joborder joborder ON joborder.id = orders.order_id
        AND joborder.received_at >= %s AND joborder.received_at < %s
    LEFT JOIN paused ON paused.subject = joborder.public_id{joins}
    WHERE orders.state IS NOT NULL AND (%s = '' OR orders.lead_code = %s)
    """
    code = question.municipality or ""
    parameters = [
        end, end, end, end, end, first, after, known, known, *asked, first, end, known, end, known, end, known,
        *values, end, end, end, known, first, after, code, code,
    ]  # fmt: skip
    return sql, parameters


def _asked_about(question: Asked) -> tuple[str, Sequence[Any]]:
    """The condition of an industry, with its parameters."""
    if question.industry is None:
        return "", ()
    first, after = question.period
    received = OrderSpan.objects.filter(received_at__gte=first, received_at__lt=after).order_by()
    sql, parameters = of_industry(received, question.industry).values("order_id").query.sql_with_params()
    return f"AND order_id IN ({sql})", parameters


def _bound(moment: dt.datetime) -> Any:
    """A moment as the database compares it."""
    return replica.connection().ops.adapt_datetimefield_value(moment)
