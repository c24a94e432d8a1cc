"""What an order demands, with the names of the vocabulary: for people to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from joborders.models import Requirement
from vocabulary.models import Certificate, Language, Licence, Skill

_KEYS = {
    Requirement.Kind.SKILL: (Skill, "public_id"),
    Requirement.Kind.LICENCE: (Licence, "code"),
    Requirement.Kind.CERTIFICATE: (Certificate, "code"),
    Requirement.Kind.LANGUAGE: (Language, "code"),
}


@dataclass(frozen=True, slots=True)
class Demand:
    """One must-have or wish. Only languages have levels (A1–C2, or none)."""

    kind: str
    code: str
    is_must: bool
    name: str
    oral: str = ""
    written: str = ""


def demands(items: Iterable[Mapping[str, Any]]) -> list[Demand]:
    """Requirements in the order block's JSON (joborders.wanted), named in the active language; at most one query."""
    rows = list(items)
    names = _names(rows) if rows else {}
    return [
        Demand(
            kind=row["kind"],
            code=row["code"],
            is_must=row["is_must"],
            name=names.get((row["kind"], row["code"]), row["code"]),
            oral=_level(row.get("oral")),
            written=_level(row.get("written")),
        )
        for row in rows
    ]


def _level(value: str | None) -> str:
    return "" if value in (None, "none") else str(value)


def _names(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    asked: dict[str, list[Any]] = {}
    for row in rows:
        asked.setdefault(row["kind"], []).append(row["code"])
    first, *others = (_of_kind(kind, codes) for kind, codes in sorted(asked.items()))
    danish = (get_language() or "da").startswith("da")
    found = {}
    for kind, code, label_da, label_en in first.union(*others, all=True):
        key = str(UUID(code)) if kind == Requirement.Kind.SKILL else code
        found[kind, key] = (label_da or label_en) if danish else (label_en or label_da)
    return found


def _of_kind(kind: str, codes: list[Any]) -> QuerySet[Any, tuple[str, str, str, str]]:
    model, key = _KEYS[Requirement.Kind(kind)]
    return (
        model._default_manager.filter(**{f"{key}__in": codes})
        .order_by()
        .values_list(Value(kind, CharField()), Cast(key, TextField()), "label_da", "label_en")
    )
