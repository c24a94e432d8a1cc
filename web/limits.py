"""How often one address may use what needs no login.

Counted in the database: it is the one memory that all web processes share, with or without a cache beside it. An
address is kept as a keyed digest and for its hour only.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from events import clock
from events.errors import DomainError
from web.models import Tries

#: Tries per clock hour and address.
PER_HOUR = {"order": 60, "company": 120, "code": 30, "calendar": 600, "login": 1200}
#: One statement counts and tells the count, so that two processes never count the same try.
COUNT = """
INSERT INTO web_tries (what, address, hour, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (what, address, hour) DO UPDATE SET count = web_tries.count + 1
RETURNING count
"""


class TooMany(DomainError):
    """One address tried too often."""

    status = 429


def brake(request: HttpRequest, what: str) -> None:
    """Count one try. Raises TooMany above the number of PER_HOUR; not in tests, which all come from one address."""
    if settings.TEST:
        return
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [what, digest_of(address_of(request)), connection.ops.adapt_datetimefield_value(hour())])
        [tries] = cursor.fetchone()
    if tries > PER_HOUR[what]:
        raise TooMany("too_many", _("That was too often from here. Wait a while, or call us."))


def forget() -> int:
    """Delete the counts of hours that are over; how many rows."""
    return Tries.objects.filter(hour__lt=hour()).delete()[0]


def digest_of(address: str) -> str:
    """What is kept of an address: nobody without the secret key can tell which it was."""
    return hmac.new(settings.SECRET_KEY.encode(), f"tries:{address}".encode(), hashlib.sha256).hexdigest()


def hour() -> datetime:
    """The clock hour that is counted now."""
    return clock.now().replace(minute=0, second=0, microsecond=0)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: what the outermost trusted proxy saw."""
    proxies = settings.REST_FRAMEWORK["NUM_PROXIES"]
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and seen:
        return seen[-min(proxies, len(seen))]
    return str(request.META.get("REMOTE_ADDR", ""))
