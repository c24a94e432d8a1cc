"""What happens to campaigns and their targets: common to the nine; companies read nothing of it."""

from campaigns.models import Attempt
from events.kinds import ID, NUMBER, declare, one_of

ALL = "all nine municipalities"

declare(
    "campaign.started",
    "The list of a campaign was frozen; from now on its companies are contacted.",
    ALL,
    targets=NUMBER("companies on the list"),
)
declare(
    "campaign.contacted",
    "Somebody of the nine tried to reach a company of the list; the subject is the target.",
    ALL,
    campaign=ID,
    company=ID,
    outcome=one_of(*Attempt.Outcome.values),
    letter=ID("the letter that was written").at_times,
)
declare("campaign.ended", "A campaign ended.", ALL)
