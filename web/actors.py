"""Who acts on a page: the membership of the login, read once per request."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from municipalities import wall
from municipalities.actor import Actor, Role
from municipalities.membership import actor_of as actor_by
from municipalities.membership import membership_of
from municipalities.models import Membership

View = Callable[..., HttpResponse]
_UNREAD = object()


def actor_of(request: HttpRequest) -> Actor | None:
    """The actor of a request, None for strangers and for logins without a membership today."""
    found: Any = getattr(request, "_nrs_actor", _UNREAD)
    if found is _UNREAD:
        user = getattr(request, "user", None)
        found = None
        if user is not None and user.is_authenticated:
            membership = membership_of(user, request.session.get("membership"))
            found = actor_by(membership) if membership else None
            request._nrs_membership = membership  # type: ignore[attr-defined]
        request._nrs_actor = wall.become(found)  # type: ignore[attr-defined]
    return found  # type: ignore[no-any-return]


def members_only(*roles: Role) -> Callable[[View], View]:
    """Let a view in for these roles; it gets the actor as its second argument. Others log in, or read why not."""

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_login(request)
            actor = actor_of(request)
            if actor is None or actor.role not in roles:
                return no_access(request)
            return view(request, actor, *args, **kwargs)

        return guarded

    return around


def to_login(request: HttpRequest) -> HttpResponse:
    """To the login page, which leads back to the page that was open: never to a part of it or a POST-only address."""
    if request.htmx:  # type: ignore[attr-defined]
        answer = redirect_to_login(request.htmx.current_url_abs_path or "/")  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(answer.url)
    sent_from = request.headers.get("Referer", "")
    if request.method == "POST" and url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
        return redirect_to_login(urlsplit(sent_from)._replace(scheme="", netloc="", fragment="").geturl())
    return redirect_to_login(request.get_full_path())


def no_access(request: HttpRequest) -> HttpResponse:
    """The page for somebody whose role has no business here."""
    text = _("Your role does not give access to this page. Ask your coordinator.")
    return render(request, "web/error.html", {"heading": _("No access"), "text": text}, status=403)


def place_of(request: HttpRequest) -> str:
    """For whom the actor works, in words."""
    actor_of(request)
    membership: Membership | None = getattr(request, "_nrs_membership", None)
    home = membership.municipality if membership else None
    return home.jobcentre if home else _("All nine municipalities")
