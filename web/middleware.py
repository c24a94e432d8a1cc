"""Refusals of the services as pages: the same codes as the API's, in words and with a way out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from events.errors import DomainError, NotAllowed, NotVisible, Stale

API = "/api/"
log = logging.getLogger("nrs.security")


class Refusals:
    """Turns a domain error that a view did not handle into its page; pages are never kept by shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """The rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, marked as one person's own, and of a login kept nowhere, unless somebody said otherwise."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.FORBIDDEN:
            _tell(request)
        if isinstance(response, HttpResponseNotAllowed) and not request.path.startswith(API):
            response = _sent_only(request, response)
        if not request.path.startswith(API) and "Cache-Control" not in response.headers:
            kept = {"no_store": True} if _is_logged_in(request) else {"no_cache": True}
            patch_cache_control(response, private=True, **kept)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """404, 403, 409 or 412 as a page; None for everything that is not a refusal."""
        if not isinstance(exception, DomainError) or request.path.startswith(API):
            return None
        return refusal_page(request, exception)


def _is_logged_in(request: HttpRequest) -> bool:
    """Without a query: a session that nobody looked into belongs to no login that the answer could tell of."""
    session: Any = getattr(request, "session", None)
    return session is not None and session.accessed and SESSION_KEY in session


def _tell(request: HttpRequest) -> None:
    """A refusal in the log: the account's number and the view; never the address, which may hold a secret."""
    number = getattr(request.user, "public_id", "-") if _is_logged_in(request) else "-"
    view = request.resolver_match.view_name if request.resolver_match else "-"
    log.info("refused user=%s view=%s", number, view)


def _sent_only(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """A page for who opens an address that only takes forms: a reload after a mistake, a bookmark."""
    text = _("This address only takes what a form sends. Go on from the page that the form is on.")
    context = {"heading": _("Nothing to see here"), "text": text, "back": _page_above(request.path)}
    response = render(request, "web/error.html", context, status=refused.status_code)
    response["Allow"] = refused["Allow"]
    return response


def _page_above(path: str) -> str:
    """The nearest address above that leads somewhere; the front page at last."""
    while "/" in path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0]
        with suppress(Resolver404):
            resolve(path)
            return path
    return "/"


def refusal_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for one refusal."""
    if isinstance(error, NotVisible):
        return render(request, "404.html", status=404)
    heading = {
        NotAllowed: _("You may not do this"),
        Stale: _("It was changed in the meantime"),
    }.get(type(error), _("This is not possible now"))
    # events.errors is pure: its default texts are English and find their translation here.
    context = {"heading": heading, "text": _(str(error.message)), "back": request.path}
    return render(request, "web/error.html", context, status=error.status)
