"""JSON by orjson; times RFC 3339 with offset, UUIDs and lazy texts as text, decimals as strings."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS


def to_json(data: Any) -> bytes:
    """The one way to turn an answer into bytes. Raises TypeError for what has no JSON form."""
    return orjson.dumps(data, default=_other, option=OPTIONS)


def _other(value: Any) -> Any:
    match value:
        case Promise() | Decimal() | datetime.timedelta():
            return str(value)
        case str():
            return str.__str__(value)
        case int():
            return int(value)
        case Mapping():
            return dict(value)
        case bytes() | bytearray():
            raise TypeError("bytes have no JSON form")
    if isinstance(value, (list, tuple, set, frozenset)) or hasattr(value, "__iter__"):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


class JSONRenderer(BaseRenderer):
    """`application/json`."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Bytes; nothing for an answer without content."""
        return b"" if data is None else to_json(data)


class CSVRenderer(BaseRenderer):
    """Lets lists be asked for as `?format=csv`; the streaming is done by `api.export`."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        """Never used: an export is a streamed response."""
        raise TypeError("exports are streamed")


class XLSXRenderer(CSVRenderer):
    """Lets lists be asked for as `?format=xlsx`."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    charset = None  # type: ignore[assignment]
    render_style = "binary"
