"""An advert as schema.org JobPosting (JSON-LD)."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import linebreaks
from django.utils.safestring import SafeString

from events import clock
from joborders.advertising import Advert
from joborders.models import JobOrder

FULL_TIME_HOURS = 30
REGION = "Region Hovedstaden"
TEMPORARY = {JobOrder.Employment.FIXED_TERM, JobOrder.Employment.SEASONAL, JobOrder.Employment.TEMPORARY_AGENCY}
#: As Django's json_script: nothing in the data can end the element.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def address_of(number: str) -> str:
    """The page of a job, from outside."""
    return f"{settings.BASE_URL}{reverse('web:job', args=[number])}"


def as_script(data: dict[str, Any]) -> SafeString:
    """JSON that may stand inside a script element."""
    # Every sign that could end the element is escaped.
    return SafeString(json.dumps(data, ensure_ascii=False).translate(ESCAPES))  # nosec B308, B703


def job_posting(order: JobOrder, advert: Advert, town: str) -> dict[str, Any]:
    """JSON-LD; `town` is the municipality of an anonymous employer, else the postal town. Empty values are left out."""
    place = {
        "@type": "PostalAddress",
        "streetAddress": advert.street,
        "postalCode": advert.postal_code,
        "addressLocality": town,
        "addressRegion": REGION,
        "addressCountry": "DK",
    }
    found = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": advert.title,
        "description": linebreaks(advert.text, autoescape=True),
        "identifier": {"@type": "PropertyValue", "name": "NRS", "value": advert.number},
        "url": address_of(advert.number),
        "datePosted": clock.local(order.received_at).date().isoformat(),
        "validThrough": clock.local(clock.day_end(order.deadline)).isoformat() if order.deadline else "",
        "employmentType": employment_types(order),
        "hiringOrganization": {"@type": "Organization", "name": advert.employer or "confidential"},
        "jobLocation": {"@type": "Place", "address": {name: value for name, value in place.items() if value}},
        "jobLocationType": "TELECOMMUTE" if order.is_remote else "",
        "applicantLocationRequirements": {"@type": "Country", "name": "DK"} if order.is_remote else "",
        "totalJobOpenings": order.positions - order.hires - order.filled_otherwise,
        "jobStartDate": order.starts_on.isoformat() if order.starts_on else "",
        "occupationalCategory": f"{order.occupation.code} {order.occupation.title_en}" if order.occupation else "",
        "directApply": False,
    }
    return {name: value for name, value in found.items() if value not in ("", [])}


def employment_types(order: JobOrder) -> list[str]:
    """schema.org's words for hours and kind of employment."""
    hours = order.hours_max if order.hours_max is not None else order.hours_min
    found = [] if hours is None else ["FULL_TIME" if hours >= FULL_TIME_HOURS else "PART_TIME"]
    if order.employment in TEMPORARY:
        found.append("TEMPORARY")
    return [*found, "OTHER"] if order.employment == JobOrder.Employment.APPRENTICE else found
