"""Writing events, and handling each of them once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction

from events import bell, clock, kept, registry, trace
from events.models import Event, Inbox

TYPE = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
CODE = re.compile(r"[A-Za-z0-9_.:+-]{1,64}")
LOOKS_LIKE_CPR = re.compile(r"\d{6}-\d{4}")
MUNICIPALITY = re.compile(r"\d{4}")


class ActorRef(Protocol):
    """Who did it; `municipalities.actor.Actor` fits."""

    @property
    def kind(self) -> str: ...
    @property
    def role(self) -> str | None: ...
    @property
    def municipality(self) -> str | None: ...
    @property
    def public_id(self) -> UUID | None: ...


def append(
    type: str,
    subject: UUID,
    *,
    by: ActorRef,
    municipality: str,
    audience: Iterable[str] = (),
    company: UUID | None = None,
    data: Mapping[str, Any] | None = None,
    happened_at: datetime | None = None,
    version: int = 0,
) -> Event:
    """Write an event in the caller's transaction: both are committed, or neither.

    `type` is short ("joborder.claimed"); `municipality` the code of the one that owns the subject ('' for
    the region); `audience` the codes that may read it; `data` ids and codes only. Consumers ignore versions
    older than they know. Raises RuntimeError outside a transaction, ValueError or TypeError for what has no
    place in an event.
    """
    event = _built(
        type,
        subject,
        by=by,
        municipality=municipality,
        audience=audience,
        company=company,
        data=data,
        happened_at=happened_at,
        version=version,
    )
    kept.insert(event)
    trace.wrote(event.public_id)
    transaction.on_commit(bell.ring, robust=True)
    return event


def append_many(drafts: Iterable[Mapping[str, Any]]) -> list[Event]:
    """Write several events in one statement; each draft holds the arguments of `append`, `type` and `subject` by name.

    Raises what `append` raises; then none is written.
    """
    events = Event.objects.bulk_create([_built(**draft) for draft in drafts])
    for event in events:
        trace.wrote(event.public_id)
    if events:
        transaction.on_commit(bell.ring, robust=True)
    return events


def _built(
    type: str,
    subject: UUID,
    *,
    by: ActorRef,
    municipality: str,
    audience: Iterable[str] = (),
    company: UUID | None = None,
    data: Mapping[str, Any] | None = None,
    happened_at: datetime | None = None,
    version: int = 0,
) -> Event:
    """The event, checked and not yet saved."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{type}: events are written inside transaction.atomic only")
    if not TYPE.fullmatch(type):
        raise ValueError(f"{type!r} is no event type: subject.verb, lower case")
    codes = sorted(set(audience))
    for code in [*codes, *([municipality] if municipality else [])]:
        if not MUNICIPALITY.fullmatch(code):
            raise ValueError(f"{type}: {code!r} is no municipality code")
    now = clock.now()
    return Event(
        type=type,
        subject=subject,
        version=version,
        municipality=municipality,
        audience=f"|{'|'.join(codes)}|" if codes else "",
        company=company,
        actor_kind=by.kind,
        actor_role=by.role or "",
        actor_municipality=by.municipality or "",
        actor_id=by.public_id,
        data=ids_and_codes(data or {}),
        happened_at=happened_at or now,
        recorded_at=now,
        handled_at=None if registry.is_wanted(type) else now,
    )


def ids_and_codes(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as JSON values. Raises TypeError or ValueError for text, CPR numbers, nested objects."""
    for key in data:
        if not (isinstance(key, str) and KEY.fullmatch(key)):
            raise ValueError(f"{key!r} is no key for event data (snake_case)")
    return {key: _plain(key, value, nested=False) for key, value in data.items()}


def _plain(key: str, value: Any, nested: bool) -> Any:
    """One value as JSON; lists one level deep, sets sorted."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        # The value itself stays out of the message: it may be what must not be written down.
        if not CODE.fullmatch(value) or LOOKS_LIKE_CPR.fullmatch(value):
            raise ValueError(f"event data {key!r} holds text; ids and codes only")
        return str(value)
    if isinstance(value, list | tuple | set | frozenset) and not nested:
        values = [_plain(key, item, nested=True) for item in value]
        return sorted(values) if isinstance(value, set | frozenset) else values
    raise TypeError(f"event data {key!r} holds a {type(value).__name__}; ids and codes only")


def handle_once(consumer: str, event_id: UUID, effect: Callable[[], object]) -> bool:
    """Run `effect` and remember it, in one transaction. False if this consumer has handled the event before.

    Two at once: the second waits for the first, then does nothing. If the effect raises, nothing is
    remembered.
    """
    with transaction.atomic():
        _, is_new = Inbox.objects.get_or_create(
            consumer=consumer, event_id=event_id, defaults={"handled_at": clock.now()}
        )
        if is_new:
            effect()
    return is_new
