"""The nomination's workflow as one table (design §4): one candidate on one order. Pure: no Django.

A nomination that does not exist yet has the state None; `request` and `offer` begin there. Trying again after
an end is a new nomination, never a way back. Every step is taken under the order's lock, so the order's facts
come along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from joborders.workflow import NOT_ALLOWED, STEP_REFUSED, OrderFacts
from joborders.workflow import Part as OrderPart
from joborders.workflow import State as OrderState
from joborders.workflow import parts_of as order_parts_of
from municipalities.actor import Actor


class State(StrEnum):
    """What is stored in `Nomination.state`."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    PRESENTED = "presented"
    INTERVIEW = "interview"
    HIRED = "hired"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    NOT_STARTED = "not_started"


class Part(StrEnum):
    """What an actor is to one nomination."""

    LEAD_CONSULTANT = "lead_consultant"
    HOME_CONSULTANT = "home_consultant"
    HOME_CASEWORKER = "home_caseworker"
    OFFERING_CONSULTANT = "offering_consultant"
    COMPANY = "company"
    SYSTEM = "system"


class Condition(StrEnum):
    """What must be true besides the nomination's state."""

    ORDER_OPEN = "order_open"
    ORDER_SHARED = "order_shared"
    ORDER_NOT_PAUSED = "order_not_paused"
    OTHER_HOME = "other_home"
    NONE_UNFINISHED = "none_unfinished"
    CONTACT_VERIFIED = "contact_verified"
    OPEN_POSITION = "open_position"


class DeclineReason(StrEnum):
    """Why company or lead said no to a presented candidate.

    Nothing here touches health, age, sex or origin.
    """

    QUALIFICATIONS = "qualifications"
    EXPERIENCE = "experience"
    LANGUAGE = "language"
    HOURS = "hours"
    NO_SHOW = "no_show"
    ANOTHER_CHOSEN = "another_chosen"
    POSITION_GONE = "position_gone"
    OTHER = "other"


class WithdrawReason(StrEnum):
    """Why the home jobcentre takes the candidate off, or refuses a request."""

    CANDIDATE_DECLINES = "candidate_declines"
    NOT_REACHED = "not_reached"
    NOT_SUITABLE = "not_suitable"
    NOT_AVAILABLE = "not_available"
    FOUND_WORK = "found_work"
    SPECIAL_TERMS_NOT_MET = "special_terms_not_met"
    OTHER = "other"


class NotStartedReason(StrEnum):
    """Why a hired person did not begin."""

    CANDIDATE_DECLINES = "candidate_declines"
    COMPANY_DECLINES = "company_declines"
    NO_SHOW = "no_show"
    OTHER = "other"


class HireTerms(StrEnum):
    """Ordinary employment, or with a wage subsidy."""

    ORDINARY = "ordinary"
    SUBSIDISED = "subsidised"


REASONS_WITH_TEXT = frozenset({DeclineReason.OTHER, WithdrawReason.OTHER})

UNFINISHED = frozenset({State.REQUESTED, State.ACCEPTED, State.PRESENTED, State.INTERVIEW})
#: Nominations that bind a candidate's hopes: nominating them elsewhere warns, a hire elsewhere flags these.
LIVE = UNFINISHED
#: With the company, which has yet to decide.
WITH_COMPANY = frozenset({State.PRESENTED, State.INTERVIEW})
#: The company sees the person (design §6).
NAMED_TO_COMPANY = frozenset({State.PRESENTED, State.INTERVIEW, State.HIRED})
#: The order's lead municipality sees the person (design §6).
NAMED_TO_LEAD = NAMED_TO_COMPANY | {State.ACCEPTED}
ENDED = frozenset(State) - UNFINISHED


@dataclass(frozen=True, slots=True)
class NominationFacts:
    """What the rules need to know. `home` is the candidate's municipality code; `state` None means not begun.

    `another_unfinished`: the candidate already has an unfinished nomination on this order (asked at the first
    step).
    `contact_verified`: a consultant called the company by a number not taken from the order.
    """

    order: OrderFacts
    home: str
    state: State | None = None
    contact_verified: bool = False
    another_unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table.

    `to` None leaves the state (a wish is stored); `needs` are required body fields.
    """

    at: frozenset[State | None]
    by: frozenset[Part]
    to: State | None
    event: str
    when: frozenset[Condition] = frozenset()
    needs: frozenset[str] = frozenset()


def _at(*states: State | None) -> frozenset[State | None]:
    return frozenset(states)


_LEAD = frozenset({Part.LEAD_CONSULTANT})
_COMPANY_OR_LEAD = frozenset({Part.COMPANY, Part.LEAD_CONSULTANT})
_HOME = frozenset({Part.HOME_CONSULTANT, Part.HOME_CASEWORKER})
_ORDER_OPEN = frozenset({Condition.ORDER_OPEN})
_BEGIN = frozenset({Condition.ORDER_OPEN, Condition.ORDER_NOT_PAUSED, Condition.NONE_UNFINISHED})
_WITH_COMPANY = _at(State.PRESENTED, State.INTERVIEW)
_ACCEPTANCE = frozenset({"accepted_at", "accepted_channel", "screening_talk"})

STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "request": Step(
            _at(None),
            _LEAD,
            State.REQUESTED,
            "nomination.requested",
            when=_BEGIN | {Condition.ORDER_SHARED, Condition.OTHER_HOME},
        ),
        "offer": Step(
            _at(None),
            frozenset({Part.OFFERING_CONSULTANT}),
            State.ACCEPTED,
            "nomination.accepted",
            when=_BEGIN,
            needs=_ACCEPTANCE,
        ),
        "accept": Step(
            _at(State.REQUESTED),
            _HOME,
            State.ACCEPTED,
            "nomination.accepted",
            when=_ORDER_OPEN,
            needs=_ACCEPTANCE,
        ),
        "present": Step(
            _at(State.ACCEPTED),
            _LEAD,
            State.PRESENTED,
            "nomination.presented",
            when=_ORDER_OPEN | {Condition.ORDER_NOT_PAUSED, Condition.CONTACT_VERIFIED},
        ),
        "interview": Step(
            _at(State.PRESENTED),
            _COMPANY_OR_LEAD,
            State.INTERVIEW,
            "nomination.interviewed",
            when=_ORDER_OPEN,
        ),
        "move_interview": Step(
            _at(State.INTERVIEW),
            _COMPANY_OR_LEAD,
            None,
            "nomination.interview_moved",
            when=_ORDER_OPEN,
            needs=frozenset({"interview_at"}),
        ),
        "report_hire": Step(
            _WITH_COMPANY,
            frozenset({Part.COMPANY}),
            None,
            "nomination.hire_reported",
            when=_ORDER_OPEN | {Condition.OPEN_POSITION},
        ),
        "hire": Step(
            _WITH_COMPANY,
            _LEAD,
            State.HIRED,
            "nomination.hired",
            when=_ORDER_OPEN | {Condition.OPEN_POSITION},
            needs=frozenset({"start_date", "weekly_hours", "terms"}),
        ),
        "decline": Step(
            _WITH_COMPANY,
            _COMPANY_OR_LEAD,
            State.DECLINED,
            "nomination.declined",
            needs=frozenset({"reason"}),
        ),
        "withdraw": Step(
            frozenset(UNFINISHED), _HOME, State.WITHDRAWN, "nomination.withdrawn", needs=frozenset({"reason"})
        ),
        "not_started": Step(
            _at(State.HIRED), _LEAD, State.NOT_STARTED, "nomination.not_started", needs=frozenset({"reason"})
        ),
        "lapse": Step(frozenset(UNFINISHED), frozenset({Part.SYSTEM}), State.LAPSED, "nomination.lapsed"),
    }
)

_HOLDS: Mapping[Condition, Callable[[NominationFacts], bool]] = MappingProxyType(
    {
        Condition.ORDER_OPEN: lambda facts: facts.order.state is OrderState.OPEN,
        Condition.ORDER_SHARED: lambda facts: facts.order.shared,
        Condition.ORDER_NOT_PAUSED: lambda facts: not facts.order.paused,
        Condition.OTHER_HOME: lambda facts: facts.home != facts.order.lead,
        Condition.NONE_UNFINISHED: lambda facts: not facts.another_unfinished,
        Condition.CONTACT_VERIFIED: lambda facts: facts.contact_verified,
        Condition.OPEN_POSITION: lambda facts: facts.order.open_positions > 0,
    }
)

# Who may bring own candidates by itself: the order's lead, those asked, the workplace's and the agreement's
# jobcentre.
_OFFERING = frozenset(
    {
        OrderPart.LEAD_CONSULTANT,
        OrderPart.ASKED_CONSULTANT,
        OrderPart.WORKPLACE_CONSULTANT,
        OrderPart.TOVHOLDER_CONSULTANT,
    }
)


def parts_of(actor: Actor, facts: NominationFacts) -> frozenset[Part]:
    """What the actor is to the nomination. The coordinator takes no part in nominations (design §6)."""
    order_parts = order_parts_of(actor, facts.order)
    at_home = actor.municipality is not None and actor.municipality == facts.home
    holds = {
        Part.LEAD_CONSULTANT: OrderPart.LEAD_CONSULTANT in order_parts,
        Part.HOME_CONSULTANT: at_home and actor.is_consultant,
        Part.HOME_CASEWORKER: at_home and actor.is_caseworker,
        Part.OFFERING_CONSULTANT: at_home and bool(order_parts & _OFFERING),
        Part.COMPANY: OrderPart.COMPANY in order_parts,
        Part.SYSTEM: actor.is_system,
    }
    return frozenset(part for part, held in holds.items() if held)


def unmet(step: str, facts: NominationFacts) -> tuple[str, ...]:
    """Why not now: `state`, or the names of the conditions that fail. Raises KeyError for no step."""
    row = STEPS[step]
    if facts.state not in row.at:
        return ("state",)
    return tuple(sorted(condition.value for condition in row.when if not _HOLDS[condition](facts)))


def refusal(step: str, facts: NominationFacts, actor: Actor) -> str | None:
    """None if the actor may take the step now, else NOT_ALLOWED (403) or STEP_REFUSED (409).

    Raises KeyError for a step that is not in the table.
    """
    if not STEPS[step].by & parts_of(actor, facts):
        return NOT_ALLOWED
    return STEP_REFUSED if unmet(step, facts) else None


def allowed(facts: NominationFacts, actor: Actor) -> tuple[str, ...]:
    """Names of the steps that the actor may take now, in the table's order."""
    parts = parts_of(actor, facts)
    return tuple(name for name, row in STEPS.items() if row.by & parts and not unmet(name, facts))
