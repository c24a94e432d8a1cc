"""How often one address may use what needs no login. Counted in the cache, so it is a brake, not a promise."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events.errors import DomainError

HOUR = 60 * 60
#: Tries per hour and address.
PER_HOUR = {"order": 60, "company": 120, "code": 30}


class TooMany(DomainError):
    """One address tried too often."""

    status = 429


def brake(request: HttpRequest, what: str) -> None:
    """Count one try. Raises TooMany above the number of PER_HOUR; not in tests, which all come from one address."""
    if settings.TEST:
        return
    key = f"web-limit:{what}:{address_of(request)}"
    cache.add(key, 0, HOUR)
    if cache.incr(key) > PER_HOUR[what]:
        raise TooMany("too_many", _("That was too often from here. Wait a while, or call us."))


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: what the outermost trusted proxy saw."""
    proxies = settings.REST_FRAMEWORK["NUM_PROXIES"]
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and seen:
        return seen[-min(proxies, len(seen))]
    return str(request.META.get("REMOTE_ADDR", ""))
