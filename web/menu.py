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
    Entry("web:queue", _("Queue"), frozenset({CONSULTANT, COORDINATOR})),
    Entry("web:quick", _("Write down a call"), frozenset({CONSULTANT, COORDINATOR})),
    Entry("web:candidates", _("Candidates"), frozenset({CONSULTANT, CASEWORKER})),
    Entry("web:companies", _("Companies"), frozenset({CONSULTANT, CASEWORKER, COORDINATOR, Role.AUDITOR})),
    Entry("web:figures", _("Figures"), frozenset({CONSULTANT, COORDINATOR, CASEWORKER})),
)


def menu_of(actor: Actor | None, path: str) -> list[dict[str, Any]]:
    """What the reader sees: `href`, `text`, and `current` for the page being read (or one below it)."""
    role = actor.role if actor else None
    rows = []
    for entry in ENTRIES:
        if role in entry.roles:
            href = reverse(entry.route)
            current = path == href or (href != "/" and path.startswith(f"{href}/"))
            rows.append({"href": href, "text": entry.text, "current": current})
    return rows
