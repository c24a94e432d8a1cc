"""The demands of an order (skills, licences, certificates, languages): read from JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from joborders.models import Requirement
from joborders.problems import Problems
from vocabulary.scales import CEFR_LEVELS, cefr_level

KINDS = tuple(Requirement.Kind.values)


def flag(name: str, value: Any, problems: Problems) -> bool:
    """A truth value."""
    if not isinstance(value, bool):
        problems.add(name, "invalid_type", _("This must be true or false."))
    return value is True


def requirement(item: Any, at: str, problems: Problems) -> Requirement | None:
    """One demand as an unsaved row; None if it is beyond reading. Problems are noted under `at`."""
    if not isinstance(item, Mapping):
        problems.add(at, "invalid_type", _("This must be an object."))
        return None
    kind, code = item.get("kind"), item.get("code")
    for name in item:
        if name not in ("kind", "code", "is_must", "oral", "written"):
            problems.add(f"{at}/{str(name)[:60]}", "unknown_field", _("This field is not known here."))
    if kind not in KINDS:
        problems.add(f"{at}/kind", "unknown_code", _("This value is not known."))
        return None
    if not isinstance(code, str | UUID) or not 0 < len(str(code)) <= 160:
        problems.add(f"{at}/code", "unknown_code", _("This value is not known."))
        return None
    row = Requirement(kind=kind, code=str(code))
    row.is_must = flag(f"{at}/is_must", item.get("is_must", True), problems)
    if kind == Requirement.Kind.LANGUAGE:
        row.oral = _level(item.get("oral"), f"{at}/oral", problems)
        row.written = _level(item.get("written"), f"{at}/written", problems)
        if not row.oral and not row.written:
            problems.add(f"{at}/oral", "required", _("Name the level that is needed, spoken or written."))
    elif item.get("oral") is not None or item.get("written") is not None:
        problems.add(f"{at}/oral", "unknown_field", _("Only a language has levels."))
    return row


def _level(value: Any, at: str, problems: Problems) -> int:
    """A language level as 0–6, from its name (B1) or number; none asked is 0."""
    if value is None or value == "":
        return 0
    if isinstance(value, str) and value in CEFR_LEVELS:
        return CEFR_LEVELS.index(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 6:
        return value
    problems.add(at, "unknown_code", _("A language level is A1, A2, B1, B2, C1 or C2."))
    return 0


def requirement_of(row: Requirement) -> dict[str, Any]:
    """One demand in JSON types; languages with their levels by name."""
    item: dict[str, Any] = {"kind": row.kind, "code": row.code, "is_must": row.is_must}
    if row.kind == Requirement.Kind.LANGUAGE:
        item |= {"oral": cefr_level(row.oral or 0), "written": cefr_level(row.written or 0)}
    return item
