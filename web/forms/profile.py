"""What somebody changes about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from web.forms.base import Form


def _password(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    """A field for a password; what was typed is not shown again."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=200, strip=False, widget=widget, **more)


class ProfileForm(Form):
    """Name, phone and the address to log in by."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("This is what colleagues and companies see."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        help_text=_("The companies whose contact you are see it."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("You log in by it, and get your mails there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Write your e-mail address.")},
    )
    password = _password(
        _("Present password"), "current-password", required=False, help_text=_("Only to change the e-mail address.")
    )


class PasswordForm(Form):
    """The present password, and the new one twice."""

    present = _password(
        _("Present password"), "current-password", error_messages={"required": _("Write your present password.")}
    )
    new = _password(
        _("New password"),
        "new-password",
        help_text=_("At least 12 characters, and not one of the common ones. A few words in a row are easy to keep."),
        error_messages={"required": _("Write the new password.")},
    )
    again = _password(
        _("The new password once more"),
        "new-password",
        error_messages={"required": _("Write the new password once more.")},
    )

    def clean(self) -> dict[str, Any]:
        """Twice the same."""
        typed = super().clean() or {}
        if typed.get("new") and typed.get("again") and typed["new"] != typed["again"]:
            self.add_error("again", _("The two are not the same."))
        return typed
