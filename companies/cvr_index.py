"""Looking a company up in the public CVR index: the query format of its distribution service (`cvr-permanent`).

Off unless CVR_URL is set. An answer is kept for a day; what is not found, for an hour. No answer in time is told as
such and never holds up the work: the consultant types on.
"""

from __future__ import annotations

import base64
import http.client
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from companies.services import valid_cvr
from events.errors import DomainError

log = logging.getLogger(__name__)
PATH = "/cvr-permanent/virksomhed/_search"
FOUND_FOR, MISSED_FOR = 24 * 3600, 3600
MOST_BYTES = 2 * 1024 * 1024
_META = "Vrvirksomhed.virksomhedMetadata"
FIELDS = (
    "Vrvirksomhed.cvrNummer",
    f"{_META}.nyesteNavn",
    f"{_META}.nyesteHovedbranche",
    f"{_META}.nyesteBeliggenhedsadresse",
    f"{_META}.nyesteErstMaanedsbeskaeftigelse",
    f"{_META}.sammensatStatus",
)


class Unavailable(DomainError):
    """The index does not answer, or not in words that are understood."""

    status = 503


@dataclass(frozen=True, slots=True)
class Found:
    """A company as the index has it. `municipality` has four digits; `headcount` is the lower end of its band."""

    cvr: str
    name: str
    street: str
    postal_code: str
    municipality: str
    industry_code: str
    headcount: int | None
    is_active: bool


class CvrIndex(Protocol):
    """Anything that knows companies by their CVR number."""

    def look_up(self, cvr: str) -> Found | None:
        """The company, None where there is none. Raises Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class PublicIndex:
    """The public index over HTTP, with a user of its own."""

    url: str
    user: str
    password: str
    timeout: float

    def look_up(self, cvr: str) -> Found | None:
        """One query. Raises Unavailable."""
        query = {"_source": list(FIELDS), "size": 1, "query": {"term": {"Vrvirksomhed.cvrNummer": int(cvr)}}}
        answer = self._ask(orjson.dumps(query))
        try:
            hits = answer["hits"]["hits"]
            return found_in(hits[0]["_source"]["Vrvirksomhed"]) if hits else None
        except (KeyError, IndexError, TypeError, ValueError):
            raise _unavailable("shape") from None

    def _ask(self, body: bytes) -> Any:
        place = urlsplit(self.url)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=self.timeout)
        secret = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {secret}"}
        try:
            connection.request("POST", f"{place.path.rstrip('/')}{PATH}", body, headers)
            answer = connection.getresponse()
            text = answer.read(MOST_BYTES + 1)
        except (OSError, http.client.HTTPException) as problem:
            raise _unavailable(type(problem).__name__) from None
        finally:
            connection.close()
        if answer.status != 200 or len(text) > MOST_BYTES:
            raise _unavailable(str(answer.status))
        try:
            return orjson.loads(text)
        except ValueError:
            raise _unavailable("no JSON") from None


def _unavailable(why: str) -> Unavailable:
    log.warning("the CVR index did not answer: %s", why)
    return Unavailable("cvr_index_silent", _("CVR does not answer now. Write the company down by hand."))


def found_in(company: Mapping[str, Any]) -> Found:
    """The index's record of a company. Raises KeyError, TypeError or ValueError for another shape."""
    about = company["virksomhedMetadata"]
    place = about.get("nyesteBeliggenhedsadresse") or {}
    work = about.get("nyesteErstMaanedsbeskaeftigelse") or {}
    band = str(work.get("intervalKodeAntalAnsatte") or "").removeprefix("ANTAL_").split("_")[0]
    number = place.get("husnummerFra") or ""
    code = (place.get("kommune") or {}).get("kommuneKode")
    return Found(
        cvr=f"{int(company['cvrNummer']):08}",
        name=str(about["nyesteNavn"]["navn"])[:200],
        street=f"{place.get('vejnavn') or ''} {number}{place.get('bogstavFra') or ''}".strip()[:200],
        postal_code=f"{int(place['postnummer']):04}" if place.get("postnummer") else "",
        municipality=f"{int(code):04}" if code else "",
        industry_code=str((about.get("nyesteHovedbranche") or {}).get("branchekode") or "")[:6],
        headcount=int(band) if band.isdecimal() else None,
        is_active=about.get("sammensatStatus") in (None, "NORMAL", "Aktiv"),
    )


def is_on() -> bool:
    """Whether there is an index to ask."""
    return bool(settings.CVR_URL)


def index() -> CvrIndex:
    """The index of the settings."""
    return PublicIndex(settings.CVR_URL, settings.CVR_USER, settings.CVR_PASSWORD, settings.CVR_TIMEOUT)


def look_up(cvr: str, source: CvrIndex | None = None) -> Found | None:
    """The company of a number, from the cache if asked for lately; None too where the look-up is switched off.

    Raises Invalid for a wrong number, Unavailable when the index is silent.
    """
    number = valid_cvr(cvr)
    if not is_on() and source is None:
        return None
    key = f"cvr-index:{number}"
    kept = cache.get(key)
    if kept is not None:
        return Found(**kept) if kept else None
    found = (source or index()).look_up(number)
    cache.set(key, asdict(found) if found else {}, FOUND_FOR if found else MISSED_FOR)
    return found
