"""The table of the faults, for the terminal and for docs/trust.md."""

from __future__ import annotations

from collections.abc import Sequence

from tests.faults.count import Result
from tools import trust

FILE = trust.FILE.relative_to(trust.FILE.parents[1])
GOAL = 2000
COLUMNS = (
    "kind",
    "faults",
    "sent",
    "acknowledged",
    "refused, sent again",
    "lost",
    "doubled",
    "events",
    "events lost",
    "redelivered",
    "effects lost / doubled",
    "wrong states",
    "answered meanwhile",
    "back after s",
    "slowest s",
    "took s",
    "",
)


def table(results: Sequence[Result]) -> str:
    """Markdown."""
    rows = [COLUMNS, tuple("---" for _ in COLUMNS)]
    for one in results:
        effects = f"{one.effects_lost} / {one.effects_doubled} of {one.effects}"
        if not one.effects:  # these kinds count rows, not what follows from them
            effects = "–"
        told = _verdict(one)
        cells = (one.kind, one.faults, one.sent, one.acked, one.calls_refused, one.lost, one.doubled, one.events)
        more = (
            one.events_lost,
            one.redelivered,
            effects,
            one.wrong_states,
            f"{one.away} of {one.away + one.away_refused}" if one.away or one.away_refused else "–",
            one.back_s or "–",
            one.slowest_s or "–",
            one.seconds,
        )
        rows.append(tuple(str(cell) for cell in (*cells, *more, told)))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def line(one: Result) -> str:
    """One kind, for the terminal."""
    figures = f"{one.acked} of {one.sent} acknowledged, {one.lost} lost, {one.doubled} doubled"
    more = f"{one.events_lost} of {one.events} events lost, {one.wrong_states} wrong, {one.seconds} s"
    return f"{one.kind}: {figures}, {more}: {_verdict(one)}"


def _verdict(one: Result) -> str:
    if one.left_out:
        return f"left out: {one.left_out}"
    return "; ".join(["ok", *one.remarks]) if one.is_good else "NOT ok: " + "; ".join(one.notes or ["see the figures"])


def write(results: Sequence[Result], writes: int) -> None:
    """Put it into docs/trust.md; `writes`: how many each kind was asked for."""
    n = sum(one.acked for one in results)
    short = f"This run asked for {writes} writes of each kind; the goal is {GOAL}." if writes < GOAL else ""
    said = [
        "PostgreSQL, RabbitMQ and the five processes of `./run services` on the loopback; clients hand in orders and",
        "send again, with the same key, what was not acknowledged. After all kinds the rows, the events on the broker",
        "and their effects are compared by id. A dash: not measured. *Redelivered*: events that a consumer got more",
        "than once and drops by id. *Answered meanwhile*: calls while the broker was away. *Back*: from the return of",
        "what was broken to the first good answer to a new call.",
        f"Nothing lost in n trials shows a rate below 3/n at 95 %: here n = {n} acknowledged writes in all.",
        *([short] if short else []),
        "",
        table(results),
        "",
        *(f"- **{one.kind}**: {one.what}" for one in results),
    ]
    trust.write("faults", "Faults under load (`./run faults`)", "\n".join(said))
