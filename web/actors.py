"""Who acts on a page: the membership of the login, read once per request."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from municipalities.actor import Actor, Role
from municipalities.membership import actor_for_user
from municipalities.models import Municipality

View = Callable[..., HttpResponse]
_UNREAD = object()


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor of a request, None for strangers and for logins without a membership today."""
    found: Any = getattr(request, "_nrs_actor", _UNREAD)
    if found is _UNREAD:
        user = getattr(request, "user", None)
        found = None
        if user is not None and user.is_authenticated:
            found = actor_for_user(user, request.session.get("membership"))
        request._nrs_actor = found  # type: ignore[attr-defined]
    return found  # type: ignore[no-any-return]


def members_only(*roles: Role) -> Callable[[View], View]:
    """Let a view in for these roles; it gets the actor as its second argument. Others log in, or read why not."""

    def around(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = actor_of(request)
            if actor is None or actor.role not in roles:
                return no_access(request)
            return view(request, actor, *args, **kwargs)

        return guarded

    return around


def no_access(request: HttpRequest) -> HttpResponse:
    """The page for somebody whose role has no business here."""
    text = _("Your role does not give access to this page. Ask your coordinator.")
    return render(request, "web/error.html", {"heading": _("No access"), "text": text}, status=403)


def place_of(request: HttpRequest) -> str:
    """For whom the actor works, in words; read once per request, and only where it is shown."""
    found = getattr(request, "_nrs_place", None)
    if found is None:
        actor = actor_of(request)
        code = actor.municipality if actor else None
        found = Municipality.objects.filter(code=code).values_list("jobcentre", flat=True).first() if code else ""
        found = found or _("All nine municipalities")
        request._nrs_place = found  # type: ignore[attr-defined]
    return found
