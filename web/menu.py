"""The main menu as a table: who sees which entry. A new page adds a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipalities.actor import Actor, Role

CONSULTANT, COORDINATOR, CASEWORKER = Role.CONSULTANT, Role.COORDINATOR, Role.CASEWORKER


@dataclass(frozen=True)
class Entry:
    """One entry: a route without arguments, its words, and the roles that see it (None: strangers)."""

    route: str
    text: Any
    roles: frozenset[Role | None]


ENTRIES = (
    Entry("web:home", _("Front page"), frozenset({None})),
    Entry("web:order", _("Order people"), frozenset({None})),
    Entry("web:jobs", _("Jobs"), frozenset({None})),
    Entry("web:queue", _("Queue"), frozenset({CONSULTANT, COORDINATOR})),
    Entry("web:quick", _("Write down a call"), frozenset({CONSULTANT, COORDINATOR})),
    Entry("web:mail-tray", _("Mail tray"), frozenset({CONSULTANT, COORDINATOR})),
    Entry("web:candidates", _("Candidates"), frozenset({CONSULTANT, CASEWORKER})),
    Entry("web:companies", _("Companies"), frozenset({CONSULTANT, CASEWORKER, COORDINATOR, Role.AUDITOR})),
    Entry("web:campaigns", _("Campaigns"), frozenset({CONSULTANT, COORDINATOR, CASEWORKER, Role.AUDITOR})),
    Entry("web:agreements", _("Agreements"), frozenset({CONSULTANT, CASEWORKER, COORDINATOR, Role.AUDITOR})),
    Entry("web:network", _("Network"), frozenset({CONSULTANT, COORDINATOR})),
    Entry("web:figures", _("Figures"), frozenset({CONSULTANT, COORDINATOR, CASEWORKER})),
    Entry("web:access-log", _("Access log"), frozenset({Role.AUDITOR})),
    Entry("web:webhooks", "Webhooks", frozenset({Role.ADMIN})),
    Entry("web:sent-mails", _("Mails"), frozenset({Role.ADMIN})),
    Entry("web:notices", _("Notices"), frozenset(Role)),
)


def menu_of(actor: Actor | None, path: str, unread: int = 0) -> list[dict[str, Any]]:
    """What the reader sees: `href`, `text`, and `current` for the page being read (or one below it).

    The entry of the notices also has their number: `unread`, and `polls`, since others come while a page is open.
    """
    role = actor.role if actor else None
    rows = []
    for entry in ENTRIES:
        if role in entry.roles:
            href = reverse(entry.route)
            current = path == href or (href != "/" and path.startswith(f"{href}/"))
            row = {"href": href, "text": entry.text, "current": current}
            rows.append(row | {"polls": True, "unread": unread} if entry.route == "web:notices" else row)
    return rows
