"""What the words of a mail suggest for the fields of an order. Pure; suggestions only, a person decides.

Every function takes text that has passed `vocabulary.text.shown_text`: no CPR number is left in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from vocabulary.text import fold, words_of

LONGEST = 20_000
NUMBERS = {"en": 1, "et": 1, "én": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9,
           "ti": 10, "elleve": 11, "tolv": 12, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}  # fmt: skip
_COUNT = "|".join([r"\d{1,3}", *NUMBERS])
_PEOPLE = (
    r"medarbejder\w*|mand|mænd|person\w*|stilling\w*|kolleg\w*|hænder|vikar\w*|folk|hjælper\w*|assistent\w*|ansatte"
    r"|people|workers|employees"
)
#: A number, or the greater one of "2-3", and at most two words (skilled, new) before the one that is counted.
_BEFORE = (
    rf"(?<![\w.,/-])({_COUNT})(?:\s?[-–]\s?(\d{{1,3}}))?\s{{1,3}}"
    r"(?:[\wæøåÆØÅ-]{2,25}\s{1,3}){0,2}?"
)
_HOW_MANY = re.compile(rf"{_BEFORE}(?:{_PEOPLE})\b", re.IGNORECASE)
_CVR = re.compile(
    r"\bcvr[\s.:\w-]{0,14}?[\s.:-]{0,3}(?:dk[ -]?)?(\d{2}[ ]?\d{2}[ ]?\d{2}[ ]?\d{2})(?!\d)", re.IGNORECASE
)
_PHONE = re.compile(
    r"(?<![\d+])(?:(?:\+|00)45[ -]?)?((?:\d{2}[ .-]?){3}\d{2}|\d{4}[ .-]\d{4})(?![\d-])",
)
_NEAR_PHONE = re.compile(r"(tlf|telefon|mobil|mob|phone|ring|kald|direkte|tel|m|t)\W{0,4}$", re.IGNORECASE)
_GREETING = re.compile(
    r"^\W*(?:med\s+)?(?:venlig(?:ste)?|bedste|mange|kærlig)\s+hilsen\w*\W*(.*)$|^\W*(?:mvh|vh|kh|de bedste hilsner"
    r"|best regards|kind regards|regards)\b\W*(.*)$",
    re.IGNORECASE,
)
_A_NAME = re.compile(r"^[A-ZÆØÅÉÖÄÜ][\wæøåéöäü'.-]{1,30}(?:\s+[A-ZÆØÅÉÖÄÜ][\wæøåéöäü'.-]{0,30}){0,3}$")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
_POSTCODE = re.compile(r"(?<![\d-])(?:DK-?)?(\d{4})\s{1,2}([A-ZÆØÅ][a-zæøå]{2,30})")
_WISH = re.compile(
    r"\b(søger|mangler|behov for|brug for|ansætte\w*|rekrutter\w*|ledig\w*|stilling\w*|jobordre\w*|vikar\w*"
    r"|medarbejder\w*|arbejdskraft|kandidat\w*|jobcenter\w*|virksomhedspraktik|løntilskud|hiring|recruit\w*|vacanc\w*)\b",
    re.IGNORECASE,
)
#: Danish endings that a word of a mail may have and the vocabulary's label lacks, the longest first.
ENDINGS = ("ernes", "erne", "ene", "ers", "er", "en", "et", "ne", "e", "r", "s", "n")
SHORTEST_STEM, MOST_WORDS, LONGEST_LABEL = 3, 400, 3


def cvr_numbers(text: str) -> tuple[str, ...]:
    """The numbers called CVR, as eight digits; whether they are valid is not said."""
    return tuple(dict.fromkeys("".join(number.split()) for number in _CVR.findall(text[:LONGEST])))


def phone(text: str, without: Collection[str] = ()) -> str:
    """The phone number: one that is called so, else the only one. `without`: digits that are something else."""
    seen: dict[str, str] = {}
    called = ""
    for found in _PHONE.finditer(text[:LONGEST]):
        digits = "".join(char for char in found[1] if char.isdigit())
        if digits in without or digits[0] in "01":
            continue
        seen.setdefault(digits, " ".join(digits[at : at + 2] for at in range(0, 8, 2)))
        if not called and _NEAR_PHONE.search(text[max(0, found.start() - 14) : found.start()]):
            called = seen[digits]
    return called or (next(iter(seen.values())) if len(seen) == 1 else "")


def people(text: str, callings: Collection[str] = ()) -> int | None:
    """How many people are wanted: the first number before a word for people or before one of the `callings`."""
    found = _HOW_MANY.search(text[:LONGEST])
    best = (found.start(), found) if found else None
    for calling in callings:
        pattern = _BEFORE + re.escape(calling)
        other = re.search(pattern, text[:LONGEST], re.IGNORECASE)
        if other and (best is None or other.start() < best[0]):
            best = (other.start(), other)
    if best is None:
        return None
    number = best[1][2] or best[1][1]
    count = NUMBERS.get(number.lower()) or (int(number) if number.isdigit() else 0)
    return count if 1 <= count <= 99 else None


def signed_by(text: str) -> str:
    """The name below the greeting, '' if nothing there looks like one."""
    lines = [line.strip() for line in text[:LONGEST].split("\n")]
    for place, line in enumerate(lines):
        greeting = _GREETING.match(line) if len(line) < 200 else None
        if greeting is None:
            continue
        after = [greeting[1] or greeting[2] or "", *lines[place + 1 : place + 5]]
        name = next((each for each in after if each), "").strip(" ,.")
        return name if _A_NAME.match(name) else ""
    return ""


def words(text: str) -> list[str]:
    """Its words in lower case."""
    return words_of(text[:LONGEST])


def addresses(text: str) -> tuple[str, ...]:
    """Mail addresses in the words, lower case."""
    return tuple(dict.fromkeys(found.lower() for found in _ADDRESS.findall(text[:LONGEST])))


def postcodes(text: str) -> tuple[tuple[str, str], ...]:
    """Four digits before a name of a place, with the name."""
    return tuple(dict.fromkeys(_POSTCODE.findall(text[:LONGEST])))


def asks_for_people(text: str) -> bool:
    """Whether a word stands in it that companies use when they look for people."""
    return bool(_WISH.search(text[:LONGEST]))


def callings(text: str, known: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Occupations named in the text: (ISCO code, label as known, words as written), longer names first at each place.

    `known` maps a folded label to its code.
    """
    words = words_of(text[:LONGEST])[:MOST_WORDS]
    place = 0
    while place < len(words):
        for length in range(min(LONGEST_LABEL, len(words) - place), 0, -1):
            written = " ".join(words[place : place + length])
            label = _label(fold(written), known)
            if label:
                yield known[label], label, written
                place += length - 1
                break
        place += 1


def _label(folded: str, known: Mapping[str, str]) -> str:
    """The known label that these words are a form of."""
    if folded in known:
        return folded
    for ending in ENDINGS:
        stem = folded.removesuffix(ending)
        if stem == folded or len(stem) < SHORTEST_STEM:
            continue
        if stem in known:
            return stem
        if len(stem) > SHORTEST_STEM and stem[-1] == stem[-2] and stem[:-1] in known:  # kokke: kok
            return stem[:-1]
    return ""
