"""The order's rules, written out by hand from design §4 and §6, against the table that drives everything."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from joborders.workflow import (
    END_EVENTS,
    ENDED,
    NOT_ALLOWED,
    OPEN,
    STEP_REFUSED,
    STEPS,
    OrderFacts,
    Part,
    Phase,
    Reason,
    State,
    after_not_started,
    allowed,
    can_submit,
    close_problem,
    end_state,
    fill_check,
    parts_of,
    phase,
    positions_problem,
    refusal,
    unmet,
)
from municipalities.actor import Actor, Kind, Role

HILLEROED, GRIBSKOV, HELSINGOER, EGEDAL, ALLEROED = "0219", "0270", "0217", "0240", "0201"
ORDER, COMPANY, ANN = UUID(int=1), UUID(int=2), UUID(int=3)

FACTS = OrderFacts(
    public_id=ORDER,
    company=COMPANY,
    lead=HILLEROED,
    intake_by=GRIBSKOV,
    workplace=HELSINGOER,
    tovholder=EGEDAL,
    positions=2,
)


def consultant(municipality: str, person: int = 99) -> Actor:
    return Actor.member(role="consultant", municipality=municipality, public_id=UUID(int=person))


ACTORS = {
    "lead": consultant(HILLEROED),
    "assignee": Actor.member(role="consultant", municipality=HILLEROED, public_id=ANN),
    "intake": consultant(GRIBSKOV),
    "workplace": consultant(HELSINGOER),
    "tovholder": consultant(EGEDAL),
    "other": consultant(ALLEROED),
    "coordinator": Actor.member(role="coordinator"),
    "company": Actor.company_(COMPANY),
    "link": Actor.link(ORDER),
    "system": Actor.system(),
    "caseworker": Actor.member(role="caseworker", municipality=HILLEROED),
    "auditor": Actor.member(role="auditor"),
    "admin": Actor.member(role="admin", municipality=HILLEROED),
    "another_company": Actor.company_(UUID(int=8)),
    "another_link": Actor.link(UUID(int=9), COMPANY),
}

# Who may ever take the step. `other` is any further jobcentre; once the order is shared it is an asked one, and the
# column `asked` is added to intake, workplace, tovholder and other. Everybody else has no part in any step.
RIGHTS = """
step            lead  assignee  intake  workplace  tovholder  asked  coordinator  company  link  system
claim            x       x        .        .          .         .        .           .      .      .
reassign         x       x        .        .          .         .        x           .      .      .
respond          .       x        x        .          .         .        x           .      .      .
hand_over        x       x        .        .          .         .        x           .      .      .
share            x       x        .        .          .         .        x           .      .      x
answer_supply    .       .        .        .          .         x        .           .      .      .
screen           x       x        .        x          x         x        .           .      .      .
offer            x       x        .        x          x         x        .           .      .      .
pause            x       x        .        .          .         .        x           x      x      x
resume           x       x        .        .          .         .        x           x      x      .
change           x       x        .        .          .         .        x           .      .      .
propose_change   .       .        .        .          .         .        .           x      x      .
fill             .       .        .        .          .         .        .           .      .      x
close            x       x        .        .          .         .        x           x      x      .
reopen           x       x        .        .          .         .        x           .      .      x
ask_reopen       .       .        .        .          .         .        .           x      x      .
"""

# When the step can be taken by somebody who may take it.
TIMES = """
step            new  claimed  shared  paused  full  filled  closed
claim            x      .       .       .      .      .       .
reassign         x      x       x       x      x      .       .
respond          x      .       x       x      x      .       .
hand_over        x      x       x       x      x      .       .
share            x      x       .       .      x      .       .
answer_supply    x      x       x       x      x      .       .
screen           x      x       x       x      x      .       .
offer            x      x       x       .      x      .       .
pause            x      x       x       .      x      .       .
resume           .      .       .       x      .      .       .
change           x      x       x       x      x      .       .
propose_change   x      x       x       x      x      .       .
fill             .      .       .       .      x      .       .
close            x      x       x       x      x      .       .
reopen           .      .       .       .      .      x       x
ask_reopen       .      .       .       .      .      x       x
"""

SITUATIONS = {
    "new": FACTS,
    "claimed": replace(FACTS, assignee=ANN, responded=True),
    "shared": replace(FACTS, assignee=ANN, shared=True),
    "paused": replace(FACTS, assignee=ANN, paused=True),
    "full": replace(FACTS, assignee=ANN, hires=1, filled_otherwise=1),
    "filled": replace(FACTS, assignee=ANN, state=State.FILLED, hires=1),
    "closed": replace(FACTS, assignee=ANN, state=State.CLOSED),
}


def read(table: str) -> dict[str, set[str]]:
    """Row name → names of the columns with a cross."""
    header, *rows = (line.split() for line in table.strip().splitlines())
    return {row[0]: {name for name, cell in zip(header[1:], row[1:], strict=True) if cell == "x"} for row in rows}


WHO, WHEN = read(RIGHTS), read(TIMES)


def expected(step: str, situation: str, who: str) -> str | None:
    facts = SITUATIONS[situation]
    columns = {"lead" if who == "assignee" and facts.assignee is None else who}
    if facts.shared and who in {"intake", "workplace", "tovholder", "other"}:
        columns.add("asked")
    if not columns & WHO[step]:
        return NOT_ALLOWED
    return None if situation in WHEN[step] else STEP_REFUSED


def test_the_hand_written_tables_name_every_step() -> None:
    assert set(STEPS) == set(WHO) == set(WHEN)


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_open_to_just_those_whom_the_design_names(step: str, situation: str) -> None:
    facts = SITUATIONS[situation]
    answers = {who: refusal(step, facts, actor) for who, actor in ACTORS.items()}
    assert answers == {who: expected(step, situation, who) for who in ACTORS}


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("who", ACTORS)
def test_allowed_lists_the_steps_that_are_not_refused(who: str, situation: str) -> None:
    names = allowed(SITUATIONS[situation], ACTORS[who])
    assert set(names) == {step for step in STEPS if expected(step, situation, who) is None}
    assert list(names) == [step for step in STEPS if step in names]


FORBIDDEN = [(state, step) for step, row in STEPS.items() for state in State if state not in row.at]


def test_the_complement_of_the_table_is_what_the_design_leaves_out() -> None:
    ended = {"reopen", "ask_reopen"}
    by_hand = {(State.OPEN, step) for step in ended}
    by_hand |= {(state, step) for state in (State.FILLED, State.CLOSED) for step in set(WHO) - ended}
    assert set(FORBIDDEN) == by_hand


@pytest.mark.parametrize(("state", "step"), FORBIDDEN)
def test_a_step_at_a_forbidden_state_is_refused_to_whoever_could_take_it(state: State, step: str) -> None:
    facts = replace(FACTS, state=state, assignee=ANN, shared=True)
    entitled = {who for who, actor in ACTORS.items() if STEPS[step].by & parts_of(actor, facts)}
    assert entitled
    assert {refusal(step, facts, ACTORS[who]) for who in entitled} == {STEP_REFUSED}
    assert unmet(step, facts) == ("state",)


def test_a_refused_step_names_the_conditions_that_fail() -> None:
    assert unmet("claim", SITUATIONS["claimed"]) == ("unclaimed",)
    assert unmet("share", replace(FACTS, shared=True, paused=True)) == ("local", "not_paused")
    assert unmet("claim", FACTS) == ()


def test_an_unknown_step_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        refusal("approve", FACTS, ACTORS["lead"])


def test_each_step_that_changes_the_state_ends_or_reopens() -> None:
    assert {name: row.to for name, row in STEPS.items() if row.to is not None} == {
        "fill": ENDED,
        "close": ENDED,
        "reopen": OPEN,
    }


def test_each_step_tells_an_event_or_is_told_by_another() -> None:
    assert {name for name, row in STEPS.items() if row.event is None} == {"offer", "fill", "close"}
    assert END_EVENTS == {State.FILLED: "joborder.filled", State.CLOSED: "joborder.closed"}
    assert STEPS["hand_over"].event == "joborder.handed_over"
    assert STEPS["answer_supply"].event == "joborder.supply_answered"


def test_ending_and_reopening_need_a_reason() -> None:
    assert {name for name, row in STEPS.items() if "reason" in row.needs} == {
        "hand_over",
        "close",
        "reopen",
        "ask_reopen",
    }


def test_a_municipality_may_have_several_parts() -> None:
    facts = replace(FACTS, intake_by=EGEDAL, workplace=EGEDAL, shared=True)
    assert parts_of(ACTORS["tovholder"], facts) == {
        Part.INTAKE_OWNER,
        Part.WORKPLACE_CONSULTANT,
        Part.TOVHOLDER_CONSULTANT,
        Part.ASKED_CONSULTANT,
    }


def test_the_lead_is_not_asked_by_itself() -> None:
    facts = replace(FACTS, workplace=HILLEROED, shared=True)
    assert parts_of(ACTORS["lead"], facts) == {Part.LEAD_CONSULTANT}


def test_an_assignee_of_a_former_lead_has_no_part_any_more() -> None:
    facts = replace(FACTS, lead=ALLEROED, assignee=ANN)
    assert parts_of(ACTORS["assignee"], facts) == frozenset()


def test_nobody_is_taken_for_the_company_of_an_order_without_one() -> None:
    facts = replace(FACTS, company=None)
    assert parts_of(ACTORS["company"], facts) == frozenset()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("lead", True),
        ("coordinator", True),
        ("company", True),
        ("link", True),
        ("system", True),
        ("caseworker", False),
        ("auditor", False),
        ("admin", False),
    ],
)
def test_companies_and_consultants_hand_in_orders(who: str, may: bool) -> None:
    assert can_submit(ACTORS[who]) is may


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        (FACTS, Phase.NEW),
        (replace(FACTS, screened=True), Phase.NEW),
        (replace(FACTS, assignee=ANN), Phase.CLAIMED),
        (replace(FACTS, assignee=ANN, screened=True), Phase.SCREENED),
        (replace(FACTS, assignee=ANN, screened=True, presented=True), Phase.PRESENTED),
        (replace(FACTS, presented=True), Phase.PRESENTED),
        (replace(FACTS, assignee=ANN, paused=True), Phase.CLAIMED),
        (SITUATIONS["filled"], None),
        (SITUATIONS["closed"], None),
    ],
)
def test_the_phase_says_how_far_an_open_order_has_come(facts: OrderFacts, says: Phase | None) -> None:
    assert phase(facts) is says


def test_one_hire_from_the_nine_makes_an_ended_order_filled() -> None:
    assert [end_state(hires) for hires in (0, 1, 3)] == [State.CLOSED, State.FILLED, State.FILLED]


@pytest.mark.parametrize(
    ("positions", "hires", "otherwise", "ends"),
    [
        (1, 0, 0, None),
        (3, 2, 0, None),
        (3, 0, 2, None),
        (1, 1, 0, (State.FILLED, Reason.FILLED)),
        (3, 2, 1, (State.FILLED, Reason.FILLED)),
        (3, 1, 2, (State.FILLED, Reason.FILLED)),
        (1, 0, 1, (State.CLOSED, Reason.HIRED_ELSEWHERE)),
        (3, 0, 3, (State.CLOSED, Reason.HIRED_ELSEWHERE)),
    ],
)
def test_an_order_ends_by_itself_when_every_position_is_taken(
    positions: int, hires: int, otherwise: int, ends: tuple[State, Reason] | None
) -> None:
    assert fill_check(positions, hires, otherwise) == ends


LEAD_PARTS, COMPANY_PARTS = frozenset({Part.LEAD_CONSULTANT}), frozenset({Part.COMPANY})


@pytest.mark.parametrize(
    ("reason", "text", "hires", "parts", "problem"),
    [
        (Reason.WITHDRAWN, "", 0, COMPANY_PARTS, None),
        (Reason.DUPLICATE, "", 0, COMPANY_PARTS, ("reason", "not_yours")),
        (Reason.DUPLICATE, "", 0, LEAD_PARTS, None),
        (Reason.WITHDRAWN, "", 1, frozenset({Part.COORDINATOR}), None),
        (Reason.OTHER, "  ", 0, LEAD_PARTS, ("text", "required")),
        (Reason.OTHER, "moved abroad", 0, LEAD_PARTS, None),
        (Reason.FILLED, "", 0, LEAD_PARTS, ("reason", "no_hire")),
        (Reason.PARTLY_FILLED, "", 0, LEAD_PARTS, ("reason", "no_hire")),
        (Reason.PARTLY_FILLED, "", 1, LEAD_PARTS, None),
    ],
)
def test_a_reason_for_closing_must_be_ones_own_explained_and_true(
    reason: Reason, text: str, hires: int, parts: frozenset[Part], problem: tuple[str, str] | None
) -> None:
    assert close_problem(reason, text, hires, parts) == problem


@pytest.mark.parametrize(
    ("positions", "hires", "otherwise", "problem"),
    [
        (1, 0, 0, None),
        (3, 2, 1, None),
        (999, 0, 0, None),
        (1000, 0, 0, ("positions", "too_many")),
        (0, 0, 0, ("positions", "too_few")),
        (1, 2, 0, ("positions", "below_hires")),
        (3, 2, 2, ("filled_otherwise", "more_than_positions")),
        (3, 0, -1, ("filled_otherwise", "negative")),
    ],
)
def test_positions_never_go_below_what_is_taken(
    positions: int, hires: int, otherwise: int, problem: tuple[str, str] | None
) -> None:
    assert positions_problem(positions, hires, otherwise) == problem


@pytest.mark.parametrize(
    ("state", "by_itself", "reason", "hires_left", "becomes"),
    [
        (State.FILLED, True, Reason.FILLED, 1, (State.OPEN, None)),
        (State.FILLED, True, Reason.FILLED, 0, (State.OPEN, None)),
        (State.OPEN, False, None, 0, (State.OPEN, None)),
        (State.FILLED, False, Reason.PARTLY_FILLED, 1, (State.FILLED, Reason.PARTLY_FILLED)),
        (State.FILLED, False, Reason.FILLED, 1, (State.FILLED, Reason.PARTLY_FILLED)),
        (State.FILLED, False, Reason.PARTLY_FILLED, 0, (State.CLOSED, Reason.OTHER)),
        (State.FILLED, False, Reason.WITHDRAWN, 0, (State.CLOSED, Reason.WITHDRAWN)),
    ],
)
def test_after_a_hire_that_did_not_start_only_an_order_that_filled_itself_reopens(
    state: State, by_itself: bool, reason: Reason | None, hires_left: int, becomes: tuple[State, Reason | None]
) -> None:
    facts = replace(FACTS, state=state, hires=hires_left)
    assert after_not_started(facts, ended_by_itself=by_itself, reason=reason) == becomes


def test_open_positions_are_never_negative() -> None:
    assert replace(FACTS, hires=1).open_positions == 1
    assert replace(FACTS, hires=2, filled_otherwise=1).open_positions == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": Kind.MEMBER},
        {"kind": Kind.MEMBER, "role": Role.CONSULTANT},
        {"kind": Kind.SYSTEM, "role": Role.ADMIN},
        {"kind": Kind.COMPANY},
        {"kind": Kind.LINK},
        {"kind": Kind.SYSTEM, "municipality": "0219"},
    ],
)
def test_an_actor_with_unclear_powers_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Actor(**wrong)  # type: ignore[arg-type]
