"""An actor, events by the handful, and handlers that are forgotten afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from events import registry, services
from events.models import Event


@dataclass(frozen=True)
class Somebody:
    """What events need to know of an actor."""

    kind: str = "member"
    role: str | None = "consultant"
    municipality: str | None = "0219"
    public_id: UUID | None = UUID("11111111-1111-4111-8111-111111111111")


@pytest.fixture
def events_as_declared() -> None:
    """Events are made up here: what they carry is not what is tested."""


Append = Callable[..., Event]


@pytest.fixture
def append() -> Append:
    """Append an event in a transaction of its own, with sensible values where none are given."""

    def one(event_type: str = "joborder.claimed", subject: UUID | None = None, **given: object) -> Event:
        values: dict[str, object] = {"by": Somebody(), "municipality": "0219", "audience": ["0219"]}
        with transaction.atomic():
            return services.append(event_type, subject or uuid4(), **(values | given))  # type: ignore[arg-type]

    return one


@pytest.fixture
def consumers() -> Iterator[list[str]]:
    """Names of test consumers; they are forgotten at the end."""
    names: list[str] = []
    yield names
    for name in names:
        registry.forget(name)
