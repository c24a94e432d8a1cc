"""GET job-orders/{id}/hand-over-file, hand-over-files: orders in the field limits of the state's job-order contract."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listed, Resource
from api.job_orders import JobOrderFilter
from joborders.hand_over_file import LIMITS, hand_over_file, hand_over_files
from joborders.models import JobOrder

RELATED = ("company", "unit")


class ContractFields(serializers.Serializer[Any]):
    """The fields, named as in the contract."""

    jobordreId = serializers.UUIDField()  # noqa: N815 - the contract's spelling
    titel = serializers.CharField(help_text=f"1–{LIMITS['titel'].longest}")
    beskrivelse = serializers.CharField(help_text=f"1–{LIMITS['beskrivelse'].longest}; ends with what has no field")
    internKommentar = serializers.CharField(help_text=f"at most {LIMITS['internKommentar'].longest}")  # noqa: N815
    jobordreType = serializers.CharField(help_text="ordinær, forespørgsel")  # noqa: N815
    status = serializers.CharField(allow_null=True)
    startdato = serializers.DateField(allow_null=True)
    cvrNummer = serializers.CharField()  # noqa: N815
    pNummer = serializers.CharField(allow_null=True)  # noqa: N815


class FieldTooLong(serializers.Serializer[Any]):
    """A field that does not fit."""

    pointer = serializers.CharField()
    code = serializers.CharField(help_text="too_short, too_long, no_status")
    detail = serializers.CharField()


class HandOverFileOut(serializers.Serializer[Any]):
    """Nothing is sent anywhere: the file is carried over by hand, and `synchronised` is always false."""

    synchronised = serializers.BooleanField()
    notice = serializers.CharField()
    contract = serializers.CharField()
    number = serializers.CharField()
    made_at = serializers.DateTimeField()
    fields = ContractFields()  # type: ignore[assignment]
    problems = FieldTooLong(many=True)


class HandOverRow(serializers.Serializer[Any]):
    """One order of the list; `problems` in words."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField()
    synchronised = serializers.BooleanField(source="*")
    titel = serializers.CharField(source="*")
    beskrivelse = serializers.CharField(source="*")
    internKommentar = serializers.CharField(source="*")  # noqa: N815
    jobordreType = serializers.CharField(source="*")  # noqa: N815
    status = serializers.CharField(source="*", allow_null=True)
    startdato = serializers.DateField(source="*", allow_null=True)
    cvrNummer = serializers.CharField(source="*")  # noqa: N815
    pNummer = serializers.CharField(source="*", allow_null=True)  # noqa: N815
    problems = serializers.ListField(source="*", child=serializers.CharField())


class HandOverFile(Resource):
    """One order as a file."""

    model = JobOrder
    serializer_class = HandOverFileOut

    def visible(self) -> QuerySet[Any]:
        """The scope, with what the file holds."""
        return super().visible().select_related(*RELATED)

    @extend_schema(responses=HandOverFileOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The file, as a download; the internal note for the nine only."""
        order = self.get_object()
        found = hand_over_file(order, with_note=self.actor.is_member)
        name = f'attachment; filename="{order.number}-jobordre.json"'
        return Response(found, headers={"Content-Disposition": name})


class HandOverFiles(Listed, Resource):
    """The same of many orders: a list, CSV or XLSX."""

    model = JobOrder
    serializer_class = HandOverRow
    row_class = HandOverRow
    export_name = "hand-over-files"
    filterset_class = JobOrderFilter
    ordering_fields = {"received_at": "received_at", "number": "number"}

    def finish(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The fields of each row's file, with as many queries whatever the number of rows."""
        orders = JobOrder.objects.visible_to(self.actor).select_related(*RELATED).order_by("pk")
        found = list(orders.filter(public_id__in=[row["id"] for row in rows]))
        files = hand_over_files(found, with_note=self.actor.is_member)
        by_id = {order.public_id: made for order, made in zip(found, files, strict=True)}
        for row in rows:
            made = by_id[row["id"]]
            row |= {**made["fields"], "synchronised": False}
            row["problems"] = [problem["detail"] for problem in made["problems"]]
            del row["jobordreId"]
        return rows


ROUTES = [("hand-over-files", HandOverFiles, "hand-over-files")]
PATHS = [
    path(
        "job-orders/<uuid:id>/hand-over-file",
        HandOverFile.as_view({"get": "retrieve"}),
        name="job-orders-hand-over-file",
    )
]
