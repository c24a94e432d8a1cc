"""Suggestions for a draft's fields: from the mail's words, by the vocabulary. Shown as such, never submitted by us."""

from __future__ import annotations

from functools import cache
from typing import Any

from events import clock
from mailroom import clues, dates, placing
from mailroom.placing import Placed
from municipalities.models import PostalCode
from vocabulary.models import IscoGroup, Occupation
from vocabulary.text import fold
from vocabulary.versions import PerVersion

#: Labels shorter than this are words of other meanings too ("it").
SHORTEST_LABEL = 3


def suggestions(text: str, placed: Placed, sender: str) -> dict[str, Any]:
    """Values by field of the draft's form, only those found. `text` holds no CPR number."""
    numbers = placing.valid_numbers(text)
    cvr = placed.company.cvr if placed.company else next(iter(numbers), "")
    called = list(clues.callings(text, _labels().get()))
    start = dates.start_in(text, clock.today())
    others = [found for found in clues.addresses(text) if found != sender]
    found: dict[str, Any] = {
        "cvr": cvr,
        "contact_name": clues.signed_by(text),
        "contact_phone": clues.phone(text, {*numbers, *clues.cvr_numbers(text)}),
        "contact_email": others[0] if len(others) == 1 and placed.ground is placing.Ground.COLLEAGUE else "",
        "positions": clues.people(text, [written for _code, _label, written in called[:3]]),
        "starts_on": start.isoformat() if start else None,
        **_occupation(called),
        **_place(text),
    }
    return {name: value for name, value in found.items() if value}


def _occupation(called: list[tuple[str, str, str]]) -> dict[str, str]:
    """The first occupation named, as the form writes it, and a title."""
    if not called:
        return {}
    code, label, written = called[0]
    group = IscoGroup.objects.filter(pk=code).first()
    names = Occupation.objects.filter(isco=code, retired=False).order_by().values_list("label_da", flat=True)
    title = next((name for name in names if fold(name) == label), written)
    return {"occupation": str(group), "title": title[:1].upper() + title[1:100]} if group else {}


def _place(text: str) -> dict[str, str]:
    """The only postcode of the words that lies in the region."""
    codes = {code for code, _town in clues.postcodes(text)[:10]}
    known = list(PostalCode.objects.filter(code__in=codes).order_by("code").values_list("code", flat=True)[:2])
    return {"postal_code": known[0]} if len(known) == 1 else {}


@cache
def _labels() -> PerVersion[dict[str, str]]:
    """ISCO codes by every folded label, Danish and English, of the occupations in force."""
    return PerVersion(_read_labels)


def _read_labels() -> dict[str, str]:
    known: dict[str, str] = {}
    rows = Occupation.objects.current().order_by("pk").values_list("isco_id", "folded")
    for code, folded in rows:
        for label in folded.split("\n"):
            if len(label) >= SHORTEST_LABEL and not label.isdigit():
                known.setdefault(label, code)
    return known
