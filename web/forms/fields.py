"""Fields that several forms of the desk share."""

from __future__ import annotations

from typing import Any

from django import forms


class DateField(forms.DateField):
    """A day, picked in the browser's calendar or written as people write it."""

    input_formats = ["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y"]

    def __init__(self, **kwargs: Any) -> None:
        """A calendar where the browser has one."""
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **kwargs)
        self.widget.input_type = "date"
        self.widget.attrs.pop("type", None)
