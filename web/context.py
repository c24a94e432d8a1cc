"""What the frame around every page needs (web/base.html)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from web.actors import actor_of, place_of
from web.menu import menu_of


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Menu, reader and the ways to reach the service. Nothing is read from the database until it is shown."""
    phone = settings.SERVICE_PHONE
    return {
        "menu": SimpleLazyObject(lambda: menu_of(actor_of(request), request.path, _unread(request))),
        "reader": SimpleLazyObject(lambda: actor_of(request)),
        "reader_place": SimpleLazyObject(lambda: place_of(request)),
        "here": _address(request),
        "phone": phone,
        "phone_link": phone.replace(" ", ""),
        "mailbox": settings.SHARED_MAILBOX,
    }


def _unread(request: HttpRequest) -> int:
    """The reader's unread notices; the number comes with the user, without a query."""
    return getattr(getattr(request, "user", None), "unread_notices", 0)


def _address(request: HttpRequest) -> str:
    """Where the language switch comes back to: this page, unless its address holds a secret."""
    match = request.resolver_match
    return "/" if match is None or "secret" in match.kwargs else request.get_full_path()
