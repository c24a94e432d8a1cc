"""GET queue: the caller's work list, overdue first, then the most neglected; one call, no follow-up per row."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from api.base import Resource
from api.export import sources_of
from api.filters import BadQuery
from api.job_order_out import JobOrderRow
from api.job_orders import WorkFilter
from api.pagination import Pages
from api.remembered import remembered
from joborders.models import JobOrder, SupplyAnswer
from joborders.services import intakes
from joborders.services.possible import finish_rows

VIEWS = ("own", "asked", "all")
MAX_INTAKES = 50


class QueueRow(JobOrderRow):
    """An order that waits; `our_answer` is what the own municipality said it can supply (null: nothing yet)."""

    our_answer = serializers.IntegerField(source="*", allow_null=True)
    list_changed_at = serializers.DateTimeField(
        allow_null=True, help_text="last news about who would be listed (see notices); for the lead only"
    )


class WaitingIntake(serializers.Serializer[Any]):
    """A call or mail that is no order yet, with its clock."""

    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField()
    state = serializers.CharField()
    channel = serializers.CharField()
    received_at = serializers.DateTimeField()
    response_due_at = serializers.DateTimeField(allow_null=True)
    municipality = serializers.CharField(source="municipality_id", allow_null=True)
    contact_name = serializers.CharField()
    cvr = serializers.CharField()


class QueuePages(Pages):
    """The page, and on the own view the calls and mails that are no orders yet."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope's schema."""
        found = super().get_paginated_response_schema(schema)
        row = {"type": "object", "additionalProperties": True}
        found["properties"]["intakes"] = {"type": "array", "items": row, "description": "on view=own, page 1"}
        return found


class Queue(Resource):
    """Open orders that are not paused."""

    model = JobOrder
    serializer_class = QueueRow
    row_class = QueueRow
    export_name = "queue"
    filterset_class = WorkFilter
    pagination_class = QueuePages
    search_fields = ("number", "title", "company__name", "company__cvr")
    ordering_fields = {"due": "next_due_at", "received_at": "received_at"}
    query_parameters = ("view",)

    @property
    def view_name(self) -> str:
        """`?view=`: own (the default of a consultant), asked (of us), all. Raises BadQuery."""
        default = "own" if self.actor.municipality else "all"
        chosen = self.request.query_params.get("view", default)
        if chosen not in VIEWS:
            raise BadQuery("view", "unknown_view", _("Views here: %(names)s.") % {"names": ", ".join(VIEWS)})
        return chosen

    def visible(self) -> QuerySet[Any]:
        """The scope, open and not paused, the most neglected promise first."""
        chosen, home = self.view_name, self.actor.municipality
        found = JobOrder.objects.visible_to(self.actor).in_queue()
        if chosen == "own":
            found = found.led_by(home) if home else found.filter(assignee__public_id=self.actor.public_id)
        elif chosen == "asked":
            found = found.asked_of(home) if home else found.none()
        return found.overdue_first()

    def finish(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Phase, overdue and steps of each row, and our own answer to those we are asked about."""
        answers = self._our_answers(rows)
        for row in rows:
            row["our_answer"] = answers.get(row["id"])
            if row["lead"] != self.actor.municipality:
                row["list_changed_at"] = None
        return finish_rows(rows, self.actor)

    def _our_answers(self, rows: list[dict[str, Any]]) -> dict[Any, int]:
        """One query for a page; for an export one in all, however many chunks there are."""
        home = self.actor.municipality
        if home is None or self.view_name == "own":
            return {}
        if not hasattr(self, "_answers"):
            found = SupplyAnswer.objects.filter(municipality=home, order__state=JobOrder.State.OPEN)
            if self.request.accepted_renderer.format == "json":
                found = found.filter(order__public_id__in=[row["id"] for row in rows])
            self._answers = dict(found.order_by().values_list("order__public_id", "count"))
        return self._answers

    @extend_schema(
        responses=QueueRow(many=True), parameters=[OpenApiParameter("view", str, enum=VIEWS, description="whose work")]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The work list. At most six queries whatever the size of the page."""
        answer = self.answer_list(self._found())
        if self.view_name == "own" and isinstance(getattr(answer, "data", None), dict):
            answer.data["intakes"] = self._intakes() if answer.data["page"] == 1 else []  # type: ignore[attr-defined]
        return answer

    def _found(self) -> Any:
        """What was asked for; without filters the statement is remembered, since this list is read all day."""
        if set(self.request.query_params) - {"view", "page", "page_size"}:
            return self.filter_queryset(self.get_queryset())
        actor = self.actor
        key = ("queue", self.view_name, actor.kind, actor.role, actor.municipality, actor.company, actor.public_id)
        return remembered(key, self.get_queryset, self.row_sources())

    def _intakes(self) -> list[dict[str, Any]]:
        actor, names = self.actor, _sources_of_intake()
        key = ("intakes", actor.kind, actor.role, actor.municipality)

        def waiting() -> QuerySet[Any]:
            found = intakes.visible(actor).filter(state__in=intakes.WAITING).select_related(None)
            return found.order_by("response_due_at", "id")

        found = remembered(key, waiting, tuple(names.values()))
        return [dict(zip(names, row, strict=True)) for row in found.values_list(*names.values())[:MAX_INTAKES]]


@cache
def _sources_of_intake() -> dict[str, str]:
    return sources_of(WaitingIntake)


ROUTES = [("queue", Queue, "queue")]
