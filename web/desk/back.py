"""Where somebody goes after a step: back to where they came from, never out of the product."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def here_or(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """A redirect to the form's `next` if it is an address of ours, else to `otherwise`."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return HttpResponseRedirect(wanted if is_ours else otherwise)
