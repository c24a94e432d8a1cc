"""The product's addresses, and its queue without login: what the rest of the request costs. Served here only."""

from __future__ import annotations

import os
from typing import Any

from django.urls import path
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from api.authentication import TokenUser
from api.queue import Queue
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


urlpatterns = [path("bench/queue", OpenQueue.as_view({"get": "list"})), *product]
