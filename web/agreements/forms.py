"""What is filled in of an agreement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies import areas, coverage, documents, forecasts
from companies.models import Agreement, Company, ProductionUnit
from events import clock
from events.errors import Invalid
from vocabulary.models import IscoGroup
from web.agreements.words import occupation_of
from web.forms.base import Form
from web.forms.fields import DateField
from web.forms.words import occupation_named, occupations_like
from web.vocabulary_words import municipality_names

NONE = [("", "–")]
ALL, SOME = "all", "some"
MOST_LIST = 200_000
EMPTY_LINES = 4


class CoverageForm(Form):
    """Which units: all, or those of an area and of a list of P-numbers together."""

    cover = forms.ChoiceField(
        label=_("Which units does it cover?"),
        choices=[(ALL, _("All units")), (SOME, _("Units of an area, or chosen ones"))],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    area = forms.CharField(
        label=_("Area"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Municipality codes, postal codes and ranges, such as 0101, 6200-6299, 8500. New units there follow."
        ),
    )
    p_numbers = forms.CharField(
        label=_("P-numbers"),
        max_length=MOST_LIST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Paste a list, or a column of a spreadsheet."),
    )
    p_file = forms.FileField(
        label=_("File with P-numbers"),
        required=False,
        help_text=_("A CSV file with the P-numbers in it."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        """The company whose units are meant."""
        super().__init__(*args, **kwargs)
        self.company = company
        for name in ("area", "p_numbers", "p_file"):
            if name in self.fields:
                self.fields[name].is_conditional = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Read area and list; `chosen` is None where all units are covered."""
        typed = super().clean() or self.cleaned_data
        self.chosen: list[ProductionUnit] | None = None
        self.areas: list[str] = []
        if typed.get("cover") != SOME or self.errors:
            return typed
        try:
            self.areas = coverage.checked_area(areas.split(typed.get("area", "")))
            listed = typed.get("p_numbers", "") + "\n" + self._file_text()
            self.chosen = coverage.by_p_number(self.company, listed) if listed.strip() else []
        except Invalid as error:
            self.refuse(error, {"/area": "area", "/p_numbers": "p_numbers"})
        else:
            if not self.areas and not self.chosen:
                self.add_error("area", gettext("Name an area or a list of P-numbers."))
        return typed

    def _file_text(self) -> str:
        file = self.cleaned_data.get("p_file")
        return file.read(MOST_LIST).decode("latin-1") if file else ""

    def covered(self) -> dict[str, Any]:
        """As the services take it."""
        return {"units": self.chosen, "area": self.areas}


def initial_coverage(agreement: Agreement) -> dict[str, Any]:
    """The coverage as the form shows it."""
    numbers = agreement.units.order_by("p_number").values_list("p_number", flat=True)
    return {
        "cover": ALL if agreement.covers_all_units else SOME,
        "area": ", ".join(agreement.area),
        "p_numbers": "\n".join(number for number in numbers if number),
    }


class TermsForm(Form):
    """The terms of an agreement; what a signed one keeps is left out."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Agreement.Kind.choices)
    holder = forms.ChoiceField(label=_("Held by"), choices=Agreement.Holder.choices)
    holder_municipality = forms.ChoiceField(label=_("Which municipality holds it"), required=False)
    valid_from = DateField(label=_("From"))
    valid_to = DateField(label=_("Last day"), required=False)
    tovholder = forms.ChoiceField(
        label=_("Tovholder"),
        required=False,
        help_text=_(
            "Leads the orders of the covered units, also of those outside the nine, and may offer its own candidates."
        ),
    )
    first_response_days = forms.IntegerField(
        label=_("First answer within (working days)"), min_value=1, max_value=30, required=False,
        help_text=_("Empty: as the municipality promises everybody."),
    )  # fmt: skip
    first_candidate_days = forms.IntegerField(
        label=_("First candidate within (working days)"), min_value=1, max_value=90, required=False
    )
    schemes = forms.MultipleChoiceField(
        label=_("Schemes offered"), choices=Agreement.Scheme.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    parties = forms.CharField(
        label=_("Parties"), max_length=500, required=False,
        help_text=_("Who signs besides the company and the holder, such as a union. No persons' names."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What was agreed"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    FIXED = ("kind", "holder", "holder_municipality", "valid_from", "valid_to")

    def __init__(self, *args: Any, agreement: Agreement | None = None, **kwargs: Any) -> None:
        """Offer the nine; a signed agreement's fixed terms are not asked for."""
        super().__init__(*args, **kwargs)
        nine = [*NONE, *municipality_names().items()]
        if agreement is not None and agreement.signed_on is not None:
            for name in self.FIXED:
                del self.fields[name]
        for name in ("holder_municipality", "tovholder"):
            if name in self.fields:
                self.fields[name].choices = nine  # type: ignore[attr-defined]
        if "holder_municipality" in self.fields:
            self.fields["holder_municipality"].is_conditional = True  # type: ignore[attr-defined]

    def terms(self) -> dict[str, Any]:
        """As the services take them."""
        names = [name for name in TermsForm.base_fields if name in self.fields]
        given = {name: self.cleaned_data[name] for name in names}
        return {
            name: None if name in ("holder_municipality", "tovholder") and not value else value
            for name, value in given.items()
        }


def initial_terms(agreement: Agreement) -> dict[str, Any]:
    """The terms as the form shows them."""
    codes = {"holder_municipality": agreement.holder_municipality_id, "tovholder": agreement.tovholder_id}
    names = TermsForm.base_fields.keys() - codes.keys()
    return {**{name: getattr(agreement, name) for name in names}, **codes}


class NewForm(TermsForm, CoverageForm):
    """A new agreement: terms, coverage, and when it was signed."""

    signed_on = DateField(label=_("Signed on"), required=False, help_text=_("Empty: it is a draft."))


class SignForm(Form):
    """When a draft was signed."""

    signed_on = DateField(label=_("Signed on"))

    @classmethod
    def of_today(cls) -> SignForm:
        """The form with today filled in."""
        return cls(initial={"signed_on": clock.today()})


class EndForm(Form):
    """The first day without the agreement."""

    ended_on = DateField(label=_("First day without the agreement"))


class PaperForm(Form):
    """A signed paper."""

    file = forms.FileField(
        label=_("Document"),
        help_text=_("PDF of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
            "invalid": _("Choose a file."),
        },
    )
    MAX_BYTES = documents.MAX_BYTES


class ForecastForm(Form):
    """The forecast as rows of month, occupation and number; an empty row is left out, so that emptying deletes."""

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        """A row for each line that there is, and some empty ones."""
        super().__init__(*args, **kwargs)
        lines = list(agreement.forecast.select_related("occupation"))
        given = len([name for name in self.data if str(name).startswith("month_")])
        self.count = min(max(len(lines) + EMPTY_LINES, given), forecasts.MOST_LINES)
        for number in range(self.count):
            line = lines[number] if number < len(lines) else None
            self._add_row(number, line)

    def _add_row(self, number: int, line: Any) -> None:
        self.fields[f"month_{number}"] = forms.RegexField(
            r"^\d{4}-(0[1-9]|1[0-2])$",
            label=gettext("Month"),
            required=False,
            initial=line.month.strftime("%Y-%m") if line else "",
            widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-09"}),
            error_messages={"invalid": gettext("Write a month as 2026-09.")},
        )
        self.fields[f"occupation_{number}"] = forms.CharField(
            label=gettext("Occupation"),
            required=False,
            max_length=200,
            initial=occupation_of(line.occupation) if line else "",
        )
        self.fields[f"positions_{number}"] = forms.IntegerField(
            label=gettext("People"),
            required=False,
            min_value=1,
            max_value=9999,
            initial=line.positions if line else None,
        )
        for name in ("month", "occupation", "positions"):
            self.fields[f"{name}_{number}"].is_conditional = True  # type: ignore[attr-defined]

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields row by row."""
        return [
            [self[f"{name}_{number}"] for name in ("month", "occupation", "positions")] for number in range(self.count)
        ]

    def clean(self) -> dict[str, Any]:
        """Read each row; one that is filled in by half is told."""
        typed = super().clean() or self.cleaned_data
        self.lines: list[dict[str, Any]] = []
        for number in range(self.count):
            names = [f"{name}_{number}" for name in ("month", "occupation", "positions")]
            if any(name in self.errors for name in names) or not any(typed.get(name) for name in names):
                continue
            for name in names:
                if not typed.get(name):
                    self.add_error(name, gettext("Fill in the whole row, or empty it."))
            code = code_of(typed.get(names[1]) or "")
            if typed.get(names[1]) and code is None:
                self.add_error(
                    names[1], gettext("This occupation is not known. Write its name or its four-digit code.")
                )
            if code and typed.get(names[0]) and typed.get(names[2]):
                month = dt.date.fromisoformat(f"{typed[names[0]]}-01")
                self.lines.append({"month": month, "occupation": code, "positions": typed[names[2]]})
        return typed


def code_of(text: str) -> str | None:
    """The ISCO-08 code of a four-digit code or of an occupation's name, None where it is neither."""
    text = text.strip()
    groups = IscoGroup.objects.filter(level=4)
    if text.isdecimal():
        return groups.filter(code=text).values_list("code", flat=True).first()
    named = groups.filter(title_da__iexact=text) | groups.filter(title_en__iexact=text)
    return named.values_list("code", flat=True).first() or occupation_named(text, occupations_like(text))
