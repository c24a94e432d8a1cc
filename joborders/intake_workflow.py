"""What may be done with a call or mail before it is an order, as one table (design §4). Pure: no Django.

The table drives the services (403 and 409), the API's `allowed` and the buttons. A draft stands in the queue with
its clock. An enquiry is a question that was dealt with: it has left the queue, and may still become an order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from joborders.workflow import NOT_ALLOWED, STEP_REFUSED
from municipalities.actor import Actor


class State(StrEnum):
    """What is stored in `Intake.state`."""

    DRAFT = "draft"
    ENQUIRY = "enquiry"
    SUBMITTED = "submitted"
    MERGED = "merged"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table. `to` None leaves the state; `event` is the type appended; `by_one`: a consultant."""

    event: str
    to: State | None = None
    at: frozenset[State] = frozenset({State.DRAFT, State.ENQUIRY})
    by_one: bool = False


STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "change": Step("intake.changed"),
        "take": Step("intake.taken", by_one=True),
        "move": Step("intake.moved"),
        "submit": Step("intake.submitted", State.SUBMITTED),
        "merge": Step("intake.merged", State.MERGED),
        "enquiry": Step("intake.enquired", State.ENQUIRY),
        "spam": Step("intake.marked_spam", State.SPAM),
    }
)


def can_draft(actor: Actor) -> bool:
    """Whether the actor may write down a call or mail."""
    return actor.is_consultant or actor.is_coordinator or actor.is_system


def is_theirs(actor: Actor, municipality: str | None) -> bool:
    """Whether the actor works on the intakes of this municipality's queue."""
    return actor.works_in(municipality) or actor.is_coordinator or actor.is_system


def refusal(step: str, state: State, municipality: str | None, actor: Actor) -> str | None:
    """None if the actor may take the step now, else NOT_ALLOWED (403) or STEP_REFUSED (409). KeyError for no step."""
    row = STEPS[step]
    if not is_theirs(actor, municipality) or (row.by_one and not actor.is_consultant):
        return NOT_ALLOWED
    return None if state in row.at else STEP_REFUSED


def allowed(state: State, municipality: str | None, actor: Actor) -> tuple[str, ...]:
    """Names of the steps that the actor may take now, in the table's order."""
    return tuple(step for step in STEPS if refusal(step, state, municipality, actor) is None)
