"""Who is logged in too long, or has not done the second step, comes no further."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.urls.exceptions import Resolver404

from accounts import sessions

#: What can be reached between password and second step.
OPEN = frozenset({"web:login", "web:logout", "web:login-code", "web:login-enrol", "web:accessibility", "set_language"})
API = "/api/"


class OnlyWhileLoggedIn:
    """Ends logins that are over, and holds those up whose second step is owed. No query of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """The rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through, as a stranger's where the login is over."""
        session: Any = request.session
        if SESSION_KEY in session:
            if sessions.is_over(session):
                logout(request)
            elif session.get(sessions.OWED, True) and not _is_open(request.path_info):
                if request.path.startswith(API):
                    return JsonResponse(
                        {"type": "about:blank", "title": "Forbidden", "status": 403, "code": "second_factor"},
                        status=403,
                        content_type="application/problem+json",
                    )
                return redirect("web:login-code")
            else:
                sessions.note(session)
        return self.get_response(request)


def _is_open(path: str) -> bool:
    try:
        return resolve(path).view_name in OPEN
    except Resolver404:
        return False
