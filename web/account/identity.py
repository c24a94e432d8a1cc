"""Logging in through an identity provider, and tying one to the own account. The protocol is in accounts.identity."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts import sessions
from accounts.identity import linking, protocol
from accounts.identity.config import Provider
from accounts.identity.protocol import Answer
from accounts.identity.tokens import Refused
from accounts.models import User
from municipalities import claims
from web.account.entering import entered
from web.limits import brake
from web.methods import post_or
from web.views.profile import for_users

log = logging.getLogger("nrs.security")
VIA = "logged_in_via"
BACKEND = "municipalities.login.MemberBackend"
#: A provider is tied to an account only by somebody who has just logged in to it.
FRESH = 15 * 60
WHY = {
    "no_rule": _(
        "Your login is right, but no rule of this service gives you access. Ask your administrator which groups "
        "of your municipality come in."
    ),
    "no_membership": _("Your access has ended: nothing in your login gives you a role here any more."),
    "email": _("The identity provider gave no usable e-mail address, which is needed for a new account."),
    "email_taken": _(
        "There is an account with your e-mail address already. Log in to it with its password, and tie this login "
        "to it on your profile."
    ),
    "switched_off": _("Your account has been switched off. Ask your administrator."),
    "anothers": _("This login belongs to another account."),
    "stale": _("Log out and in again first: a new way in is tied to your account only just after a login."),
    "cancelled": _("You did not log in there. Nothing has happened."),
    "state": _("This login was begun elsewhere, too long ago, or has been used already. Begin again."),
    "provider_unreachable": _("The identity provider cannot be reached just now. Try again in a while."),
}
OTHERWISE = _("The answer of the identity provider could not be trusted, so nobody was logged in. Begin again.")


@require_POST
def begin(request: HttpRequest, provider: str) -> HttpResponse:
    """Send somebody to the provider: by a page of ours, since a form may lead nowhere else (CSP)."""
    known = _known(provider)
    brake(request, "login")
    process = protocol.CONNECT if request.POST.get("process") == protocol.CONNECT else protocol.LOGIN
    who = request.user.pk if process == protocol.CONNECT else None
    if process == protocol.CONNECT and not _is_fresh(request):
        return _refuse(request, known, "stale")
    try:
        address = protocol.begin(request, known, process=process, next=_ours(request, "next"), who=who)
    except Refused as refused:
        return _refuse(request, known, refused.code)
    answer = render(request, "web/account/onward.html", {"provider": known, "address": address})
    answer.headers["Refresh"] = f"0; url={address}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_GET
def done(request: HttpRequest, provider: str) -> HttpResponse:
    """The provider's answer."""
    known = _known(provider)
    try:
        answer = protocol.finish(request, known)
        reply = _connect(request, answer) if answer.process == protocol.CONNECT else _log_in(request, answer)
    except Refused as refused:
        return _refuse(request, known, refused.code)
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _log_in(request: HttpRequest, answer: Answer) -> HttpResponse:
    user = claims.enter(answer)
    if not claims.is_let_in(user):
        raise Refused("no_membership")
    login(request, user, backend=BACKEND)
    request.session[VIA] = answer.provider.id
    if answer.is_strong:
        sessions.passed(request.session)
    log.info("login user=%s provider=%s strong=%s", user.public_id, answer.provider.id, answer.is_strong)
    return entered(request, user, _checked(request, answer.next))


def _connect(request: HttpRequest, answer: Answer) -> HttpResponse:
    if not isinstance(request.user, User) or request.user.pk != answer.who or not _is_fresh(request):
        raise Refused("state")
    linking.connect(request.user, answer)
    log.info("login tied user=%s provider=%s", request.user.public_id, answer.provider.id)
    messages.success(request, _("You can log in through %(name)s from now on.") % {"name": answer.provider.name})
    return redirect("web:profile")


@post_or("web:profile")
@for_users
def disconnect(request: HttpRequest, user: User, id: int) -> HttpResponse:
    """Untie one of the own; the last way in stays."""
    if not _is_fresh(request):
        messages.error(request, WHY["stale"])
    elif linking.disconnect(user, id):
        messages.success(request, _("That login is untied from your account."))
    else:
        messages.error(request, _("This is your only way in, so it stays."))
    return redirect("web:profile")


def _known(provider: str) -> Provider:
    found: Provider | None = settings.OIDC_PROVIDERS.get(provider)
    if found is None:
        raise Http404
    return found


def _is_fresh(request: HttpRequest) -> bool:
    """Whether a user has logged in just now, with both steps."""
    session: Any = request.session
    began = session.get(sessions.BEGAN, 0)
    return request.user.is_authenticated and not session.get(sessions.OWED, True) and time.time() - began < FRESH


def _ours(request: HttpRequest, name: str) -> str:
    return _checked(request, request.POST.get(name, ""))


def _checked(request: HttpRequest, address: str) -> str:
    """The address if it is one of ours, else none."""
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else ""


def _refuse(request: HttpRequest, provider: Provider, code: str) -> HttpResponse:
    """Say plainly why nobody was logged in."""
    log.warning("login refused provider=%s why=%s", provider.id, code)
    context = {"heading": _("You are not logged in"), "text": WHY.get(code, OTHERWISE)}
    if request.user.is_authenticated:
        context["heading"] = _("Nothing was changed")
    answer = render(request, "web/account/refused.html", context, status=403)
    answer.headers["Cache-Control"] = "no-store"
    return answer
