"""GET municipalities, municipalities/{code}: the nine, with the jobcentre's own label and its promises."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api.base import Listed, Resource, Retrieved
from events.replica import from_replica
from municipalities.models import Municipality


class MunicipalityOut(serializers.ModelSerializer[Municipality]):
    """One municipality."""

    class Meta:
        model = Municipality
        fields = (
            "code",
            "name",
            "jobcentre",
            "email",
            "phone",
            "first_response_days",
            "first_candidate_days",
        )


class Municipalities(Listed, Retrieved, Resource):
    """Known to everybody who has logged in."""

    model = Municipality
    serializer_class = MunicipalityOut
    row_class = MunicipalityOut
    export_name = "municipalities"
    lookup_field = "code"
    lookup_url_kwarg = "code"
    lookup_value_converter = "str"
    search_fields = ("name", "jobcentre", "code")
    ordering_fields = ("name", "code")
    list = from_replica(Listed.list)

    def visible(self) -> QuerySet[Any]:
        """All nine."""
        return Municipality.objects.order_by("name")


ROUTES = [("municipalities", Municipalities, "municipalities")]
