"""Collects everything that is wrong with an input, so that it is told at once. Pure but for the text guard."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, TypeVar

from events.errors import FieldProblem, Invalid
from vocabulary.text import clean_text

Value = TypeVar("Value")


@dataclass
class Problems:
    """Collects what is wrong, under one prefix, so that everything is told at once."""

    prefix: str = ""
    found: list[FieldProblem] = field(default_factory=list)

    def add(self, pointer: str, code: str, detail: Any) -> None:
        """Note one problem; `pointer` is relative to the prefix, e.g. `contact/phone`."""
        self.found.append(FieldProblem(f"{self.prefix}/{pointer}", code, detail))

    def text(
        self,
        pointer: str,
        value: Any,
        longest: int,
        *,
        multiline: bool = False,
        empty: bool = True,
        known: Collection[str] = (),
    ) -> str:
        """A text through the guard; '' if it is wrong."""
        if value is None and empty:
            return ""
        try:
            return clean_text(
                value if value is not None else "",
                field=f"{self.prefix}/{pointer}",
                max_length=longest,
                min_length=0 if empty else 1,
                multiline=multiline,
                known_numbers=known,
            )
        except Invalid as error:
            self.found.extend(error.errors)
            return ""

    def of(self, check: Callable[[], Value]) -> Value | None:
        """What the check gives; None, and its problems noted, if it raises Invalid."""
        try:
            return check()
        except Invalid as error:
            self.found.extend(error.errors)
            return None

    def raise_any(self) -> None:
        """Raises Invalid if anything was found."""
        if self.found:
            raise Invalid(self.found)


def below(place: str, refused: Invalid) -> Invalid:
    """The same problems, with their place in the input in front."""
    errors = [FieldProblem(f"{place}{found.pointer}", found.code, found.detail) for found in refused.errors]
    return Invalid(errors, code=refused.code, message=refused.message)
