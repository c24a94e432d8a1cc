"""GET campaigns/{id}/funnel: how far a campaign's targets have come, as of any day and as known at any time."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import export
from api.base import Resource
from api.statistics import day_of, moment_of
from campaigns.funnel import STAGES, funnel
from campaigns.models import Campaign
from events.errors import NotVisible


class StagesOut(serializers.Serializer[Any]):
    """Companies by how far they have come, and the numbers of orders and hires."""

    targeted = serializers.IntegerField()
    contacted = serializers.IntegerField()
    met = serializers.IntegerField()
    agreement = serializers.IntegerField()
    order = serializers.IntegerField()
    hire = serializers.IntegerField()
    orders = serializers.IntegerField()
    hires = serializers.IntegerField()


class StagesOfPlace(StagesOut):
    """The same for one municipality."""

    municipality = serializers.CharField()


class StagesOfIndustry(StagesOut):
    """The same for one division, or `unknown`."""

    industry = serializers.CharField()


class FunnelOut(StagesOut):
    """The funnel of a day; orders and agreements count after the first contact, until `counts_until`."""

    campaign = serializers.UUIDField()
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField()
    counts_until = serializers.DateField()
    by_municipality = StagesOfPlace(many=True)
    by_industry = StagesOfIndustry(many=True)


#: Columns of the export.
FLAT = ("by", "code", *STAGES, "orders", "hires")


class Funnel(Resource):
    """The funnel of one campaign."""

    model = Campaign
    serializer_class = FunnelOut
    pagination_class = None
    filter_backends = ()
    export_name = "funnel"
    query_parameters = ("as_of", "known_at")

    @extend_schema(
        parameters=[
            OpenApiParameter("as_of", OpenApiTypes.DATE, description="the day whose end the figures describe"),
            OpenApiParameter("known_at", OpenApiTypes.DATETIME, description="up to when registrations count"),
        ],
        responses={200: FunnelOut},
        description=funnel.__doc__,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """How far the targets have come."""
        campaign = self.visible().filter(public_id=self.kwargs["campaign"]).first()
        if campaign is None:
            raise NotVisible
        query = request.query_params
        found = funnel(campaign, day_of(query.get("as_of")), moment_of(query.get("known_at")))
        kind = request.accepted_renderer.format
        if kind in export.FORMATS:
            return export.stream(kind, self.export_name, FLAT, flat(found))
        return Response(found)


def flat(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The funnel as rows: all, then by municipality, then by industry."""
    counts = FLAT[2:]
    rows = [{"by": "all", "code": "", **{name: found[name] for name in counts}}]
    for by in ("municipality", "industry"):
        rows += [{"by": by, "code": row[by], **{name: row[name] for name in counts}} for row in found[f"by_{by}"]]
    return rows


ROUTES = [("campaigns/<uuid:campaign>/funnel", Funnel, "campaign-funnel")]
