"""Slips between words, and the nearest word."""

import pytest

from vocabulary.spelling import Speller, slips


@pytest.mark.parametrize(
    ("typed", "word", "whole", "beginning"),
    [
        ("bil", "bil", 0, 0),
        ("bli", "bil", 1, 1),
        ("bi", "bil", 1, 0),
        ("bill", "bil", 1, 1),
        ("bol", "bil", 1, 1),
        ("", "bil", 3, 0),
        ("lastbl", "lastbilchauffoer", 10, 1),
    ],
)
def test_slips_are_counted_for_the_word_and_for_its_beginning(
    typed: str, word: str, whole: int, beginning: int
) -> None:
    assert slips(typed, word) == (whole, beginning)


def test_the_nearest_word_has_the_fewest_slips_and_then_is_the_most_frequent() -> None:
    speller = Speller({"svejse": 3, "svejser": 9, "rejse": 50, "x": 99, "1234": 99})
    assert speller.nearest("svesje") == "svejse"
    assert speller.nearest("svejsse") == "svejse"
    assert speller.nearest("zzzzzz") == ""
    assert speller.nearest("12345") == ""


def test_of_equally_near_words_the_more_frequent_is_meant() -> None:
    assert Speller({"kasse": 1, "tasse": 2, "passe": 3}).nearest("xasse") == "passe"
