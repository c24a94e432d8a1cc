"""How a log line is written: as text for people, as JSON for machines; neither holds the secret of a link.

Of an exception the JSON holds class and places, and of the database's its code and constraint, but never its text:
PostgreSQL shows the whole row that it refused, and other errors what somebody typed.
"""

from __future__ import annotations

import logging
import re
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from events import trace

#: The secret in the address of a follow link, of a draft or of a calendar: longer than any number of an order.
SECRET = re.compile(r"(/(?:f|follow|resume|calendar|no-more-letters|sign-up)/)[A-Za-z0-9_:-]{20,}")
FORMATS = ("line", "json")
DEEPEST = 40


class Line(logging.Formatter):
    """One line, and a traceback where there is one, with the secrets of links masked. Times are UTC and say so."""

    converter = time.gmtime
    default_time_format, default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """The text of the record."""
        return SECRET.sub(r"\1***", super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The line itself, with its numbers and fields."""
        beside = trace.numbers() | getattr(record, "fields", {})
        return super().formatMessage(record) + "".join(f" {name}={value}" for name, value in beside.items())


class Json(logging.Formatter):
    """One JSON object a line: `time`, `level`, `logger`, `message`, `request`, `task`, `event`, `error`.

    What a record brings as `extra={"fields": {…}}` stands beside them.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The object of the record; a line whatever is in it."""
        moment = datetime.fromtimestamp(record.created, UTC)
        told: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            **trace.numbers(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0] and record.exc_info[1]:
            told["error"] = _error(record.exc_info[1])
        text = orjson.dumps(told, default=lambda value: type(value).__name__).decode()
        return SECRET.sub(r"\1***", text)


def _message(record: logging.LogRecord) -> str:
    """Celery puts the text of an exception into its own line: there it is left out, too."""
    if record.exc_info and isinstance(record.args, Mapping) and "exc" in record.args:
        return record.msg % {**record.args, "exc": "see error"}
    return record.getMessage()


def _error(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    told: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    for name, value in {
        "sqlstate": getattr(error, "sqlstate", None),
        "constraint": getattr(getattr(error, "diag", None), "constraint_name", None),
    }.items():
        if value:
            told[name] = value
    if cause := error.__cause__ or (None if error.__suppress_context__ else error.__context__):
        told["because"] = _error(cause)
    return told
