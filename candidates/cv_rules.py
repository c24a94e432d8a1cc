"""Marks words in a CV that a caseworker looks at before the company sees it (design §6). No database.

Marks are advice, except a CPR number, which is refused wherever text comes in. The word lists are Danish and
deliberately short: they point at what has no place in an application, they do not judge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from vocabulary.text import contains_cpr


class Kind(StrEnum):
    """What a mark is about."""

    CPR = "cpr"
    AGE = "age"
    HEALTH = "health"
    FAMILY = "family"
    NATIONALITY = "nationality"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Characters `start` to `end` (exclusive) of the text, and why they are marked."""

    start: int
    end: int
    kind: Kind


def _words(*stems: str) -> str:
    """Whole words that begin with a stem ending in `*`, or are the stem."""
    return r"\b(?:" + "|".join(stem.replace("*", r"\w*") for stem in stems) + r")\b"


PATTERNS: Mapping[Kind, re.Pattern[str]] = MappingProxyType(
    {
        Kind.CPR: re.compile(
            r"(?<!\d)\d{6}\s?[-\u2010-\u2015\u2212]?\s?\d{4}(?!\d)|\bcpr(?:[- ]?n(?:umme)?r)?\b", re.I
        ),
        Kind.AGE: re.compile(
            r"\b\d{2}\s?(?:år\s+gammel|år\s+ung|[- ]?årig\w*)\b|\b(?:er|på|fylder|fyldte)\s+\d{2}\s+år\b"
            r"|\bfødt\b(?:\s+(?:i|den|d\.))?|\bf\.\s?(?:19|20)\d{2}\b|\bårgang\s+\d{2,4}\b"
            r"|\b(?:fødselsdag|fødselsdato|fødselsår|alder|pensionist|efterløn|seniorpension)\w*\b",
            re.I,
        ),
        Kind.HEALTH: re.compile(
            _words(
                "syg",
                "sygdom*",
                "sygemeld*",
                "sygefravær*",
                "langtidssyg*",
                "kronisk*",
                "diagnose*",
                "diagnosticer*",
                "depression*",
                "deprimeret",
                "angst",
                "stress",
                "stressramt",
                "ptsd",
                "adhd",
                "autis*",
                "asperger*",
                "skizofreni*",
                "bipolar*",
                "psykisk*",
                "psykiater*",
                "psykolog*",
                "diabetes",
                "sukkersyge",
                "kræft*",
                "gigt*",
                "epilepsi*",
                "astma",
                "sklerose",
                "blodprop*",
                "hjerteproblem*",
                "handicap*",
                "skånehensyn*",
                "fleksjob*",
                "førtidspension*",
                "ressourceforløb*",
                "medicin",
                "medicineret",
                "misbrug*",
                "alkoholik*",
                "alkoholproblem*",
                "smerter",
                "rygproblem*",
                "diskusprolaps*",
                "piskesmæld*",
                "hjernerystelse*",
                "operer*",
                "indlagt",
                "invalid*",
                "nedsat",
                "helbred*",
            ),
            re.I,
        ),
        Kind.FAMILY: re.compile(
            r"\b(?:(?:har|mine|vores|to|tre|fire|fem|\d{1,2})\s+(?:små\s+|hjemmeboende\s+|voksne\s+)?børn"
            r"|et\s+barn|mit\s+barn|min\s+(?:søn|datter|mand|kone|hustru|kæreste|samlever|familie)"
            r"|(?:far|mor)\s+til)\b|"
            + _words(
                "gift",
                "ugift",
                "skilt",
                "fraskilt",
                "separeret",
                "enlig",
                "single",
                "samlever*",
                "samboende",
                "kæreste*",
                "ægtefælle*",
                "enke",
                "enkemand",
                "gravid*",
                "barsel*",
                "forældremyndighed*",
                "forældreorlov*",
                "familieforøg*",
            ),
            re.I,
        ),
        Kind.NATIONALITY: re.compile(
            _words(
                "nationalitet*",
                "statsborger*",
                "indvandre*",
                "flygtning*",
                "opholdstilladelse*",
                "etnisk*",
                "herkomst",
            ),
            re.I,
        ),
    }
)


def findings(cv_text: str) -> tuple[Finding, ...]:
    """What to look at, in the order of the text; a place is marked once per kind."""
    found = {
        Finding(match.start(), match.end(), kind)
        for kind, pattern in PATTERNS.items()
        for match in pattern.finditer(cv_text)
        if kind is not Kind.CPR or not any(char.isdigit() for char in match[0]) or contains_cpr(match[0])
    }
    return tuple(sorted(found))
