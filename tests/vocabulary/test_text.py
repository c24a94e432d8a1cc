"""What may be written in free text, and how search compares it."""

import pytest

from events.errors import Invalid
from vocabulary.text import clean_text, contains_cpr, fold, search_text

REAL = [
    "010190-1234",
    "0101901234",
    "010190 1234",
    "010190 - 1234",
    "010190\u20131234",
    "010190\u00a01234",
    "Min søn 311299-4321 er med",
    "CPR0101901234",
    "(010190-1234)",
    "290200-1234",  # 2000 was a leap year
    "290204-5678",
    "０１０１９０-１２３４",
    "\u0660\u0661\u0660\u0661\u0669\u0660-1234",
    "0101\u200b90-1234",
]
NOT_REAL = [
    "",
    "320190-1234",  # no 32 January
    "011390-1234",  # no 13th month
    "310490-1234",  # 30 days in April
    "290201-1234",  # 2001 was no leap year
    "000000-0000",
    "9901901234",
    "01019012345",  # eleven digits
    "10101901234",
    "010190-12345",
    "010190-123",
    "01019-1234",
    "ring 12 34 56 78",
    "CVR 90000014",
    "010190\n1234 Allerød",
    "kl. 8-16, 37 timer, 3450 Allerød",
]


@pytest.mark.parametrize("text", REAL)
def test_a_cpr_number_is_found_however_it_is_written(text: str) -> None:
    assert contains_cpr(text)


@pytest.mark.parametrize("text", NOT_REAL)
def test_what_is_no_cpr_number_is_left_alone(text: str) -> None:
    assert not contains_cpr(text)


def test_a_known_p_number_is_not_taken_for_a_cpr_number() -> None:
    assert contains_cpr("P-nr. 1003123456")
    assert not contains_cpr("P-nr. 1003123456", known_numbers={"1003123456"})
    assert contains_cpr("P-nr. 1003123456 og 1003123457", known_numbers={"1003123456"})
    assert contains_cpr("100312-3456", known_numbers={"1003123456"}), "no P-number is written with a dash"


def test_text_is_stripped_composed_and_given_plain_line_breaks() -> None:
    assert clean_text("  Bla\u030a\r\nbil\rher \n", field="title", max_length=20) == "Blå\nbil\nher"


def refused(value: object, **options: object) -> str:
    with pytest.raises(Invalid) as caught:
        clean_text(value, field="title", **{"max_length": 50, **options})  # type: ignore[arg-type]
    (problem,) = caught.value.errors
    assert problem.pointer == "/title"
    assert problem.detail
    return problem.code


@pytest.mark.parametrize(
    "value", ["a\x00b", "a\x1bb", "\x07", "a\x7f", "a\ud800b", "a\u2028b", "a\u202eb", "ends with\x1f"]
)
def test_control_characters_are_refused(value: str) -> None:
    assert refused(value) == "control_characters"


def test_a_line_break_is_refused_only_where_one_line_is_asked_for() -> None:
    assert clean_text("a\n\tb", field="title", max_length=10) == "a\n\tb"
    assert clean_text("a b\n", field="title", max_length=10, multiline=False) == "a b"
    assert refused("a\nb", multiline=False) == "control_characters"
    assert refused("a\tb", multiline=False) == "control_characters"


def test_length_is_counted_after_cleaning() -> None:
    assert clean_text("  abc  ", field="title", max_length=3, min_length=3) == "abc"
    assert refused("abcd", max_length=3) == "too_long"
    assert refused("   ", min_length=1) == "too_short"
    assert refused("ab", min_length=3) == "too_short"


@pytest.mark.parametrize("value", [None, 7, ["a"], b"a"])
def test_only_text_is_text(value: object) -> None:
    assert refused(value) == "invalid_type"


def test_a_cpr_number_is_refused_and_not_repeated_in_the_message() -> None:
    with pytest.raises(Invalid) as caught:
        clean_text("Ring til 010190-1234", field="/contact/note", max_length=100)
    (problem,) = caught.value.errors
    assert (problem.pointer, problem.code) == ("/contact/note", "cpr_number")
    assert "0101" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Rødgrød med fløde", "roedgroed med floede"),
        ("Århus", "aarhus"),
        ("Aarhus", "aarhus"),
        ("ÆRØ", "aeroe"),
        ("café, crème-brûlée", "cafe creme brulee"),
        ("A\u030arhus", "aarhus"),
        ("vvs'er / blikkenslager", "vvs er blikkenslager"),
        ("C++ og C#", "c++ og c#"),
        ("  ", ""),
    ],
)
def test_folding_makes_danish_spellings_equal(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded


def test_search_text_frames_labels_and_leaves_out_repeats() -> None:
    assert search_text("Kok", "Cook", "kok\nKøkkenchef", "") == "\nkok\ncook\nkoekkenchef\n"
    assert search_text("", "") == "\n"
