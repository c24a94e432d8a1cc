"""Every request has a number in the log, and begins behind the second wall, as nobody."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from events import trace
from municipalities import wall

log = logging.getLogger("nrs.requests")
#: Asked every few seconds by machines.
UNTOLD = frozenset({"live", "ready", "metrics"})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route_of(request: HttpRequest) -> str:
    """The name of the route, one of a fixed set; files and wrong addresses have none."""
    return request.resolver_match.view_name if request.resolver_match else "none"


def method_of(request: HttpRequest) -> str:
    """The method, one of a fixed set whatever the caller sends."""
    return request.method if request.method in METHODS else "other"


class Numbered:
    """Gives a request a number for its lines in the log and its answer (`X-Request-ID`), and tells how it ended.

    The number is ours: what a caller sends cannot stand in the log. Told are the route's name and the events written,
    never the address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """The rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and write the line."""
        number, begun = uuid.uuid4().hex, time.perf_counter()
        with trace.request(number) as written:
            response = self.get_response(request)
            response["X-Request-ID"] = number
            trace.answered(route_of(request), method_of(request), response.status_code)
            if route_of(request) not in UNTOLD:
                told: dict[str, Any] = {"route": route_of(request), "method": method_of(request)}
                told |= {"status": response.status_code, "ms": round((time.perf_counter() - begun) * 1000)}
                log.info("answered", extra={"fields": told | ({"events": written} if written else {})})
        return response


class BehindTheWall:
    """Closes the wall before a request and puts back what was before; a streamed body keeps the request's scope."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """The rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as whoever is proved on the way, and as nobody before."""
        with wall.as_nobody():
            response: Any = self.get_response(request)
            if response.streaming:
                response.streaming_content = _kept(wall.scope(), iter(response.streaming_content))
        return response  # type: ignore[no-any-return]


def _kept(scope: wall.Scope, chunks: Iterator[bytes]) -> Iterator[bytes]:
    while True:
        with wall.through(scope):
            try:
                chunk = next(chunks)
            except StopIteration:
                return
        yield chunk
