"""The forms of goals and status packs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Goal
from events import clock
from web.forms.base import Form
from web.forms.figures import DateInput, date_field


def day(label: Any) -> forms.DateField:
    """A day that is needed."""
    return forms.DateField(label=label, widget=DateInput(), input_formats=["%Y-%m-%d", "%d-%m-%Y"])


class GoalForm(Form):
    """A goal to set."""

    name = forms.CharField(label=_("Name"), max_length=120)
    measure = forms.ChoiceField(label=_("What is measured"), choices=Goal.Measure.choices)
    value = forms.DecimalField(
        label=_("Goal"), max_digits=8, decimal_places=1, localize=True, help_text=_("A number; of a share the percent.")
    )
    valid_from = day(_("First day"))
    valid_to = day(_("Last day"))
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    frequency = forms.ChoiceField(label=_("Reported"), choices=Goal.Frequency.choices)
    look_back_months = forms.IntegerField(
        label=_("Months without cooperation"),
        required=False,
        min_value=1,
        max_value=240,
        help_text=_("Only for companies that newly cooperate. Left out: those that never did before."),
    )
    baseline = forms.DecimalField(
        label=_("Starting point"), required=False, max_digits=8, decimal_places=1, localize=True
    )
    baseline_from = forms.CharField(label=_("Where the starting point comes from"), required=False, max_length=200)
    compared_with = forms.MultipleChoiceField(
        label=_("Compared with"), required=False, widget=forms.CheckboxSelectMultiple
    )
    assumptions = forms.CharField(
        label=_("Assumptions"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, names: Mapping[str, str]) -> None:
        """`names` of the nine by code. An empty form is about this year."""
        today = clock.today()
        year = {"valid_from": dt.date(today.year, 1, 1), "valid_to": dt.date(today.year, 12, 31)}
        super().__init__(data, initial=year)
        self.fields["municipality"].choices = [("", _("All nine")), *names.items()]
        self.fields["compared_with"].choices = list(names.items())


class PackForm(Form):
    """Of which day, and as known when."""

    as_of = day(_("As of"))
    known_on = date_field(_("As known on"))

    def __init__(self, data: Any = None) -> None:
        """An empty form is about today."""
        super().__init__(data, initial={"as_of": clock.today()})

    def clean(self) -> dict[str, Any]:
        """No day that is yet to come."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("as_of", "known_on"):
            if (given := cleaned.get(name)) and given > clock.today():
                self.add_error(name, _("This lies in the future."))
        return cleaned
