"""What every step of a nomination does: lock the order, then the nomination, ask the rule, write, tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from candidates.cv_check import Checked, checked
from candidates.models import Candidate, Release
from events import clock
from events.errors import Conflict, NotAllowed, NotVisible, Stale, StepRefused
from events.models import Event
from joborders import nomination_workflow as rules
from joborders.models import JobOrder, Nomination
from joborders.services import base, ending
from municipalities import wall
from municipalities.actor import Actor


@dataclass(frozen=True, slots=True)
class Done:
    """A nomination as it stands after the step, and codes of what the actor should know.

    `live_elsewhere`: the person has an unfinished nomination on another order; `cv_age`, `cv_health`, `cv_family`,
    `cv_nationality`: words in the CV text to look at before the company reads it; `against_the_list`: somebody whom
    the last screening listed before is passed over (`screening.overrides`).
    """

    nomination: Nomination
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One step being taken: the locked rows, who acts, and when it happened."""

    step: str
    order: JobOrder
    nomination: Nomination
    actor: Actor
    happened_at: datetime

    @property
    def was_seen(self) -> bool:
        """The company has seen this person, so its feed hears what follows."""
        return self.nomination.presented_at is not None


def facts_of(nomination: Nomination, order: JobOrder) -> rules.NominationFacts:
    """What the rules need to know of a nomination that exists; no query if the order's relations are loaded."""
    return rules.NominationFacts(
        order=base.facts(order),
        home=nomination.home_code,
        state=rules.State(nomination.state),
        contact_verified=order.contact_verified_at is not None,
    )


def allowed_steps(nomination: Nomination, actor: Actor) -> tuple[str, ...]:
    """Names of the steps that the actor may take now on this nomination."""
    return rules.allowed(facts_of(nomination, nomination.order), actor)


def cv_checked(nomination: Nomination) -> Checked:
    """The principles asked of the CV that this order's company will read; the acceptance confirmed it too."""
    people: Any = Candidate.objects.filter(pk=nomination.candidate_id)
    return checked(people, cv_text=nomination.cv_text, confirmed_on=nomination.acceptance_on)


def require(step: str, known: rules.NominationFacts, actor: Actor) -> None:
    """Raises NotAllowed if the step is not this actor's, StepRefused (with `allowed`, `unmet`) if not possible now."""
    refused = rules.refusal(step, known, actor)
    if refused == rules.NOT_ALLOWED:
        raise NotAllowed
    if refused is not None:
        raise StepRefused(allowed=rules.allowed(known, actor), unmet=list(rules.unmet(step, known)))


def open_case(step: str, nomination_id: UUID, actor: Actor, version: int, happened_at: datetime | None = None) -> Case:
    """Lock order and nomination, in this order, and ask version and rule.

    Raises NotVisible, Stale, NotAllowed or StepRefused; then nothing has been written.
    """
    order_id = (
        Nomination.objects.visible_to(actor)
        .filter(public_id=nomination_id)
        .values_list("order__public_id", flat=True)
        .first()
    )
    if order_id is None:
        raise NotVisible
    # The order is locked for everybody's sake, also for a caseworker, who does not see orders.
    order = base.locked(order_id, Actor.system())
    nomination = (
        Nomination.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .filter(public_id=nomination_id, order=order)
        .first()
    )
    if nomination is None:
        raise NotVisible
    nomination.order = order
    if nomination.version != version:
        raise _stale(nomination, order, actor, version)
    require(step, facts_of(nomination, order), actor)
    if nomination.candidate_id is None:
        raise Conflict("anonymised", _("This candidate has been forgotten: nothing more can be written down."))
    return Case(step, order, nomination, actor, base.moment(happened_at, after=order.received_at))


def _stale(nomination: Nomination, order: JobOrder, actor: Actor, version: int) -> Stale:
    since = list(Event.objects.filter(subject=nomination.public_id, version__gt=version).order_by("id"))
    return Stale(
        version=nomination.version,
        changed=[event.type for event in since],
        changed_by=base._by(since[-1], actor, order) if since else None,
        allowed=rules.allowed(facts_of(nomination, order), actor),
    )


@wall.by_the_system
def save(case: Case, changes: Mapping[str, Any]) -> Nomination:
    """Write the step's columns and the table's next state at the next version.

    Written by the system, the rule having been asked: after a step the actor may have no leave to see the row any more
    (a company that declined). The version is checked in the UPDATE too: SQLite has no row locks. Raises Stale if
    somebody was faster.
    """
    nomination, old = case.nomination, case.nomination.version
    to = rules.STEPS[case.step].to
    values = {**changes, "version": old + 1}
    if to is not None:
        values["state"] = to.value
    if to in rules.ENDED and to is not rules.State.HIRED:
        values["ended_at"] = case.happened_at
    if not Nomination.objects.filter(pk=nomination.pk, version=old).update(**values):
        raise Stale(version=Nomination.objects.values_list("version", flat=True).get(pk=nomination.pk))
    for name, value in values.items():
        setattr(nomination, name, value)
    return nomination


def tell(case: Case, *, note: str = "", **data: Any) -> None:
    """Append the step's event; the company hears of those it has seen."""
    base.tell_nomination(
        case.nomination,
        case.order,
        rules.STEPS[case.step].event,
        case.actor,
        note=note,
        happened_at=case.happened_at,
        to_company=case.was_seen,
        **data,
    )


def settle(case: Case) -> None:
    """Let the order draw the consequence: counts, promises, filled or open again."""
    ending.settle(case.order, case.actor, happened_at=case.happened_at)


@wall.by_the_system
def release(case: Case, *, to_municipality: str = "", to_company: UUID | None = None) -> None:
    """Give leave to see the person on this order; nothing new where it stands already."""
    Release.objects.get_or_create(
        candidate_id=case.nomination.candidate_id,
        order=case.order.public_id,
        to_municipality=to_municipality,
        to_company=to_company,
        ended_at=None,
        defaults={"started_at": clock.now()},
    )


@wall.by_the_system
def end_releases(case: Case) -> None:
    """Take back all leave to see the person on this order: company and lead stop seeing them at once."""
    Release.objects.filter(
        candidate=case.nomination.candidate_id, order=case.order.public_id, ended_at__isnull=True
    ).update(ended_at=clock.now())
