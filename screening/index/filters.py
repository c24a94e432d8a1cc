"""The demands asked of everybody at once, in the order of the funnel; who can be in no lane drops out. Pure: numpy."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from screening.compile import CompiledOrder, distinct
from screening.index import query
from screening.index.build import Columns
from screening.index.frame import REVIEWED, Ints
from screening.index.points import Points
from screening.index.query import ONE, OUT, UNSURE, Bytes
from screening.types import FUNNEL, MustName

ALIVE: Final = 2
"""A state below it has nothing missing."""


def _count(codes: Bytes, code: int) -> int:
    return int(np.count_nonzero(codes == code))


def _first_miss(terms: tuple[Bytes, Bytes, Bytes]) -> Bytes:
    """Per combination 0, UNSURE, or twice the number of the first of the three that is missing (or one more)."""
    table = np.zeros(len(terms[0]), np.uint8)
    for number, answer in enumerate(terms, 1):
        table |= answer & UNSURE
        table[(answer == OUT) & (table < ALIVE)] = 2 * number
    return table


def _runs(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Neighbouring spans as one."""
    if not len(starts):
        return starts, ends
    apart = np.flatnonzero(starts[1:] != ends[:-1])
    return starts[np.append(0, apart + 1)], ends[np.append(apart, len(ends) - 1)]


class Pass:
    """Who is still in a lane (`rows`, ascending) and how (`state`: UNSURE and ONE added up), step by step."""

    def __init__(self, columns: Columns, home: int | None, gone: Ints) -> None:
        """All people of a municipality (None: of all) but the rows `gone`, ascending."""
        places = columns.places
        self.columns = columns
        self.in_scope = np.ones(len(places.postal), np.bool_) if home is None else places.home == home
        self.gone = gone[self.in_scope[columns.place_of[gone]]] if len(gone) else gone
        sizes = np.diff(places.starts)
        self.pool = int(sizes[self.in_scope].sum()) - len(self.gone)
        self.left = [0] * len(FUNNEL)
        self.whole = self.pool
        """How many miss nothing so far."""
        self.rows: Ints = np.empty(0, np.int64)
        self.state: Bytes = np.empty(0, np.uint8)

    def funnel(self) -> dict[MustName, int]:
        """How many are not missing anything after each must-have."""
        remaining = self.pool - np.cumsum(self.left)
        return dict(zip(FUNNEL, remaining.tolist(), strict=True))

    def enter(self, answers: Bytes, terms: tuple[Bytes, Bytes, Bytes]) -> None:
        """The first demands, none of which a course can cure: distance by place, then start, hours and shifts.

        People stand in the order of their places, so that those within reach are a few runs of rows.
        """
        columns, places = self.columns, self.columns.places
        table = _first_miss(terms)
        near = np.flatnonzero(self.in_scope & (answers != OUT))
        starts, ends = _runs(places.starts[near], places.starts[near + 1])
        lengths = ends - starts
        codes = [columns.terms_of[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        found = table.take(np.concatenate(codes)) if codes else np.empty(0, np.uint8)
        gone = self.gone[answers[columns.place_of[self.gone]] != OUT] if len(self.gone) else self.gone
        self.whole = len(found) - len(gone)
        self.left[0] = self.pool - self.whole
        missed = table[columns.terms_of[gone]] if len(gone) else np.empty(0, np.uint8)
        for number in range(1, 4):
            leaving = sum(_count(found, miss) - _count(missed, miss) for miss in (2 * number, 2 * number + 1))
            self.left[number] = leaving
            self.whole -= leaving
        unsure = np.repeat(answers[near], places.starts[near + 1] - places.starts[near])
        at = np.flatnonzero(found < ALIVE)
        shift = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
        self.rows, self.state = at + shift.take(at), (unsure | found).take(at)
        if len(gone) and len(self.rows):
            self._drop(gone)

    def _drop(self, gone: Ints) -> None:
        at = np.searchsorted(self.rows, gone)
        at[at == len(self.rows)] = 0
        at = at[self.rows[at] == gone]
        self.rows, self.state = np.delete(self.rows, at), np.delete(self.state, at)

    def ask(self, name: MustName, answers: Bytes) -> None:
        """The answers of everybody who is still there to the next demand."""
        state = self.state | answers
        bad = (self.state & answers & ONE) | (answers & OUT)
        whole = int(np.count_nonzero(state < ALIVE))
        self.left[FUNNEL.index(name)] += self.whole - whole
        self.whole = whole
        if bad.any():
            stay = np.flatnonzero(bad == 0)
            self.rows, state = self.rows.take(stay), state.take(stay)
        self.state = state

    def unmet(self, section: int, if_reviewed: int) -> Bytes:
        """What an unmet demand means for everybody: missing where the section was reviewed, else unknown."""
        table = np.full(256, UNSURE, np.uint8)
        table[(np.arange(256) & section) != 0] = if_reviewed
        return table.take(self.columns.reviewed.take(self.rows))


def ask_all(order: CompiledOrder, columns: Columns, passing: Pass, points: Points) -> None:
    """Every demand of the order, in the order of the funnel."""
    wanted, means = order.wanted, columns.means
    passing.enter(points.distance_answers, query.term_answers(order, columns.terms))
    if wanted.licences:
        table = query.licence_answers(order, means, columns.books.licence)
        passing.ask("licences", table.take(columns.means_of.take(passing.rows)))
    for code in distinct(wanted.certificates):
        valid = _valid(columns, code, order.decided_on.toordinal()).take(passing.rows)
        passing.ask("certificates", passing.unmet(REVIEWED["certificates"], ONE) * ~valid)
    for code, table in query.language_answers(order).items():
        reviewed = columns.reviewed.take(passing.rows) & REVIEWED["languages"]
        key = (reviewed.astype(np.uint16) << query.ABOVE_LEVELS) | _levels(columns, code, passing.rows)
        passing.ask("languages", table.take(key))
    if wanted.own_transport:
        passing.ask("transport", query.transport_answers(means).take(columns.means_of.take(passing.rows)))
    for must in query.skill_musts(order, columns):
        lacking = ~points.hold_any(must.tokens, passing.rows)
        passing.ask("skills", passing.unmet(REVIEWED["skills"], ONE if must.curable else OUT) * lacking)


def _valid(columns: Columns, code: str, day: int) -> NDArray[np.bool_]:
    """By row, who holds a certificate that is valid on the day."""
    held = np.zeros(columns.rows, np.bool_)
    at = columns.certificates.of(columns.books.certificate.get(code, -1))
    through: Any = columns.certificates.values
    held[columns.certificates.rows[at][through[at] >= day]] = True
    return held


def _levels(columns: Columns, code: str, rows: Ints) -> Bytes:
    """The levels of a language, oral in the upper four bits, of these rows."""
    language = columns.books.language.get(code, -1)
    if language in columns.spoken:
        return columns.spoken[language].take(rows)
    at = columns.languages.of(language)
    column = np.zeros(columns.rows, np.uint8)
    levels: Any = columns.languages.values
    column[columns.languages.rows[at]] = levels[at]
    return column.take(rows)
