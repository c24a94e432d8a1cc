"""Links to a list as CSV and as a workbook: the API's own export of what the page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("web/parts/downloads.html")
def downloads(name: str, *args: Any, of: str = "", given: Mapping[str, Any] | None = None, **query: Any) -> Any:
    """The links of the route `api:<name>`, filtered as the page is: by `given` and `query`, empty values left out.

    `of` says what is downloaded, for those who do not see where the links stand.
    """
    asked = {key: value for key, value in {**(given or {}), **query}.items() if value not in ("", None)}
    return both(f"{reverse(f'api:{name}', args=args)}?{urlencode(asked)}", of=of)


@register.inclusion_tag("web/parts/downloads.html")
def downloads_of(address: str, of: str = "") -> Any:
    """The links of an address that a view has made."""
    return both(address, of=of)


def both(address: str, of: str = "") -> dict[str, str]:
    """Where the list lies as CSV and as a workbook."""
    joint = "" if address.endswith("?") else "&" if "?" in address else "?"
    return {"csv": f"{address}{joint}format=csv", "xlsx": f"{address}{joint}format=xlsx", "of": of}
