"""From people in columns to the index: sorted by place, coded, with posting lists both ways. Pure: numpy.

Everything about a person that the fit looks at is a *token*: a skill stated, a skill documented, an occupation held for
so long, a wish. A part of the fit is then the most that any token of the person is worth.
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from screening.index.frame import NOWHERE, UNKNOWN, Books, Frame, Ints, number
from screening.index.planes import Plane, Planes, padded, plane_at, planes_of, smallest, spoken_planes
from screening.table import TIE_MODULUS, WeightTable
from vocabulary.scales import licence_closure

Array = NDArray[Any]
DENSE_FROM: Final = 16
"""A language that at least one in so many people speaks gets a column of its own."""
COMMON_FROM: Final = 64
"""A token that at least one in so many people holds gets a plane, no longer than its list of 8 bytes an entry."""
MOST_LICENCES: Final = 63
FEW: Final = 32
"""So many candidates are looked up one by one."""
SMALL: Final = ("hours_min", "hours_max", "shifts", "transport", "reach_km")


@dataclass(frozen=True, slots=True)
class Postings:
    """Rows by key: the rows of key k are `rows[starts[k]:starts[k + 1]]`, ascending; `values` stand beside them."""

    starts: Ints
    rows: Array
    values: Array | None = None

    def of(self, key: int) -> slice:
        """Where the rows of a key stand; nowhere for a key that nobody has."""
        if not 0 <= key < len(self.starts) - 1:
            return slice(0, 0)
        return slice(int(self.starts[key]), int(self.starts[key + 1]))


@dataclass(frozen=True, slots=True)
class Places:
    """The distinct combinations of postal key, municipality and own reach; people stand in their order."""

    starts: Ints
    postal: Ints
    home: Ints
    reach_km: Ints
    sizes: Ints
    """People in each; at the end, what fills the planes up."""
    postal_keys: tuple[str | None, ...]
    """The keys that occur, which `postal` numbers; None for the home without one."""


@dataclass(frozen=True, slots=True)
class TokenNumbers:
    """How tokens are numbered: two per skill, one per occupation and class of experience, one per wish."""

    skills: int
    isco: int
    bounds: tuple[int, ...]
    """Months at which a class of experience begins, from 0."""

    @property
    def first_occupation(self) -> int:
        return 2 * self.skills

    @property
    def first_goal(self) -> int:
        return self.first_occupation + self.isco * len(self.bounds)

    @property
    def total(self) -> int:
        return self.first_goal + self.isco


@dataclass(frozen=True, slots=True)
class Columns:
    """The indexed people; one row each, `rows` many. Words are numbers of the `books`."""

    rows: int
    books: Books
    version: str
    isco_codes: tuple[str, ...]
    """By number."""
    candidate: Ints
    by_candidate: Array
    """Row numbers in the order of the candidates' keys."""
    tie_seed: Array
    place_of: Array
    places: Places
    planes: Planes
    certificates: Postings
    languages: Postings
    """Those that few speak; the others have planes."""
    numbers: TokenNumbers
    tokens: Postings
    """Person → tokens."""
    holders: Postings
    """Token → persons."""

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        arrays = [self.candidate, self.by_candidate, self.tie_seed, self.place_of]
        arrays += [*self.planes.reviewed.values(), *self.planes.spoken.values(), *self.planes.held.values()]
        for postings in (self.certificates, self.languages, self.tokens, self.holders):
            arrays += [array for array in (postings.starts, postings.rows, postings.values) if array is not None]
        for group in (self.places, self.planes):
            values = (getattr(group, name) for name in group.__slots__)
            arrays += [value for value in values if isinstance(value, np.ndarray)]
        steps = self.planes.hours_min.nbytes + self.planes.hours_max.nbytes
        return steps + sum(array.nbytes for array in arrays)


def build(frame: Frame, books: Books, table: WeightTable) -> Columns:
    """Index these people. Raises ValueError for what the columns and masks cannot hold."""
    columns = frame.columns
    if any(len(columns[name]) and columns[name].max() > UNKNOWN for name in SMALL):
        raise ValueError("a figure is too large for its column")
    order = np.lexsort((UNKNOWN - columns["reach_km"], columns["home"], columns["postal"]))
    columns = {name: column[order] for name, column in columns.items()}
    candidate = columns["candidate"]
    by_candidate = np.argsort(candidate, kind="stable")
    rows = len(frame)
    lists = {name: _placed(arrays, candidate, by_candidate) for name, arrays in frame.lists.items()}
    places, place_of = _places(columns, books)
    masks = _licence_masks(lists["licences"], rows, books)
    planes = planes_of(columns, masks, len(books.licence))
    numbers = TokenNumbers(len(books.skill), len(books.isco), experience_bounds(table))
    tokens, holders = _tokens(lists, numbers, rows)
    languages, spoken = _languages(lists["languages"], rows, len(books.language), planes.size)
    planes.spoken.update(spoken)
    planes.held.update(_common(holders, numbers, rows, planes.size))
    owner, certificate, through = lists["certificates"]
    return Columns(
        rows=rows,
        books=books,
        version=table.version,
        isco_codes=tuple(books.isco),
        candidate=candidate,
        by_candidate=by_candidate.astype(np.int32),
        tie_seed=(columns["tie_seed"] % TIE_MODULUS).astype(np.uint32),
        place_of=place_of,
        places=places,
        planes=planes,
        certificates=_postings(certificate, owner, len(books.certificate), through.astype(np.int32)),
        languages=languages,
        numbers=numbers,
        tokens=tokens,
        holders=holders,
    )


def rows_of(columns: Columns, candidates: Ints) -> Ints:
    """The rows of those candidates who are here, ascending."""
    if not columns.rows or not len(candidates):
        return np.empty(0, np.int64)
    if len(candidates) <= FEW:
        at = np.array([_place_of(columns, candidate) for candidate in candidates.tolist()], np.int64)
    else:
        at = np.searchsorted(columns.candidate, candidates, sorter=columns.by_candidate)
    at[at == columns.rows] = 0
    rows = columns.by_candidate[at]
    return np.sort(rows[columns.candidate[rows] == candidates]).astype(np.int64)


def _place_of(columns: Columns, candidate: int) -> int:
    """Where a candidate stands among all by key. numpy would widen the whole order for the search."""
    return bisect_left(columns.by_candidate, candidate, key=columns.candidate.__getitem__)


def experience_bounds(table: WeightTable) -> tuple[int, ...]:
    """Months at which something changes: the steps of experience, and from when an occupation implies its skills."""
    return tuple(sorted({0, table.counts_from_months, *(months for months, _percent in table.experience)}))


def _placed(arrays: tuple[Ints, ...], candidate: Ints, by_candidate: Ints) -> tuple[Ints, ...]:
    """A list with rows for candidates; what belongs to nobody here is left out."""
    if not len(candidate):
        return tuple(array[:0] for array in arrays)
    ascending = candidate[by_candidate]
    found = np.searchsorted(ascending, arrays[0])
    found[found == len(ascending)] = 0
    known = ascending[found] == arrays[0]
    if not known.all():
        arrays, found = tuple(array[known] for array in arrays), found[known]
    return (by_candidate[found], *arrays[1:])


def _places(columns: dict[str, Ints], books: Books) -> tuple[Places, Array]:
    postal, home, reach = columns["postal"], columns["home"], columns["reach_km"]
    changes = np.ones(len(postal), np.bool_)
    changes[1:] = (np.diff(postal) != 0) | (np.diff(home) != 0) | (np.diff(reach) != 0)
    starts = np.append(np.flatnonzero(changes), len(postal))
    sizes = np.append(np.diff(starts), padded(len(postal)) - len(postal))
    used, keys = np.unique(postal[starts[:-1]], return_inverse=True)
    words = list(books.postal)
    names = tuple(None if words[key] == NOWHERE else words[key] for key in used.tolist())
    places = Places(starts, keys, home[starts[:-1]], reach[starts[:-1]], sizes, names)
    return places, smallest(np.cumsum(changes) - 1)


def _licence_masks(rows: tuple[Ints, ...], count: int, books: Books) -> Ints:
    """For each person the licences held and all that they include, a bit each."""
    owner, licence = rows
    masks = np.zeros(count, np.int64)
    if not len(owner):
        return masks
    if int(licence.max()) >= MOST_LICENCES:
        raise ValueError("more licences than the index has bits for")
    np.bitwise_or.at(masks, owner, np.left_shift(1, licence))
    distinct, which = np.unique(masks, return_inverse=True)
    words = list(books.licence)
    bits = range(len(words))
    closed = [_mask({words[bit] for bit in bits if mask >> bit & 1}, books) for mask in distinct.tolist()]
    return np.array(closed, np.int64)[which]


def _mask(codes: set[str], books: Books) -> int:
    mask = 0
    for code in licence_closure(codes):
        bit = number(books.licence, code)
        if bit >= MOST_LICENCES:
            raise ValueError("more licences than the index has bits for")
        mask |= 1 << bit
    return mask


def _postings(key: Ints, row: Ints, keys: int, values: Array | None = None) -> Postings:
    """Rows by key; each in ascending order."""
    order = np.lexsort((row, key))
    starts = np.searchsorted(key[order], np.arange(keys + 1))
    return Postings(starts, row[order].astype(np.int32), None if values is None else values[order])


def _languages(
    rows: tuple[Ints, ...], count: int, languages: int, size: int
) -> tuple[Postings, dict[int, NDArray[np.uint8]]]:
    """Lists of the languages that few speak, and planes of the others.

    In the lists levels are one byte, oral in the upper half; 15 where a level is not known.
    """
    owner, language, oral, written = rows
    levels = ((oral & 15) << 4 | (written & 15)).astype(np.uint8)
    dense = np.bincount(language, minlength=languages) * DENSE_FROM >= count if len(language) else np.zeros(0, np.bool_)
    spoken: dict[int, NDArray[np.uint8]] = {}
    for key in np.flatnonzero(dense).tolist():
        speaks = language == key
        spoken[key] = spoken_planes(owner[speaks], oral[speaks], written[speaks], size)
    rest = ~dense[language] if len(language) else np.zeros(0, np.bool_)
    return _postings(language[rest], owner[rest], languages, levels[rest]), spoken


def _tokens(lists: dict[str, tuple[Ints, ...]], numbers: TokenNumbers, count: int) -> tuple[Postings, Postings]:
    """Person → tokens, and token → persons."""
    owner, skill, documented = lists["skills"]
    worker, isco, experience = _held(lists["occupations"], numbers)
    wisher, goal = lists["goals"]
    row = np.concatenate((owner, worker, wisher))
    token = np.concatenate(
        (
            2 * skill + documented,
            numbers.first_occupation + isco * len(numbers.bounds) + experience,
            numbers.first_goal + goal,
        )
    )
    bits = max(1, int(numbers.total).bit_length())
    by_row = np.sort(row << bits | token)
    starts = np.searchsorted(by_row, np.arange(count + 1) << bits)
    tokens = Postings(starts, smallest(by_row & ((1 << bits) - 1)))
    bits = max(1, int(count).bit_length())
    by_token = np.sort(token << bits | row)
    starts = np.searchsorted(by_token, np.arange(numbers.total + 1) << bits)
    # As wide as numpy's own indexes: lists are written through twice as fast.
    return tokens, Postings(starts, by_token & ((1 << bits) - 1))


def _common(holders: Postings, numbers: TokenNumbers, count: int, size: int) -> dict[int, Plane]:
    """Planes of the tokens that many hold and an order may require: skills, and the occupations that imply them."""
    common = np.diff(holders.starts[: numbers.first_goal + 1]) * COMMON_FROM >= max(1, count)
    return {token: plane_at(holders.rows[holders.of(token)], size) for token in np.flatnonzero(common).tolist()}


def _held(rows: tuple[Ints, ...], numbers: TokenNumbers) -> tuple[Ints, Ints, Ints]:
    """(row, occupation, class of experience), the months of the same occupation summed."""
    owner, isco, months = rows
    key, which = np.unique(owner * max(1, numbers.isco) + isco, return_inverse=True)
    summed = np.bincount(which, months, len(key)) if len(key) else np.zeros(0)
    experience = np.searchsorted(np.array(numbers.bounds), summed, side="right") - 1
    return key // max(1, numbers.isco), key % max(1, numbers.isco), experience.astype(np.int64)
