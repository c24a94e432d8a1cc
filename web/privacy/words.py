"""Codes of the access log in words for the citizen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipalities.models import Membership
from web.people.candidate_page import PURPOSES

ROLES = {**dict(Membership.Role.choices), "company": _("company"), "link": _("company"), "system": _("the system")}


def purpose(code: str) -> str:
    """What somebody was looking at."""
    return str(PURPOSES.get(code, code))


def role(code: str) -> str:
    """In which role."""
    return str(ROLES.get(code, code))
