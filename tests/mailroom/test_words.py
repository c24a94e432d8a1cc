"""The pure parts: text out of bytes, what words suggest, and CPR numbers blacked out."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom import clues, dates
from mailroom.decoding import header_text, text_of, words_of_html
from mailroom.parsing import Unreadable, parse
from mailroom.quotes import own_words
from vocabulary.text import clean_text, contains_cpr, shown_text, without_cpr

TODAY = date(2026, 3, 2)


@given(st.text())
def test_whatever_is_shown_passes_the_guard_that_people_pass(text: str) -> None:
    assert clean_text(shown_text(text, 500), field="text", max_length=500) == shown_text(text, 500)
    assert "\n" not in shown_text(text, 100, multiline=False)


@given(
    st.text(),
    st.sampled_from(["010190-1234", "311299 0001", "0101001234", "29.02.00-1234", "01 01 90 - 1234"]),
    st.text(),
)
def test_no_words_around_it_save_a_cpr_number(before: str, number: str, after: str) -> None:
    text = f"{before} {number} {after}"
    assert not contains_cpr(without_cpr(text))
    assert number not in without_cpr(text)


@pytest.mark.parametrize("text", ["tlf. 48 12 34 56", "NRS-2026-00001", "2026-03-01 12:00", "kl. 8-16",
                                  "CVR 90 00 00 19", "+45 48 12 34 56", "1. marts 2026"])  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert without_cpr(text) == text


@given(st.binary(max_size=3000))
def test_any_bytes_can_be_parsed_or_are_called_unreadable(content: bytes) -> None:
    for raw in (content, b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + content):
        try:
            letter = parse(raw)
        except Unreadable:
            continue
        assert "\n" not in letter.subject


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_charset_gives_some_text(content: bytes, charset: str) -> None:
    assert isinstance(text_of(content, charset), str)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?q?K=C3=B8b?= nu", "Køb nu"),
        ("=?iso-8859-1?Q?K=F8b?= =?iso-8859-1?Q?_=E5?=", "Køb å"),
        ("=?utf-8?b?w6Y?=", "æ"),
        ("=?x-nothing?b?w6Y=?=", "æ"),
        ("a\tb\r\n c", "a b c"),
    ],
)
def test_headers_are_read_as_they_were_meant(value: str, text: str) -> None:
    assert header_text(value) == text


@pytest.mark.parametrize("bad", ["<!--", "<b", "<script>", "<", "</p", "<p "])
def test_broken_html_takes_no_time(bad: str) -> None:
    begun = time.process_time()
    words_of_html(bad * 200_000)
    assert time.process_time() - begun < 5


def test_html_is_read_as_its_reader_sees_it() -> None:
    html = "<head><title>T</title></head><p>Hej &amp; h&aring;<br>to</p><script>x</script><b>010190</b>-1234 3 < 4"
    assert words_of_html(html) == "Hej & hå\nto\n010190-1234 3 < 4"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("start 1. april", date(2026, 4, 1)),
        ("fra 1/4", date(2026, 4, 1)),
        ("pr. 15.04.2026", date(2026, 4, 15)),
        ("Møde 5/3, de starter fra og med den 1. maj 2026", date(2026, 5, 1)),
        ("opstart uge 14", date(2026, 3, 30)),
        ("tiltrædelse 01-02-27", date(2027, 2, 1)),
        ("1. februar", date(2027, 2, 1)),
        ("snarest muligt", None),
        ("enten 3. april eller 5. maj", None),
        ("fra 31. april", None),
        ("siden 1. januar 2020", None),
        ("kl. 8-16", None),
    ],
)
def test_a_start_is_read_as_danes_write_it(text: str, day: date | None) -> None:
    assert dates.start_in(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "count"),
    [("tre medarbejdere", 3), ("2-3 mand", 3), ("fem dygtige nye kolleger", 5), ("1.500 ansatte", None), ("Hej", None),
     ("0 stillinger", None), ("i uge 12", None)],
)  # fmt: skip
def test_people_are_counted(text: str, count: int | None) -> None:
    assert clues.people(text) == count


@pytest.mark.parametrize(
    ("text", "number"),
    [("Tlf. 48 12 34 56 og fax 48 99 99 99", "48 12 34 56"), ("48123456", "48 12 34 56"),
     ("+45 4812 3456", "48 12 34 56"),
     ("48 12 34 56 eller 48 99 99 99", ""), ("CVR 90000019", ""), ("nr. 123456789", "")],
)  # fmt: skip
def test_a_phone_number_is_found(text: str, number: str) -> None:
    assert clues.phone(text, clues.cvr_numbers(text)) == number


def test_the_name_stands_below_the_greeting() -> None:
    assert clues.signed_by("Hej\n\nMed venlig hilsen\n\nKirsten Prøve\nHR-chef") == "Kirsten Prøve"
    assert clues.signed_by("Mvh Ib Prøve") == "Ib Prøve"
    assert clues.signed_by("Mvh\nPRØVE A/S, 3400") == ""


def test_occupations_are_known_in_their_danish_forms() -> None:
    known = {"kok": "5120", "lagermedarbejder": "4321", "toemrer": "7115", "social og sundhedshjaelper": "5321"}
    text = "kokke, lagermedarbejderne, tømreren og en social- og sundhedshjælper"
    assert [code for code, _label, _words in clues.callings(text, known)] == ["5120", "4321", "7115", "5321"]


@pytest.mark.parametrize(
    "quoted",
    ["> Hej", "Den 2. marts 2026 kl. 9 skrev NRS <nrs@nrs.example>:\nHej", "-----Oprindelig meddelelse-----\nHej",
     "Fra: NRS\nSendt: i dag\n\nHej", "On Mon, Mar 2, 2026 NRS wrote:\nHej", "________________\nHej"],
)  # fmt: skip
def test_what_is_quoted_is_not_ones_own(quoted: str) -> None:
    assert own_words(f"Ja tak.\n\n{quoted}") == "Ja tak."
