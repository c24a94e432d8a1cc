"""The form that all pages start from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms

from events.errors import Invalid


class Mistake(NamedTuple):
    """One line of the error summary: the id of the element to go to, and what is wrong there."""

    target: str
    text: str


class Form(forms.Form):
    """A form whose mistakes are told on top and at the field, and that takes a service's refusal."""

    use_required_attribute = False  # the page says what is missing, in words and on top; browsers would stop before

    def mistakes(self) -> list[Mistake]:
        """Every mistake with the element that it is about; those about no field come first."""
        found = [Mistake("main", text) for text in self.non_field_errors()]
        for bound in self:
            found += [Mistake(first_id(bound), text) for text in bound.errors]
        return found

    def refuse(self, error: Invalid, names: Mapping[str, str]) -> None:
        """Put each problem of a service at its field. `names` maps JSON pointers (or their beginnings) to fields."""
        for problem in error.errors:
            field = next(
                (
                    names[start]
                    for start in sorted(names, key=len, reverse=True)
                    if problem.pointer == start or problem.pointer.startswith(f"{start}/")
                ),
                None,
            )
            self.add_error(field if field in self.fields else None, str(problem.detail))


def first_id(bound: forms.BoundField) -> str:
    """The id of the element that takes the focus: of a group of choices the first one."""
    if bound.use_fieldset and bound.subwidgets:
        return str(bound.subwidgets[0].id_for_label or bound.auto_id)
    return str(bound.auto_id)


def summary_of(form: Any) -> list[Mistake]:
    """The mistakes of any Django form."""
    return Form.mistakes(form)
