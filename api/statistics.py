"""GET statistics/status, /flow, /times, /exchange, /reasons, /promises, /goals, /savings: the steering group's figures.

As of any date, and as known at any date. For members of the nine (consultants, caseworkers) and coordinators; companies
and auditors get 403.
"""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
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
from api import statistics_shapes as shapes
from api.base import Resource
from api.filters import BadQuery
from api.statistics_shapes import PositionsOut, ShareOut
from campaigns import figures, goals, savings
from campaigns.periods import PERS
from events import clock
from events.errors import NotAllowed
from municipalities.actor import Role
from municipalities.models import Municipality

READERS = {Role.CONSULTANT, Role.CASEWORKER, Role.COORDINATOR}
DIVISION = re.compile(r"\d{2}|unknown", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class StatusOut(serializers.Serializer[Any]):
    """Orders received by the end of `as_of`, and where each stood then."""

    as_of = serializers.DateField()
    known_at = serializers.DateTimeField()
    municipality = serializers.CharField(allow_null=True)
    industry = serializers.CharField(allow_null=True)
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


def described(name: str, gives: type[serializers.Serializer[Any]]) -> Any:
    """The figure's parameters, answer and definition for the API's description."""
    parameters = [PARAMETERS[parameter] for parameter in figures.PARAMETERS[name]]
    text = "\n\n".join(figures.definition(name))
    return extend_schema(parameters=parameters, responses={200: gives}, description=text)


#: Which query parameters each of them understands.
KNOWN: Mapping[str, tuple[str, ...]] = {
    **figures.PARAMETERS,
    "goals": ("as_of", "known_at"),
    "savings": ("as_of", "known_at"),
}
PARAMETERS = {
    "as_of": OpenApiParameter("as_of", OpenApiTypes.DATE, description="the day whose end the figures describe"),
    "known_at": OpenApiParameter("known_at", OpenApiTypes.DATETIME, description="up to when registrations count"),
    "municipality": OpenApiParameter("municipality", OpenApiTypes.STR, description="code of the municipality that led"),
    "industry": OpenApiParameter("industry", OpenApiTypes.STR, description="division of the orders, or `unknown`"),
    "from": OpenApiParameter("from", OpenApiTypes.DATE, description="first day of the period; without: twelve months"),
    "to": OpenApiParameter("to", OpenApiTypes.DATE, description="its last day; without, or when later: `as_of`"),
    "per": OpenApiParameter("per", OpenApiTypes.STR, enum=PERS, description="length of a row; without: month"),
}


class Statistics(Resource):
    """Figures."""

    model = Municipality
    serializer_class = StatusOut
    pagination_class = None
    filter_backends = ()
    list_actions = (*figures.FUNCTIONS, "goals", "savings")
    export_name = "figures"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse those that the figures are not for."""
        self.query_parameters = KNOWN.get(self.action or "", ())
        super().initial(request, *args, **kwargs)
        if self.actor.role not in READERS:
            raise NotAllowed

    @described("status", StatusOut)
    @action(detail=False, methods=["get"], url_path="status", url_name="status")
    def status(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Received, filled, closed, open; positions and agreements."""
        return self._answer("status")

    @described("flow", shapes.FlowOut)
    @action(detail=False, methods=["get"], url_path="flow", url_name="flow")
    def flow(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Received, filled, closed and reopened per week or month."""
        return self._answer("flow")

    @described("times", shapes.TimesOut)
    @action(detail=False, methods=["get"], url_path="times", url_name="times")
    def times(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Working hours to the first response, the first candidate, and until filled."""
        return self._answer("times")

    @described("exchange", shapes.ExchangeOut)
    @action(detail=False, methods=["get"], url_path="exchange", url_name="exchange")
    def exchange(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Who was hired from where on whose orders."""
        return self._answer("exchange")

    @described("reasons", shapes.ReasonsOut)
    @action(detail=False, methods=["get"], url_path="reasons", url_name="reasons")
    def reasons(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Why orders ended, and why nominations came to nothing."""
        return self._answer("reasons")

    @described("promises", shapes.PromisesOut)
    @action(detail=False, methods=["get"], url_path="promises", url_name="promises")
    def promises(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Promises kept."""
        return self._answer("promises")

    @extend_schema(
        parameters=[PARAMETERS[name] for name in KNOWN["goals"]],
        responses={200: shapes.GoalsOut},
        description=inspect.getdoc(goals.progress),
    )
    @action(detail=False, methods=["get"], url_path="goals", url_name="goals")
    def goals(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Where each goal stands."""
        return self._listed("goals", goals.standing, goals.COLUMNS, goals.flat)

    @extend_schema(
        parameters=[PARAMETERS[name] for name in KNOWN["savings"]],
        responses={200: shapes.SavingsOut},
        description=inspect.getdoc(savings.estimate),
    )
    @action(detail=False, methods=["get"], url_path="savings", url_name="savings")
    def savings(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """What the test periods cost, and what they may have saved."""
        return self._listed("savings", savings.standing, savings.COLUMNS, savings.flat)

    def _listed(
        self,
        name: str,
        standing: Callable[[dt.date, dt.datetime], list[dict[str, Any]]],
        columns: Sequence[str],
        flat: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> Any:
        """Things that are looked at one by one, as they stood."""
        asked = question_of(self.request.query_params, KNOWN[name])
        as_of, known_at = asked["as_of"] or clock.today(), asked["known_at"] or clock.now()
        rows = standing(as_of, known_at)
        kind = self.request.accepted_renderer.format
        if kind in export.FORMATS:
            return export.stream(kind, name, ["as_of", *columns], [{"as_of": as_of, **flat(row)} for row in rows])
        return Response({"as_of": as_of, "known_at": known_at, name: rows})

    def _answer(self, name: str) -> Any:
        found = figures.figure(name, **question_of(self.request.query_params, figures.PARAMETERS[name]))
        kind = self.request.accepted_renderer.format
        if kind in export.FORMATS:
            rows = figures.table(name, found)
            return export.stream(kind, name, list(rows[0]), rows)
        return Response(found)


def question_of(query: Mapping[str, str], known: Collection[str]) -> dict[str, Any]:
    """The arguments of a figure. Raises BadQuery."""
    asked: dict[str, Any] = {
        "as_of": day_of(query.get("as_of")),
        "known_at": moment_of(query.get("known_at")),
        "municipality": municipality_of(query.get("municipality")),
        "industry": division_of(query.get("industry")),
    }
    if "from" in known:
        last = asked["as_of"] or clock.today()
        since, until = day_of(query.get("from"), "from"), day_of(query.get("to"), "to")
        if since is not None and since > min(until or last, last):
            raise BadQuery("from", "after_the_end", _("The period ends before it begins."))
        asked |= {"since": since, "until": until}
    if "per" in known:
        asked["per"] = query.get("per", PERS[0])
        if asked["per"] not in PERS:
            raise BadQuery("per", "unknown_code", _("One of: %(names)s.") % {"names": ", ".join(PERS)})
    return asked


def day_of(text: str | None, name: str = "as_of") -> dt.date | None:
    """A date up to today. Raises BadQuery."""
    if text is None:
        return None
    try:
        day = dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year < 1900:
        raise BadQuery(name, "invalid", _("A date such as 2016-03-31."))
    if day > clock.today():
        raise BadQuery(name, "in_the_future", _("This lies in the future."))
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


def division_of(text: str | None) -> str | None:
    """A two-digit division, or `unknown`. Raises BadQuery."""
    if text is not None and not DIVISION.fullmatch(text):
        raise BadQuery("industry", "invalid", _("A division of two digits, such as 49."))
    return text


ROUTES = [("statistics", Statistics, "statistics")]
