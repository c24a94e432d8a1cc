"""The demands asked of everybody at once, in the order of the funnel; who can be in no lane drops out. Pure: numpy."""

import numpy as np

from screening.compile import CompiledOrder, asked_levels, distinct
from screening.index import answers, query
from screening.index import planes as bits
from screening.index.answers import Answer, by_place
from screening.index.build import Columns
from screening.index.frame import Ints
from screening.index.planes import Plane
from screening.index.points import Points
from screening.index.query import OUT, UNSURE, Bytes
from screening.types import FUNNEL, MustName, Outcome


class Pass:
    """Everybody in planes, demand by demand: who misses nothing, who one thing that a course gives, who is unsure."""

    def __init__(self, columns: Columns, home: int | None, gone: Ints) -> None:
        """All people of a municipality (None: of all) but the rows `gone`, ascending."""
        places = columns.places
        self.columns = columns
        self.in_scope = np.ones(len(places.postal), np.bool_) if home is None else places.home == home
        self.gone = gone if home is None or not len(gone) else gone[self.in_scope[columns.place_of[gone]]]
        sizes = places.sizes[:-1]
        self.pool = int(sizes.sum() if home is None else sizes[self.in_scope].sum()) - len(self.gone)
        self.left = [0] * len(FUNNEL)
        self.remaining = self.pool
        """How many miss nothing so far."""

    def funnel(self) -> dict[MustName, int]:
        """How many are not missing anything after each must-have."""
        remaining = self.pool
        found: dict[MustName, int] = {}
        for name, left in zip(FUNNEL, self.left, strict=True):
            remaining -= left
            found[name] = remaining
        return found

    def lanes(self) -> dict[Outcome, Plane]:
        """Who is in which lane."""
        unsure = self.whole & self.unsure
        return {"qualified": self.whole ^ unsure, "check": unsure, "nearly": self.one}

    def enter(self, distance: Bytes) -> None:
        """The first demand, distance, answered by place: only those within scope and reach come in."""
        places = self.columns.places
        self.whole = by_place(places, self.in_scope & (distance != OUT))
        self.unsure = by_place(places, distance == UNSURE)
        self.one: Plane = np.zeros_like(self.whole)
        self.has_one = False
        bits.without(self.whole, self.gone)
        self._count("distance")

    def _count(self, name: MustName) -> None:
        whole = bits.count(self.whole)
        self.left[FUNNEL.index(name)] += self.remaining - whole
        self.remaining = whole

    def ask(self, name: MustName, answer: Answer, curable: bool = False) -> None:
        """The answers to the next demand."""
        self.unsure |= answer.unsure
        met = ~answer.missing
        if curable:
            whole = self.whole & met
            self.one = (self.one & met) | (self.whole ^ whole)
            self.whole, self.has_one = whole, True
        else:
            self.whole &= met
            if self.has_one:
                self.one &= met
        self._count(name)


def ask_all(order: CompiledOrder, columns: Columns, passing: Pass, points: Points) -> None:
    """Every demand of the order, in the order of the funnel."""
    wanted = order.wanted
    passing.enter(points.distance_answers)
    passing.ask("start", answers.start(order, columns))
    if wanted.hours_min is not None or wanted.hours_max is not None:
        passing.ask("hours", answers.hours(order, columns))
    if wanted.shifts:
        passing.ask("shifts", answers.shifts(order, columns))
    for code in distinct(wanted.licences):
        passing.ask("licences", answers.licence(columns, code), curable=True)
    for code in distinct(wanted.certificates):
        answer = answers.certificate(columns, code, order.decided_on.toordinal())
        passing.ask("certificates", answer, curable=True)
    for code, mode, level in asked_levels(wanted):
        passing.ask("languages", answers.language(columns, code, mode, level))
    if wanted.own_transport:
        passing.ask("transport", answers.transport(columns))
    for must in query.skill_musts(order, columns):
        passing.ask("skills", answers.skill(columns, must), must.curable)
