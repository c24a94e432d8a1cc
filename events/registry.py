"""Which handlers want which events. Upper layers register theirs when their app is ready.

    @on("joborder.submitted", consumer="receipt")
    def send_receipt(event: Event) -> None: ...

Patterns are those of a topic exchange without the municipality: `joborder.claimed`, `nomination.*`, `#`
(all). A handler runs in a transaction of its own with its inbox row; it may see an event late, and events
of one subject out of order after a failure (look at `event.version`). Events written before a consumer was
registered are not shown to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from events.models import Event

Handler = Callable[["Event"], None]


@dataclass(frozen=True)
class Subscription:
    """One consumer: its patterns and its function."""

    consumer: str
    patterns: tuple[str, ...]
    handler: Handler

    def wants(self, event_type: str) -> bool:
        """Whether one of the patterns fits the type."""
        return any(matches(pattern, event_type) for pattern in self.patterns)


_subscriptions: dict[str, Subscription] = {}


def on(pattern: str | Iterable[str], consumer: str) -> Callable[[Handler], Handler]:
    """Decorator: call the function for events that fit. ValueError if the consumer's name is taken."""
    patterns = (pattern,) if isinstance(pattern, str) else tuple(pattern)

    def register(handler: Handler) -> Handler:
        known = _subscriptions.get(consumer)
        if known and _name(known.handler) != _name(handler):
            raise ValueError(f"two handlers for the consumer {consumer!r}")
        _subscriptions[consumer] = Subscription(consumer, patterns, handler)
        return handler

    return register


def forget(consumer: str) -> None:
    """Take a consumer out again (tests)."""
    _subscriptions.pop(consumer, None)


def subscriptions_for(event_type: str) -> list[Subscription]:
    """Those who want events of this type, by consumer name."""
    return [item for _, item in sorted(_subscriptions.items()) if item.wants(event_type)]


def is_wanted(event_type: str) -> bool:
    """Whether anybody wants it."""
    return any(item.wants(event_type) for item in _subscriptions.values())


def matches(pattern: str, event_type: str) -> bool:
    """Topic matching on subject.verb: `*` is one word, `#` everything."""
    if pattern == "#":
        return True
    wanted, words = pattern.split("."), event_type.split(".")
    return len(wanted) == len(words) and all(w in ("*", word) for w, word in zip(wanted, words, strict=True))


def _name(handler: Handler) -> str:
    return f"{handler.__module__}.{getattr(handler, '__qualname__', repr(handler))}"
