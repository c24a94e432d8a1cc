"""Wording in a job order that the law forbids: rules as data, warnings only. Pure.

A rule finds words, not intentions: a lawful exception (work for under-18s, a genuine need of the job) is for the
company and its contact person to decide, so nothing here refuses anything. Handbook 5, anti-discrimination.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """What the law protects."""

    AGE = "age"
    SEX = "sex"
    ORIGIN = "origin"
    RELIGION = "religion"
    DISABILITY = "disability"
    FAMILY = "family"


#: Forskelsbehandlingsloven § 5 forbids to say in any advertisement that people of a certain race, colour, religion,
#: political view, orientation, age, disability or origin are wanted; stk. 2 (1 July 2022) to ask for the age.
#: Ligebehandlingsloven § 6 forbids the same about sex, § 9 to look at pregnancy and leave.
DISCRIMINATION, EQUAL_TREATMENT = "Forskelsbehandlingsloven § 5", "Ligebehandlingsloven § 6"


@dataclass(frozen=True, slots=True)
class Rule:
    """Words (a regular expression over lower-case text, whole words) that speak of a protected ground."""

    ground: Ground
    law: str
    words: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: the rule's ground and law, and the words as they were written."""

    ground: Ground
    law: str
    words: str


RULES = (
    Rule(
        Ground.AGE,
        DISCRIMINATION,
        r"ung(?:e|t)?|ungdommelige?|yngre|ældre|midaldrende|young|youthful|"
        r"(?:under|over|mellem|mindst|højst|max\.?|maks\.?|min\.?) \d\d(?: ?(?:og|-|–) ?\d\d)? år|"
        r"\d\d ?[-–] ?\d\d ?år(?:ige)?|\d\d[- ]årig(?:e|t)?|"
        r"fødselsdato|fødselsår|(?:oplys|angiv|skriv)(?: jeres| din)? alder",
    ),
    Rule(
        Ground.SEX,
        EQUAL_TREATMENT,
        r"mand|mænd|mandlige?|kvinder?|kvindelige?|piger?|drenge?|damer?|fyr|herrer|male|female|(?:wo)?m[ae]n|girls?|boys?|stuepiger?",
    ),
    Rule(
        Ground.ORIGIN,
        DISCRIMINATION,
        r"(?:etnisk )?dansk(?:e)? (?:baggrund|herkomst|afstamning|oprindelse|statsborger(?:e|skab)?)|"
        r"etnisk(?:e)? danskere?|danskere?|dansk(?:e)? modersmål|dansk som modersmål|modersmål dansk|uden accent|"
        r"udlændinge?|indvandrere?|ikke[- ]vestlige?|native (?:dane|speaker)s?|hudfarve",
    ),
    Rule(
        Ground.RELIGION,
        DISCRIMINATION,
        r"kristne?|muslim(?:er|sk|ske)?|jød(?:er|isk|iske)|tørklæder?|religion|religiøse?|troende",
    ),
    Rule(
        Ground.DISABILITY,
        DISCRIMINATION,
        r"(?:uden|ingen) (?:handicap|(?:fysiske )?skavanker|sygdom(?:me)?)|raske?|ikke handicappede?",
    ),
    Rule(
        Ground.FAMILY,
        EQUAL_TREATMENT,
        r"(?:uden|ingen|har ikke|ikke har) (?:små ?)?børn|gravide?|barnløse?|barselsorlov|familieplaner",
    ),
)
_COMPILED = tuple((rule, re.compile(rf"(?<![\w-])(?:{rule.words})(?![\w-])", re.IGNORECASE)) for rule in RULES)


def findings(*texts: str) -> list[Finding]:
    """Every doubtful wording in the texts, each wording once, in the order of the rules."""
    return list(dict.fromkeys(_found(texts)))


def _found(texts: tuple[str, ...]) -> Iterator[Finding]:
    for rule, pattern in _COMPILED:
        for text in texts:
            for match in pattern.finditer(text):
                yield Finding(rule.ground, rule.law, match.group().lower())
