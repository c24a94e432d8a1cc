"""What the figures mean, from the docstrings of their functions: docs/statistics.md, and the texts to translate.

`manage.py figure_definitions` writes both; a test holds them to the docstrings.
"""

from __future__ import annotations

import json
import textwrap
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.figures import FUNCTIONS, PARAMETERS, definition

TITLES: dict[str, Any] = {
    "status": _("Status"),
    "flow": _("Flow"),
    "times": _("Times"),
    "promises": _("Promises kept"),
    "exchange": _("Exchange"),
    "reasons": _("Reasons"),
}
HEAD = """# The figures

Written from the functions' docstrings by `manage.py figure_definitions`; do not edit. `GET statistics/<figure>` and
`manage.py statistics <figure>` give the same JSON.

Every figure describes the end of a day (`as_of`, Europe/Copenhagen; without: today) as it was known at a time
(`known_at`; without: now). The same pair gives the same figure for ever, whatever happens later. One thing is not kept
in time: the `industry` is that of the order's production unit, else of its company, as it is registered today. Grains
never mix: orders, positions, promises and people are counted apart.

`from` and `to` are days, both included; without them the twelve months that end with the month of `as_of`. What counts
people hides 1 to 4, and whatever would tell such a number within the same answer; it does not stop a reader from
subtracting the answers for two periods.
"""
TEXTS_HEAD = '''"""The figures' definitions, to translate. Written by `manage.py figure_definitions`; do not edit."""

# ruff: noqa: E501
# fmt: off
from django.utils.translation import gettext_noop as _

TEXTS = (
'''


def in_words(name: str) -> list[str]:
    """The definition of a figure in the reader's language, paragraph by paragraph."""
    return [gettext(paragraph) for paragraph in definition(name)]


def as_markdown() -> str:
    """docs/statistics.md."""
    parts = [HEAD]
    for name in FUNCTIONS:
        parameters = ", ".join(f"`{parameter}`" for parameter in PARAMETERS[name])
        text = "\n\n".join(textwrap.fill(paragraph, 120) for paragraph in definition(name))
        parts.append(f"## {name}\n\n`GET statistics/{name}`: {parameters}.\n\n{text}\n")
    return "\n".join(parts)


def as_texts() -> str:
    """campaigns/definition_texts.py."""
    texts = [paragraph for name in FUNCTIONS for paragraph in definition(name)]
    lines = [f"    _({json.dumps(text, ensure_ascii=False)})," for text in dict.fromkeys(texts)]
    return TEXTS_HEAD + "\n".join(lines) + "\n)\n"
