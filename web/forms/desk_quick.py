"""Quick entry for the phone: who called about what; the rest can wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from joborders.models import Intake
from municipalities.actor import Actor
from municipalities.models import Municipality
from vocabulary.text import spellings
from web.forms.base import Form
from web.forms.desk_change import OccupationField
from web.forms.desk_steps import DayInput, text

MAX_COMPANIES = 8
CONTACT = ("contact_name", "contact_phone", "contact_email")
ORDER_PLACES = {
    "/title": "title",
    "/occupation": "occupation",
    "/positions": "positions",
    "/description": "text",
    "/starts_on": "starts_on",
    "/workplace": "postal_code",
    "/workplace/street": "street",
    "/workplace/municipality": "workplace_municipality",
}
CONTACT_PLACES = {
    "/contact/name": "contact_name",
    "/contact/phone": "contact_phone",
    "/contact/email": "contact_email",
    "/cvr": "cvr",
    "/name": "company",
    "/text": "text",
}


class CallerFields(forms.Form):
    """Who can be reached, and of which company."""

    cvr = forms.CharField(
        label=_("CVR number"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    company = forms.CharField(label=_("Or the company's name"), required=False, max_length=200)
    which = forms.ChoiceField(label=_("Which of these?"), required=False, widget=forms.RadioSelect)
    contact_name = forms.CharField(label=_("Who called?"), max_length=120)
    contact_phone = forms.CharField(
        label=_("Phone"), required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    contact_email = forms.CharField(
        label=_("E-mail"), required=False, max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"})
    )
    text = text(_("What do they need?"), rows=4, longest=5000)

    def contact(self) -> dict[str, str]:
        """In the service's names."""
        return {name: self.cleaned_data[f"contact_{name}"] for name in ("name", "phone", "email")}


class OrderFields(forms.Form):
    """What an order needs beside caller and description."""

    title = forms.CharField(label=_("Title"), required=False, max_length=100)
    occupation = OccupationField(
        label=_("Occupation"), required=False, help_text=_("Write a word and choose, for example lager.")
    )
    positions = forms.IntegerField(label=_("Positions"), required=False, min_value=1, max_value=999, initial=1)
    starts_on = forms.DateField(
        label=_("Start"), required=False, widget=DayInput, help_text=_("Empty: as soon as possible")
    )
    street = forms.CharField(label=_("Street of the workplace"), required=False, max_length=200)
    postal_code = forms.CharField(
        label=_("Postcode"), required=False, max_length=4, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    workplace_municipality = forms.ChoiceField(label=_("Municipality"), required=False)

    def block(self) -> dict[str, Any]:
        """The order block (joborders.wanted); what is missing is for the service to ask for."""
        given = self.cleaned_data
        block: dict[str, Any] = {
            "title": given["title"],
            "occupation": given["occupation"] or None,
            "positions": given["positions"] or 1,
            "description": given["text"],
            "starts_on": given["starts_on"],
        }
        place = {
            "street": given["street"],
            "postal_code": given["postal_code"],
            "municipality": given["workplace_municipality"],
        }
        return block | ({"workplace": place} if any(place.values()) else {})

    def offer_places(self) -> None:
        """The nine."""
        found = Municipality.objects.order_by("name").values_list("code", "name")
        self.fields["workplace_municipality"].choices = [("", _("As the postcode says")), *found]


class QuickForm(Form, CallerFields, OrderFields):
    """One page for a call. `actor` decides which companies are found by name."""

    rest: ClassVar[tuple[str, ...]] = (
        "title", "occupation", "positions", "starts_on", "street", "postal_code", "workplace_municipality",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """The choice between companies appears once several fit."""
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.offer_places()
        self.several = list(self._of_name()) if self.is_bound else []
        self.fields["which"].choices = [(one.cvr, f"{one.name} (CVR {one.cvr})") for one in self.several]

    def _of_name(self) -> Any:
        name = str(self.data.get("company") or "").strip()
        if not name or self.data.get("cvr"):
            return Company.objects.none()
        seen = Company.objects.visible_to(self.actor).order_by("name", "id")
        for word in name.split()[:6]:
            seen = seen.filter(_holds(word))
        return seen[:MAX_COMPANIES]

    def clean(self) -> dict[str, Any]:
        """The CVR number of the company that was named, where it is clear which."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("cvr") or not self.several:
            return given
        if given.get("which"):
            given["cvr"] = given["which"]
        elif len(self.several) == 1:
            given["cvr"] = self.several[0].cvr
        else:
            self.add_error("which", _("Several companies have this name: choose one."))
        return given

    @property
    def rest_fields(self) -> list[Any]:
        """Those that can wait."""
        return [self[name] for name in self.rest]

    @property
    def shows_which(self) -> bool:
        """Several companies fit the name."""
        return len(self.several) > 1

    def words(self) -> str:
        """What was said, with everything typed that a draft has no field for."""
        given = self.cleaned_data
        name = given["company"] if not given.get("cvr") else ""
        lines = [given["text"]]
        for label, value in (
            (gettext("Company"), name),
            (gettext("Title"), given["title"]),
            (gettext("Occupation"), given["occupation"]),
            (gettext("Positions"), given["positions"] if given["title"] else ""),
            (gettext("Start"), given["starts_on"]),
            (gettext("Workplace"), f"{given['street']} {given['postal_code']}".strip()),
        ):
            if value:
                lines.append(f"{label}: {value}")
        return "\n".join(line for line in lines if line)

    def places(self) -> dict[str, str]:
        """Where the services' problems belong."""
        return ORDER_PLACES | CONTACT_PLACES


def _holds(word: str) -> Q:
    found = Q()
    for spelling in spellings(word):
        found |= Q(name__icontains=spelling)
    return found


class DraftForm(Form):
    """A step on a draft, decided on a version of it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    places_of: ClassVar[dict[str, str]] = CONTACT_PLACES

    def __init__(self, *args: Any, intake: Intake, suggested: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        """`intake` as it is now; `suggested` are values that a mail's words suggest, by field, marked as such."""
        super().__init__(*args, **kwargs)
        self.intake = intake
        self.initial = {**self.first_values(), **self.initial}
        self.suggest({} if self.is_bound else suggested or {})

    #: Fields that a mail may suggest something for.
    takes_suggestions: ClassVar[frozenset[str]] = frozenset()

    def suggest(self, values: Mapping[str, Any]) -> None:
        """Put each suggestion where nothing is written yet, or where the machine itself has written it."""
        for name in self.takes_suggestions & set(values) & set(self.fields):
            if str(self.initial.get(name) or values[name]) == str(values[name]):
                self.initial[name] = values[name]
                self.fields[name].is_suggested = True  # type: ignore[attr-defined]

    def first_values(self) -> dict[str, Any]:
        """What the form begins with."""
        return {"version": self.intake.version}

    def places(self) -> dict[str, str]:
        """Where the services' problems belong."""
        return self.places_of

    def at_version(self, version: int) -> None:
        """Keep what was typed, and decide on the newer version next time."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class CorrectForm(DraftForm, CallerFields):
    """What was written down."""

    company = which = None  # type: ignore[assignment]

    def first_values(self) -> dict[str, Any]:
        """As it stands."""
        names = ("cvr", "contact_name", "contact_phone", "contact_email", "text")
        return super().first_values() | {name: getattr(self.intake, name) for name in names}

    def arguments(self) -> dict[str, Any]:
        """In the service's names."""
        return {"contact": self.contact(), "cvr": self.cleaned_data["cvr"], "text": self.cleaned_data["text"]}


class SubmitForm(DraftForm, OrderFields):
    """The order that it becomes. A company that nobody has registered needs its number and name."""

    places_of: ClassVar[dict[str, str]] = (
        ORDER_PLACES | CONTACT_PLACES | {"/company": "cvr", "/cvr": "cvr", "/name": "company"}
    )
    cvr = forms.CharField(label=_("CVR number"), max_length=20)
    company = forms.CharField(
        label=_("The company's name"), required=False, max_length=200, help_text=_("Only if it is new to us.")
    )
    text = text(_("Description"), rows=6, required=True, longest=5000)
    contact_name = forms.CharField(label=_("Contact person"), required=False, max_length=120)
    contact_phone = forms.CharField(
        label=_("Phone"), required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    contact_email = forms.CharField(
        label=_("E-mail"), required=False, max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"})
    )
    field_order = ("version", "cvr", "company", "title", "occupation", "positions", "text")
    takes_suggestions: ClassVar[frozenset[str]] = frozenset(
        {"cvr", "title", "occupation", "positions", "starts_on", "postal_code", *CONTACT}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the municipalities to choose from."""
        super().__init__(*args, **kwargs)
        self.offer_places()
        for name in ("title", "occupation", "positions"):
            self.fields[name].required = True

    def first_values(self) -> dict[str, Any]:
        """The caller's words as the description, the caller as the contact."""
        contact = {name: getattr(self.intake, name) for name in CONTACT}
        return super().first_values() | {"cvr": self.intake.cvr, "text": self.intake.text} | contact

    def block(self) -> dict[str, Any]:
        """The order block with its contact: what is left empty is the caller's."""
        contact = {name[8:]: self.cleaned_data[name] or getattr(self.intake, name) for name in CONTACT}
        return super().block() | {"contact": contact}


class MoveForm(DraftForm):
    """Whose it is."""

    places_of: ClassVar[dict[str, str]] = {"/to": "to"}
    to = forms.ChoiceField(label=_("To which municipality?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The others of the nine."""
        super().__init__(*args, **kwargs)
        others = Municipality.objects.exclude(code=self.intake.municipality_id).order_by("name")
        self.fields["to"].choices = [("", _("Choose")), *others.values_list("code", "name")]  # type: ignore[attr-defined]


class EnquiryForm(DraftForm):
    """What the question was about, if it should be remembered."""

    note = text(_("Note"))


class MergeForm(DraftForm):
    """Which order it is about."""

    order = forms.UUIDField(widget=forms.HiddenInput)
