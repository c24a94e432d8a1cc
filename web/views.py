"""The pages. Rules, scopes and writes are those of the services; here is only what a person sees."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """What the service does, in plain words, and the ways in."""
    return render(request, "web/home.html")
