"""GET statistics/skills-gap, skills-gap/behind, cv-gaps, fairness: figures about candidates (design §9).

Small cells are hidden.

For members of the nine (consultants, caseworkers) and coordinators, as the other figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

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
from api.statistics import READERS, day_of, division_of, municipality_of
from candidates import cv_check
from events.errors import NotAllowed
from municipalities.models import Municipality
from screening import fairness, figures, skills_gap
from screening.models import Figures

COLUMNS = ("kind", "code", "label", "orders", "positions", "municipality", "people")
FAIRNESS_COLUMNS = (
    "quarter", "dimension", "group", "listed", "put_forward", "percent", "of_highest", "under_line", "line",
)  # fmt: skip
HIDDEN = "null where it is 1 to 4, or where a sum would give such a number away"


class MadeOut(serializers.Serializer[Any]):
    """Which day the figures describe, and when they were made: for this answer, or in the night."""

    as_of = serializers.DateField()
    made_at = serializers.DateTimeField()
    is_live = serializers.BooleanField()


class HomeCell(serializers.Serializer[Any]):
    """People of one home municipality, and the positions that would open to any of them."""

    municipality = serializers.CharField()
    positions = serializers.IntegerField()
    people = serializers.IntegerField(allow_null=True, help_text=HIDDEN)


class IndustryCell(serializers.Serializer[Any]):
    """Orders of one industry (division), and the people to whom they would open."""

    industry = serializers.CharField()
    orders = serializers.IntegerField()
    positions = serializers.IntegerField()
    people = serializers.IntegerField(allow_null=True, help_text=HIDDEN)


class GapRow(serializers.Serializer[Any]):
    """One licence, certificate or skill that is the only thing missing."""

    kind = serializers.ChoiceField(tuple(skills_gap.VOCABULARY))
    code = serializers.CharField()
    label = serializers.CharField()
    orders = serializers.IntegerField()
    positions = serializers.IntegerField()
    people = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    municipalities = HomeCell(many=True)
    industries = IndustryCell(many=True)


class SkillsGapOut(MadeOut):
    """The demand list for joint courses, most positions first."""

    municipality = serializers.CharField(allow_null=True)
    industry = serializers.CharField(allow_null=True)
    orders_looked_at = serializers.IntegerField()
    results = GapRow(many=True)


class BehindOrder(serializers.Serializer[Any]):
    """An open order that asks for it."""

    order = serializers.UUIDField()
    number = serializers.CharField()
    title = serializers.CharField()
    lead = serializers.CharField()
    industry = serializers.CharField()
    positions = serializers.IntegerField()


class BehindCandidate(serializers.Serializer[Any]):
    """An own candidate to whom it would open orders; those that the reader may know of by id, and how many in all."""

    candidate = serializers.UUIDField()
    orders = serializers.ListField(child=serializers.UUIDField())
    orders_in_all = serializers.IntegerField()


class BehindOut(serializers.Serializer[Any]):
    """What is behind one number, now: visible orders, and own people without names."""

    kind = serializers.CharField()
    code = serializers.CharField()
    orders = BehindOrder(many=True)
    candidates = BehindCandidate(many=True)


class CvCell(serializers.Serializer[Any]):
    """How many of one home municipality miss a principle."""

    municipality = serializers.CharField()
    missing = serializers.IntegerField(allow_null=True, help_text=HIDDEN)


class CvRow(serializers.Serializer[Any]):
    """One principle."""

    principle = serializers.CharField()
    label = serializers.CharField()
    missing = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    municipalities = CvCell(many=True)


class CvGapsOut(MadeOut):
    """Common gaps in CVs, in the order of the checklist."""

    version = serializers.CharField()
    people = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    results = CvRow(many=True)


class FairnessCount(serializers.Serializer[Any]):
    """People listed by screenings, once per job order, and how many of them were put forward on it."""

    group = serializers.CharField()
    listed = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    put_forward = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    percent = serializers.FloatField(allow_null=True, help_text="null where a number that it needs is hidden")


class FairnessRow(FairnessCount):
    """One group against the group with the highest rate that is shown."""

    of_highest = serializers.IntegerField(allow_null=True, help_text="percent of the highest rate")
    under_line = serializers.BooleanField(help_text="below four fifths of the highest rate")


class FairnessTable(serializers.Serializer[Any]):
    """The groups of one dimension; the line is four fifths of the highest rate shown."""

    dimension = serializers.ChoiceField(tuple(fairness.DIMENSIONS))
    line = serializers.FloatField(allow_null=True)
    rows = FairnessRow(many=True)


class FairnessOut(serializers.Serializer[Any]):
    """Selection rates of a quarter that has ended."""

    quarter = serializers.CharField()
    to = serializers.DateField()
    all = FairnessCount()
    tables = FairnessTable(many=True)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python."""
        return {"from": serializers.DateField(), **super().get_fields()}


class GapFigures(Resource):
    """Figures that count candidates."""

    model = Municipality
    serializer_class = SkillsGapOut
    pagination_class = None
    filter_backends = ()
    list_actions = ("gap", "fairness")
    export_name = "skills-gap"
    parameters = {
        "gap": ("as_of", "municipality", "industry"),
        "behind": ("kind", "code"),
        "cv_gaps": ("as_of",),
        "fairness": ("quarter",),
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse those that the figures are not for."""
        self.query_parameters = self.parameters.get(self.action or "", ())
        super().initial(request, *args, **kwargs)
        if self.actor.role not in READERS:
            raise NotAllowed

    @extend_schema(
        parameters=[
            OpenApiParameter("as_of", OpenApiTypes.DATE, description="a day whose figures were kept"),
            OpenApiParameter("municipality", OpenApiTypes.STR, description="home of the people"),
            OpenApiParameter("industry", OpenApiTypes.STR, description="division of the orders, or `unknown`"),
        ],
        responses={200: SkillsGapOut},
    )
    @action(detail=False, methods=["get"], url_path="skills-gap", url_name="skills-gap")
    def gap(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Which one missing licence, certificate or skill would open how many positions to how many people."""
        query = request.query_params
        municipality, industry = municipality_of(query.get("municipality")), division_of(query.get("industry"))
        made = figures.of(Figures.Kind.SKILLS_GAP, day_of(query.get("as_of")))
        rows = figures.gap_rows(made.data, municipality=municipality, industry=industry)
        labels = skills_gap.labels_of([(row["kind"], row["code"]) for row in rows])
        rows = [{**row, "label": labels.get((row["kind"], row["code"]), "")} for row in rows]
        kind = request.accepted_renderer.format
        if kind in export.FORMATS:
            return export.stream(kind, self.export_name, COLUMNS, flat(rows))
        return Response(
            _made(made)
            | {"municipality": municipality, "industry": industry, "orders_looked_at": made.data["orders"]}
            | {"results": rows}
        )

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", OpenApiTypes.STR, enum=tuple(skills_gap.VOCABULARY), required=True),
            OpenApiParameter("code", OpenApiTypes.STR, required=True, description="as in the row"),
        ],
        responses={200: BehindOut},
    )
    @action(detail=False, methods=["get"], url_path="skills-gap/behind", url_name="skills-gap-behind")
    def behind(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The orders and the own people behind one number, as they are now."""
        kind, code = gap_of(request.query_params.get("kind", ""), request.query_params.get("code", ""))
        return Response({"kind": kind, "code": code, **skills_gap.behind(kind, code, actor=self.actor)})

    @extend_schema(
        parameters=[OpenApiParameter("as_of", OpenApiTypes.DATE, description="a day whose figures were kept")],
        responses={200: CvGapsOut},
    )
    @action(detail=False, methods=["get"], url_path="cv-gaps", url_name="cv-gaps")
    def cv_gaps(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How many candidates miss each principle for a good CV, by home municipality."""
        made = figures.of(Figures.Kind.CV_GAPS, day_of(request.query_params.get("as_of")))
        rows = figures.cv_rows(made.data)
        return Response(
            _made(made)
            | {"version": made.data["version"], "people": figures.people_checked(made.data)}
            | {"results": [{**row, "label": str(cv_check.LABELS[row["principle"]])} for row in rows]}
        )

    @extend_schema(
        parameters=[OpenApiParameter("quarter", OpenApiTypes.STR, description="`2026-Q1`; without: the latest ended")],
        responses={200: FairnessOut},
    )
    @action(detail=False, methods=["get"], url_path="fairness", url_name="fairness")
    def fairness(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Of those whom screenings listed, how many were put forward: by municipality, language and unemployment."""
        found = fairness.fairness(quarter_of(request.query_params.get("quarter")))
        kind = request.accepted_renderer.format
        if kind in export.FORMATS:
            return export.stream(kind, "fairness", FAIRNESS_COLUMNS, fairness.flat(found))
        return Response(found)


def quarter_of(text: str | None) -> fairness.Quarter:
    """A quarter that has ended; the latest without one. Raises BadQuery."""
    latest = fairness.quarters(1)[0]
    if text is None:
        return latest
    try:
        asked = fairness.Quarter.parse(text)
    except ValueError:
        raise BadQuery("quarter", "invalid", _("A quarter is written as 2026-Q1.")) from None
    if not fairness.OLDEST <= asked <= latest:
        raise BadQuery("quarter", "out_of_range", _("Only quarters that have ended can be asked for."))
    return asked


def _made(made: figures.Made) -> dict[str, Any]:
    return {"as_of": made.as_of, "made_at": made.made_at, "is_live": made.is_live}


def flat(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One line per gap and home municipality, before them the line of all."""
    for row in rows:
        same = {name: row[name] for name in ("kind", "code", "label", "orders")}
        yield {**same, "positions": row["positions"], "municipality": "", "people": row["people"]}
        yield from ({**same, **cell} for cell in row["municipalities"])


def gap_of(kind: str, code: str) -> tuple[skills_gap.Kind, str]:
    """A licence, certificate or skill of the vocabulary. Raises BadQuery."""
    for known, (model, key) in skills_gap.VOCABULARY.items():
        if kind == known:
            if _fits(key, code) and model.objects.filter(**{key: code}).exists():
                return known, code
            raise BadQuery("code", "unknown_code", _("This is not known."))
    names = ", ".join(skills_gap.VOCABULARY)
    raise BadQuery("kind", "unknown_code", _("One of: %(names)s.") % {"names": names})


def _fits(key: str, code: str) -> bool:
    if key == "pk":
        return 0 < len(code) <= 30 and "\x00" not in code
    try:
        return str(UUID(code)) == code
    except ValueError:
        return False


ROUTES = [("statistics", GapFigures, "figures")]
