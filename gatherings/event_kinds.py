"""What happens in the business network and its gatherings: the nine share it."""

from events.kinds import CODES, ID, NUMBER, declare, one_of
from gatherings.models import Gathering, Invitation

NINE = "all nine municipalities"

declare("network.joined", "A company joined the business network.", NINE, company=ID)
declare("network.left", "A company left the business network.", NINE, company=ID)
declare("network.committed", "A member and the nine agreed on what one of them does.", NINE, company=ID)
declare("network.kept", "What was promised in the network is done.", NINE, company=ID)
declare("network.need_stated", "A company said which competences it will need.", NINE, company=ID)
KIND = one_of(*Gathering.Kind.values)
declare("gathering.planned", "A meeting for companies is planned.", NINE, kind=KIND)
declare("gathering.changed", "A planned meeting changed.", NINE, fields=CODES("what changed, by name"))
declare("gathering.cancelled", "A planned meeting will not take place.", NINE, kind=KIND)
declare("gathering.invited", "A company is invited.", NINE, company=ID, invitation=ID)
declare(
    "gathering.answered",
    "An invited company answered.",
    NINE,
    company=ID,
    answer=one_of(*Invitation.Answer.values),
    people=NUMBER("how many it sends"),
)
declare("gathering.attended", "It was noted how many of a company were there.", NINE, company=ID, people=NUMBER)
declare("gathering.lead_noted", "What a company said at a meeting stands in its contact log.", NINE, company=ID)
