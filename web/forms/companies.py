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
from web.forms.fields import DateField
from web.vocabulary_words import municipality_names

NONE = [("", "–")]


class TalkForm(Form):
    """A contact with the company: how, about what, and what comes next."""

    kind = forms.ChoiceField(label=_("How"), choices=ContactLogEntry.Kind)
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


class CompanyForm(Form):
    """The register's entry, and who has the contact."""

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
    substitute_user = forms.ChoiceField(label=_("Substitute"), required=False)
    substitute_until = DateField(label=_("Substitute until"), required=False)
    do_not_call = forms.BooleanField(label=_("Does not want to be called for campaigns"), required=False)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        """Offer the consultants of the lead, who alone can have the contact."""
        super().__init__(*args, **kwargs)
        colleagues = membership.current(municipality=company.lead_id, role=Role.CONSULTANT)
        people = sorted({(str(each.user.public_id), each.user.name) for each in colleagues}, key=lambda one: one[1])
        for name in ("contact_user", "substitute_user"):
            self.fields[name].choices = [*NONE, *people]  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """What was changed, as the service takes it."""
        people = ("contact_user", "substitute_user")
        return {
            name: (self.cleaned_data[name] or None) if name in people else self.cleaned_data[name]
            for name in self.changed_data
        }


def initial_of(company: Company) -> dict[str, Any]:
    """The company as the form shows it."""
    names = set(CompanyForm.base_fields) - {"contact_user", "substitute_user"}
    contact, substitute = company.contact_user, company.substitute_user
    return {name: getattr(company, name) for name in names} | {
        "contact_user": str(contact.public_id) if contact else "",
        "substitute_user": str(substitute.public_id) if substitute else "",
    }


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


class ContactForm(Form):
    """Somebody at the company who may be called."""

    name = forms.CharField(label=_("Name"), max_length=120)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    best_time = forms.CharField(label=_("Best time to call"), max_length=120, required=False)


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
