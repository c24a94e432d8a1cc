"""Logging in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.utils.translation import gettext_lazy as _


class LoginForm(AuthenticationForm):
    """E-mail and password; a mistake says nothing about which of the two it was."""

    use_required_attribute = False
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("E-mail and password do not fit. Mind capital letters in the password."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The address is what one logs in by."""
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail")
        self.fields["username"].widget.input_type = "email"
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["password"].label = _("Password")


class Login(LoginView):
    """The login page; where somebody was heading is kept."""

    template_name = "web/login.html"
    authentication_form = LoginForm
