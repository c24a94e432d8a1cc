"""What the figures' pages are asked: the same questions as the API's, with dates to pick and names to choose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.figures import PARAMETERS
from campaigns.periods import PERS
from events import clock
from web.forms.base import Form

Choices = Sequence[tuple[str, str]]
#: Field of the form → the same question in the API.
NAMES = {"as_of": "as_of", "since": "from", "until": "to", "municipality": "municipality", "industry": "industry"}


class DateInput(forms.DateInput):
    """The browser's own date picker, which speaks ISO whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        """As `<input type="date">` wants it."""
        super().__init__(format="%Y-%m-%d")


def date_field(label: Any) -> forms.DateField:
    """A day that may be left out."""
    return forms.DateField(label=label, required=False, widget=DateInput(), input_formats=["%Y-%m-%d", "%d-%m-%Y"])


class Ask(Form):
    """Which figure is wanted: its day, what was known, its period, and of whom. Everything may be left out."""

    as_of = date_field(_("As of"))
    known_on = date_field(_("As known on"))
    since = date_field(_("From"))
    until = date_field(_("To"))
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    industry = forms.ChoiceField(label=_("Industry"), required=False)
    per = forms.ChoiceField(
        label=_("One row for each"), required=False, choices=list(zip(PERS, (_("Month"), _("Week")), strict=True))
    )

    def __init__(self, data: Mapping[str, Any], figure: str, places: Choices, industries: Choices) -> None:
        """`figure` decides which questions there are."""
        super().__init__({"as_of": clock.today().isoformat(), **{name: data[name] for name in data if data[name]}})
        self.figure = figure
        self.fields["municipality"].choices = [("", _("All nine")), *places]
        self.fields["industry"].choices = [("", _("All industries")), *industries]
        known = PARAMETERS[figure]
        for name, question in (*NAMES.items(), ("per", "per")):
            if question not in known:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """No day that is yet to come, no period turned round."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("as_of", "known_on", "since"):
            if (day := cleaned.get(name)) and day > clock.today():
                self.add_error(name, _("This lies in the future."))
        last = min(cleaned.get("until") or dt.date.max, cleaned.get("as_of") or clock.today())
        if cleaned.get("since") and "since" not in self.errors and cleaned["since"] > last:
            self.add_error("since", _("The period ends before it begins."))
        return cleaned

    def question(self) -> dict[str, Any]:
        """The arguments of `campaigns.figures.figure`; call it on a valid form."""
        found = {name: value for name, value in self.cleaned_data.items() if value}
        known_on = found.pop("known_on", None)
        return found | ({"known_at": clock.day_end(known_on)} if known_on else {})

    def for_the_api(self) -> str:
        """The same question as a query of the API."""
        found = self.question()
        known_at = found.pop("known_at", None)
        query = {NAMES.get(name, name): str(value) for name, value in found.items()}
        if known_at:
            query["known_at"] = clock.local(known_at).isoformat()
        return urlencode(query)

    def for_another_page(self) -> str:
        """What the other figures' pages are asked too: day, knowledge, and of whom."""
        kept = {name: self.cleaned_data.get(name) for name in ("as_of", "known_on", "municipality", "industry")}
        return urlencode({name: str(value) for name, value in kept.items() if value})
