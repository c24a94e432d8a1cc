"""What the company writes on its own page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from joborders.nomination_workflow import DeclineReason
from web.forms.base import Form
from web.forms.desk_steps import MomentInput
from web.forms.order import DATE_FORMATS, DateInput
from web.words import DECLINES


class CodeForm(Form):
    """The six digits of the mail."""

    code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$",
        label=_("The six digits of the mail"),
        max_length=10,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input-char-8"}
        ),
        error_messages={"required": _("Write the code."), "invalid": _("The code is six digits.")},
    )

    def clean_code(self) -> str:
        """Without spaces."""
        return "".join(str(self.cleaned_data["code"]).split())


class AnswerForm(Form):
    """A word on one candidate, decided on the version that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class MoveInterviewForm(AnswerForm):
    """When they meet, said after the word that they want to."""

    interview_at = forms.DateTimeField(
        label=_("When do you meet?"),
        widget=MomentInput,
        help_text=_("You get an invitation for your calendar. It names nobody."),
        error_messages={"required": _("Write when you meet.")},
    )


class HireForm(AnswerForm):
    """They are hired, from a day on."""

    starts_on = forms.DateField(
        label=_("First day at work"),
        input_formats=DATE_FORMATS,
        widget=DateInput,
        error_messages={"required": _("Write the first day at work."), "invalid": _("Write it as day.month.year.")},
    )


class DeclineForm(AnswerForm):
    """No thanks, and why: it helps us to find somebody better."""

    reason = forms.ChoiceField(
        label=_("Why not?"),
        choices=[("", "–"), *((reason.value, text) for reason, text in DECLINES.items())],
        error_messages={"required": _("Choose a reason.")},
    )
    text = forms.CharField(
        label=_("In your own words"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        """Something else needs words."""
        typed = super().clean() or {}
        if typed.get("reason") == DeclineReason.OTHER and not typed.get("text"):
            self.add_error("text", _("Write what it was."))
        return typed


ANSWERS: dict[str, type[AnswerForm]] = {
    "interview": AnswerForm,
    "move_interview": MoveInterviewForm,
    "hire": HireForm,
    "decline": DeclineForm,
}


class StepForm(Form):
    """A step on the order, on the version that was shown, with words where the step asks for them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Anything we should know?"), required=False, max_length=500, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, needed: bool = False, label: Any = None, **kwargs: Any) -> None:
        """`needed`: without words the step makes no sense."""
        super().__init__(*args, **kwargs)
        self.fields["text"].required = needed
        self.fields["text"].error_messages["required"] = _("Write a few words.")
        if label is not None:
            self.fields["text"].label = label
