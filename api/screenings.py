"""Screenings: run, read with verdicts and overrides; why somebody is not listed, and what if."""

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
from screening import executors, overrides, services, whatif, why
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
    executor = serializers.CharField(help_text="sql or index: both give the same")
    token = serializers.CharField(help_text="state of the profiles that an index had read; empty for sql")
    asked_by = serializers.CharField(source="by_user.name", default=None, allow_null=True)
    decided_on = serializers.DateField()
    created_at = serializers.DateTimeField()
    pool = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    funnel = serializers.DictField(child=serializers.IntegerField())


class ScreeningIn(StrictSerializer):
    """Whom to screen: the own candidates, or all nine municipalities' once the order is shared."""

    scope = serializers.ChoiceField(choices=Run.Scope.values)


class MustOut(serializers.Serializer[Any]):
    """One demand: met, missing or unknown, and why; `detail` and `curable` for own candidates only.

    `ask_for` names the fields or sections of the profile that would answer an unknown demand.
    """

    name = serializers.CharField()
    demand = serializers.CharField()
    outcome = serializers.ChoiceField(choices=("met", "missing", "unknown"))
    evidence = serializers.ListField(child=serializers.CharField())
    ask_for = serializers.ListField(child=serializers.CharField())
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


class LostOut(serializers.Serializer[Any]):
    """A part of the fit that is not full, and what it cost in points of the fit."""

    name = serializers.CharField()
    points = serializers.IntegerField(help_text="0–1000")
    lost = serializers.IntegerField()
    state = serializers.CharField()


class AgainstOut(serializers.Serializer[Any]):
    """What speaks against somebody, the costliest part first."""

    musts = MustOut(many=True)
    parts = LostOut(many=True)


class ExplanationOut(VerdictOut):
    """A verdict of now. `rank` is the place among all of its lane in `scope`, beyond 50 too."""

    scope = serializers.ChoiceField(choices=Run.Scope.values)
    in_pool = serializers.BooleanField(help_text="false: not active, hired, or nominated on this order")
    against = AgainstOut()


class MoreOut(serializers.Serializer[Any]):
    """One municipality; null is a hidden count of 1 to 4, or what would give one away."""

    municipality = serializers.CharField()
    more = serializers.IntegerField(allow_null=True)
    qualified = serializers.IntegerField(allow_null=True)


class LoosenedOut(serializers.Serializer[Any]):
    """One must-have loosened: how many more are qualified or to check, and how many more are qualified."""

    must = serializers.CharField()
    demand = serializers.CharField()
    more = serializers.IntegerField(allow_null=True)
    qualified = serializers.IntegerField(allow_null=True)
    by_municipality = MoreOut(many=True)


class WhatIfOut(serializers.Serializer[Any]):
    """Every must-have of the order loosened, one at a time."""

    order = serializers.UUIDField()
    order_revision = serializers.IntegerField()
    scope = serializers.ChoiceField(choices=Run.Scope.values)
    results = LoosenedOut(many=True)


class OverrideOut(serializers.Serializer[Any]):
    """A nomination past others on the list; `outcome` and `rank` are null for somebody who was not listed."""

    nomination = serializers.UUIDField()
    pseudonym = serializers.CharField()
    home_municipality = serializers.CharField()
    outcome = serializers.CharField(allow_null=True, help_text="the lane: qualified, check or nearly")
    rank = serializers.IntegerField(allow_null=True)
    passed_over = serializers.IntegerField()
    reason = serializers.CharField()
    decided_at = serializers.DateTimeField()
    decided_by = serializers.CharField(allow_null=True)


class OverridesOut(serializers.Serializer[Any]):
    """What was decided against the order of a list."""

    results = OverrideOut(many=True)


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
        return super().visible().filter(order__public_id=self.kwargs["order"]).select_related("order", "by_user")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Before a screening look after the index: outside the transaction, so that all requests share what is read."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            executors.ready()

    @creates(ScreeningIn, gives=RunOut)
    def create(self, body: dict[str, Any]) -> Any:
        """Screen, and keep the answer."""
        return services.run(self.kwargs["order"], actor=self.actor, scope=body["scope"])

    def location(self, obj: Any) -> str | None:
        """Where the run can be read."""
        return self.request.build_absolute_uri(f"/api/v1/screenings/{obj.public_id}")


class Explain(Resource):
    """Why somebody is, or is not, on the list."""

    model = Run
    serializer_class = ExplanationOut
    pagination_class = None
    filter_backends = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read one of two parameters."""
        self.query_parameters = ("candidate", "pseudonym")
        super().initial(request, *args, **kwargs)

    @extend_schema(
        operation_id="job_orders_screenings_explain",
        parameters=[
            OpenApiParameter("candidate", OpenApiTypes.UUID, description="an own candidate, or a card of this order"),
            OpenApiParameter("pseudonym", OpenApiTypes.STR, description="instead of it: the name on the card"),
        ],
        responses={200: ExplanationOut},
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The whole verdict on one candidate, whatever the rank."""
        order, pseudonym = self.kwargs["order"], request.query_params.get("pseudonym")
        if pseudonym is not None and "candidate" not in request.query_params:
            return Response(why.explanation(order, actor=self.actor, pseudonym=pseudonym))
        try:
            candidate = UUID(request.query_params.get("candidate", "") if pseudonym is None else "")
        except ValueError:
            raise BadQuery("candidate", "invalid", _("Name the candidate by id, or by pseudonym.")) from None
        return Response(why.explanation(order, candidate, actor=self.actor))


class WhatIf(Resource):
    """What if the company gave way on one must-have?"""

    model = Run
    serializer_class = WhatIfOut
    pagination_class = None
    filter_backends = ()
    query_parameters = ()

    @extend_schema(operation_id="job_orders_screenings_what_if", responses={200: WhatIfOut})
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every must-have loosened, one at a time: how many more, by municipality."""
        return Response(whatif.what_if(self.kwargs["order"], actor=self.actor))


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
        return super().visible().select_related("order", "by_user")

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

    @extend_schema(responses={200: OverridesOut})
    @action(detail=True, methods=["get"], url_path="overrides", url_name="overrides")
    def overrides(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who was nominated past others on this list, by whom, and why."""
        return Response({"results": overrides.of_run(self.get_object())})


ROUTES = [
    ("job-orders/<uuid:order>/screenings/what-if", WhatIf, "job-order-screenings-what-if"),
    ("job-orders/<uuid:order>/screenings/explain", Explain, "job-order-screenings-explain"),
    ("job-orders/<uuid:order>/screenings", OrderScreenings, "job-order-screenings"),
    ("screenings", Screenings, "screenings"),
]
