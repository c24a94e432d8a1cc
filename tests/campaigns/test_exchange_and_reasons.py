"""Exchange and reasons of small scenes; people are hidden where they are few."""

from __future__ import annotations

import datetime as dt
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.statistics import status
from candidates.hiding import hide_table, is_small
from tests import factories
from tests.campaigns.scenes import Scene, figure

HILLEROED, HELSINGOER, GRIBSKOV = factories.HILLEROED, factories.HELSINGOER, factories.GRIBSKOV


def matrix(found):
    return {
        (lead["municipality"], home["municipality"]): home["hires"]
        for lead in found["leads"]
        for home in lead["homes"]
        if home["hires"] != 0
    }


def hires(count, home, *, lead=HILLEROED):
    scene = Scene(2, lead=lead, positions=count + 1)
    return [scene.hire(3, home) for _ in range(count)], scene


def test_hires_stand_by_lead_and_home(reference):
    hires(5, HILLEROED)
    hires(6, HELSINGOER)
    found = figure("exchange")
    assert matrix(found) == {(HILLEROED, HILLEROED): 5, (HILLEROED, HELSINGOER): 6}
    assert found["crossed"] == {"numerator": 6, "denominator": 11, "percent": 54.5}
    assert found["hires"] == status(dt.date(2026, 3, 31))["positions"]["hired"] == 11
    assert {row["municipality"]: row["hires"] for row in found["homes"] if row["hires"]} == {
        HILLEROED: 5, HELSINGOER: 6,
    }  # fmt: skip
    own = figure("exchange", municipality=HELSINGOER)
    assert own["hires"] == 0 and [row["municipality"] for row in own["leads"]] == [HELSINGOER]
    assert figure("exchange", since=dt.date(2026, 3, 4))["hires"] == 0


def test_a_hire_that_did_not_start_is_taken_out_on_the_day_on_which_it_was_known(reference):
    people, scene = hires(6, HELSINGOER)
    scene.nominate(20, "not_started", people[0], reason="no_show")
    assert figure("exchange", as_of=19)["hires"] == 6
    assert figure("exchange", as_of=20)["hires"] == 5
    assert figure("exchange", as_of=31, known_at=dt.datetime(2026, 3, 10, tzinfo=dt.UTC))["hires"] == 6


def test_few_people_are_hidden_with_those_that_would_give_them_away(reference):
    hires(5, HILLEROED)
    hires(2, HELSINGOER)
    found = figure("exchange")
    assert found["hires"] == 7
    assert found["crossed"] == {"numerator": None, "denominator": 7, "percent": None}
    assert set(matrix(found).values()) == {None}
    lead = next(row for row in found["leads"] if row["municipality"] == HILLEROED)
    assert lead["crossed"] == {"numerator": None, "denominator": 7, "percent": None}
    one = figure("exchange", municipality=HILLEROED)
    assert one["leads"] == [lead] and one["homes"] == []


def test_nobody_is_found_among_a_handful(reference):
    hires(2, HELSINGOER)
    found = figure("exchange")
    assert (found["hires"], found["crossed"]["percent"], found["crossed"]["numerator"]) == (None, None, None)


def test_the_reasons_of_orders_are_counted_in_full(reference):
    Scene(2).take(3, "close", reason="withdrawn")
    Scene(2).take(4, "close", reason="withdrawn")
    Scene(2).hire(5)
    Scene(2)
    found = figure("reasons")
    seen = {
        row["reason"]: (row["filled"], row["closed"], row["percent"]) for row in found["orders"] if row["numerator"]
    }
    assert seen == {"withdrawn": (0, 2, 66.7), "filled": (1, 0, 33.3)}
    assert found["ended"] == sum(row["numerator"] for row in found["orders"]) == 3
    assert figure("reasons", as_of=3)["ended"] == 1


def test_the_reasons_of_nominations_hide_the_few(reference):
    for reason, times in (("experience", 5), ("language", 2)):
        for _ in range(times):
            scene = Scene(2)
            scene.nominate(5, "decline", scene.present(4), reason=reason)
    declined = figure("reasons")["nominations"][0]
    assert (declined["end"], declined["people"]) == ("declined", 7)
    shown = {row["reason"]: row["people"] for row in declined["reasons"] if row["people"] != 0}
    assert shown == {"language": None, "experience": None}
    assert figure("reasons", municipality=GRIBSKOV)["nominations"][0]["people"] == 0


# --- a table with rows, columns and sums ----------------------------------------------------------------------------

ROWS, COLUMNS = "ab", "xyz"
SUMS = (
    *[(row, [(row, column) for column in COLUMNS]) for row in ROWS],
    *[(column, [(row, column) for row in ROWS]) for column in COLUMNS],
    ("all", list(ROWS)),
    ("all", list(COLUMNS)),
)


def with_sums(values):
    cells = dict(zip(product(ROWS, COLUMNS), values, strict=True))
    for name, parts in SUMS:
        cells[name] = sum(cells[part] for part in parts)
    return cells


@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        ((9, 9, 9, 9, 9, 9), set()),
        ((3, 9, 8, 7, 6, 5), {("a", "x"), ("a", "z"), ("b", "x"), ("b", "z")}),
        ((0, 9, 8, 0, 6, 5), set()),
    ],
)
def test_a_small_cell_takes_one_more_with_it_in_its_row_and_in_its_column(values, hidden):
    assert {name for name in hide_table(with_sums(values), SUMS) if isinstance(name, tuple)} == hidden


EVERY_TABLE = np.indices((9,) * 6, dtype=np.int8).reshape(6, -1)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 6), min_size=6, max_size=6))
def test_no_small_cell_follows_from_what_is_shown(values):
    """Among all tables that would show the same cells and sums, a small cell has more than one value."""
    cells = with_sums(values)
    hidden = hide_table(cells, SUMS)
    everything = with_sums(EVERY_TABLE)
    same = np.ones(EVERY_TABLE.shape[1], dtype=bool)
    for name, count in cells.items():
        if name not in hidden:
            same &= everything[name] == count
    assert {name for name, count in cells.items() if is_small(count)} <= set(hidden)
    for name, count in cells.items():
        if is_small(count):
            assert len(np.unique(everything[name][same])) > 1, name


def test_an_empty_row_hides_nothing_of_another_one():
    """The only other cell of the column lies in an empty row: it is known, so the row gives one of its own."""
    hidden = hide_table(with_sums((3, 0, 8, 0, 0, 0)), SUMS)
    assert {name for name in hidden if isinstance(name, tuple)} == {("a", "x"), ("a", "z")}
