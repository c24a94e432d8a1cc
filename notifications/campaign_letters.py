"""Letters of campaigns as mails: the text as it was written, and the link by which the company says no to more."""

from __future__ import annotations

from campaigns.models import Letter
from events import clock
from events.models import Event
from events.registry import on
from notifications.writing import TOO_OLD, write

TEMPLATE = "campaign_letter"


@on("campaign.contacted", consumer="notifications.campaign_letters")
def write_letter(event: Event) -> None:
    """Write the mail of a letter, in the transaction of its inbox row; other contacts call for none."""
    if "letter" not in event.data or clock.now() - event.recorded_at > TOO_OLD:
        return
    letter = Letter.objects.select_related("contact", "target__company").filter(public_id=event.data["letter"]).first()
    if letter is None or letter.contact is None or letter.target.company.no_letters:
        return
    key = f"{TEMPLATE}:{letter.public_id}"  # rendering finds the letter's secret link by it
    subject = letter.subject.replace("%", "%%")
    write(TEMPLATE, None, to=letter.contact.email, key=key, subject=subject, letter=letter.text)
