"""The job order's workflow as one table (design §4). Pure: no Django.

The table drives the services (403 and 409), the API's `allowed`, the buttons and the tests. Two sections of
the design are joined here: §4 names who takes a step, §6 gives the coordinator "all steps but claim and
nominations". An answer about supply is a municipality's own word about its candidates, so it is not the
coordinator's either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from municipalities.actor import Actor, Kind, Role

MAX_POSITIONS: Final = 999
NOT_ALLOWED: Final = "not_allowed"  # 403: visible, but not this actor's to do
STEP_REFUSED: Final = "step_refused"  # 409: theirs, but not now


class State(StrEnum):
    """What is stored in `JobOrder.state`."""

    OPEN = "open"
    FILLED = "filled"
    CLOSED = "closed"


class Phase(StrEnum):
    """How far an open order has come; derived, never stored."""

    NEW = "new"
    CLAIMED = "claimed"
    SCREENED = "screened"
    PRESENTED = "presented"


class Part(StrEnum):
    """What an actor is to one order."""

    COMPANY = "company"
    LEAD_CONSULTANT = "lead_consultant"
    ASSIGNEE = "assignee"
    INTAKE_OWNER = "intake_owner"
    COORDINATOR = "coordinator"
    ASKED_CONSULTANT = "asked_consultant"
    WORKPLACE_CONSULTANT = "workplace_consultant"
    TOVHOLDER_CONSULTANT = "tovholder_consultant"
    SYSTEM = "system"


class Condition(StrEnum):
    """What must be true of the order besides its state."""

    UNCLAIMED = "unclaimed"
    NOT_RESPONDED = "not_responded"
    LOCAL = "local"
    PAUSED = "paused"
    NOT_PAUSED = "not_paused"
    FULL = "full"


class Reason(StrEnum):
    """Why an order ended."""

    FILLED = "filled"
    PARTLY_FILLED = "partly_filled"
    HIRED_ELSEWHERE = "hired_elsewhere"
    WITHDRAWN = "withdrawn"
    NO_SUITABLE_CANDIDATES = "no_suitable_candidates"
    DEADLINE_EXPIRED = "deadline_expired"
    DUPLICATE = "duplicate"
    LABOUR_CONFLICT = "labour_conflict"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the rules need to know of an order. Municipalities are codes, people and companies public ids.

    `tovholder` is the municipality of the order's agreement; `presented` says that a candidate is with the
    company now; `hires` counts hires from the nine that have not turned into "not started".
    """

    public_id: UUID
    company: UUID | None
    lead: str
    state: State = State.OPEN
    assignee: UUID | None = None
    intake_by: str | None = None
    workplace: str | None = None
    tovholder: str | None = None
    shared: bool = False
    paused: bool = False
    responded: bool = False
    screened: bool = False
    presented: bool = False
    positions: int = 1
    hires: int = 0
    filled_otherwise: int = 0

    @property
    def open_positions(self) -> int:
        """Positions that nobody has taken yet, never below 0."""
        return max(0, self.positions - self.hires - self.filled_otherwise)


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table. `to` None leaves the state; `needs` are the body's required fields.

    `event` is the type appended; None where another row's event tells it (a nomination's, or the end
    state's).
    """

    at: frozenset[State]
    by: frozenset[Part]
    to: frozenset[State] | None = None
    when: frozenset[Condition] = frozenset()
    needs: frozenset[str] = frozenset()
    event: str | None = None


OPEN = frozenset({State.OPEN})
ENDED = frozenset({State.FILLED, State.CLOSED})
_LEAD = frozenset({Part.LEAD_CONSULTANT})
_COMPANY = frozenset({Part.COMPANY})
_SYSTEM = frozenset({Part.SYSTEM})
_STEERING = frozenset({Part.LEAD_CONSULTANT, Part.COORDINATOR})
_ASKED = frozenset({Part.ASKED_CONSULTANT})
_OFFERING = frozenset(
    {Part.LEAD_CONSULTANT, Part.ASKED_CONSULTANT, Part.WORKPLACE_CONSULTANT, Part.TOVHOLDER_CONSULTANT}
)
_RESPONDING = frozenset({Part.ASSIGNEE, Part.INTAKE_OWNER, Part.COORDINATOR})
_PAUSED, _NOT_PAUSED = frozenset({Condition.PAUSED}), frozenset({Condition.NOT_PAUSED})
_REASON = frozenset({"reason"})

STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "claim": Step(OPEN, _LEAD, when=frozenset({Condition.UNCLAIMED}), event="joborder.claimed"),
        "reassign": Step(OPEN, _STEERING, needs=frozenset({"assignee"}), event="joborder.reassigned"),
        "respond": Step(OPEN, _RESPONDING, when=frozenset({Condition.NOT_RESPONDED}), event="joborder.responded"),
        "hand_over": Step(
            OPEN, _STEERING, needs=frozenset({"to", "reason", "agreed_by"}), event="joborder.handed_over"
        ),
        "share": Step(
            OPEN,
            _STEERING | _SYSTEM,
            when=frozenset({Condition.LOCAL, Condition.NOT_PAUSED}),
            event="joborder.shared",
        ),
        "answer_supply": Step(OPEN, _ASKED, needs=frozenset({"count"}), event="joborder.supply_answered"),
        "screen": Step(OPEN, _OFFERING, event="joborder.screened"),
        "offer": Step(OPEN, _OFFERING, when=_NOT_PAUSED, needs=frozenset({"candidate"})),
        "pause": Step(OPEN, _STEERING | _COMPANY | _SYSTEM, when=_NOT_PAUSED, event="joborder.paused"),
        "resume": Step(OPEN, _STEERING | _COMPANY, when=_PAUSED, event="joborder.resumed"),
        "change": Step(OPEN, _STEERING, event="joborder.changed"),
        "propose_change": Step(OPEN, _COMPANY, needs=frozenset({"changes"}), event="joborder.change_proposed"),
        "fill": Step(OPEN, _SYSTEM, to=ENDED, when=frozenset({Condition.FULL})),
        "close": Step(OPEN, _STEERING | _COMPANY, to=ENDED, needs=_REASON),
        "reopen": Step(ENDED, _STEERING | _SYSTEM, to=OPEN, needs=_REASON, event="joborder.reopened"),
        "ask_reopen": Step(ENDED, _COMPANY, needs=_REASON, event="joborder.reopen_asked"),
    }
)

# The event of a step that ends an order, by the state that it ends in.
END_EVENTS: Mapping[State, str] = MappingProxyType({State.FILLED: "joborder.filled", State.CLOSED: "joborder.closed"})

# A company withdraws; every other reason is the jobcentre's word.
REASONS_OF_COMPANY = frozenset({Reason.WITHDRAWN})
REASONS_WITH_TEXT = frozenset({Reason.OTHER})
REASONS_WITH_HIRE = frozenset({Reason.FILLED, Reason.PARTLY_FILLED})

_HOLDS: Mapping[Condition, Callable[[OrderFacts], bool]] = MappingProxyType(
    {
        Condition.UNCLAIMED: lambda facts: facts.assignee is None,
        Condition.NOT_RESPONDED: lambda facts: not facts.responded,
        Condition.LOCAL: lambda facts: not facts.shared,
        Condition.PAUSED: lambda facts: facts.paused,
        Condition.NOT_PAUSED: lambda facts: not facts.paused,
        Condition.FULL: lambda facts: facts.open_positions == 0,
    }
)


def parts_of(actor: Actor, facts: OrderFacts) -> frozenset[Part]:
    """What the actor is to the order; empty for somebody who only reads it, or does not even see it."""
    if actor.kind is Kind.SYSTEM:
        return frozenset({Part.SYSTEM})
    if actor.kind is Kind.LINK:
        return frozenset({Part.COMPANY}) if actor.order == facts.public_id else frozenset()
    if actor.kind is Kind.COMPANY:
        return frozenset({Part.COMPANY}) if actor.company == facts.company else frozenset()
    if actor.role is Role.COORDINATOR:
        return frozenset({Part.COORDINATOR})
    if actor.role is Role.CONSULTANT and actor.municipality is not None:
        return _parts_of_consultant(actor, facts)
    return frozenset()


def _parts_of_consultant(actor: Actor, facts: OrderFacts) -> frozenset[Part]:
    home = actor.municipality
    leads = home == facts.lead
    holds = {
        Part.LEAD_CONSULTANT: leads,
        Part.ASSIGNEE: leads and facts.assignee is not None and actor.public_id == facts.assignee,
        Part.INTAKE_OWNER: home == facts.intake_by,
        Part.ASKED_CONSULTANT: facts.shared and not leads,
        Part.WORKPLACE_CONSULTANT: home == facts.workplace and not leads,
        Part.TOVHOLDER_CONSULTANT: home == facts.tovholder,
    }
    return frozenset(part for part, held in holds.items() if held)


def can_submit(actor: Actor) -> bool:
    """Whether the actor may hand in an order: the company, or somebody for it (design §4, §6)."""
    return actor.is_company or actor.is_system or actor.is_consultant or actor.is_coordinator


def unmet(step: str, facts: OrderFacts) -> tuple[str, ...]:
    """Why not now: `state`, or the names of the conditions that fail. Raises KeyError for no step."""
    row = STEPS[step]
    if facts.state not in row.at:
        return ("state",)
    return tuple(sorted(condition.value for condition in row.when if not _HOLDS[condition](facts)))


def refusal(step: str, facts: OrderFacts, actor: Actor) -> str | None:
    """None if the actor may take the step now, else NOT_ALLOWED (403) or STEP_REFUSED (409).

    Raises KeyError for a step that is not in the table.
    """
    if not STEPS[step].by & parts_of(actor, facts):
        return NOT_ALLOWED
    return STEP_REFUSED if unmet(step, facts) else None


def allowed(facts: OrderFacts, actor: Actor) -> tuple[str, ...]:
    """Names of the steps that the actor may take now, in the table's order."""
    parts = parts_of(actor, facts)
    return tuple(name for name, row in STEPS.items() if row.by & parts and not unmet(name, facts))


def phase(facts: OrderFacts) -> Phase | None:
    """How far an open order has come, None when ended. A candidate with the company outranks all else."""
    if facts.state is not State.OPEN:
        return None
    if facts.presented:
        return Phase.PRESENTED
    if facts.assignee is None:
        return Phase.NEW
    return Phase.SCREENED if facts.screened else Phase.CLAIMED


def end_state(hires: int) -> State:
    """Filled if there is at least one hire from the nine, else closed (handbook §0, point 7)."""
    return State.FILLED if hires > 0 else State.CLOSED


def fill_check(positions: int, hires: int, filled_otherwise: int) -> tuple[State, Reason] | None:
    """How the order ends by itself, None while a position is open.

    With a hire it is filled, also when other positions were filled otherwise (positions are counted apart);
    without one it is closed as hired elsewhere.
    """
    if hires + filled_otherwise < positions:
        return None
    return end_state(hires), (Reason.FILLED if hires > 0 else Reason.HIRED_ELSEWHERE)


def close_problem(reason: Reason, text: str, hires: int, parts: frozenset[Part]) -> tuple[str, str] | None:
    """(field, code) of what is wrong with a reason given by hand, None if it stands."""
    if not parts & STEPS["close"].by - _COMPANY and reason not in REASONS_OF_COMPANY:
        return ("reason", "not_yours")
    if reason in REASONS_WITH_TEXT and not text.strip():
        return ("text", "required")
    if reason in REASONS_WITH_HIRE and hires == 0:
        return ("reason", "no_hire")
    return None


def positions_problem(positions: int, hires: int, filled_otherwise: int) -> tuple[str, str] | None:
    """(field, code) of what is wrong with a change of the counts, None if they stand."""
    if positions < 1:
        return ("positions", "too_few")
    if positions > MAX_POSITIONS:
        return ("positions", "too_many")
    if filled_otherwise < 0:
        return ("filled_otherwise", "negative")
    if positions < hires:
        return ("positions", "below_hires")
    if positions < hires + filled_otherwise:
        return ("filled_otherwise", "more_than_positions")
    return None


def after_not_started(
    facts: OrderFacts, *, ended_by_itself: bool, reason: Reason | None
) -> tuple[State, Reason | None]:
    """State and reason after a hire turned out not to start; `facts` already counts one hire less.

    An order that filled itself reopens when a position is open again. One closed by a person stays ended: its
    state is recomputed, and a reason that claims more hires than there are gives way to the nearest true one
    (`other`; the service writes its text).
    """
    if facts.state is State.OPEN or (ended_by_itself and facts.open_positions > 0):
        return State.OPEN, None
    if reason in REASONS_WITH_HIRE:
        reason = Reason.PARTLY_FILLED if facts.hires > 0 else Reason.OTHER
    return end_state(facts.hires), reason
