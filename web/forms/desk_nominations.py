"""The forms of a nomination's steps: for one candidate, or for several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from events import clock
from joborders.models import JobOrder
from web.desk import words
from web.forms.base import Form
from web.forms.desk_steps import DayInput, MomentInput, StepForm, text

TALK = ("talk_can_do", "talk_wants_to", "cv_checked")


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom the words fit; exactly, if they are the case number or the whole name."""

    id: UUID
    text: str
    is_exact: bool


class NominationForm(Form):
    """What a step takes for all the chosen; `order` says which questions are asked."""

    def __init__(self, *args: Any, order: JobOrder, **kwargs: Any) -> None:
        """The order may ask for more than others do."""
        super().__init__(*args, **kwargs)
        self.order = order
        if order.type != JobOrder.Type.SPECIAL:
            self.fields.pop("special_terms_fit", None)

    def arguments(self) -> dict[str, Any]:
        """What the service takes beside nomination, actor and version."""
        return dict(self.cleaned_data)

    def places(self) -> dict[str, str]:
        """Where the service's problems belong."""
        return {f"/{name}": name for name in self.fields}


def talk_field(label: Any) -> Any:
    """One question of the screening talk; no is for the service to refuse, in words."""
    return forms.BooleanField(label=label, required=False)


class AcceptanceFields(forms.Form):
    """The candidate has said yes, and was talked with."""

    accepted_on = forms.DateField(label=_("When did the candidate say yes?"), widget=DayInput, initial=clock.today)
    channel = forms.ChoiceField(
        label=_("How"), choices=words.choices(words.ACCEPTANCE_CHANNELS), widget=forms.RadioSelect, initial="phone"
    )
    talk_can_do = talk_field(_("The candidate can do the tasks"))
    talk_wants_to = talk_field(_("The candidate wants the job"))
    cv_checked = talk_field(_("We have gone through the CV together"))
    special_terms_fit = talk_field(_("The special terms fit the candidate"))

    def acceptance(self) -> dict[str, Any]:
        """In the service's names."""
        names = ("accepted_on", "channel", *TALK, "special_terms_fit")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class AcceptForm(NominationForm, AcceptanceFields):
    """Home says yes."""

    def arguments(self) -> dict[str, Any]:
        """One acceptance for all."""
        return {"acceptance": self.acceptance()}


class PresentForm(NominationForm):
    """Show the people to the company."""

    reason = text(
        _("Why is a CV shown that does not keep all principles?"),
        help_text=_("Needed only for those marked above."),
        at_times=True,
    )


class InterviewForm(NominationForm):
    """When they meet, if it is agreed."""

    interview_at = forms.DateTimeField(
        label=_("When is the interview?"),
        widget=MomentInput,
        required=False,
        help_text=_("With a time, the company and you get an invitation for the calendar. It names nobody."),
    )


class MoveInterviewForm(NominationForm):
    """When they meet now."""

    interview_at = forms.DateTimeField(
        label=_("When is the interview?"),
        widget=MomentInput,
        help_text=_("Calendars that have the old time are told."),
    )


class HireForm(NominationForm):
    """Start, hours, terms."""

    starts_on = forms.DateField(label=_("First working day"), widget=DayInput)
    weekly_hours = forms.IntegerField(label=_("Hours a week"), min_value=1, max_value=60)
    terms = forms.ChoiceField(
        label=_("Terms"), choices=words.choices(words.HIRE_TERMS), widget=forms.RadioSelect, initial="ordinary"
    )


class ReasonForm(NominationForm):
    """Why it ends here."""

    reasons: ClassVar[words.Words] = {}
    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    text = text(_("Explain it"), help_text=_("Needed for another reason."), at_times=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The step's own reasons."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = words.choices(self.reasons)


class DeclineForm(ReasonForm):
    """The company says no."""

    reasons = words.DECLINE_REASONS


class WithdrawForm(ReasonForm):
    """Home takes the candidate off."""

    reasons = words.WITHDRAW_REASONS


class NotStartedForm(ReasonForm):
    """The hired person did not begin."""

    reasons = words.NOT_STARTED_REASONS


class OfferForm(StepForm, AcceptanceFields):
    """One of ours, looked up by name or case number, who has said yes."""

    q = forms.CharField(
        label=_("Candidate"),
        max_length=100,
        help_text=_("A part of the name, or the case number."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
    person = forms.ChoiceField(label=_("Which one?"), required=False, widget=forms.RadioSelect)
    reason = text(
        _("Why not those who stand before on the list?"),
        help_text=_("Needed only where your last screening lists others before. Kept with the screening."),
        at_times=True,
    )
    field_order = ("version", "q", "person")
    pointers: ClassVar[dict[str, str]] = {
        "/candidate": "q",
        **{f"/acceptance/{name}": name for name in ("accepted_on", "channel", *TALK, "special_terms_fit")},
    }

    def __init__(self, *args: Any, found: Sequence[Found] = (), **kwargs: Any) -> None:
        """`found` are the own candidates whom the words fit."""
        super().__init__(*args, **kwargs)
        self.found = found
        self.fields["person"].choices = [(str(one.id), one.text) for one in found]
        self.fields["person"].is_conditional = True
        if len(found) == 1:
            self.fields["person"].initial = str(found[0].id)

    def prepare(self) -> None:
        """Special terms are asked about where the order has them."""
        if self.order.type != JobOrder.Type.SPECIAL:
            self.fields.pop("special_terms_fit")

    def clean(self) -> dict[str, Any]:
        """One person: the only one whom the words fit exactly, else the one chosen."""
        given: dict[str, Any] = super().clean() or {}
        exact = [one for one in self.found if one.is_exact]
        if "q" in self.errors or "person" in self.errors:
            return given
        if given.get("person"):
            self.chosen = UUID(given["person"])
        elif len(exact) == 1:
            self.chosen = exact[0].id
        elif self.found:
            self.add_error("person", _("Choose who it is."))
        else:
            self.add_error("q", _("Your jobcentre has no such candidate."))
        return given

    def arguments(self) -> dict[str, Any]:
        """Who, the acceptance, and why past others."""
        return {"candidate": self.chosen, "acceptance": self.acceptance(), "reason": self.cleaned_data["reason"]}
