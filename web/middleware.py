"""Refusals of the services as pages: the same codes as the API's, in words and with a way out."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from events.errors import DomainError, NotAllowed, NotVisible, Stale

API = "/api/"


class Refusals:
    """Turns a domain error that a view did not handle into its page; pages are never kept by shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """The rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, marked as one person's own unless somebody said otherwise."""
        response = self.get_response(request)
        if not request.path.startswith(API) and "Cache-Control" not in response.headers:
            patch_cache_control(response, private=True, no_cache=True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """404, 403, 409 or 412 as a page; None for everything that is not a refusal."""
        if not isinstance(exception, DomainError) or request.path.startswith(API):
            return None
        return refusal_page(request, exception)


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
