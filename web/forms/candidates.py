"""The profile of a candidate as a form, and the forms that add to its lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.access import NamedCandidate
from candidates.models import Candidate, Identity
from municipalities.models import PostalCode
from vocabulary.scales import CEFR_LEVELS, shift_codes
from web.forms.base import Form
from web.forms.fields import DateField
from web.vocabulary_words import SHIFT_WORDS

YES_NO = [("", _("not recorded")), ("yes", _("yes")), ("no", _("no"))]
TRUTH = {"yes": True, "no": False, "": None}


class ProfileForm(Form):
    """Everything of a profile but its lists; names and values are those of `candidates.profile`."""

    name = forms.CharField(label=_("Name"), max_length=120)
    external_reference = forms.CharField(label=_("Case reference"), max_length=64)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    contact_way = forms.ChoiceField(label=_("How a company may reach the candidate"), choices=Identity.ContactWay)
    postal_code = forms.ChoiceField(label=_("Postal code"), required=False)
    max_distance_km = forms.IntegerField(
        label=_("Will travel, km"), min_value=1, max_value=200, required=False, help_text=_("By road, one way.")
    )
    own_transport = forms.ChoiceField(label=_("Own transport"), choices=YES_NO, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=Candidate.Status)
    status_until = DateField(label=_("In a course until"), required=False)
    unemployed_since = forms.RegexField(
        r"^\d{4}-\d{2}$",
        label=_("Unemployed since (month)"),
        help_text=_("For example 2026-03. For the statistics only."),
        required=False,
        error_messages={"invalid": _("Write the month as 2026-03.")},
    )
    available_from = DateField(label=_("Available from"), required=False)
    hours_min = forms.IntegerField(label=_("Weekly hours from"), min_value=0, max_value=60, required=False)
    hours_max = forms.IntegerField(label=_("Weekly hours to"), min_value=0, max_value=60, required=False)
    shifts = forms.MultipleChoiceField(
        label=_("Shifts"), choices=list(SHIFT_WORDS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    cv_text = forms.CharField(
        label=_("CV"),
        help_text=_("Begin with three to six lines about the person. Nothing about CPR number, age, health or family."),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the postal codes of the region."""
        super().__init__(*args, **kwargs)
        codes = PostalCode.objects.order_by("code").values_list("code", "town")
        self.fields["postal_code"].choices = [("", "–"), *((code, f"{code} {town}") for code, town in codes)]  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """What was changed, as the service takes it: what was left alone is not gone through anew."""
        found = {name: as_taken(name, self.cleaned_data[name]) for name in self.changed_data}
        return {name: value for name, value in found.items() if name in ProfileForm.base_fields}


def as_taken(name: str, value: Any) -> Any:
    """One field's value in the service's terms."""
    if name == "own_transport":
        return TRUTH[value]
    if name == "shifts":
        return value or None
    return None if name == "unemployed_since" and not value else value


def initial_of(candidate: Candidate, person: NamedCandidate) -> dict[str, Any]:
    """The profile as the form shows it."""
    since, own = candidate.unemployed_since, candidate.own_transport
    plain = (
        "external_reference", "postal_code", "max_distance_km", "status", "status_until", "available_from",
        "hours_min", "hours_max", "cv_text",
    )  # fmt: skip
    return {
        **{name: getattr(candidate, name) for name in plain},
        **{name: getattr(person, name) for name in ("name", "phone", "email", "contact_way")},
        "own_transport": {True: "yes", False: "no", None: ""}[own],
        "unemployed_since": since.strftime("%Y-%m") if since else "",
        "shifts": list(shift_codes(candidate.shifts or 0)),
    }


class ConfirmForm(Form):
    """When the citizen last confirmed the CV."""

    confirmed_on = DateField(label=_("Gone through with the candidate on"))


class Extra(Form):
    """What is told besides the word when it is added to a list; nothing for most kinds."""

    def item(self, code: str, title: str) -> Any:
        """The entry of the profile's list."""
        return code


class SkillExtra(Extra):
    """A skill is stated, or documented."""

    documented = forms.BooleanField(
        label=_("Documented by a certificate, a competence card or a course"), required=False
    )

    def item(self, code: str, title: str) -> Mapping[str, Any]:
        """A skill by its public id."""
        return {"skill": code, "documented": self.cleaned_data["documented"]}


class CertificateExtra(Extra):
    """A certificate may have a last day."""

    valid_through = DateField(label=_("Valid through"), required=False)

    def item(self, code: str, title: str) -> Mapping[str, Any]:
        """A certificate by its code."""
        return {"code": code, "valid_through": self.cleaned_data["valid_through"]}


class OccupationExtra(Extra):
    """An occupation was held for some time."""

    months = forms.IntegerField(label=_("Months in all"), min_value=0, max_value=720)

    def item(self, code: str, title: str) -> Mapping[str, Any]:
        """An occupation by its ISCO-08 unit group, with the title that was chosen."""
        return {"isco": code, "title": title[:120], "months": self.cleaned_data["months"]}


LEVELS = [(index, name if index else _("none")) for index, name in enumerate(CEFR_LEVELS)]


class LanguageExtra(Extra):
    """A language is spoken and written so well."""

    oral = forms.TypedChoiceField(label=_("Spoken"), choices=LEVELS, coerce=int)
    written = forms.TypedChoiceField(label=_("Written"), choices=LEVELS, coerce=int)

    def item(self, code: str, title: str) -> Mapping[str, Any]:
        """A language by its code."""
        return {"code": code, "oral": self.cleaned_data["oral"], "written": self.cleaned_data["written"]}
