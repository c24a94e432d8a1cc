"""The product's addresses, and its queue without login: what the rest of the request costs. Served here only."""

from __future__ import annotations

import os
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from api.authentication import TokenUser
from api.queue import Queue
from bench import floor
from municipalities.actor import Actor, Role
from nrs.urls import handler404, handler500
from nrs.urls import urlpatterns as product

__all__ = ["handler404", "handler500", "urlpatterns"]

ACTOR = Actor.member(role=Role.CONSULTANT, municipality=os.environ.get("BENCH_HOME", "0219"))


class NoLogin(BaseAuthentication):
    """Everybody is the same consultant."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        """No look-up."""
        request._request.actor = ACTOR  # type: ignore[attr-defined]
        return TokenUser(), None


class OpenQueue(Queue):
    """The queue without login."""

    authentication_classes = (NoLogin,)


def floor_view(request: HttpRequest) -> HttpResponse:
    """The floor behind the product's middlewares: a view with a raw cursor and orjson, and nothing else."""
    where = request.path.removeprefix("/view")
    status, body = floor.answer(where, request.headers.get("Authorization", ""), request.body)
    return HttpResponse(body, content_type="application/json", status=status)


urlpatterns = [
    path("bench/queue", OpenQueue.as_view({"get": "list"})),
    path("view/floor/<str:name>", csrf_exempt(lambda request, name: floor_view(request))),
    *product,
]
