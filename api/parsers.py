"""Bodies: JSON of at most 1 MB, 50 levels deep, each key once, plain text only; uploads of at most 10 MB.

What the standard parser lets through or falls over (deep nesting, duplicate keys, NaN, huge numbers, lone
surrogates, control characters) is a 400 here; too many bytes are a 413 before anything is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from api.flatten import pointer_part
from api.problems import Problem

MAX_JSON_BYTES = 1024 * 1024
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 50
MAX_INTEGER = 2**63 - 1

# Everything below space but tab and line ends, DEL, C1, and halves of surrogate pairs.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    """`application/json`, in UTF-8."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value. Raises Problem 413 or 400 with code `malformed` or a code that names the fault."""
        return parse_json(read(stream, parser_context, MAX_JSON_BYTES))


class UploadParser(BaseParser):
    """Base for uploads: gives the raw bytes, at most 10 MB. Subclasses name the media type."""

    media_type = "application/octet-stream"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The body as it came. Raises Problem 413."""
        return read(stream, parser_context, MAX_UPLOAD_BYTES)


class NDJSONParser(UploadParser):
    """`application/x-ndjson`: one JSON object per line."""

    media_type = "application/x-ndjson"


class CSVParser(UploadParser):
    """`text/csv`."""

    media_type = "text/csv"


def read(stream: IO[bytes], parser_context: Mapping[str, Any] | None, limit: int) -> bytes:
    """The body, if it is small enough; one that says it is larger is not read at all. Raises Problem 413."""
    request = (parser_context or {}).get("request")
    # DRF hands over no stream when the header is missing or not a number.
    declared = int(request.META.get("CONTENT_LENGTH") or 0) if request is not None else 0
    raw = b"" if declared > limit else stream.read(limit + 1)
    if declared > limit or len(raw) > limit:
        text = _("The body is larger than %(limit)d MB.") % {"limit": limit // (1024 * 1024)}
        raise Problem(413, "too_large", text, max_bytes=limit)
    return raw


def parse_json(raw: bytes) -> Any:
    """The value in `raw`. Raises Problem 400."""
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object_of,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_number,
        )
    except UnicodeDecodeError:
        raise Problem(400, "not_utf8", _("The body is not valid UTF-8.")) from None
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        text = _("The body is not valid JSON (line %(line)d, column %(column)d).")
        raise Problem(400, "malformed", text % {"line": error.lineno, "column": error.colno}) from None
    _check(value)
    return value


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _value in pairs if name in seen or seen.add(name) is not None)
        shown = _NOT_TEXT.sub("?", twice)[:60]
        raise Problem(400, "duplicate_key", _("A key is given twice: %(key)s.") % {"key": shown})
    return found


def _no_constant(name: str) -> Any:
    raise Problem(400, "malformed", _("%(value)s is not a JSON number.") % {"value": name})


def _integer(text: str) -> int:
    if len(text) > 20 or abs(int(text)) > MAX_INTEGER:
        raise Problem(400, "out_of_range", _("A number is larger than can be stored."))
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Problem(400, "out_of_range", _("A number is larger than can be stored."))
    return value


def _check(value: Any) -> None:
    """Walk without recursion: depth, and text that is text."""
    waiting: list[tuple[Any, str, int]] = [(value, "", 1)]
    while waiting:
        item, pointer, depth = waiting.pop()
        if isinstance(item, str):
            _check_text(item, pointer)
        elif isinstance(item, (dict, list)):
            if depth > MAX_DEPTH:
                raise _too_deep()
            named = item.items() if isinstance(item, dict) else enumerate(item)
            for name, inner in named:
                if isinstance(name, str):
                    _check_text(name, pointer)
                if isinstance(inner, (str, dict, list)):
                    waiting.append((inner, f"{pointer}/{pointer_part(name)}", depth + 1))


def _check_text(text: str, pointer: str) -> None:
    if _NOT_TEXT.search(text):
        detail = _("Control characters are not allowed in text.")
        entry = {"pointer": pointer, "code": "control_characters", "detail": detail}
        raise Problem(400, "invalid", _("The input has errors."), errors=[entry])


def _too_deep() -> Problem:
    return Problem(400, "too_deep", _("The body is nested deeper than %(depth)d levels.") % {"depth": MAX_DEPTH})
