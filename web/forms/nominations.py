"""A candidate's acceptance with the screening talk, and the home jobcentre's no."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events import clock
from joborders.nomination_workflow import WithdrawReason
from joborders.services.nominations_input import CHANNELS, TALK
from web.forms.base import Form
from web.forms.fields import DateField

CHANNEL_WORDS = {
    "phone": _("on the phone"),
    "meeting": _("at a meeting"),
    "video": _("by video"),
    "mail": _("by mail"),
    "message": _("by message"),
}
assert CHANNEL_WORDS.keys() == CHANNELS
REASON_WORDS = {
    WithdrawReason.CANDIDATE_DECLINES: _("the candidate does not want the job"),
    WithdrawReason.NOT_REACHED: _("we could not reach the candidate"),
    WithdrawReason.NOT_SUITABLE: _("the candidate does not fit the job"),
    WithdrawReason.NOT_AVAILABLE: _("the candidate is not available"),
    WithdrawReason.FOUND_WORK: _("the candidate has found work"),
    WithdrawReason.SPECIAL_TERMS_NOT_MET: _("the special terms do not fit"),
    WithdrawReason.OTHER: _("another reason"),
}


class AcceptanceForm(Form):
    """When and how the candidate said yes, and what the screening talk showed."""

    accepted_on = DateField(label=_("The candidate said yes on"))
    channel = forms.ChoiceField(label=_("How"), choices=list(CHANNEL_WORDS.items()))
    by = forms.CharField(label=_("Who talked with the candidate"), max_length=120, required=False)
    talk_can_do = forms.BooleanField(label=_("Can do the tasks"))
    talk_wants_to = forms.BooleanField(label=_("Wants to do the tasks"))
    cv_checked = forms.BooleanField(label=_("The CV has been gone through with the candidate"))
    special_terms_fit = forms.BooleanField(label=_("The special terms of the job fit the candidate"))

    def __init__(self, *args: Any, is_special: bool, **kwargs: Any) -> None:
        """`is_special`: the order offers special terms, which the home jobcentre judges."""
        super().__init__(*args, **kwargs)
        self.fields["accepted_on"].initial = clock.today()
        if not is_special:
            del self.fields["special_terms_fit"]
        for name in TALK:
            self.fields[name].error_messages["required"] = _(
                "Confirm this first. Otherwise the candidate cannot go on."
            )

    def acceptance(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class PassOverForm(Form):
    """Why these people, though the list has others before them: kept with the screening."""

    reason = forms.CharField(
        label=_("Why not those who stand before them on the list?"),
        help_text=_("Kept with the screening, so that the choice can be explained. No personal data, please."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Others stand before them on the list: say why these were chosen.")},
    )


class AnswerForm(AcceptanceForm):
    """The acceptance of a request, with the CV text that the company will read."""

    cv_text = forms.CharField(
        label=_("The CV as the company will read it"),
        help_text=_("Nothing about CPR number, age, health, family or nationality."),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def acceptance(self) -> dict[str, Any]:
        """What the service takes; an emptied CV is an answer too."""
        return super().acceptance() | {"cv_text": self.cleaned_data["cv_text"]}


class WithdrawForm(Form):
    """A no, or taking the candidate off again."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", "–"), *REASON_WORDS.items()])
    text = forms.CharField(
        label=_("In a few words"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
