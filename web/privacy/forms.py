"""What is asked about a read, answered and concluded; and why somebody's data is held."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.models import Check
from web.forms.base import Form


class QuestionForm(Form):
    """The auditor's question."""

    question = forms.CharField(
        label=_("Your question"),
        max_length=1000,
        initial=_("Why did you look this citizen up?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the question.")},
    )


class AnswerForm(Form):
    """The reader's answer."""

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=1000,
        help_text=_("What you needed it for, and what it was about. Write no CPR number."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write the answer.")},
    )


class ConclusionForm(Form):
    """What came of it."""

    conclusion = forms.ChoiceField(
        label=_("Conclusion"),
        choices=Check.Conclusion.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a conclusion.")},
    )
    remark = forms.CharField(
        label=_("Remark"),
        max_length=1000,
        required=False,
        help_text=_("Needed where there was no reason, or where it cannot be settled."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HoldForm(Form):
    """Why somebody's data must stay."""

    reason = forms.CharField(
        label=_("Why the data must stay"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason.")},
    )


class EraseForm(Form):
    """The deletion cannot be taken back: somebody says that they mean it."""

    sure = forms.BooleanField(
        label=_("The citizen has asked for it, and knows that it cannot be undone"),
        error_messages={"required": _("Tick the box if you mean it.")},
    )
