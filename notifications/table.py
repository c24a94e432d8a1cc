"""From event to mail: one table. Who gets which template, and nothing about a candidate in any of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Audience(StrEnum):
    """Who a mail goes to."""

    COMPANY = "company"  # the order's contact person
    HOME = "home"  # the shared address of the candidate's jobcentre
    LEAD = "lead"  # the shared address of the lead jobcentre


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of mail: its template (below templates/notifications/mail) and subject, without personal data."""

    event: str
    audience: Audience
    template: str
    subject: str | Promise


LETTERS: tuple[Letter, ...] = (
    Letter("joborder.submitted", Audience.COMPANY, "receipt", _("We have received your job order %(number)s")),
    Letter("joborder.submitted", Audience.LEAD, "new_order", _("New job order %(number)s")),
    Letter("nomination.requested", Audience.HOME, "requested", _("A candidate is asked for on %(number)s")),
    Letter("nomination.presented", Audience.COMPANY, "presented", _("Candidates for your job order %(number)s")),
)
