"""The queue's reads: what is wanted of it, how much there is, and one page of rows, each in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from events import clock
from joborders.models import Intake, JobOrder, SupplyAnswer
from joborders.querysets import PHASES, asked_q
from joborders.services import intakes
from joborders.services.possible import finish_rows
from municipalities.actor import Actor
from screening.models import Run
from vocabulary.models import Industry
from vocabulary.text import fold, spellings
from web.desk import words

OWN, ASKED, ALL = "own", "asked", "all"
SEARCHED = ("number", "title", "company__name", "company__cvr")
MAX_INTAKES = 50
MINE, NOBODY = "me", "nobody"

#: Name in a row: where it comes from.
COLUMNS = {
    "public_id": "public_id",
    "number": "number",
    "version": "version",
    "state": "state",
    "title": "title",
    "company_name": "company__name",
    "lead": "lead_id",
    "lead_name": "lead__name",
    "workplace_municipality": "workplace_municipality",
    "assignee": "assignee__public_id",
    "assignee_name": "assignee__name",
    "intake_by": "intake_by",
    "tovholder": "tovholder",
    "positions": "positions",
    "hires": "hires",
    "filled_otherwise": "filled_otherwise",
    "with_company": "with_company",
    "starts_on": "starts_on",
    "received_at": "received_at",
    "responded_at": "responded_at",
    "screened_at": "screened_at",
    "shared_at": "shared_at",
    "paused_at": "paused_at",
    "next_due_at": "next_due_at",
    "list_changed_at": "list_changed_at",
}
#: What a row holds beside its columns, by subqueries.
BESIDE = ("our_count", "our_date", "last_run_at")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody filters the queue by; empty parts ask for nothing. `assignee` is MINE, NOBODY or a public id."""

    q: str = ""
    phase: str = ""
    municipality: str = ""
    industry: str = ""
    assignee: str = ""
    due: str = ""

    def condition(self, actor: Actor) -> Q:
        """The wish as a condition on orders."""
        found = Q()
        for word in self.q.split()[:8]:
            found &= _any_of(SEARCHED, word)
        if self.phase:
            found &= PHASES[self.phase]
        if self.municipality:
            found &= Q(lead=self.municipality)
        if self.industry:
            found &= _industry_q(self.industry)
        return found & _assignee_q(self.assignee, actor) & _due_q(self.due)


def _any_of(names: Iterable[str], word: str) -> Q:
    found = Q()
    for name in names:
        for spelling in spellings(word):
            found |= Q(**{f"{name}__icontains": spelling})
    return found


def _industry_q(text: str) -> Q:
    """By the beginning of the company's code, or by words of the industry or its division."""
    if text.isascii() and text.isdigit():
        return Q(company__industry_code__startswith=text)
    code, version = OuterRef("company__industry_code"), OuterRef("company__industry_version")
    named = Industry.objects.filter(Q(code=code) | Q(code=Substr(code, 1, 2)), version=version)
    for word in fold(text).split()[:8]:
        named = named.filter(folded__contains=word)
    return Q(Exists(named))


def _assignee_q(assignee: str, actor: Actor) -> Q:
    if not assignee:
        return Q()
    if assignee == NOBODY:
        return Q(assignee__isnull=True)
    return Q(assignee__public_id=actor.public_id if assignee == MINE else UUID(assignee))


def _due_q(due: str) -> Q:
    now = clock.now()
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    until = {"overdue": now, "today": midnight, "week": now + timedelta(days=7)}.get(due)
    return Q(next_due_at__lt=until) if until else Q()


def views_of(actor: Actor) -> tuple[str, ...]:
    """Whose work may be looked at: a coordinator has no own orders and is asked for nobody."""
    return (OWN, ASKED, ALL) if actor.municipality else (ALL,)


def view_q(view: str, actor: Actor) -> Q:
    """The tab as a condition."""
    if view == ALL or actor.municipality is None:
        return Q()
    return Q(lead=actor.municipality) if view == OWN else asked_q(actor.municipality)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits: by tab, how many of it late; how many the wish leaves; and by lead municipality."""

    tabs: dict[str, int]
    late: dict[str, int]
    shown: int
    by_lead: tuple[tuple[str, str, int], ...]
    newest: datetime | None
    fresh: int
    heard: datetime | None
    news: int


def counts(
    actor: Actor,
    view: str,
    wish: Wish | None = None,
    since: datetime | None = None,
    heard: datetime | None = None,
) -> Counts:
    """One query. `fresh` are the orders of the tab that came after `since`.

    `news` are the own screened orders of the tab whose list of candidates changed after `heard`.
    """
    now = clock.now()
    listed = Q(lead=actor.municipality, screened_at__isnull=False)
    late = Q(next_due_at__lt=now)
    asked = view_q(ASKED, actor) if actor.municipality else Q(pk__in=())
    here = view_q(view, actor)
    found = JobOrder.objects.visible_to(actor).in_queue().order_by("lead__name").values("lead", "lead__name")
    rows = list(
        found.annotate(
            n=Count("pk"),
            n_late=Count("pk", filter=late),
            n_asked=Count("pk", filter=asked),
            n_asked_late=Count("pk", filter=asked & late),
            n_shown=Count("pk", filter=here & (wish.condition(actor) if wish else Q())),
            newest=Max("submitted_at", filter=here),
            fresh=Count("pk", filter=here & Q(submitted_at__gt=since or now)),
            heard=Max("list_changed_at", filter=here & listed),
            news=Count("pk", filter=here & listed & Q(list_changed_at__gt=heard or now)),
        )
    )
    own = [row for row in rows if row["lead"] == actor.municipality]
    return Counts(
        tabs={OWN: _sum(own, "n"), ASKED: _sum(rows, "n_asked"), ALL: _sum(rows, "n")},
        late={OWN: _sum(own, "n_late"), ASKED: _sum(rows, "n_asked_late"), ALL: _sum(rows, "n_late")},
        shown=_sum(rows, "n_shown"),
        by_lead=tuple((row["lead"], row["lead__name"], row["n"]) for row in rows),
        newest=max((row["newest"] for row in rows if row["newest"]), default=None),
        fresh=_sum(rows, "fresh"),
        heard=max((row["heard"] for row in rows if row["heard"]), default=None),
        news=_sum(rows, "news"),
    )


def _sum(rows: Iterable[dict[str, Any]], name: str) -> int:
    return sum(row[name] for row in rows)


def orders(actor: Actor, view: str, wish: Wish) -> QuerySet[Any]:
    """The tab's orders that the wish leaves, the most neglected promise first, as tuples for `as_rows`."""
    found = JobOrder.objects.visible_to(actor).in_queue().filter(view_q(view, actor), wish.condition(actor))
    return _columns(found.overdue_first(), actor)


def one(actor: Actor, order: UUID) -> dict[str, Any] | None:
    """A single row, None for an order that the actor does not see."""
    found = _columns(JobOrder.objects.visible_to(actor).filter(public_id=order), actor)
    return next(iter(as_rows(found, actor)), None)


def _columns(found: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    ours = SupplyAnswer.objects.filter(order=OuterRef("pk"), municipality=actor.municipality).order_by()
    answered = found.annotate(our_count=Subquery(ours.values("count")), our_date=Subquery(ours.values("by_date")))
    return answered.annotate(last_run_at=last_run_at(actor)).values_list(*COLUMNS.values(), *BESIDE)


def last_run_at(actor: Actor) -> Subquery:
    """When the actor's jobcentre screened for an order last: what changed on the list since is news."""
    runs = Run.objects.filter(order=OuterRef("pk"), municipality_code=actor.municipality or "")
    return Subquery(runs.order_by("-created_at").values("created_at")[:1])


def has_news(changed: datetime | None, last_run: datetime | None, *, is_ours: bool) -> bool:
    """The list of candidates of an own order changed after it was made."""
    return is_ours and changed is not None and last_run is not None and changed > last_run


def as_rows(found: Iterable[tuple[Any, ...]], actor: Actor) -> list[dict[str, Any]]:
    """Rows with their steps, phase and lateness worked out; no query beyond the one for `found`."""
    names = (*COLUMNS, *BESIDE)
    rows = finish_rows((dict(zip(names, values, strict=True)) for values in found), actor)
    for row in rows:
        row["phase_label"] = words.phase_of(row["phase"], paused=row["paused_at"] is not None, state=row["state"])
        row["is_ours"] = row["lead"] == actor.municipality
        row["has_news"] = has_news(row["list_changed_at"], row["last_run_at"], is_ours=row["is_ours"])
        row["is_mine"] = row["assignee"] is not None and row["assignee"] == actor.public_id
    return rows


def waiting(actor: Actor) -> list[Intake]:
    """Calls and mails that are no orders yet, the most neglected first."""
    found = intakes.visible(actor).filter(state__in=intakes.WAITING).select_related(None)
    return list(found.order_by(F("response_due_at").asc(nulls_last=True), "id")[:MAX_INTAKES])
