"""What the benchmark's gunicorn serves: the product as it is in production, and beside it the floor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from bench import floor
from nrs.wsgi import application as product

settings.ROOT_URLCONF = "bench.urls"


def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Hand on by the first part of the path."""
    if environ["PATH_INFO"].startswith("/floor/"):
        return floor.application(environ, start)
    return product(environ, start)
