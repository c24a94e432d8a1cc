"""What `notifications` wants to hear."""

from events.models import Event
from events.registry import on
from notifications import services
from notifications.table import LETTERS


@on(sorted({letter.event for letter in LETTERS}), consumer="notifications.mail")
def write_mail(event: Event) -> None:
    """Write the mail rows of an event, in the transaction of its inbox row."""
    services.write_for(event)
