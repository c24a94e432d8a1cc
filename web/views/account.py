"""Logging in and out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.identity import protocol
from web.account.entering import entered, first_page
from web.account.identity import VIA


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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With a button for each identity provider."""
        return super().get_context_data(providers=list(settings.OIDC_PROVIDERS.values()), **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Logged in."""
        user: Any = form.get_user()
        login(self.request, user)
        return entered(self.request, user, self.get_redirect_url())

    def get_default_redirect_url(self) -> str:
        """The first page of the reader's role."""
        user: Any = self.request.user
        return first_page(user)


class Logout(LogoutView):
    """Logged out here; who came through a provider is told how to log out there."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session, whatever the provider does."""
        provider = settings.OIDC_PROVIDERS.get(request.session.get(VIA, ""))
        answer: HttpResponse = super().post(request, *args, **kwargs)
        address = protocol.end_address(provider) if provider else ""
        if address:
            answer = render(request, "web/account/logged_out.html", {"provider": provider, "address": address})
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer
