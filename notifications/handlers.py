"""What `notifications` wants to hear."""

from events.models import Event
from events.registry import on
from notifications import gathering_letters, writing
from notifications.table import LETTERS, Audience

OF_MEETINGS = {letter.event for letter in LETTERS if letter.audience is Audience.SIGNED_UP}


@on(sorted({letter.event for letter in LETTERS} - OF_MEETINGS), consumer="notifications.mail")
def write_news(event: Event) -> None:
    """Write mails and notices of an event, in the transaction of its inbox row."""
    writing.write_for(event)


@on(sorted(OF_MEETINGS), consumer="notifications.gathering_letters")
def write_to_signed_up(event: Event) -> None:
    """Write to the companies that come to a meeting, in the transaction of the inbox row."""
    gathering_letters.write_for(event)
