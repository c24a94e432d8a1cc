"""The pages that anybody may read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """What the service does, in plain words, and the ways in."""
    return render(request, "web/home.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    """How well the site can be used by everybody, and whom to tell where it cannot."""
    return render(request, "web/accessibility.html")
