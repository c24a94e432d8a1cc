"""How a log line is written: no secret of a link stands in it, whoever logs the address (Django does, for a 500)."""

from __future__ import annotations

import logging
import re

#: The secret in the address of a follow link or of a draft: what is longer than any number of an order.
SECRET = re.compile(r"(/(?:f|follow|resume)/)[A-Za-z0-9_-]{20,}")


class Line(logging.Formatter):
    """One line, and a traceback where there is one, with the secrets of links masked."""

    def format(self, record: logging.LogRecord) -> str:
        """The text of the record."""
        return SECRET.sub(r"\1***", super().format(record))
