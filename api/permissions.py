"""Denied by default: a caller needs an actor, except at the addresses named here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.problems import Problem

#: Names of the routes that anybody may call. Every other one needs a login or a token.
PUBLIC: frozenset[str] = frozenset(
    {
        "schema",
        "docs",
        "not-found",
        "intake-job-orders",
        "intake-follow",
        "intake-follow-answer",
        "intake-follow-pause",
        "intake-follow-resume",
        "intake-follow-change",
        "intake-follow-withdraw",
        "intake-follow-call-me",
        "intake-follow-code",
        "intake-follow-verify",
    }
)


class ActorRequired(BasePermission):
    """Everybody with an actor; what they see is up to the scopes, what they may do is up to the services."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """False makes a 401. Raises Problem 403 for somebody logged in who acts for nobody."""
        if is_public(request):
            return True
        if getattr(request, "actor", None) is not None:
            return True
        if request.user is not None and request.user.is_authenticated:
            raise Problem(403, "no_membership", _("You have no current membership in a jobcentre."))
        return False


def is_public(request: Request) -> bool:
    """Whether the route is on the named list."""
    match = request.resolver_match
    return match is not None and match.url_name in PUBLIC
