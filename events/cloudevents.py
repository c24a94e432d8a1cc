"""An event as CloudEvents 1.0, the form in which it leaves the house (feed, broker, webhooks)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from events import clock

if TYPE_CHECKING:
    from events.models import Event

SOURCE = "urn:nrs"
CONTENT_TYPE = "application/cloudevents+json"
REGION = "region"


def cloudevent(event: Event) -> dict[str, Any]:
    """JSON object; extensions: municipality, recordedtime, sequence (the subject's version), actor.

    `time` is when it happened, `recordedtime` when it was written down; both RFC 3339 with the offset of
    Copenhagen.
    """
    found: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(event.public_id),
        "source": SOURCE,
        "type": full_type(event.type),
        "subject": str(event.subject),
        "time": clock.local(event.happened_at).isoformat(),
        "recordedtime": clock.local(event.recorded_at).isoformat(),
        "sequence": str(event.version),
        "actorkind": event.actor_kind,
        "datacontenttype": "application/json",
        "data": event.data,
    }
    optional = {
        "municipality": event.municipality,
        "actorrole": event.actor_role,
        "actormunicipality": event.actor_municipality,
    }
    return found | {name: value for name, value in optional.items() if value}


def full_type(event_type: str) -> str:
    """`joborder.claimed` → `dk.nrs.joborder.claimed.v1`."""
    return f"dk.nrs.{event_type}.v1"


def routing_key(event: Event) -> str:
    """`joborder.claimed.0219`; `campaign.started.region` where no municipality owns the subject."""
    return f"{event.type}.{event.municipality or REGION}"
