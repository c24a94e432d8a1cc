"""The second step of a login, and its enrolment."""

from __future__ import annotations

import logging
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import second_factor, sessions
from accounts.models import User
from web.forms.base import Form
from web.views.profile import for_users

log = logging.getLogger("nrs.security")
GET_OR_POST = ["GET", "HEAD", "POST"]
NEXT, NONCE = "after_second_factor", "second_factor_nonce"


class CodeForm(Form):
    """Six digits of the app, or ten that were written down."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits from the app on your telephone. Without it: one of the codes that you wrote down."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Write the code.")},
    )


@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
@for_users
def code(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for the code; who has none yet is enrolled first."""
    if not request.session.get(sessions.OWED, True):
        return redirect("web:home")
    if not second_factor.is_in_use(user):
        return redirect("web:login-enrol")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if second_factor.check(user, form.cleaned_data["code"]):
            sessions.passed(request.session)
            log.info("second step passed user=%s", user.public_id)
            return redirect(_on(request))
        log.info("second step failed user=%s", user.public_id)
        form.add_error("code", _refused(user))
    return _private(render(request, "web/account/code.html", {"form": form}, status=422 if form.is_bound else 200))


@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
@for_users
def enrol(request: HttpRequest, user: User) -> HttpResponse:
    """Show the secret, take the first code, and show the codes to write down, once."""
    if second_factor.is_in_use(user):
        return redirect("web:login-code" if request.session.get(sessions.OWED, True) else "web:profile")
    nonce = request.session.setdefault(NONCE, second_factor.new_nonce())
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if codes := second_factor.enrol(user, nonce, form.cleaned_data["code"]):
            del request.session[NONCE]
            sessions.passed(request.session)
            return _private(render(request, "web/account/codes.html", {"codes": codes, "on": _on(request)}))
        form.add_error("code", _refused(user))
    context: dict[str, Any] = {
        "form": form,
        "secret": second_factor.as_text(nonce),
        "link": second_factor.link(user, nonce),
        "here": "/login/enrol",
    }
    return _private(render(request, "web/account/enrol.html", context, status=422 if form.is_bound else 200))


def _refused(user: User) -> Any:
    if second_factor.is_locked(user):
        return _("Too many wrong codes. Try again in 15 minutes.")
    return _("The code does not fit. Take the newest one: each is good for half a minute, and once.")


def _on(request: HttpRequest) -> str:
    """Where somebody was heading when they logged in."""
    wanted = request.session.pop(NEXT, "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if wanted and is_ours else resolve_url("web:home")


def _private(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-store"
    return answer
