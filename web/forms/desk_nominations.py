"""The forms of a nomination's steps: for one candidate, or for several at once."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate
from events import clock
from joborders.models import JobOrder
from web.desk import words
from web.forms.base import Form
from web.forms.desk_steps import DayInput, StepForm, text

TALK = ("talk_can_do", "talk_wants_to", "cv_checked")


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
    """Nothing to tell."""


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
    """One of ours, by the case number, who has said yes."""

    candidate = forms.CharField(
        label=_("Case number of the candidate"), max_length=60, help_text=_("As in your own case system.")
    )
    field_order = ("version", "candidate")
    pointers: ClassVar[dict[str, str]] = {
        "/candidate": "candidate",
        **{f"/acceptance/{name}": name for name in ("accepted_on", "channel", *TALK, "special_terms_fit")},
    }

    def prepare(self) -> None:
        """Special terms are asked about where the order has them."""
        if self.order.type != JobOrder.Type.SPECIAL:
            self.fields.pop("special_terms_fit")

    def clean_candidate(self) -> Any:
        """The candidate's id. Raises ValidationError for a number that the own jobcentre does not have."""
        found = Candidate.objects.of(self.actor.municipality or "").filter(
            external_reference=self.cleaned_data["candidate"].strip()
        )
        public_id = found.values_list("public_id", flat=True).first()
        if public_id is None:
            raise forms.ValidationError(_("Your jobcentre has no such candidate."))
        return public_id

    def arguments(self) -> dict[str, Any]:
        """Who, and the acceptance."""
        return {"candidate": self.cleaned_data["candidate"], "acceptance": self.acceptance()}
