"""What a webhook is told of, and where."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.webhooks.services import MOST_PATTERNS
from web.forms.base import Form
from web.vocabulary_words import municipality_names


class WebhookForm(Form):
    """A new webhook. An administrator of one municipality is not asked which."""

    municipality = forms.ChoiceField(label=_("Municipality"))
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Begins with https:// and lies in the open internet."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the address.")},
    )
    patterns = forms.CharField(
        label=_("Kinds of events"),
        max_length=65 * MOST_PATTERNS,
        initial="joborder.*",
        help_text=_("With a space between: joborder.claimed, nomination.* or # for all."),
        error_messages={"required": _("Write at least one kind.")},
    )

    def __init__(self, *args: Any, home: str | None, **kwargs: Any) -> None:
        """`home` is the administrator's own municipality; None: all nine."""
        super().__init__(*args, **kwargs)
        if home:
            del self.fields["municipality"]
        else:
            self.fields["municipality"].choices = list(municipality_names().items())

    def arguments(self) -> dict[str, Any]:
        """For the service."""
        typed = self.cleaned_data
        return {**typed, "patterns": typed["patterns"].replace(",", " ").split()}
