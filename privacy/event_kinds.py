"""What is done with a citizen's data: for their home jobcentre alone."""

from events.kinds import declare, one_of
from privacy.models import Erasure

declare(
    "candidate.erased",
    "A candidate was deleted, and what remains of them names nobody.",
    "the home municipality only",
    reason=one_of(*Erasure.Reason.values),
)
