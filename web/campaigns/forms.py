"""What is filled in on the pages of campaigns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.contacts import REPORTABLE
from campaigns.models import Attempt, Campaign, Target
from campaigns.rules import codes_of
from campaigns.selecting import NEEDS, Wanted, earlier_waves
from companies.models import ContactLogEntry
from municipalities import membership
from municipalities.actor import Role
from vocabulary.models import Industry, IndustryVersion
from web.forms.base import Form
from web.forms.fields import DateField
from web.vocabulary_words import municipality_names

NONE = [("", "–")]


class FocusForm(Form):
    """A decision of the steering group."""

    name = forms.CharField(label=_("Name"), max_length=120)
    divisions = forms.CharField(
        label=_("Industries"), max_length=200, help_text=_("Two-digit divisions or six-digit codes, such as 41 42 43.")
    )
    industry_version = forms.ChoiceField(label=_("Classification"), choices=IndustryVersion.choices, initial="DB25")
    valid_from = DateField(label=_("From"))
    valid_to = DateField(label=_("To"), required=False)
    decided_by = forms.CharField(label=_("Decided by"), max_length=200, initial="Styregruppen for NRS")
    decided_on = DateField(label=_("Decided on"))


class CampaignForm(Form):
    """What a campaign's list is chosen by."""

    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    divisions = forms.CharField(
        label=_("Industries"),
        max_length=200,
        required=False,
        help_text=_("Two-digit divisions or six-digit codes, such as 41 42 43."),
    )
    minimum_headcount = forms.IntegerField(
        label=_("At least so many employees in the nine"), min_value=0, max_value=1_000_000, initial=5
    )
    municipalities = forms.MultipleChoiceField(
        label=_("Municipalities"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all nine."),
    )
    not_contacted_since = DateField(label=_("Nobody has spoken with it since"), required=False)
    needs = forms.MultipleChoiceField(
        label=_("Looks for people"),
        required=False,
        choices=[(code, need.label) for code, need in NEEDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    needs_since = DateField(label=_("Looked for people since"), required=False)
    needs_until = DateField(
        label=_("Foresees a need until"), required=False, help_text=_("Empty: all months that are forecast.")
    )
    occupations = forms.CharField(
        label=_("Only in these occupations"),
        max_length=100,
        required=False,
        help_text=_("Codes such as 8332, or 83 for all drivers; for job orders and forecasts."),
    )
    follows = forms.ChoiceField(label=_("Follows the campaign"), required=False)
    without_earlier = forms.BooleanField(label=_("Leave out the companies of the campaigns before"), required=False)
    ends_on = DateField(label=_("Planned last day"))

    def __init__(self, *args: Any, campaign: Campaign | None = None, **kwargs: Any) -> None:
        """Offer the nine, and the other campaigns."""
        super().__init__(*args, **kwargs)
        others = Campaign.objects.exclude(pk=campaign.pk if campaign else None).values_list("public_id", "name")
        self.fields["municipalities"].choices = list(municipality_names().items())  # type: ignore[attr-defined]
        self.fields["follows"].choices = [*NONE, *((str(key), name) for key, name in others)]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """As the service takes it."""
        given = dict(self.cleaned_data)
        before = given["follows"]
        return {
            **given,
            "municipalities": " ".join(given["municipalities"]),
            "needs": " ".join(given["needs"]),
            "follows": Campaign.objects.filter(public_id=before).first() if before else None,
        }

    def wanted(self) -> Wanted:
        """What the list would be chosen by, of what is filled in right."""
        given = self.cleaned_data
        return Wanted(
            divisions=known_divisions(given.get("divisions", "")),
            minimum_headcount=given.get("minimum_headcount") or 0,
            municipalities=tuple(given.get("municipalities", ())),
            not_contacted_since=given.get("not_contacted_since"),
            needs=tuple(given.get("needs", ())),
            needs_since=given.get("needs_since"),
            needs_until=given.get("needs_until"),
            occupations=codes_of(given.get("occupations", "")),
            earlier=self._earlier(),
        )

    def _earlier(self) -> tuple[int, ...]:
        """Keys of the campaigns before it, where their companies are to be left out."""
        given = self.cleaned_data
        if not (given.get("without_earlier") and given.get("follows")):
            return ()
        before = Campaign.objects.filter(public_id=given["follows"]).first()
        return (before.pk, *earlier_waves(before)) if before else ()


def known_divisions(text: str) -> tuple[str, ...]:
    """The codes of a text that look like industries."""
    return tuple(code for code in text.replace(",", " ").split() if code.isdecimal() and len(code) in (2, 6))


def initial_of(campaign: Campaign) -> dict[str, Any]:
    """The campaign as the form shows it."""
    lists = ("municipalities", "needs")
    shown = {name: getattr(campaign, name) for name in CampaignForm.base_fields if name not in (*lists, "follows")}
    before = campaign.follows
    return {
        **shown,
        **{name: getattr(campaign, name).split() for name in lists},
        "follows": str(before.public_id) if before else "",
    }


class ContactForm(Form):
    """A try to reach a target, and what came of it."""

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[(one.value, one.label) for one in REPORTABLE],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label=_("How"), choices=ContactLogEntry.Kind)
    about = forms.CharField(label=_("About what"), max_length=200, required=False)
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
    knowing = forms.BooleanField(label=_("I have seen this, and contacted the company all the same"), required=False)

    def __init__(self, *args: Any, must_know: bool, **kwargs: Any) -> None:
        """`must_know`: there is something to look at first."""
        super().__init__(*args, **kwargs)
        if not must_know:
            del self.fields["knowing"]


class AssignForm(Form):
    """Who of the target's municipality calls it."""

    assignee = forms.ChoiceField(label=_("Consultant"), required=False)

    def __init__(self, *args: Any, target: Target, **kwargs: Any) -> None:
        """Offer the consultants of the municipality."""
        super().__init__(*args, **kwargs)
        people = membership.current(municipality=target.municipality_id, role=Role.CONSULTANT)
        found = sorted({(str(one.user.public_id), one.user.name) for one in people}, key=lambda one: one[1])
        self.fields["assignee"].choices = [("", _("nobody")), *found]  # type: ignore[attr-defined]

    def chosen(self) -> UUID | None:
        """The consultant."""
        text = self.cleaned_data["assignee"]
        return UUID(text) if text else None


class LetterForm(Form):
    """One text for the chosen companies."""

    subject = forms.CharField(label=_("Subject"), max_length=150)
    text = forms.CharField(
        label=_("Text"),
        max_length=5000,
        help_text=_("{virksomhed}, {kontakt} and {kommune} are filled in for each company."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class RegisterForm(Form):
    """A file of the business register."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx), at most 40 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    version = forms.ChoiceField(label=_("Industry codes in the file"), choices=IndustryVersion.choices, initial="DB25")


def industry_titles(codes: set[str]) -> dict[str, str]:
    """Division or code → its title; one query."""
    found = Industry.objects.filter(code__in=codes).order_by("version").values_list("code", "title_da")
    return dict(found)


OUTCOMES = dict(Attempt.Outcome.choices)
