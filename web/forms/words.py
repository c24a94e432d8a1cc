"""Choosing from the vocabulary by typing, with or without JavaScript."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from vocabulary.models import Occupation, Skill
from vocabulary.text import fold

SHOWN = 8
SHORTEST_WORD = 4


def label_of(entry: Any) -> str:
    """The entry in the reader's language, or in the other one where there is no such label; a capital in front."""
    first, second = (entry.label_da, entry.label_en) if get_language() != "en" else (entry.label_en, entry.label_da)
    label = str(first or second)
    return label[:1].upper() + label[1:]


def occupations_like(text: str, limit: int = SHOWN) -> list[Occupation]:
    """Occupations for a job title: those that hold all of it, else those that hold one of its words, longest first."""
    found = list(Occupation.objects.with_isco().search(text, limit=limit)) if text.strip() else []
    words = sorted((word for word in fold(text).split() if len(word) >= SHORTEST_WORD), key=len, reverse=True)
    for word in words:
        if len(found) < limit and word != fold(text):
            seen = {entry.pk for entry in found}
            more = Occupation.objects.with_isco().search(word, limit=limit)
            found += [entry for entry in more if entry.pk not in seen]
    return found[:limit]


def occupation_choices(like: Iterable[Occupation]) -> list[tuple[str, str]]:
    """ISCO-08 code and label of each of the occupations like a title; a code stands once, by its best label."""
    choices: dict[str, str] = {}
    for entry in like:
        choices.setdefault(entry.isco_id, label_of(entry))
    return list(choices.items())


def occupation_named(text: str, like: Iterable[Occupation]) -> str | None:
    """The ISCO-08 code if the title is just the name of one of the occupations like it, in either language."""
    codes = {entry.isco_id for entry in like if _is_name_of(entry, text)}
    return codes.pop() if len(codes) == 1 else None


def skills_like(text: str, limit: int = SHOWN) -> list[Skill]:
    """Skills that hold what was typed, best first."""
    return list(Skill.objects.search(text, limit=limit)) if text.strip() else []


def skill_named(text: str) -> Skill | None:
    """The one skill of that name, None if there is none or there are several."""
    found = [entry for entry in skills_like(text) if _is_name_of(entry, text)]
    return found[0] if len(found) == 1 else None


def _is_name_of(entry: Any, text: str) -> bool:
    names = (entry.label_da, entry.label_en, *entry.alt_labels_da.splitlines(), *entry.alt_labels_en.splitlines())
    return fold(text) in {fold(name) for name in names if name}
