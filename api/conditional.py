"""ETag and If-Match (RFC 9110 §8.8.3, §13.1.1): nobody overwrites what they have not seen."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from api.problems import Problem

# A proxy that compresses makes a tag weak; it is still the version.
_TAG = re.compile(r'^(?:W/)?"([0-9]{1,9})"$')


def etag(version: int) -> str:
    """The header's value for a version."""
    return f'"{version}"'


def headers_for(obj: Any) -> dict[str, str]:
    """`ETag` of an object with a version, else nothing."""
    version = getattr(obj, "version", None)
    return {} if version is None else {"ETag": etag(version)}


def require_if_match(request: Request) -> int:
    """The version that the caller decided on; the service compares it under the row lock (412 if stale).

    Raises Problem 428 when the header is missing or `*`, 400 when it is not one of our tags.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        text = _("Send If-Match with the ETag of what you read, so that nobody's change is overwritten.")
        raise Problem(428, "version_needed", text)
    found = _TAG.match(given)
    if found is None:
        text = _('If-Match must be an ETag that was given here, such as "3".')
        raise Problem(400, "bad_if_match", text)
    return int(found.group(1))
