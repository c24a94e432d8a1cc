"""The nomination's rules, written out by hand from design §4 and §6, against the table that drives everything."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from joborders.nomination_workflow import (
    ENDED,
    LIVE,
    NAMED_TO_COMPANY,
    NAMED_TO_LEAD,
    STEPS,
    UNFINISHED,
    WITH_COMPANY,
    NominationFacts,
    Part,
    State,
    allowed,
    parts_of,
    refusal,
    unmet,
)
from joborders.workflow import NOT_ALLOWED, STEP_REFUSED, OrderFacts
from joborders.workflow import State as OrderState
from municipalities.actor import Actor

HILLEROED, HELSINGOER, GRIBSKOV, EGEDAL = "0219", "0217", "0270", "0240"
ORDER, COMPANY = UUID(int=1), UUID(int=2)

SHARED = OrderFacts(public_id=ORDER, company=COMPANY, lead=HILLEROED, shared=True, positions=2)
FACTS = NominationFacts(order=SHARED, home=HELSINGOER, contact_verified=True)

ACTORS = {
    "lead": Actor.member(role="consultant", municipality=HILLEROED),
    "home": Actor.member(role="consultant", municipality=HELSINGOER),
    "caseworker": Actor.member(role="caseworker", municipality=HELSINGOER),
    "company": Actor.company_(COMPANY),
    "link": Actor.link(ORDER),
    "system": Actor.system(),
    "lead_caseworker": Actor.member(role="caseworker", municipality=HILLEROED),
    "other": Actor.member(role="consultant", municipality=GRIBSKOV),
    "other_caseworker": Actor.member(role="caseworker", municipality=GRIBSKOV),
    "coordinator": Actor.member(role="coordinator"),
    "auditor": Actor.member(role="auditor"),
    "admin": Actor.member(role="admin", municipality=HELSINGOER),
    "another_company": Actor.company_(UUID(int=8)),
    "another_link": Actor.link(UUID(int=9), COMPANY),
}

# Lead Hillerød, candidate of Helsingør, order shared. Everybody who is not a column has no part in any step.
RIGHTS = """
step          lead  home  caseworker  company  link  system
request        x     .        .          .      .      .
offer          .     x        .          .      .      .
accept         .     x        x          .      .      .
present        x     .        .          .      .      .
interview      x     .        .          x      x      .
move_interview x     .        .          x      x      .
report_hire    .     .        .          x      x      .
hire           x     .        .          .      .      .
decline        x     .        .          x      x      .
withdraw       .     x        x          .      .      .
not_started    x     .        .          .      .      .
lapse          .     .        .          .      .      x
"""

# From which state to which; `=` keeps it; all else is refused.
MOVES = """
step         from                                     to
request      none                                     requested
offer        none                                     accepted
accept       requested                                accepted
present      accepted                                 presented
interview    presented                                interview
move_interview interview                              =
report_hire  presented,interview                      =
hire         presented,interview                      hired
decline      presented,interview                      declined
withdraw     requested,accepted,presented,interview   withdrawn
not_started  hired                                    not_started
lapse        requested,accepted,presented,interview   lapsed
"""

# Which steps fail when one thing is wrong although actor and state are right.
HURDLES = """
wrong               steps
order_ended         request,offer,accept,present,interview,move_interview,report_hire,hire
order_local         request
order_paused        request,offer,present
own_candidate       request
already_nominated   request,offer
not_verified        present
no_open_position    report_hire,hire
"""

WRONG = {
    "order_ended": replace(FACTS, order=replace(SHARED, state=OrderState.FILLED, hires=1)),
    "order_local": replace(FACTS, order=replace(SHARED, shared=False)),
    "order_paused": replace(FACTS, order=replace(SHARED, paused=True)),
    "own_candidate": replace(FACTS, home=HILLEROED),
    "already_nominated": replace(FACTS, another_unfinished=True),
    "not_verified": replace(FACTS, contact_verified=False),
    "no_open_position": replace(FACTS, order=replace(SHARED, hires=1, filled_otherwise=1)),
}


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def rights() -> dict[str, set[str]]:
    header, *body = rows(RIGHTS)
    return {row[0]: {name for name, cell in zip(header[1:], row[1:], strict=True) if cell == "x"} for row in body}


def state_named(name: str) -> State | None:
    return None if name == "none" else State(name)


WHO = rights()
FROM = {row[0]: {state_named(name) for name in row[1].split(",")} for row in rows(MOVES)[1:]}
TO = {row[0]: None if row[2] == "=" else State(row[2]) for row in rows(MOVES)[1:]}
HINDERED = {row[0]: set(row[1].split(",")) for row in rows(HURDLES)[1:]}
STATES: list[State | None] = [None, *State]


def expected(step: str, state: State | None, who: str) -> str | None:
    if who not in WHO[step]:
        return NOT_ALLOWED
    return None if state in FROM[step] else STEP_REFUSED


def test_the_hand_written_tables_name_every_step() -> None:
    assert set(STEPS) == set(WHO) == set(FROM)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_open_to_just_those_whom_the_design_names(step: str, state: State | None) -> None:
    facts = replace(FACTS, state=state)
    # Any asked jobcentre may offer, but only its own candidate: `other` has no part in Helsingør's.
    assert {who: refusal(step, facts, actor) for who, actor in ACTORS.items()} == {
        who: expected(step, state, who) for who in ACTORS
    }


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ACTORS)
def test_allowed_lists_the_steps_that_are_not_refused(who: str, state: State | None) -> None:
    names = allowed(replace(FACTS, state=state), ACTORS[who])
    assert set(names) == {step for step in STEPS if expected(step, state, who) is None}


def test_each_step_leads_where_the_design_says() -> None:
    assert {name: row.to for name, row in STEPS.items()} == TO


FORBIDDEN = [(state, step) for step, row in STEPS.items() for state in STATES if state not in row.at]


def test_the_complement_of_the_table_is_what_the_design_leaves_out() -> None:
    assert set(FORBIDDEN) == {(state, step) for step in WHO for state in STATES if state not in FROM[step]}


@pytest.mark.parametrize(("state", "step"), FORBIDDEN)
def test_a_step_at_a_forbidden_state_is_refused_to_whoever_could_take_it(state: State | None, step: str) -> None:
    facts = replace(FACTS, state=state)
    assert {refusal(step, facts, ACTORS[who]) for who in WHO[step]} == {STEP_REFUSED}
    assert unmet(step, facts) == ("state",)


def actor_for(step: str, facts: NominationFacts) -> Actor:
    """Somebody whose step it is with these facts."""
    return next(actor for actor in ACTORS.values() if STEPS[step].by & parts_of(actor, facts))


# On a local order Helsingør is not asked and has no `offer` at all: see the test of who may offer.
CASES = [(wrong, step) for wrong in WRONG for step in STEPS if (wrong, step) != ("order_local", "offer")]


@pytest.mark.parametrize(("wrong", "step"), CASES)
def test_a_hurdle_stops_just_the_steps_that_it_concerns(wrong: str, step: str) -> None:
    state = sorted(FROM[step], key=str)[0]
    facts = replace(WRONG[wrong], state=state)
    answer = STEP_REFUSED if step in HINDERED[wrong] else None
    assert refusal(step, facts, actor_for(step, facts)) == answer


LOCAL = replace(SHARED, shared=False)


@pytest.mark.parametrize(
    ("order", "home", "may"),
    [
        (LOCAL, HILLEROED, True),
        (LOCAL, HELSINGOER, False),
        (SHARED, HELSINGOER, True),
        (replace(LOCAL, workplace=HELSINGOER), HELSINGOER, True),
        (replace(LOCAL, tovholder=HELSINGOER), HELSINGOER, True),
        (replace(LOCAL, intake_by=HELSINGOER), HELSINGOER, False),
        (replace(LOCAL, workplace=EGEDAL, tovholder=GRIBSKOV), HELSINGOER, False),
    ],
)
def test_a_jobcentre_offers_on_its_own_orders_and_where_it_is_asked(order: OrderFacts, home: str, may: bool) -> None:
    facts = NominationFacts(order=order, home=home)
    actor = Actor.member(role="consultant", municipality=home)
    assert refusal("offer", facts, actor) == (None if may else NOT_ALLOWED)


def test_nobody_offers_another_jobcentres_candidate() -> None:
    assert refusal("offer", FACTS, ACTORS["other"]) == NOT_ALLOWED
    assert refusal("offer", FACTS, ACTORS["lead"]) == NOT_ALLOWED


def test_the_leads_own_candidate_needs_no_other_jobcentre() -> None:
    facts = NominationFacts(order=LOCAL, home=HILLEROED)
    assert parts_of(ACTORS["lead"], facts) == {
        Part.LEAD_CONSULTANT,
        Part.HOME_CONSULTANT,
        Part.OFFERING_CONSULTANT,
    }
    assert allowed(facts, ACTORS["lead"]) == ("offer",)


def test_a_hire_can_turn_out_not_to_start_after_the_order_has_ended() -> None:
    facts = replace(WRONG["order_ended"], state=State.HIRED)
    assert allowed(facts, ACTORS["lead"]) == ("not_started",)


def test_there_is_no_way_back_from_an_end() -> None:
    ways_out = {(state, step) for step, row in STEPS.items() for state in row.at if state in ENDED}
    assert ways_out == {(State.HIRED, "not_started")}


def test_a_refused_step_names_the_conditions_that_fail() -> None:
    facts = NominationFacts(order=replace(LOCAL, paused=True), home=HILLEROED)
    assert unmet("request", facts) == ("order_not_paused", "order_shared", "other_home")


def test_the_sets_of_states_are_those_of_the_design() -> None:
    assert {state.value for state in UNFINISHED} == {"requested", "accepted", "presented", "interview"}
    assert LIVE == UNFINISHED
    assert {state.value for state in ENDED} == {"hired", "declined", "withdrawn", "lapsed", "not_started"}
    assert {state.value for state in WITH_COMPANY} == {"presented", "interview"}
    assert {state.value for state in NAMED_TO_COMPANY} == {"presented", "interview", "hired"}
    assert {state.value for state in NAMED_TO_LEAD} == {"accepted", "presented", "interview", "hired"}


def test_each_step_carries_its_event() -> None:
    assert {name: row.event.removeprefix("nomination.") for name, row in STEPS.items()} == {
        "request": "requested",
        "offer": "accepted",
        "accept": "accepted",
        "present": "presented",
        "interview": "interviewed",
        "move_interview": "interview_moved",
        "report_hire": "hire_reported",
        "hire": "hired",
        "decline": "declined",
        "withdraw": "withdrawn",
        "not_started": "not_started",
        "lapse": "lapsed",
    }
