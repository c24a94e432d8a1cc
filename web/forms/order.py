"""The steps of handing in an order, one form each. `block()` is its part of what the single entry takes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies import services as companies
from companies.models import Company, ProductionUnit
from events.errors import Invalid
from joborders import wanted
from joborders.models import JobOrder
from joborders.problems import Problems
from joborders.services import places
from municipalities.models import Municipality, PostalCode
from vocabulary.models import Industry
from web.forms.base import Form
from web.forms.words import occupation_choices, occupation_named, occupations_like

NO_WORD = "none"
OTHER_PLACE = "other"
DATE_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y"]


class DateInput(forms.DateInput):
    """The browser's own calendar; a typed date is read in the Danish ways too."""

    input_type = "date"

    def __init__(self) -> None:
        """Dates go to such a field as ISO."""
        super().__init__(format="%Y-%m-%d")


class CompanyForm(Form):
    """Who asks: the CVR number."""

    cvr = forms.CharField(
        label=_("CVR number"),
        max_length=20,
        help_text=_("Eight digits. You find it on your invoices, or at virk.dk."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-char-11"}),
        error_messages={"required": _("Write your CVR number.")},
    )

    def clean_cvr(self) -> str:
        """The number with a right check digit, without spaces."""
        try:
            return companies.valid_cvr(self.cleaned_data["cvr"].upper().removeprefix("DK"))
        except Invalid as error:
            raise forms.ValidationError(str(error.errors[0].detail)) from None

    def block(self) -> dict[str, Any]:
        """company.cvr"""
        return {"cvr": self.cleaned_data["cvr"]}


class WorkplaceForm(Form):
    """Where the work is: a unit of a company that we know, or a name and an address."""

    unit = forms.ChoiceField(
        label=_("Where is the job?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where the job is.")},
    )
    name = forms.CharField(
        label=_("Name of the company"), max_length=200, error_messages={"required": _("Write the name of the company.")}
    )
    street = forms.CharField(
        label=_("Street and number of the workplace"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postal_code = forms.CharField(
        label=_("Postal code"),
        max_length=4,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code", "class": "input-char-4"}),
    )
    municipality = forms.ChoiceField(
        label=_("Municipality"),
        required=False,
        help_text=_("Only where several municipalities share the postal code."),
    )
    p_number = forms.CharField(
        label=_("P-number"),
        max_length=14,
        required=False,
        help_text=_("Ten digits, one for each workplace. Leave it out if you do not have it at hand."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-char-11"}),
    )
    industry = forms.ChoiceField(label=_("Industry"), required=False)

    def __init__(self, *args: Any, company: Company | None, **kwargs: Any) -> None:
        """`company` is the one of the CVR number, if it is registered: then only the place is asked for."""
        super().__init__(*args, **kwargs)
        self.company = company
        units = units_of(company)
        self.fields["municipality"].choices = [
            ("", "–"),
            *Municipality.objects.order_by("name").values_list("code", "name"),
        ]
        if company is not None:
            del self.fields["name"], self.fields["p_number"], self.fields["industry"]
        else:
            divisions = Industry.objects.filter(version="DB25", level="division", retired=False)
            titles = divisions.order_by("title_da").values_list("code", "title_da")
            self.fields["industry"].choices = [("", "–"), *titles]
        if units:
            self.fields["unit"].choices = [*units, (OTHER_PLACE, _("Another address"))]
        else:
            del self.fields["unit"]
        for name in ("street", "postal_code"):  # asked for by clean(), where no unit is chosen
            self.fields[name].is_conditional = True

    def clean(self) -> dict[str, Any]:
        """An address that says its municipality, unless one of the units is chosen."""
        typed = super().clean() or {}
        if typed.get("unit", OTHER_PLACE) != OTHER_PLACE or "unit" in self.errors:
            return typed
        if not typed.get("street"):
            self.add_error("street", _("Write street and number of the workplace."))
        if not typed.get("postal_code"):
            self.add_error("postal_code", _("Write the postal code of the workplace."))
        problems = Problems()
        place = wanted.address(
            {name: typed.get(name) or "" for name in ("street", "postal_code", "municipality")}, problems, "unit"
        )
        if typed.get("postal_code") and typed.get("street") and not problems.found:
            places.municipality_of(place, problems, "unit")
        self._check_p_number(typed)
        told = [problem for problem in problems.found if problem.code != "required" or typed.get("postal_code")]
        self.refuse(Invalid(told), {f"/unit/{name}": name for name in place} | {"/unit/municipality": "municipality"})
        return typed

    def _check_p_number(self, typed: dict[str, Any]) -> None:
        if typed.get("p_number"):
            try:
                companies.valid_p_number(typed["p_number"])
            except Invalid as error:
                self.add_error("p_number", str(error.errors[0].detail))

    def block(self) -> dict[str, Any]:
        """company.name and company.unit, or order.unit"""
        typed = self.cleaned_data
        if typed.get("unit", OTHER_PLACE) != OTHER_PLACE:
            return {"order": {"unit": typed["unit"]}}
        place = {name: typed[name] for name in ("street", "postal_code", "municipality") if typed.get(name)}
        number = {"p_number": typed["p_number"]} if typed.get("p_number") else {}
        unit = {**place, **number, "name": typed.get("name") or ""} if self.company is None else place
        return {"company": {"unit": unit, **({"name": typed["name"]} if self.company is None else {})}}


def units_of(company: Company | None) -> list[tuple[str, str]]:
    """The working units of a registered company as choices: public facts of the CVR register, nothing else."""
    if company is None:
        return []
    units: QuerySet[ProductionUnit] = company.units.active()
    towns = dict(PostalCode.objects.values_list("code", "town").order_by("code"))
    return [
        (str(unit.public_id), ", ".join(filter(None, (unit.name, unit.street, _town(unit.postal_code, towns)))))
        for unit in units
    ]


def _town(postal_code: str, towns: dict[str, str]) -> str:
    return f"{postal_code} {towns.get(postal_code, '')}".strip()


class JobForm(Form):
    """What the job is."""

    title = forms.CharField(
        label=_("What is the job called?"),
        max_length=100,
        help_text=_("The ordinary word for it, e.g. lorry driver or kitchen assistant."),
        widget=forms.TextInput(
            attrs={
                "list": "id_title_list",
                "hx-get": "/order/words/occupations",
                "hx-trigger": "input changed delay:250ms",
                "hx-target": "#id_title_list",
                "autocomplete": "off",
            }
        ),
        error_messages={"required": _("Write what the job is called.")},
    )
    occupation = forms.ChoiceField(
        label=_("Which of these comes closest?"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("We look for people by this word."),
    )
    positions = forms.IntegerField(
        label=_("How many people?"),
        min_value=1,
        max_value=999,
        initial=1,
        widget=forms.TextInput(attrs={"class": "input-char-4", "inputmode": "numeric"}),
        error_messages={"required": _("Write how many people you need."), "invalid": _("Write a whole number.")},
    )
    description = forms.CharField(
        label=_("What will they do?"),
        max_length=5000,
        help_text=_("A few lines about the tasks, the colleagues and the working day. No personal data, please."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write a few lines about the tasks.")},
    )
    starts_on = forms.DateField(
        label=_("First day at work"),
        required=False,
        input_formats=DATE_FORMATS,
        widget=DateInput,
        help_text=_("Leave it empty for as soon as possible."),
        error_messages={"invalid": _("Write the date as day.month.year, e.g. 31.12.2026.")},
    )
    employment = forms.ChoiceField(
        label=_("Kind of employment"), choices=JobOrder.Employment.choices, initial=JobOrder.Employment.PERMANENT
    )
    employment_until = forms.DateField(
        label=_("Last day, for a fixed term"),
        required=False,
        input_formats=DATE_FORMATS,
        widget=DateInput,
        error_messages={"invalid": _("Write the date as day.month.year, e.g. 31.12.2026.")},
    )
    hours_min = forms.IntegerField(
        label=_("Hours a week, at least"),
        required=False,
        widget=forms.TextInput(attrs={"class": "input-char-4", "inputmode": "numeric"}),
    )
    hours_max = forms.IntegerField(
        label=_("Hours a week, at most"),
        required=False,
        widget=forms.TextInput(attrs={"class": "input-char-4", "inputmode": "numeric"}),
    )
    shifts = forms.MultipleChoiceField(
        label=_("When is the work?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("day", _("day")), ("evening", _("evening")), ("night", _("night")), ("weekend", _("weekend"))],
        help_text=_("Tick all that the job includes."),
    )
    needs_own_transport = forms.BooleanField(label=_("The job can only be reached with own transport"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The choice of occupations follows the title that was typed."""
        super().__init__(*args, **kwargs)
        title = str(self.data.get("title") or "") if self.is_bound else str(self.initial.get("title") or "")
        like = occupations_like(title)
        # Nothing like it: no question with a single answer, the contact person finds the word.
        self.named = occupation_named(title, like) if like else NO_WORD
        if not title or self.named:
            del self.fields["occupation"]
        else:
            none = (NO_WORD, _("None of these. My contact person finds the word"))
            self.fields["occupation"].choices = [*occupation_choices(like), none]
            self.fields["occupation"].is_conditional = True

    def clean(self) -> dict[str, Any]:
        """The rules of the order block, told at the fields; a title that is no known word needs a choice."""
        typed = super().clean() or {}
        if "occupation" in self.fields and not typed.get("occupation") and "occupation" not in self.errors:
            self.add_error("occupation", _("Choose the occupation that comes closest."))
        problems = Problems()
        given = {name: value for name, value in self._told(typed).items() if name not in self.errors}
        read = wanted.parse(given, problems, partial=True, for_member=False)
        wanted.check_together(JobOrder(**read.fields), problems)
        self.refuse(Invalid(problems.found), {f"/{name}": name for name in self.fields})
        return typed

    def _told(self, typed: dict[str, Any]) -> dict[str, Any]:
        """What was answered, in the names and types of the order block."""
        names = ("title", "description", "positions", "employment", "hours_min", "hours_max", "shifts")
        given = {name: typed[name] for name in names if typed.get(name) not in (None, "")}
        given |= {name: typed.get(name) for name in ("starts_on", "employment_until") if typed.get(name)}
        return given | {"needs_own_transport": bool(typed.get("needs_own_transport"))}

    def block(self) -> dict[str, Any]:
        """order.title … order.needs_own_transport; without a known word it is an enquiry until somebody finds it."""
        typed = self.cleaned_data
        code = typed.get("occupation") or self.named
        word = {"type": "enquiry"} if code == NO_WORD else {"occupation": code}
        return self._told(typed) | word


class ContactForm(Form):
    """Whom we call, and how soon."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("A phone number or an e-mail address is enough; with an e-mail you can see candidates online."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    best_time = forms.CharField(
        label=_("When do we reach you best?"), max_length=120, required=False, help_text=_("E.g. mornings before ten.")
    )
    deadline = forms.DateField(
        label=_("When must you have somebody at the latest?"),
        required=False,
        input_formats=DATE_FORMATS,
        widget=DateInput,
        help_text=_("Leave it empty if it does not matter."),
        error_messages={"invalid": _("Write the date as day.month.year, e.g. 31.12.2026.")},
    )

    is_public = forms.BooleanField(
        label=_("Show the job on the open job list"),
        required=False,
        help_text=_("Anybody can read it there, once we have spoken to you. Your name and number are never shown."),
    )
    is_anonymous = forms.BooleanField(label=_("Without the name of the company"), required=False)

    def clean(self) -> dict[str, Any]:
        """The rules of the order's contact, told at the fields."""
        typed = super().clean() or {}
        problems = Problems()
        if "name" not in self.errors:
            wanted.contact(self.contact(typed), problems)
        if typed.get("deadline"):
            wanted.parse({"deadline": typed["deadline"]}, problems, partial=True)
        names = {f"/contact/{name}": name for name in ("name", "phone", "email", "best_time")}
        self.refuse(Invalid(problems.found), {**names, "/deadline": "deadline"})
        return typed

    @staticmethod
    def contact(typed: dict[str, Any]) -> dict[str, str]:
        """The contact block."""
        return {name: typed.get(name) or "" for name in ("name", "phone", "email", "best_time")}

    def block(self) -> dict[str, Any]:
        """contact, order.deadline, and whether the job is advertised"""
        typed = self.cleaned_data
        order = {name: True for name in ("is_public", "is_anonymous") if typed.get(name)}
        if typed.get("deadline"):
            order["deadline"] = typed["deadline"]
        return {"contact": self.contact(typed), "order": order}
