"""What can become of a mail in the tray."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from mailroom.models import IncomingMail
from municipalities.models import Municipality
from web.forms.base import Form


class MailForm(Form):
    """A step on a mail."""

    places: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, mail: IncomingMail, **kwargs: Any) -> None:
        """`mail` as it is now."""
        super().__init__(*args, **kwargs)
        self.mail = mail
        self.prepare()

    def prepare(self) -> None:
        """What depends on the mail."""


class DraftForm(MailForm):
    """In whose queue it belongs."""

    places: ClassVar[dict[str, str]] = {"/municipality": "municipality", "/contact": "municipality"}
    municipality = forms.ChoiceField(label=_("In whose queue?"))

    def prepare(self) -> None:
        """The nine, beginning with the one that has it."""
        rows = Municipality.objects.order_by("name").values_list("code", "name")
        self.fields["municipality"].choices = list(rows)  # type: ignore[attr-defined]
        self.fields["municipality"].initial = self.mail.municipality_id


class OrderForm(MailForm):
    """Which order it is about."""

    places: ClassVar[dict[str, str]] = {"/number": "number"}
    number = forms.CharField(
        label=_("Number of the job order"), max_length=20, help_text=_("For example NRS-2026-00012")
    )

    def prepare(self) -> None:
        """The order that the mail itself points at."""
        self.fields["number"].initial = self.mail.order.number if self.mail.order else ""
