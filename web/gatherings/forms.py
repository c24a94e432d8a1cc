"""What is filled in about the network and its gatherings."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from events import clock
from gatherings.models import Commitment, Gathering
from gatherings.services import MOST_PEOPLE
from municipalities.actor import Actor
from web.agreements.forms import code_of
from web.forms.base import Form
from web.forms.desk_steps import MomentInput
from web.forms.fields import DateField
from web.vocabulary_words import municipality_names

MOMENT = ["%Y-%m-%dT%H:%M"]


class CompanyField(Form):
    """A company of the register, by its CVR number."""

    cvr = forms.CharField(label=_("CVR number"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric"}))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        """Whose register is looked into."""
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_cvr(self) -> Company:
        """The company. Refuses a number that is not registered."""
        number = re.sub(r"\D", "", self.cleaned_data["cvr"])
        found = Company.objects.visible_to(self.actor).with_cvr(number).first()
        if found is None:
            raise forms.ValidationError(_("No company of the register has this CVR number."))
        return found  # type: ignore[no-any-return]


class NeedForm(CompanyField):
    """What a company says that it will lack."""

    text = forms.CharField(label=_("What is needed"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    occupation = forms.CharField(
        label=_("Occupation"), max_length=200, required=False, help_text=_("Its name or its four-digit code.")
    )
    people = forms.IntegerField(label=_("People"), min_value=1, max_value=9999, required=False)
    needed_by = DateField(label=_("Needed by"))
    expires_on = DateField(label=_("Stands until"), required=False, help_text=_("Empty: a year from today."))

    def clean_occupation(self) -> str | None:
        """The ISCO-08 code."""
        text = self.cleaned_data["occupation"].strip()
        code = code_of(text) if text else None
        if text and code is None:
            raise forms.ValidationError(_("This occupation is not known. Write its name or its four-digit code."))
        return code


class CommitmentForm(Form):
    """What one side promised the other."""

    side = forms.ChoiceField(label=_("Who promised"), choices=Commitment.Side.choices)
    text = forms.CharField(label=_("What was promised"), max_length=300)
    due_on = DateField(label=_("Done by"), required=False)


class GatheringForm(Form):
    """A meeting for companies."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Gathering.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=150)
    place = forms.CharField(label=_("Where"), max_length=200)
    starts_at = forms.DateTimeField(label=_("Begins"), widget=MomentInput, input_formats=MOMENT)
    ends_at = forms.DateTimeField(label=_("Ends"), widget=MomentInput, input_formats=MOMENT)
    sign_up_until = DateField(label=_("Last day to sign up"))
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=9999, required=False)
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    text = forms.CharField(
        label=_("About the meeting"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Stands in the invitation and on the sign-up page."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the nine."""
        super().__init__(*args, **kwargs)
        nine = [("", _("all nine")), *municipality_names().items()]
        self.fields["municipality"].choices = nine  # type: ignore[attr-defined]


def initial_of(gathering: Gathering) -> dict[str, Any]:
    """The gathering as the form shows it."""
    names = GatheringForm.base_fields.keys() - {"municipality"}
    shown = {name: getattr(gathering, name) for name in names}
    moments = {name: clock.local(shown[name]) for name in ("starts_at", "ends_at")}
    return {**shown, **moments, "municipality": gathering.municipality_id or ""}


class InviteForm(Form):
    """Whom to invite: industries, and perhaps one municipality or the network alone."""

    divisions = forms.CharField(
        label=_("Industries"),
        max_length=200,
        required=False,
        help_text=_("Two-digit divisions or six-digit codes, such as 41 42 43."),
    )
    municipality = forms.ChoiceField(label=_("Lead municipality"), required=False)
    network_only = forms.BooleanField(label=_("Only members of the business network"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the nine."""
        super().__init__(*args, **kwargs)
        nine = [("", _("all nine")), *municipality_names().items()]
        self.fields["municipality"].choices = nine  # type: ignore[attr-defined]
        self.fields["divisions"].is_conditional = True  # type: ignore[attr-defined]

    def clean_divisions(self) -> list[str]:
        """The codes."""
        codes: list[str] = re.findall(r"[^\s,;]+", self.cleaned_data["divisions"])
        if any(not re.fullmatch(r"[0-9]{2,6}", code) for code in codes):
            raise forms.ValidationError(_("An industry code has two to six digits."))
        return codes

    def clean(self) -> dict[str, Any]:
        """Something must choose."""
        typed = super().clean() or self.cleaned_data
        if not self.errors and not typed.get("divisions") and not typed.get("network_only"):
            self.add_error("divisions", gettext("Name industries, or invite the network."))
        return typed


class LeadForm(Form):
    """What a company said at a meeting."""

    text = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Facts only: the company may ask to read it."),
    )  # fmt: skip
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = DateField(label=_("Next step on"), required=False)


class SignUpForm(Form):
    """The company's answer."""

    coming = forms.ChoiceField(
        label=_("Do you come?"),
        choices=[("yes", _("Yes, we come")), ("no", _("No, we cannot come"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    people = forms.IntegerField(
        label=_("How many of you?"), min_value=1, max_value=MOST_PEOPLE, required=False,
        help_text=_("We ask for no names."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The number is asked for where the company comes."""
        super().__init__(*args, **kwargs)
        self.fields["people"].is_conditional = True  # type: ignore[attr-defined]
