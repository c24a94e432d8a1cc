"""Codes in the reader's language: the vocabulary's labels, read once per page for all that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality
from vocabulary.models import Certificate, IscoGroup, Language, Licence, Skill
from vocabulary.scales import SHIFTS, shift_codes

MODELS: Mapping[str, tuple[Any, str, tuple[str, str]]] = {
    "licences": (Licence, "code", ("label_da", "label_en")),
    "certificates": (Certificate, "code", ("label_da", "label_en")),
    "languages": (Language, "code", ("label_da", "label_en")),
    "skills": (Skill, "public_id", ("label_da", "label_en")),
    "occupations": (IscoGroup, "code", ("title_da", "title_en")),
}
SHIFT_WORDS = {
    "day": pgettext_lazy("shift", "day"),
    "evening": pgettext_lazy("shift", "evening"),
    "night": pgettext_lazy("shift", "night"),
    "weekend": pgettext_lazy("shift", "weekend"),
}
assert SHIFT_WORDS.keys() == SHIFTS.keys()
NOTHING = _("none")


def label(danish: str, english: str) -> str:
    """The one of two labels that the reader reads; either stands in for the other."""
    return (english or danish) if get_language() == "en" else (danish or english)


class Labels:
    """Labels of the codes named, by kind: one query for each kind that is named at all."""

    def __init__(self, **codes: Iterable[object]) -> None:
        """Kinds as in MODELS, each with its codes (skills: public ids)."""
        self._found: dict[str, dict[str, str]] = {}
        for kind, named in codes.items():
            wanted = {str(code) for code in named if code}
            model, key, columns = MODELS[kind]
            rows = model.objects.filter(**{f"{key}__in": wanted}).order_by() if wanted else ()
            values = rows.values_list(key, *columns) if wanted else ()
            self._found[kind] = {str(code): label(*both) for code, *both in values}

    def of(self, kind: str, code: object) -> str:
        """The label, or the code itself where nothing is known of it."""
        return self._found.get(kind, {}).get(str(code), str(code))


def shifts_in_words(mask: int) -> str:
    """Day, evening."""
    return ", ".join(str(SHIFT_WORDS[code]) for code in shift_codes(mask)) or str(NOTHING)


def municipality_names() -> dict[str, str]:
    """The nine by code, alphabetically."""
    return dict(Municipality.objects.order_by("name").values_list("code", "name"))
