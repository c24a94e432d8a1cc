"""Everything that the order page shows, in a fixed number of queries whatever happened to the order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import JSONField, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate
from events import clock
from events.errors import NotVisible
from events.models import Event
from joborders import workflow
from joborders.models import JobOrder, Nomination, Revision
from joborders.services import base, history, supply
from joborders.services.demanded import demands
from joborders.services.nominations import allowed_steps
from joborders.services.possible import allowed_on
from joborders.services.shown import is_home, people_on
from joborders.services.submitting import similar_open
from municipalities.actor import Actor
from screening.models import Pseudonym
from vocabulary.scales import shift_codes
from web.desk import words
from web.desk.hearing import heard_of, said
from web.desk.sentences import Line, lines
from web.desk.step_pages import MORE, NEXT, STEP_PAGES
from web.desk.work import has_news, last_run_at
from web.mail import reading as mail_reading

RELATED = ("company", "lead", "assignee", "agreement", "unit", "occupation")
MAX_SIMILAR = 5


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise to the company: when it is due, and when it was kept (None: not yet)."""

    code: str
    due_at: datetime | None
    kept_at: datetime | None

    @property
    def is_late(self) -> bool:
        """It should have been kept by now, or was kept too late."""
        return self.due_at is not None and (self.kept_at or clock.now()) > self.due_at


@dataclass(frozen=True, slots=True)
class NominationRow:
    """One candidate on the order, as this reader may know them. `value` names nomination and version in forms."""

    nomination: Nomination
    name: str
    home: str
    state: str
    person: Any
    candidate: UUID | None
    since: datetime | None
    reason: str
    allowed: tuple[str, ...]

    @property
    def value(self) -> str:
        """For checkboxes and addresses."""
        return f"{self.nomination.public_id}.{self.nomination.version}"


def read(order_id: UUID, actor: Actor) -> JobOrder:
    """The order with its relations; as `wanted` the newest revision of what is wanted, and `last_run_at`.

    Raises NotVisible.
    """
    newest = Revision.objects.filter(order=OuterRef("pk")).order_by("-number").values("wanted")[:1]
    seen = JobOrder.objects.visible_to(actor).select_related(*RELATED)
    beside = {"wanted": Subquery(newest, output_field=JSONField()), "last_run_at": last_run_at(actor)}
    order = seen.annotate(**beside, **heard_of(actor)).filter(public_id=order_id).first()
    if order is None:
        raise NotVisible
    return order  # type: ignore[no-any-return]


def _came_by_mail(order: JobOrder, events: Sequence[Event]) -> bool:
    """Whether there are mails at all to look for."""
    return order.channel == JobOrder.Channel.MAIL or any(one.type == "joborder.mail_received" for one in events)


def page_of(order: JobOrder, actor: Actor, *, since: int | None = None) -> dict[str, Any]:
    """The page's context. With `since` (a version) also `news`: what happened after it."""
    facts = base.facts(order)
    allowed = allowed_on(order, actor)
    labels, supplied = supply.of_region(order)
    rows = nomination_rows(order, actor, labels)
    events = list(history.of_order(order, actor))
    people = {row.nomination.public_id: row.name for row in rows}
    phase = workflow.phase(facts)
    return {
        "order": order,
        **said(order),
        "phase_label": words.phase_of(phase, paused=facts.paused, state=order.state),
        "close_reason": words.CLOSE_REASONS.get(order.close_reason, ""),
        "open_positions": facts.open_positions,
        "channel": words.CHANNELS.get(order.channel, order.channel),
        "shifts": [words.SHIFTS[code] for code in shift_codes(order.shifts)],
        "demands": demands((order.wanted or {}).get("requirements", ())),  # type: ignore[attr-defined]
        "promises": promises_of(order),
        "supply": [(labels[one.municipality], one) for one in supplied],
        "labels": labels,
        "nominations": rows,
        "board": board_of(rows),
        "bulk": bulk_of(rows),
        "allowed": allowed,
        "next_steps": [(name, STEP_PAGES[name]) for name in NEXT if name in allowed and name in STEP_PAGES],
        "more_steps": [(name, STEP_PAGES[name]) for name in MORE if STEP_PAGES[name].rule in allowed],
        "has_news": order.state == JobOrder.State.OPEN
        and has_news(order.list_changed_at, order.last_run_at, is_ours=actor.works_in(order.lead_id)),  # type: ignore[attr-defined]
        "similar": similar_to(order, actor) if phase is workflow.Phase.NEW else [],
        "history": _sentences(events, actor, labels, people, order),
        "news": _news(events, actor, labels, people, order, since),
        "mails": mail_reading.of_order(order, actor) if _came_by_mail(order, events) else [],
        "works_here": actor.works_in(order.lead_id),
    }


def promises_of(order: JobOrder) -> list[Promise]:
    """First contact, first candidate."""
    return [
        Promise("response", order.response_due_at, order.responded_at),
        Promise("candidate", order.candidate_due_at, order.presented_at),
    ]


def nomination_rows(
    order: JobOrder,
    actor: Actor,
    labels: Mapping[str, str],
    *,
    only: Collection[UUID] | None = None,
    by_name: bool = True,
) -> list[NominationRow]:
    """The nominations that the actor may know of (`only` these), unfinished first.

    Those who may be named are, and are logged (design §6); without `by_name` nobody is.
    """
    card = Pseudonym.objects.filter(order=OuterRef("order"), candidate=OuterRef("candidate")).order_by()
    # Not joined: a candidate whom the reader may not see would take the nomination away with it (second wall).
    own = Candidate.objects.filter(pk=OuterRef("candidate")).order_by()
    with transaction.atomic():
        found = list(
            Nomination.objects.visible_to(actor)
            .filter(order=order, **({} if only is None else {"public_id__in": list(only)}))
            .annotate(card_name=Subquery(card.values("name")), own_id=Subquery(own.values("public_id")))
            .order_by("created_at", "id")
        )
        for nomination in found:
            nomination.order = order
        people = people_on(order, found, actor) if found and by_name else {}
    rows = [_nomination_row(nomination, actor, labels, people.get(nomination.pk)) for nomination in found]
    return sorted(rows, key=lambda row: STATES.index(row.nomination.state))


#: Columns of the board, from left to right, with the states that stand in each.
BOARD: tuple[tuple[Any, frozenset[str]], ...] = (
    (words.NOMINATION_STATES["requested"], frozenset({"requested"})),
    (words.NOMINATION_STATES["accepted"], frozenset({"accepted"})),
    (words.NOMINATION_STATES["presented"], frozenset({"presented"})),
    (words.NOMINATION_STATES["interview"], frozenset({"interview"})),
    (words.NOMINATION_STATES["hired"], frozenset({"hired"})),
    (_("ended"), frozenset({"declined", "withdrawn", "not_started", "lapsed"})),
)


def board_of(rows: Sequence[NominationRow]) -> list[tuple[Any, list[NominationRow]]]:
    """The candidates in columns by state; every column is there, with or without somebody in it."""
    return [(heading, [row for row in rows if row.nomination.state in states]) for heading, states in BOARD]


STATES = [
    "interview",
    "presented",
    "accepted",
    "requested",
    "hired",
    "not_started",
    "declined",
    "withdrawn",
    "lapsed",
]


def _nomination_row(nomination: Any, actor: Actor, labels: Mapping[str, str], person: Any) -> NominationRow:
    moments = {
        "requested": nomination.requested_at,
        "accepted": nomination.accepted_at,
        "presented": nomination.presented_at,
        "interview": nomination.interviewed_at,
        "hired": nomination.hired_at,
    }
    return NominationRow(
        nomination=nomination,
        name=person.name if person else (nomination.card_name or nomination.pseudonym),
        home=labels.get(nomination.home_code, nomination.home_code),
        state=str(words.NOMINATION_STATES[nomination.state]),
        person=person,
        candidate=nomination.own_id if is_home(nomination, actor) else None,
        since=moments.get(nomination.state, nomination.ended_at),
        reason=str(words.END_REASONS.get(nomination.end_reason, "")),
        allowed=allowed_steps(nomination, actor),
    )


def bulk_of(rows: Sequence[NominationRow]) -> list[str]:
    """Steps that can be taken on at least one of the candidates, in the workflow's order."""
    found = [name for row in rows for name in row.allowed]
    return list(dict.fromkeys(sorted(found, key=ORDER.index)))


ORDER = ("request", "offer", "accept", "present", "interview", "move_interview", "report_hire", "hire", "decline",
         "withdraw", "not_started", "lapse")  # fmt: skip


def similar_to(order: JobOrder, actor: Actor) -> list[JobOrder]:
    """Open orders of the same company for the same occupation: is it this one?"""
    found = similar_open(order.company.public_id, order.occupation_id).visible_to(actor)  # type: ignore[attr-defined]
    return list(found.exclude(pk=order.pk)[:MAX_SIMILAR]) if order.occupation_id else []


def _sentences(
    events: Sequence[Event], actor: Actor, labels: dict[str, str], people: Mapping[UUID, str], order: JobOrder
) -> list[Line]:
    return lines(history.told(events, actor, labels), labels, people, order.company.name)


def _news(
    events: Sequence[Event],
    actor: Actor,
    labels: dict[str, str],
    people: Mapping[UUID, str],
    order: JobOrder,
    since: int | None,
) -> list[Line]:
    """What happened after the version that somebody decided on."""
    if since is None:
        return []
    later = [event for event in events if event.subject == order.public_id and event.version > since]
    return _sentences(later, actor, labels, people, order)
