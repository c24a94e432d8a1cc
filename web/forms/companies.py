"""What the nine write down about a company."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Company, ContactLogEntry
from events import clock
from municipalities import membership
from municipalities.actor import Role
from vocabulary.models import IndustryVersion
from web.forms.base import Form
from web.forms.desk_steps import MomentInput
from web.forms.fields import DateField
from web.forms.remembering import Remembering
from web.vocabulary_words import municipality_names

NONE = [("", "–")]


class TalkForm(Form):
    """A contact with the company: how, when, with which unit, about what, and what comes next."""

    kind = forms.ChoiceField(label=_("How"), choices=ContactLogEntry.Kind)
    unit = forms.ChoiceField(label=_("Production unit"), required=False)
    happened_at = forms.DateTimeField(
        label=_("When, if not now"), required=False, widget=MomentInput, input_formats=["%Y-%m-%dT%H:%M"]
    )
    about = forms.CharField(label=_("About what"), max_length=200)
    text = forms.CharField(
        label=_("Note"),
        help_text=_("Facts only: the company may ask to read it."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = DateField(label=_("Next step on"), required=False)
    do_not_call = forms.BooleanField(label=_("Does not want to be called for campaigns"), required=False)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        """Offer the units of the company; one alone is not asked about."""
        super().__init__(*args, **kwargs)
        self.units = {str(unit.public_id): unit for unit in company.units.all() if unit.ceased_on is None}
        if len(self.units) < 2:
            del self.fields["unit"]
        else:
            named = [(key, ", ".join(filter(None, (unit.name, unit.street)))) for key, unit in self.units.items()]
            self.fields["unit"].choices = [("", _("the company as such")), *named]  # type: ignore[attr-defined]

    def talk(self) -> dict[str, Any]:
        """As the service takes it."""
        return self.cleaned_data | {"unit": self.units.get(self.cleaned_data.get("unit", ""))}


class CompanyForm(Remembering):
    """The register's entry, and who of the nine is the contact."""

    name = forms.CharField(label=_("Name"), max_length=200)
    industry_code = forms.RegexField(
        r"^\d{2,6}$",
        label=_("Industry code"),
        max_length=6,
        required=False,
        error_messages={"invalid": _("An industry code has two to six digits.")},
    )
    industry_version = forms.ChoiceField(
        label=_("Classification"), choices=NONE + IndustryVersion.choices, required=False
    )
    headcount = forms.IntegerField(label=_("Employees"), min_value=0, max_value=1_000_000, required=False)
    headcount_on = DateField(label=_("Employees as of"), required=False)
    contact_user = forms.ChoiceField(label=_("Contact person of the nine"), required=False)
    do_not_call = forms.BooleanField(label=_("Does not want to be called for campaigns"), required=False)
    no_letters = forms.BooleanField(label=_("Does not want letters of campaigns"), required=False)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        """Offer the consultants of the lead, who alone can have the contact."""
        super().__init__(*args, **kwargs)
        self.fields["contact_user"].choices = [*NONE, *colleagues_of(company)]  # type: ignore[attr-defined]
        self.remember()

    def changes(self) -> dict[str, Any]:
        """What was changed, as the service takes it."""
        given = {name: self.cleaned_data[name] for name in self.changed_data}
        return given | ({"contact_user": given["contact_user"] or None} if "contact_user" in given else {})


def colleagues_of(company: Company) -> list[tuple[str, str]]:
    """The consultants of the lead, who alone can have the contact, by public id and name."""
    found = membership.current(municipality=company.lead_id, role=Role.CONSULTANT)
    return sorted({(str(each.user.public_id), each.user.name) for each in found}, key=lambda one: one[1])


def initial_of(company: Company) -> dict[str, Any]:
    """The company as the form shows it."""
    names = set(CompanyForm.base_fields) - {"contact_user"}
    contact = company.contact_user
    return {name: getattr(company, name) for name in names} | {
        "contact_user": str(contact.public_id) if contact else "",
    }


class AbsenceForm(Form):
    """Who has the contact while its person is away, and until when."""

    substitute_user = forms.ChoiceField(
        label=_("Substitute"), error_messages={"required": _("Choose who has the contact meanwhile.")}
    )
    substitute_until = DateField(label=_("Last day away"))

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        """Offer the consultants of the lead without the contact person."""
        super().__init__(*args, **kwargs)
        contact = str(company.contact_user.public_id) if company.contact_user else ""
        others = [(code, name) for code, name in colleagues_of(company) if code != contact]
        self.fields["substitute_user"].choices = [*NONE, *others]  # type: ignore[attr-defined]

    def clean_substitute_until(self) -> Any:
        """Somebody is away today or later."""
        day = self.cleaned_data["substitute_until"]
        if day < clock.today():
            raise forms.ValidationError(_("This date has passed."))
        return day


class HandOverForm(Form):
    """A new lead: why, and who of the other municipality agreed."""

    to = forms.ChoiceField(label=_("New lead municipality"))
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    agreed_with = forms.ChoiceField(label=_("Agreed with"))
    agreed_on = DateField(label=_("Agreed on"))

    def __init__(self, *args: Any, lead: str, **kwargs: Any) -> None:
        """Offer the other eight as the new lead."""
        super().__init__(*args, **kwargs)
        nine = list(municipality_names().items())
        self.fields["to"].choices = [*NONE, *((code, name) for code, name in nine if code != lead)]  # type: ignore[attr-defined]
        self.fields["agreed_with"].choices = [*NONE, *nine]  # type: ignore[attr-defined]
        self.fields["agreed_on"].initial = clock.today()


class ContactForm(Remembering):
    """Somebody at the company who may be called."""

    name = forms.CharField(label=_("Name"), max_length=120)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    best_time = forms.CharField(label=_("Best time to call"), max_length=120, required=False)


class NewCompanyForm(Form):
    """A company that the nine have not met yet: the register's entry and, where it is known, its main unit."""

    cvr = forms.CharField(label=_("CVR number"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    name = forms.CharField(label=_("Name"), max_length=200)
    industry_code = forms.RegexField(
        r"^\d{2,6}$",
        label=_("Industry code"),
        max_length=6,
        required=False,
        help_text=_("DB25, two to six digits."),
        error_messages={"invalid": _("An industry code has two to six digits.")},
    )
    headcount = forms.IntegerField(label=_("Employees"), min_value=0, max_value=1_000_000, required=False)
    p_number = forms.CharField(label=_("P-number of the main unit"), max_length=20, required=False)
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postal_code = forms.RegexField(
        r"^\d{4}$",
        label=_("Postal code"),
        required=False,
        help_text=_("The unit's municipality leads. Without a unit it is yours."),
        error_messages={"invalid": _("A postal code has four digits.")},
    )
    municipality = forms.ChoiceField(
        label=_("Municipality"), required=False, help_text=_("Needed where several share the postal code.")
    )
    UNIT = ("p_number", "street", "postal_code", "municipality")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the nine."""
        super().__init__(*args, **kwargs)
        self.fields["municipality"].choices = [*NONE, *municipality_names().items()]  # type: ignore[attr-defined]

    def body(self) -> dict[str, Any]:
        """As the service takes it; `unit` only where something of it is known."""
        typed = self.cleaned_data
        unit = {name: typed[name] for name in self.UNIT if typed[name]}
        names = ("cvr", "name", "industry_code", "headcount")
        body = {name: typed[name] for name in names if typed[name] not in ("", None)}
        if "industry_code" in body:
            body["industry_version"] = IndustryVersion.DB25
        return body | ({"unit": unit} if unit else {})


class UnitForm(Form):
    """A place of work, by P-number or by address."""

    p_number = forms.CharField(label=_("P-number"), max_length=20, required=False, help_text=_("Ten digits."))
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postal_code = forms.RegexField(
        r"^\d{4}$",
        label=_("Postal code"),
        required=False,
        error_messages={"invalid": _("A postal code has four digits.")},
    )
    municipality = forms.ChoiceField(
        label=_("Municipality"), required=False, help_text=_("Needed where several share the postal code.")
    )
    is_main = forms.BooleanField(label=_("This is the main unit"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the nine."""
        super().__init__(*args, **kwargs)
        self.fields["municipality"].choices = [*NONE, *municipality_names().items()]  # type: ignore[attr-defined]
