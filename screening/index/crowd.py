"""Many orders against everybody in an index: each distinct demand is asked of the columns once. Pure: numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from screening.compile import AskedMust, CompiledOrder
from screening.crowd import Key, Sets
from screening.index import answers, query
from screening.index.answers import Answer
from screening.index.build import Columns, rows_of
from screening.index.planes import Plane
from screening.types import FUNNEL, MustName, SkillId


class IndexCrowd(Sets):
    """Everybody in an index; a person's place is the row."""

    def __init__(self, columns: Columns) -> None:
        super().__init__(columns.rows)
        self.columns = columns

    def places(self, candidates: Iterable[int]) -> Iterable[int]:
        found: list[int] = rows_of(self.columns, np.array(sorted(candidates), np.int64)).tolist()
        return found

    def candidates(self, people: int) -> list[int]:
        raw = np.frombuffer(people.to_bytes(self.size // 8 + 1, "little"), np.uint8)
        rows = np.flatnonzero(np.unpackbits(raw, count=self.size, bitorder="little"))
        found: list[int] = self.columns.candidate.take(rows).tolist()
        return found

    def homes(self) -> dict[str, int]:
        """The set of each home municipality."""
        home = self.columns.places.home.take(self.columns.place_of)
        codes = {at: code for code, at in self.columns.books.home.items()}
        return {codes[at]: bits(home == at) for at in sorted(np.unique(home).tolist(), key=lambda at: codes[at])}

    def asked(self, order: CompiledOrder, must: AskedMust, key: Key) -> tuple[int, int]:
        answer = self._answer(FUNNEL[must.step], order, key)
        return self._set(answer.missing), self._set(answer.unsure)

    def _set(self, plane: Plane) -> int:
        return int.from_bytes(plane.tobytes(), "little") & self.everybody

    def _answer(self, name: MustName, order: CompiledOrder, key: Key) -> Answer:
        columns = self.columns
        if name == "distance":
            metres = query.metres_by_place(order, columns.places)
            return answers.distance(columns, query.distance_answers(order, columns.places, metres))
        if name in _OF_THE_ORDER:
            return _OF_THE_ORDER[name](order, columns)
        if name == "licences":
            return answers.licence(columns, str(key[0]))
        if name == "certificates":
            return answers.certificate(columns, str(key[0]), order.decided_on.toordinal())
        if name == "languages":
            code, mode, level = cast(tuple[str, int, int], key)
            return answers.language(columns, code, mode, level)
        if name == "transport":
            return answers.transport(columns)
        required = [one.skill for one in order.skills if one.required]
        return answers.skill(columns, query.skill_musts(order, columns)[required.index(cast(SkillId, key[0]))])


_OF_THE_ORDER: Final[dict[MustName, Callable[[CompiledOrder, Columns], Answer]]] = {
    "start": answers.start,
    "hours": answers.hours,
    "shifts": answers.shifts,
}


def bits(mask: NDArray[np.bool_]) -> int:
    """A set as one integer, a bit per row."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")
