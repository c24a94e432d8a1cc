"""Addresses that only take what is sent to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

View = Callable[..., HttpResponse]


def post_or(route: str) -> Callable[[View], View]:
    """Let a POST in; whoever only opens the address (a reload, a bookmark) lands on the page that it belongs to."""

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            return redirect(route, **{name: kwargs[name] for name in ("number",) if name in kwargs})

        return guarded

    return around
