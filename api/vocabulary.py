"""GET vocabulary/…?q=: the shared words, ranked for autocomplete in Danish or English."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listed, Resource, Retrieved
from api.filters import search_text_of
from api.pagination import Pages
from events.replica import from_replica
from vocabulary.models import Certificate, Industry, Language, Licence, Occupation, Skill


class OccupationRow(serializers.Serializer[Any]):
    """An occupation and its ISCO-08 unit group."""

    id = serializers.UUIDField(source="public_id")
    uri = serializers.CharField()
    label_da = serializers.CharField()
    label_en = serializers.CharField()
    isco = serializers.CharField(source="isco.code")
    isco_title_da = serializers.CharField(source="isco.title_da")
    broader = serializers.UUIDField(source="broader.public_id", allow_null=True)
    retired = serializers.BooleanField()


class SkillRow(serializers.Serializer[Any]):
    """A skill."""

    id = serializers.UUIDField(source="public_id")
    uri = serializers.CharField()
    label_da = serializers.CharField()
    label_en = serializers.CharField()
    reuse_level = serializers.CharField()
    retired = serializers.BooleanField()


class IndustryRow(serializers.Serializer[Any]):
    """A code of one of the two classifications."""

    code = serializers.CharField()
    version = serializers.CharField()
    level = serializers.CharField()
    section = serializers.CharField()
    title_da = serializers.CharField()


class CodeRow(serializers.Serializer[Any]):
    """A code of a short list."""

    code = serializers.CharField()
    label_da = serializers.CharField()
    label_en = serializers.CharField()


class CertificateRow(CodeRow):
    """A certificate; `validity_years` is empty when it does not lapse or the period is not known."""

    category = serializers.CharField()
    validity_years = serializers.IntegerField(allow_null=True)


class OccupationFilter(django_filters.FilterSet):
    """By ISCO-08 code or the beginning of one."""

    isco = django_filters.CharFilter(field_name="isco__code", lookup_expr="startswith")


class SkillFilter(django_filters.FilterSet):
    """By ESCO's reuse level."""

    reuse_level = django_filters.ChoiceFilter(choices=Skill._meta.get_field("reuse_level").choices)


class IndustryFilter(django_filters.FilterSet):
    """By classification and depth."""

    version = django_filters.ChoiceFilter(choices=Industry._meta.get_field("version").choices)
    level = django_filters.ChoiceFilter(choices=Industry._meta.get_field("level").choices)


class WordPages(Pages):
    """Pages in the order of the search index, and `did_you_mean`: another question, where this one finds nothing."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        """The rows of the page, each with its primary key at the end; two queries, three when filters narrow it."""
        self.read(request)
        text = search_text_of(request)
        self.count, best = queryset.ranked(text, self.page * self.size)  # type: ignore[attr-defined]
        wanted = best[self.start :]
        found = view.as_rows(queryset.filter(pk__in=wanted).order_by()) if wanted else ()
        rows = {row[-1]: row for row in found}
        self.did_you_mean = queryset.did_you_mean(text) if text and not self.count else ""
        return [rows[pk] for pk in wanted if pk in rows]

    def get_paginated_response(self, data: Any) -> Response:
        """The envelope."""
        response = super().get_paginated_response(data)
        response.data["did_you_mean"] = self.did_you_mean
        return response

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope's schema."""
        envelope = super().get_paginated_response_schema(schema)
        envelope["required"] = [*envelope["required"], "did_you_mean"]
        envelope["properties"]["did_you_mean"] = {"type": "string", "description": "what to ask instead, or empty"}
        return envelope


class Words(Listed, Resource):
    """Known to everybody who has logged in; entries that are retired are not offered, but can still be read."""

    pagination_class = WordPages
    list = from_replica(Listed.list)

    def visible(self) -> QuerySet[Any]:
        """All entries."""
        return self.model._default_manager.all()

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The page looks for the text itself: best first, in the search index."""
        return queryset

    def row_sources(self) -> list[str]:
        """The model paths that a row reads, and the primary key to put them in order by."""
        return [*super().row_sources(), "pk"]


class Occupations(Retrieved, Words):
    """Occupations."""

    model = Occupation
    row_class = serializer_class = OccupationRow
    filterset_class = OccupationFilter


class Skills(Retrieved, Words):
    """Skills."""

    model = Skill
    row_class = serializer_class = SkillRow
    filterset_class = SkillFilter


class Industries(Words):
    """Industries, DB25 and DB07."""

    model = Industry
    row_class = serializer_class = IndustryRow
    filterset_class = IndustryFilter


class Licences(Words):
    """Driving licences."""

    model = Licence
    row_class = serializer_class = CodeRow


class Certificates(Words):
    """Certificates and mandatory courses."""

    model = Certificate
    row_class = serializer_class = CertificateRow


class Languages(Words):
    """Languages."""

    model = Language
    row_class = serializer_class = CodeRow


ROUTES = [
    ("vocabulary/occupations", Occupations, "occupations"),
    ("vocabulary/skills", Skills, "skills"),
    ("vocabulary/industries", Industries, "industries"),
    ("vocabulary/licences", Licences, "licences"),
    ("vocabulary/certificates", Certificates, "certificates"),
    ("vocabulary/languages", Languages, "languages"),
]
