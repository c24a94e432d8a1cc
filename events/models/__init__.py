"""Tables of the events and of those who want to be told of them."""

from events.models.event import Attempt, Event, Inbox, TransactionId
from events.models.pulse import Pulse
from events.models.webhook import Delivery, Webhook

__all__ = ["Attempt", "Delivery", "Event", "Inbox", "Pulse", "TransactionId", "Webhook"]
