"""When more comes in than can be answered: who has stood in line too long is told at once when to come again.

A worker answers one call at a time, and the others wait in the kernel's line before the port. Left alone, that line
only grows while more comes in than goes out, until nobody gets an answer before their program gives up. A call that has
waited longer than `OVERLOAD_WAIT` is therefore refused with 503 and Retry-After, which costs next to nothing, as long
as others wait behind it: so the line stays as short as that, and is gone as soon as less comes in. One that waited
behind a few slow answers, with hardly anybody behind it, is answered.
"""

from __future__ import annotations

import logging
import socket
import struct
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from api.problems import API_PREFIX, CONTENT_TYPE, problem
from api.renderers import to_json

ALWAYS = ("/healthz/", "/metrics")
"""What whoever looks after the process asks: most wanted when it has too much to do."""
FEW = 8
"""With so many behind it, or fewer, nobody is refused: they are answered sooner than they would come again."""
TOLD_EVERY_SECONDS = 10.0
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; frame-ancestors 'none'"
#: Linux' `struct tcp_info`: eight bytes, then numbers; of these the milliseconds since the last data came in.
_INFO, _LAST_DATA_RECEIVED = struct.Struct("8B24I"), 19

log = logging.getLogger(__name__)
_listeners: Sequence[Any] = ()


def listen(listeners: Sequence[Any]) -> None:
    """Where this process takes its calls from; gunicorn tells it after the fork. Without it nobody is refused."""
    global _listeners
    _listeners = listeners


class Gate:
    """Refuses a call that waited too long; the questions after the process's health and figures always get through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """The rest of the chain."""
        self.get_response = get_response
        self.refused, self.told = 0, 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, or 503."""
        if not settings.OVERLOAD_WAIT or request.path.startswith(ALWAYS):
            return self.get_response(request)
        waited = waited_seconds(request.META.get("gunicorn.socket"))
        if waited <= settings.OVERLOAD_WAIT or in_line() <= FEW:
            return self.get_response(request)
        self._tell()
        return refusal(request, waited)

    def _tell(self) -> None:
        """In the log, now and then."""
        self.refused += 1
        if time.monotonic() - self.told >= TOLD_EVERY_SECONDS:
            log.warning("overloaded: %d calls refused since this was last said", self.refused)
            self.refused, self.told = 0, time.monotonic()


def waited_seconds(connection: Any) -> float:
    """How long ago the last of the call came in; 0 where the system does not tell (not Linux, no TCP)."""
    try:
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO.size)
        return float(_INFO.unpack(told)[_LAST_DATA_RECEIVED]) / 1000
    except (AttributeError, OSError, struct.error):
        return 0.0


def in_line() -> int:
    """How many wait before the port; less than nothing where the system does not tell."""
    return sum(one.get_backlog() for one in _listeners)


def refusal(request: HttpRequest, waited: float) -> HttpResponse:
    """503 with Retry-After, as a problem for programs and as a page for people. The address may hold a secret."""
    language = translation.get_language_from_request(request)
    body, kind = _document(language) if request.path.startswith(API_PREFIX) else _page(language)
    headers = {"Retry-After": str(1 + int(waited)), "Cache-Control": "no-store", "Content-Security-Policy": POLICY}
    found = HttpResponse(body, status=503, content_type=kind, headers=headers)
    found._has_been_logged = True  # type: ignore[attr-defined]  # a line of each would cost more than all the rest
    return found


@lru_cache(maxsize=8)
def _document(language: str) -> tuple[bytes, str]:
    with translation.override(language):
        text = _("There is more to do than can be done now. Nothing was saved; try again.")
        return to_json(problem(503, "overloaded", text)), CONTENT_TYPE


@lru_cache(maxsize=8)
def _page(language: str) -> tuple[bytes, str]:
    with translation.override(language):
        return render_to_string("503.html").encode(), "text/html; charset=utf-8"
