"""Levels, shifts and driving licences."""

import csv
import random

import pytest

from vocabulary.reference import DATA
from vocabulary.scales import (
    CEFR_LEVELS,
    LICENCE_IMPLIES,
    LICENCE_IMPLIES_TOGETHER,
    cefr_level,
    cefr_ordinal,
    licence_closure,
    licences_towards,
    shift_codes,
    shifts_mask,
)

CAR = {"B", "B1", "AM", "LK", "TR/MR"}
TRAILER = {"BE", "B+"}

CLOSURES = [
    ("B", CAR),
    ("BE", CAR | TRAILER),
    ("C1", CAR | {"C1"}),
    ("C", CAR | {"C", "C1"}),
    ("C1E", CAR | TRAILER | {"C1", "C1E"}),
    ("CE", CAR | TRAILER | {"C", "C1", "C1E", "CE"}),
    ("D", CAR | {"D", "D1"}),
    ("DE", CAR | TRAILER | {"D", "D1", "D1E", "DE"}),
    ("D1E", CAR | TRAILER | {"D1", "D1E"}),
    ("A", {"A", "A2", "A1", "AM", "LK"}),
    ("AM", {"AM", "LK"}),
    ("EP/D", CAR | {"EP/D", "EP/D1", "D", "D1"}),
]


@pytest.mark.parametrize(("held", "all_held"), CLOSURES)
def test_a_licence_holds_what_the_directive_says(held: str, all_held: set[str]) -> None:
    assert licence_closure([held]) == all_held


def test_no_licence_holds_a_bigger_one() -> None:
    assert "C" not in licence_closure(["C1", "BE", "D"])
    assert "CE" not in licence_closure(["C", "BE", "C1E"])
    assert "A1" not in licence_closure(["B"])


def test_ce_holds_de_only_together_with_d() -> None:
    assert "DE" not in licence_closure(["CE"])
    assert {"DE", "D1E"} <= licence_closure(["CE", "D"])
    assert licence_closure(["D", "CE"]) == licence_closure(["CE", "D", "CE"])


def test_nobody_holds_anything_without_a_licence_and_unknown_codes_hold_themselves() -> None:
    assert licence_closure([]) == frozenset()
    assert licence_closure(["X"]) == {"X"}


def test_the_table_names_only_licences_that_exist() -> None:
    with (DATA / "licences.csv").open(encoding="utf-8") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    named = set(LICENCE_IMPLIES).union(*LICENCE_IMPLIES.values())
    for pair in LICENCE_IMPLIES_TOGETHER:
        named = named.union(*pair)
    assert named <= codes


def test_language_levels_are_ordered_from_none_to_c2() -> None:
    assert [cefr_ordinal(level) for level in CEFR_LEVELS] == [0, 1, 2, 3, 4, 5, 6]
    assert [cefr_level(ordinal) for ordinal in range(7)] == list(CEFR_LEVELS)
    for wrong in (-1, 7):
        with pytest.raises(ValueError, match="language level"):
            cefr_level(wrong)
    with pytest.raises(ValueError, match="A3"):
        cefr_ordinal("A3")


@pytest.mark.parametrize("mask", range(16))
def test_shift_codes_and_mask_are_each_others_inverse(mask: int) -> None:
    assert shifts_mask(shift_codes(mask)) == mask


def test_shifts_have_fixed_bits_and_unknown_ones_are_refused() -> None:
    assert shifts_mask(["weekend", "day", "day"]) == 9
    assert shift_codes(6) == ("evening", "night")
    with pytest.raises(ValueError, match="morning"):
        shifts_mask(["morning"])
    with pytest.raises(ValueError, match="16"):
        shift_codes(16)


def test_only_the_licences_towards_one_can_give_it() -> None:
    known = frozenset(LICENCE_IMPLIES) | {"A", "B", "C", "D", "DE", "B+"}
    rng = random.Random(1)
    for wanted in sorted(known):
        useful = licences_towards([wanted])
        for _try in range(50):
            held = set(rng.sample(sorted(known), rng.randint(0, 4)))
            assert (wanted in licence_closure(held)) == (wanted in licence_closure(held & useful))
