"""Who calls: a machine by bearer token, a person by session. Either way the result is `request.actor`."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.models import User
from api.problems import Problem
from municipalities import wall
from municipalities.actor import Actor
from municipalities.membership import Holder, actor_for_user, holder_of

#: Session key under which the web keeps the primary key of the chosen membership.
MEMBERSHIP_KEY = "membership"
SCHEME = "bearer"
SAFE = ("GET", "HEAD", "OPTIONS")


class TokenAuth(BaseAuthentication):
    """`Authorization: Bearer <token>`."""

    def authenticate(self, request: Request) -> tuple[Any, Holder] | None:
        """The token's actor. Raises 401 for one that is not live, 403 for a reading one that writes."""
        request._request.actor = None  # whatever a middleware thought: only what is proved here counts
        secret = bearer(request)
        if secret is None:
            return None
        holder = holder_of(secret)
        if holder is None:
            raise AuthenticationFailed(_("The token is unknown, expired or revoked."), "invalid_token")
        if not holder.can_write and request.method not in SAFE:
            raise Problem(403, "insufficient_scope", _("This token may only read."))
        _act(request, holder.actor)
        return TokenUser(), holder

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="nrs"'


class SessionAuth(BaseAuthentication):
    """The web's login, with CSRF protection for everything that writes."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """The user's actor by the membership chosen in the session. Raises 403 without a CSRF token."""
        if bearer(request) is not None:
            return None
        user = getattr(request._request, "user", None)
        if user is None or not user.is_active:
            return None
        _refuse_forged(request)
        session = getattr(request._request, "session", {})
        _act(request, actor_for_user(user, session.get(MEMBERSHIP_KEY)))
        return user, None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="nrs"'


class TokenUser:
    """Stands where Django wants a user: a machine is nobody's login."""

    pk = None
    is_authenticated = True
    is_active = True
    is_anonymous = False
    is_staff = False
    is_superuser = False


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: Any, reason: str) -> Any:
        return reason


def bearer(request: Request) -> str | None:
    """The secret in the Authorization header, None for another scheme or no header."""
    scheme, _space, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return secret.strip() if scheme.lower() == SCHEME else None


def _refuse_forged(request: Request) -> None:
    check = _CsrfCheck(lambda _request: None)  # type: ignore[arg-type, return-value]
    check.process_request(request._request)
    reason = check.process_view(request._request, None, (), {})
    if reason:
        raise PermissionDenied(_("The CSRF token is missing or wrong."), "csrf")


def _act(request: Request, actor: Actor | None) -> None:
    request._request.actor = wall.become(actor)
