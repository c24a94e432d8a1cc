"""POST job-orders/{id}/screenings, GET screenings/{id} and its verdicts, and "why is X not on the list?"."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listed, Resource, Retrieved
from api.filters import BadQuery
from api.serializers import StrictSerializer
from api.steps import creates
from events.errors import NotVisible
from joborders.models import JobOrder
from screening import executors, services
from screening.models import Run

OUTCOMES = ("qualified", "check", "nearly")


class RunOut(serializers.Serializer[Any]):
    """A screening: what was counted."""

    id = serializers.UUIDField(source="public_id")
    order = serializers.UUIDField(source="order.public_id")
    order_revision = serializers.IntegerField()
    scope = serializers.CharField()
    municipality = serializers.CharField(source="municipality_code")
    table_version = serializers.CharField()
    decided_on = serializers.DateField()
    created_at = serializers.DateTimeField()
    pool = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    funnel = serializers.DictField(child=serializers.IntegerField())


class ScreeningIn(StrictSerializer):
    """Whom to screen: the own candidates, or all nine municipalities' once the order is shared."""

    scope = serializers.ChoiceField(choices=Run.Scope.values)


class MustOut(serializers.Serializer[Any]):
    """One demand: met, missing or unknown, and why; `detail` and `curable` for own candidates only."""

    name = serializers.CharField()
    demand = serializers.CharField()
    outcome = serializers.ChoiceField(choices=("met", "missing", "unknown"))
    evidence = serializers.ListField(child=serializers.CharField())
    detail = serializers.DictField(required=False)
    curable = serializers.BooleanField(required=False)


class VerdictOut(serializers.Serializer[Any]):
    """An own candidate in full by id, another municipality's as a card under a pseudonym."""

    card = serializers.UUIDField(allow_null=True)
    pseudonym = serializers.CharField(allow_null=True)
    candidate = serializers.UUIDField(allow_null=True)
    home_municipality = serializers.CharField()
    outcome = serializers.ChoiceField(choices=(*OUTCOMES, "not"))
    rank = serializers.IntegerField(allow_null=True)
    fit = serializers.IntegerField()
    parts = serializers.DictField()
    musts = MustOut(many=True)
    version = serializers.CharField()
    distance_band = serializers.CharField(required=False, allow_null=True)
    metres = serializers.IntegerField(required=False, allow_null=True)
    limit_km = serializers.IntegerField(required=False, allow_null=True)
    raw = serializers.IntegerField(required=False)
    skills = serializers.ListField(child=serializers.DictField(), required=False)
    occupation = serializers.DictField(required=False, allow_null=True)


class VerdictsOut(serializers.Serializer[Any]):
    """The listed people of a run."""

    results = VerdictOut(many=True)


class OrderScreenings(Listed, Resource):
    """The screenings of one order that the own municipality asked for."""

    model = Run
    serializer_class = RunOut
    query_parameters = ()

    def visible(self) -> QuerySet[Any]:
        """Newest first. Raises NotVisible when the order is."""
        order = JobOrder.objects.visible_to(self.actor).filter(public_id=self.kwargs["order"])
        if not order.exists():
            raise NotVisible
        return super().visible().filter(order__public_id=self.kwargs["order"]).select_related("order")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Before a screening look after the index: outside the transaction, so that all requests share what is read."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            executors.ready()

    @creates(ScreeningIn)
    def create(self, body: dict[str, Any]) -> Any:
        """Screen, and keep the answer."""
        return services.run(self.kwargs["order"], actor=self.actor, scope=body["scope"])

    def location(self, obj: Any) -> str | None:
        """Where the run can be read."""
        return self.request.build_absolute_uri(f"/api/v1/screenings/{obj.public_id}")


class Explain(Resource):
    """Why somebody is, or is not, on the list."""

    model = Run
    serializer_class = VerdictOut
    pagination_class = None
    filter_backends = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read one parameter."""
        self.query_parameters = ("candidate",)
        super().initial(request, *args, **kwargs)

    @extend_schema(
        operation_id="job_orders_screenings_explain",
        parameters=[
            OpenApiParameter(
                "candidate", OpenApiTypes.UUID, required=True, description="an own candidate, or a card of this order"
            )
        ],
        responses={200: VerdictOut},
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The whole verdict on one candidate, whatever the rank."""
        try:
            candidate = UUID(request.query_params.get("candidate", ""))
        except ValueError:
            raise BadQuery("candidate", "invalid", _("Name the candidate by id.")) from None
        return Response(services.explanation(self.kwargs["order"], candidate, actor=self.actor))


class Screenings(Retrieved, Resource):
    """One screening and its verdicts."""

    model = Run
    serializer_class = RunOut

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The verdicts can be asked for by outcome."""
        if self.action == "verdicts":
            self.query_parameters = ("outcome",)
        super().initial(request, *args, **kwargs)

    def visible(self) -> QuerySet[Any]:
        """The scope, with the order."""
        return super().visible().select_related("order")

    @extend_schema(
        parameters=[OpenApiParameter("outcome", OpenApiTypes.STR, enum=OUTCOMES)], responses={200: VerdictsOut}
    )
    @action(detail=True, methods=["get"], url_path="verdicts", url_name="verdicts")
    def verdicts(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The first 50 of each outcome, best first."""
        outcome = request.query_params.get("outcome")
        if outcome is not None and outcome not in OUTCOMES:
            raise BadQuery("outcome", "unknown_code", _("One of: %(names)s.") % {"names": ", ".join(OUTCOMES)})
        return Response({"results": services.verdicts(kwargs["id"], actor=self.actor, outcome=outcome)})


ROUTES = [
    ("job-orders/<uuid:order>/screenings/explain", Explain, "job-order-screenings-explain"),
    ("job-orders/<uuid:order>/screenings", OrderScreenings, "job-order-screenings"),
    ("screenings", Screenings, "screenings"),
]
