"""The consultant's and the coordinator's work list."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from events import clock
from joborders import workflow
from joborders.models import JobOrder
from joborders.workflow import Phase
from municipalities.actor import Actor, Role
from web.actors import members_only

PAGE_SIZE = 50


@members_only(Role.CONSULTANT, Role.COORDINATOR)
def queue(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The open orders of the actor's municipality, the most neglected promise first."""
    orders = JobOrder.objects.visible_to(actor).open().overdue_first()
    if actor.is_consultant and actor.municipality:
        orders = orders.led_by(actor.municipality)
    rows = orders.values(
        "number",
        "title",
        "positions",
        "hires",
        "next_due_at",
        "public_id",
        "lead_id",
        "assignee__public_id",
        "screened_at",
        "with_company",
        "paused_at",
        "company__name",
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [as_row(row) for row in page.object_list]
    return render(request, "web/queue.html", {"page": page})


def phase_label(row: dict[str, Any]) -> str:
    """The phase of an open order in one word; the rule is the workflow's."""
    if row["paused_at"]:
        return _("paused")
    facts = workflow.OrderFacts(
        public_id=row["public_id"],
        company=None,
        lead=row["lead_id"],
        assignee=row["assignee__public_id"],
        screened=row["screened_at"] is not None,
        presented=row["with_company"] > 0,
    )
    words = {
        Phase.NEW: _("new"),
        Phase.CLAIMED: _("claimed"),
        Phase.SCREENED: _("screened"),
        Phase.PRESENTED: _("presented"),
    }
    return words[workflow.phase(facts) or Phase.NEW]


def as_row(row: dict[str, Any]) -> dict[str, Any]:
    """What the template shows of an order."""
    due = row["next_due_at"]
    return {
        **row,
        "company_name": row["company__name"],
        "phase_label": phase_label(row),
        "is_overdue": due is not None and due < clock.now(),
    }
