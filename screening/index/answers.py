"""What everybody in an index answers to one demand, as planes: who misses it, and of whom it is unknown. Pure: numpy.

Both the screening of one order and the sets of many orders ask here. Bits beyond the last person mean nothing.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from screening.compile import CompiledOrder
from screening.index import planes as bits
from screening.index.build import Columns, Places
from screening.index.frame import Ints
from screening.index.planes import Plane, Planes
from screening.index.query import OUT, UNSURE, Bytes, SkillMust
from screening.types import Section


class Answer(NamedTuple):
    """One demand of everybody; who is in neither meets it."""

    missing: Plane
    unsure: Plane


def _unmet(planes: Planes, section: Section, lacking: Plane) -> Answer:
    """These do not meet a demand: missing where the section was reviewed, else unknown."""
    missing = lacking & planes.reviewed[section]
    return Answer(missing, lacking ^ missing)


def _or_unknown(answer: Answer, unknown: Plane) -> Answer:
    return Answer(answer.missing, answer.unsure | unknown)


def by_place(places: Places, chosen: NDArray[np.bool_]) -> Plane:
    """The people of these places."""
    if not chosen.any():
        return np.zeros((places.starts[-1] + places.sizes[-1]) // 8, np.uint8)
    padded = np.zeros(len(chosen) + 1, np.bool_)
    padded[:-1] = chosen
    return bits.plane_of(padded.repeat(places.sizes))


def distance(columns: Columns, answers: Bytes) -> Answer:
    """Of the answers by place."""
    return Answer(by_place(columns.places, answers == OUT), by_place(columns.places, answers == UNSURE))


def start(order: CompiledOrder, columns: Columns) -> Answer:
    """Available too late, or nobody knows when."""
    planes = columns.planes
    last = max(0, order.latest_start.toordinal() - planes.before)  # who is 0 is unknown, and not late
    return Answer(bits.plane_of(planes.available > last), planes.available_unknown)


def hours(order: CompiledOrder, columns: Columns) -> Answer:
    """The hours of the order and of the person share no value; the order must ask for some."""
    low, high, planes = order.wanted.hours_min, order.wanted.hours_max, columns.planes
    apart = np.zeros_like(planes.transport) if high is None else planes.hours_min.at_least(high + 1)
    if low is not None:
        apart = apart | ~planes.hours_max.at_least(low)
    return _or_unknown(_unmet(planes, "hours", apart), planes.hours_unknown)


def shifts(order: CompiledOrder, columns: Columns) -> Answer:
    """Not all shifts of the order; it must ask for some."""
    wanted, planes = order.wanted.shifts, columns.planes
    lacking = ~planes.shifts_unknown
    if wanted < 1 << bits.SHIFTS:
        takes = [bit for bit in range(bits.SHIFTS) if wanted >> bit & 1]
        lacking &= ~np.bitwise_and.reduce(planes.shifts[takes], axis=0)
    return _or_unknown(_unmet(planes, "hours", lacking), planes.shifts_unknown)


def licence(columns: Columns, code: str) -> Answer:
    """Not held, nor implied by one that is."""
    planes = columns.planes
    number = columns.books.licence.get(code, len(planes.licences))
    held = planes.licences[number] if number < len(planes.licences) else np.zeros_like(planes.transport)
    return _unmet(planes, "licences", ~held)


def certificate(columns: Columns, code: str, day: int) -> Answer:
    """Not held, or not valid on the day (an ordinal)."""
    at = columns.certificates.of(columns.books.certificate.get(code, -1))
    through: Any = columns.certificates.values
    valid = bits.plane_at(columns.certificates.rows[at][through[at] >= day], columns.planes.size)
    return _unmet(columns.planes, "certificates", ~valid)


def language(columns: Columns, code: str, mode: int, level: int) -> Answer:
    """Not recorded or below the level, 0 oral or 1 written; recorded without a level is unknown."""
    number, planes = columns.books.language.get(code, -1), columns.planes
    if number in planes.spoken:
        unknown, reached = planes.spoken[number][mode, 0], planes.spoken[number][mode, level]
    else:
        at = columns.languages.of(number)
        both: Any = columns.languages.values
        rows, levels = columns.languages.rows[at], both[at] & 15 if mode else both[at] >> 4
        is_unknown = levels == bits.UNKNOWN_LEVEL
        unknown = bits.plane_at(rows[is_unknown], planes.size)
        reached = bits.plane_at(rows[~is_unknown & (levels >= level)], planes.size)
    return _or_unknown(_unmet(planes, "languages", ~(unknown | reached)), unknown)


def transport(columns: Columns) -> Answer:
    """No transport of one's own."""
    planes = columns.planes
    lacking = ~(planes.transport | planes.transport_unknown)
    return _or_unknown(_unmet(planes, "transport", lacking), planes.transport_unknown)


def skill(columns: Columns, must: SkillMust) -> Answer:
    """None of the tokens that meet a required skill."""
    planes, holders = columns.planes, columns.holders
    tokens = np.sort(must.tokens)
    holding = np.zeros_like(planes.transport)
    rare: list[int] = []
    for token in tokens.tolist():
        plane = planes.held.get(token)
        if plane is None:
            rare.append(token)
        else:
            holding |= plane
    if rare:
        keys = np.array(rare)
        starts, ends = _runs(holders.starts.take(keys), holders.starts.take(keys + 1))
        found = np.zeros(planes.size, np.bool_)
        for first, end in zip(starts.tolist(), ends.tolist(), strict=True):
            found[holders.rows[first:end]] = True
        holding |= bits.plane_of(found)
    return _unmet(planes, "skills", ~holding)


def _runs(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Neighbouring spans as one."""
    if not len(starts):
        return starts, ends
    apart = (starts[1:] != ends[:-1]).nonzero()[0]
    return starts[np.append(0, apart + 1)], ends[np.append(apart, len(ends) - 1)]
