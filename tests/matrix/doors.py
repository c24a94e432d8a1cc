"""Every door of the product, found in the product itself: addresses, steps, tasks, commands, the admin's pages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.urls import get_resolver

from tests.matrix.rules import DoorRow, door_rows
from tests.matrix.world import HOME, Target

REPO = Path(__file__).parents[2]
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
SAFE = ("get", "head", "options")
APPS = re.compile(r"\^\(\?P<app_label>.*\$$")
#: Addresses that are patterns: one address that each matches.
INSTEAD = {"api/v1/^.*$": "api/v1/no/such/thing", "admin/(?P<url>.*)$": "admin/no/such/page"}


@dataclass(frozen=True)
class Door:
    """One address, one method."""

    kind: str
    address: str
    method: str
    name: str
    row: DoorRow | None

    @property
    def subject(self) -> str:
        """What the address is about."""
        return self.row.subject if self.row else ""

    @property
    def has_target(self) -> bool:
        """Whether the address names one thing."""
        return any(kind == "uuid" or word in ("number", "secret") for kind, word in PART.findall(self.address))

    def addresses(self, target: Target) -> Iterator[str]:
        """With the target's ids; one for each word that a part may be."""
        words = self.row.parts if self.row else {}
        address = INSTEAD.get(self.address, self.address)
        address = APPS.sub("accounts/", address)
        names = [name for _kind, name in PART.findall(address)]
        options = [words.get(name) or [self._id(name, target)] for name in names]
        for chosen in itertools.product(*options):
            filled = address
            for (kind, name), value in zip(PART.findall(address), chosen, strict=True):
                filled = filled.replace(f"<{kind}:{name}>" if kind else f"<{name}>", value)
            yield f"/{filled}"

    def _id(self, name: str, target: Target) -> str:
        if name == "secret":
            return target.secret or "nothing"
        if name == "number":
            return target.order.number if target.order else "NRS-2026-99999"
        if name in ("code", "object_id", "content_type_id"):
            return HOME if "municipalit" in self.address else "1"
        special = {"nomination": target.nomination, "contact": target.contact, "company": target.company}
        thing = special[name] if name in special else getattr(target, self.thing, None)
        return str(thing.public_id if thing is not None else uuid4())

    @property
    def thing(self) -> str:
        """The part of a target that its id names."""
        return {"profile": "candidate", "screening": self._screened(), "import": "job"}.get(self.subject, self.subject)

    def _screened(self) -> str:
        return "run" if "screenings/<uuid:id>" in self.address else "order"


def kind_of(address: str) -> str:
    """The part of the house that an address belongs to."""
    first = address.split("/", 1)[0]
    return first if first in ("api", "admin") else "web"


def patterns(found: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of the resolver with its pattern."""
    for pattern in get_resolver().url_patterns if found is None else found:
        address = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern.url_patterns, address)
        else:
            yield address, pattern


def row_of(kind: str, door: str) -> DoorRow | None:
    """The line of the table about a door."""
    return next((row for row in _table() if row.names(kind, door)), None)


@cache
def _table() -> list[DoorRow]:
    return door_rows()


@cache
def every_door() -> list[Door]:
    """All addresses × the methods that they know, and one that they do not."""
    found = []
    for address, pattern in patterns():
        kind = kind_of(address)
        actions = getattr(pattern.callback, "actions", None)
        known = tuple(actions) if actions else ("get", "post")
        other = ("delete",) if kind == "api" else ()
        for method in (*known, *other):
            found.append(Door(kind, address, method, str(pattern.name), row_of(kind, address)))
    return found


def tasks() -> list[str]:
    """Names of the Celery tasks."""
    from nrs.celery import app

    app.loader.import_default_modules()
    return sorted(name for name in app.tasks if not name.startswith("celery."))


def commands() -> list[str]:
    """Names of the house's own management commands."""
    places = REPO.glob("*/management/commands/*.py")
    return sorted(path.stem for path in places if not path.stem.startswith("_"))
