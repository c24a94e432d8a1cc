"""DRF's nested error details as a flat list with JSON pointers (RFC 6901)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NON_FIELD = "non_field_errors"


def flatten(details: Any) -> list[dict[str, str]]:
    """`{"a": {"b": [{message, code}]}}` becomes `[{"pointer": "/a/b", "code": …, "detail": …}]`."""
    return list(_walk(details, ""))


def pointer_part(name: object) -> str:
    """One step of a JSON pointer, escaped."""
    return str(name).replace("~", "~0").replace("/", "~1")


def _walk(details: Any, pointer: str) -> Iterator[dict[str, str]]:
    if isinstance(details, dict) and details.keys() == {"message", "code"} and not isinstance(details["message"], dict):
        yield {"pointer": pointer, "code": str(details["code"]), "detail": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _walk(inner, pointer if name == NON_FIELD else f"{pointer}/{pointer_part(name)}")
    elif isinstance(details, list):
        leaves = all(isinstance(inner, dict) and inner.keys() == {"message", "code"} for inner in details)
        for index, inner in enumerate(details):
            yield from _walk(inner, pointer if leaves else f"{pointer}/{index}")
