"""Logging in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from municipalities.actor import Role
from municipalities.membership import actor_for_user


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


#: Where a role begins its day; others on the front page.
FIRST_PAGE = {
    Role.CONSULTANT: "web:queue",
    Role.CASEWORKER: "web:candidates",
    Role.COORDINATOR: "web:figures",
}


class Login(LoginView):
    """The login page; where somebody was heading is kept."""

    template_name = "web/login.html"
    authentication_form = LoginForm

    def get_default_redirect_url(self) -> str:
        """The first page of the reader's role."""
        actor = actor_for_user(self.request.user, None)
        page = FIRST_PAGE.get(actor.role) if actor else None
        return resolve_url(page) if page else super().get_default_redirect_url()
