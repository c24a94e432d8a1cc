"""What the figures mean, from the docstrings of their functions: docs/statistics.md, and the texts to translate.

`manage.py figure_definitions` writes both; a test holds them to the docstrings.
"""

from __future__ import annotations

import inspect
import json
import textwrap
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns import figures, goals, savings
from campaigns.figures import definition
from campaigns.measures import MEASURES
from campaigns.measures import definition as measure_definition
from screening import fairness

TITLES: dict[str, Any] = {
    "status": _("Status"),
    "flow": _("Flow"),
    "times": _("Times"),
    "promises": _("Promises kept"),
    "exchange": _("Exchange"),
    "reasons": _("Reasons"),
    "goals": _("Goals"),
    "savings": _("Savings estimate"),
    "fairness": _("Fairness of selection"),
}
_AT = ("as_of", "known_at")
PARAMETERS = {**figures.PARAMETERS, "goals": _AT, "savings": _AT, "fairness": ("quarter",)}
#: Defined by one function each, outside `campaigns.figures`.
ALONE = {"savings": savings.estimate, "fairness": fairness.fairness}
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
    return [gettext(paragraph) for paragraph in paragraphs_of(name)]


def paragraphs_of(name: str) -> list[str]:
    """The definition in English: of a figure, of all measures of goals, or of what stands alone."""
    if name == "goals":
        return [*_said(goals.progress)[1:], *(text for measure in MEASURES for text in measure_definition(measure))]
    return _said(ALONE[name]) if name in ALONE else definition(name)


def _said(function: object) -> list[str]:
    text = inspect.getdoc(function) or ""
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def as_markdown() -> str:
    """docs/statistics.md."""
    parts = [HEAD]
    for name in TITLES:
        parameters = ", ".join(f"`{parameter}`" for parameter in PARAMETERS.get(name, ()))
        where = f"`GET statistics/{name}`: {parameters}." if parameters else "On the page and in the status pack."
        text = "\n\n".join(textwrap.fill(paragraph, 120) for paragraph in paragraphs_of(name))
        parts.append(f"## {name}\n\n{where}\n\n{text}\n")
    return "\n".join(parts)


def as_texts() -> str:
    """campaigns/definition_texts.py."""
    texts = [paragraph for name in TITLES for paragraph in paragraphs_of(name)]
    lines = [f"    _({json.dumps(text, ensure_ascii=False)})," for text in dict.fromkeys(texts)]
    return TEXTS_HEAD + "\n".join(lines) + "\n)\n"
