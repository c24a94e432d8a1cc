"""Counts of candidates: 1–4 are hidden, and one more where a sum would give them away."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from candidates.hiding import hide, hide_with_total, shown


@pytest.mark.parametrize(("count", "seen"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_one_to_four_are_hidden(count, seen):
    assert shown(count) == seen


@pytest.mark.parametrize(
    ("cells", "seen"),
    [
        ({"a": 5, "b": 9, "c": 0}, {"a": 5, "b": 9, "c": 0}),
        ({"a": 3, "b": 9, "c": 7}, {"a": None, "b": 9, "c": None}),
        ({"a": 3, "b": 2, "c": 7}, {"a": None, "b": None, "c": 7}),
        ({"a": 1, "b": 1, "c": 7}, {"a": None, "b": None, "c": None}),
        ({"a": 4, "b": 4, "c": 7, "d": 8}, {"a": None, "b": None, "c": None, "d": 8}),
        ({"a": 3, "b": 0}, {"a": None, "b": None}),
        ({}, {}),
    ],
)
def test_one_more_is_hidden_where_a_sum_would_tell(cells, seen):
    assert hide(cells) == seen


def test_a_sum_of_one_cell_is_hidden_with_it():
    assert hide_with_total({"a": 3}) == ({"a": None}, None)
    assert hide_with_total({"a": 9}, {"a"}) == ({"a": None}, None)
    assert hide_with_total({"a": 3, "b": 9}) == ({"a": None, "b": None}, 12)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 12), min_size=2))
def test_no_small_cell_follows_from_what_is_shown(cells):
    """Try every table that would look the same: a small cell must have more than one possible value."""
    visible, total = hide_with_total(cells)
    hidden = [name for name in cells if visible[name] is None]
    if total is None:
        return
    left = total - sum(count for count in visible.values() if count is not None)
    same = [values for values in product(range(left + 1), repeat=len(hidden)) if sum(values) == left]
    for place, name in enumerate(hidden):
        if 1 <= cells[name] <= 4:
            assert len({values[place] for values in same if looks_the_same(values, hidden, visible)}) > 1, name


def looks_the_same(values, hidden, visible):
    """Whether a table with these hidden values would be shown as this one is."""
    table = {**visible, **dict(zip(hidden, values, strict=True))}
    return hide(table) == visible
