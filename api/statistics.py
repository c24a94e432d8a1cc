"""GET statistics/status: the steering group's figures, as of any date and as known at any date (design §9).

For members of the nine (consultants, caseworkers) and coordinators. Companies and auditors get 403.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import export
from api.base import Resource
from api.filters import BadQuery
from campaigns import statistics
from events import clock
from events.errors import NotAllowed
from municipalities.actor import Role
from municipalities.models import Municipality

READERS = {Role.CONSULTANT, Role.CASEWORKER, Role.COORDINATOR}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class PositionsOut(serializers.Serializer[Any]):
    """Positions of the orders counted."""

    wanted = serializers.IntegerField()
    hired = serializers.IntegerField()
    filled_otherwise = serializers.IntegerField()


class ShareOut(serializers.Serializer[Any]):
    """A share and what it was made of."""

    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)


class StatusOut(serializers.Serializer[Any]):
    """Orders received by the end of `as_of`, and where each stood then."""

    as_of = serializers.DateField()
    known_at = serializers.DateTimeField()
    municipality = serializers.CharField(allow_null=True)
    received = serializers.IntegerField()
    open = serializers.IntegerField()
    filled = serializers.IntegerField()
    closed = serializers.IntegerField()
    positions = PositionsOut()
    filled_of_ended = ShareOut()
    filled_of_received = ShareOut()
    agreements = serializers.IntegerField()
    registered_later = serializers.IntegerField()
    provisional = serializers.BooleanField()


class Statistics(Resource):
    """Figures."""

    model = Municipality
    serializer_class = StatusOut
    pagination_class = None
    filter_backends = ()
    list_actions = ("status",)
    export_name = "status"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse those that the figures are not for."""
        self.query_parameters = ("as_of", "known_at", "municipality")
        super().initial(request, *args, **kwargs)
        if self.actor.role not in READERS:
            raise NotAllowed

    @extend_schema(
        parameters=[
            OpenApiParameter("as_of", OpenApiTypes.DATE, description="the day whose end the figures describe"),
            OpenApiParameter("known_at", OpenApiTypes.DATETIME, description="up to when registrations count"),
            OpenApiParameter("municipality", OpenApiTypes.STR, description="code of the municipality that led"),
        ],
        responses={200: StatusOut},
    )
    @action(detail=False, methods=["get"], url_path="status", url_name="status")
    def status(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Received, filled, closed, open; positions and agreements."""
        query = request.query_params
        figures = statistics.status(
            as_of=day_of(query.get("as_of")),
            known_at=moment_of(query.get("known_at")),
            municipality=municipality_of(query.get("municipality")),
        )
        kind = request.accepted_renderer.format
        if kind in export.FORMATS:
            row = flat(figures)
            return export.stream(kind, self.export_name, list(row), [row])
        return Response(figures)


def day_of(text: str | None) -> dt.date | None:
    """A date up to today. Raises BadQuery."""
    if text is None:
        return None
    try:
        day = dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year < 1900:
        raise BadQuery("as_of", "invalid", _("A date such as 2016-03-31."))
    if day > clock.today():
        raise BadQuery("as_of", "in_the_future", _("This lies in the future."))
    return day


def moment_of(text: str | None) -> dt.datetime | None:
    """A moment with its offset; one that lies ahead is now. Raises BadQuery."""
    if text is None:
        return None
    try:
        # A plus sign that was not escaped arrives as a space.
        moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        if moment is not None and moment.utcoffset() is not None and moment.year >= 1900:
            return min(moment.astimezone(dt.UTC), clock.now())
    except (ValueError, OverflowError):
        pass
    raise BadQuery("known_at", "invalid", _("A time with its offset, such as 2016-04-01T00:00:00+02:00."))


def municipality_of(code: str | None) -> str | None:
    """The code of one of the nine. Raises BadQuery."""
    if code is not None and (len(code) != 4 or not Municipality.objects.filter(code=code).exists()):
        raise BadQuery("municipality", "unknown_code", _("This municipality is not one of the nine."))
    return code


def flat(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures as one row: parts of a figure become columns of their own."""
    row: dict[str, Any] = {}
    for name, value in figures.items():
        if isinstance(value, dict):
            row |= {f"{name}_{part}": number for part, number in value.items()}
        else:
            row[name] = value
    return row


ROUTES = [("statistics", Statistics, "statistics")]
