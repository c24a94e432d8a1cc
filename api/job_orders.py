"""GET/POST job-orders; GET/PATCH job-orders/{id}; its steps; its history; its supply answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listed, Resource, Retrieved
from api.job_order_out import JobOrderRow, OrderForReader
from api.job_order_shapes import HistoryRow, JobOrderChange, JobOrderIn, JobOrderOut
from api.job_order_steps import JobOrderSteps
from api.steps import changes, creates
from events import clock
from events.errors import Invalid, NotVisible
from events.models import Event
from joborders.models import JobOrder
from joborders.services import history
from joborders.services.changes import change
from joborders.services.possible import finish_rows
from joborders.services.submitting import submit
from joborders.workflow import Phase

DUE = ("overdue", "today", "week")


class WorkFilter(django_filters.FilterSet):
    """What every list of orders can be narrowed by."""

    phase = django_filters.ChoiceFilter(choices=[(str(phase), str(phase)) for phase in Phase], method="in_phase")
    municipality = django_filters.CharFilter(field_name="lead", max_length=4)
    assignee = django_filters.UUIDFilter(field_name="assignee__public_id")
    assigned = django_filters.BooleanFilter(field_name="assignee", lookup_expr="isnull", exclude=True)
    industry = django_filters.CharFilter(field_name="company__industry_code", lookup_expr="startswith")
    due = django_filters.ChoiceFilter(choices=[(one, one) for one in DUE], method="with_due")
    shared = django_filters.BooleanFilter(field_name="shared_at", lookup_expr="isnull", exclude=True)

    def in_phase(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Open orders of one phase."""
        return queryset.in_phase(value)  # type: ignore[attr-defined]

    def with_due(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A promise has passed its time, or passes it by the end of today, or within seven days."""
        now = clock.now()
        if value == "overdue":
            return queryset.overdue(now)  # type: ignore[attr-defined]
        until = clock.day_end(clock.today()) if value == "today" else now + timedelta(days=7)
        return queryset.filter(next_due_at__lt=until)


class JobOrderFilter(WorkFilter):
    """All orders, ended ones too."""

    state = django_filters.ChoiceFilter(choices=JobOrder.State.choices)
    company = django_filters.UUIDFilter(field_name="company__public_id")
    occupation = django_filters.CharFilter(field_name="occupation", max_length=4)
    paused = django_filters.BooleanFilter(field_name="paused_at", lookup_expr="isnull", exclude=True)
    received_from = django_filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="gte")
    received_to = django_filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="lt")


class JobOrders(JobOrderSteps, Listed, Retrieved, Resource):
    """Job orders that the caller may know of."""

    model = JobOrder
    serializer_class = OrderForReader
    row_class = JobOrderRow
    export_name = "job-orders"
    filterset_class = JobOrderFilter
    search_fields = ("number", "title", "company__name", "company__cvr")
    ordering_fields = {"received_at": "received_at", "due": "next_due_at", "number": "number", "title": "title"}

    def visible(self) -> QuerySet[Any]:
        """The scope, with what one order shows."""
        related = ("company", "lead", "assignee", "agreement", "unit")
        return JobOrder.objects.visible_to(self.actor).select_related(*related)

    def finish(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Phase, overdue and steps of each row."""
        return finish_rows(rows, self.actor)

    @creates(JobOrderIn, gives=JobOrderOut)
    def create(self, body: dict[str, Any]) -> Response:
        """Hand in an order: a company for itself, a member for a company."""
        company = body.pop("company", None) or self.actor.company
        if company is None:
            raise Invalid.field("company", "required", _("This field is required."))
        given = {name: body.pop(name, None) for name in ("channel", "received_at")}
        try:
            order = submit(self.actor, body, company=company, **given)
        except NotVisible:
            raise Invalid.field("company", "unknown_company", _("This company is not known.")) from None
        return self.answer(order, 201, OrderForReader)  # as written: who hands it in may see it

    @changes(JobOrderChange, gives=JobOrderOut)
    def partial_update(self, id: UUID, version: int, body: dict[str, Any]) -> Response:
        """Change what is wanted; a new revision. A company proposes instead (…/propose-change)."""
        note = body.pop("note", "")
        return self.answer(change(id, self.actor, version, body, note=note), 200)

    @extend_schema(responses=JobOrderOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One order, with the steps that the caller may take now."""
        return super().retrieve(request, *args, **kwargs)


class History(Resource):
    """What happened to an order and to those of its nominations that the caller may know of, oldest first."""

    model = Event
    serializer_class = HistoryRow

    def visible(self) -> QuerySet[Any]:
        """By audience; an order outside the caller's scope has no history at all."""
        order = JobOrder.objects.visible_to(self.actor).filter(public_id=self.kwargs["id"]).first()
        if order is None:
            raise NotVisible
        return history.of_order(order, self.actor)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the history: as many queries whatever its size."""
        events = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(history.told(events, self.actor))


ROUTES = [("job-orders", JobOrders, "job-orders")]
PATHS = [path("job-orders/<uuid:id>/history", History.as_view({"get": "list"}), name="job-orders-history")]
