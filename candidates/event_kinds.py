"""What happens to candidates: for their home jobcentre alone."""

from events.kinds import CODES, declare

HOME = "the home municipality only"

declare("candidate.registered", "A jobcentre registered a candidate, by hand or by an import.", HOME)
declare(
    "candidate.updated",
    "A candidate's profile or status changed.",
    HOME,
    fields=CODES("what changed, by name"),
)
declare("candidate.withdrawn", "A candidate is no longer offered by the jobcentre.", HOME)
