"""GET vocabulary/…?q=: the shared words, ranked for autocomplete in Danish or English."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from api.base import Listed, Resource, Retrieved
from vocabulary.models import Certificate, Industry, Language, Licence, Occupation, Skill


class OccupationRow(serializers.Serializer[Any]):
    """An occupation and its ISCO-08 unit group."""

    id = serializers.UUIDField(source="public_id")
    uri = serializers.CharField()
    label_da = serializers.CharField()
    label_en = serializers.CharField()
    isco = serializers.CharField(source="isco.code")
    isco_title_da = serializers.CharField(source="isco.title_da")


class SkillRow(serializers.Serializer[Any]):
    """A skill."""

    id = serializers.UUIDField(source="public_id")
    uri = serializers.CharField()
    label_da = serializers.CharField()
    label_en = serializers.CharField()
    reuse_level = serializers.CharField()


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


class Words(Listed, Resource):
    """Known to everybody who has logged in; entries that are retired are not offered."""

    def visible(self) -> QuerySet[Any]:
        """All current entries, alphabetically."""
        return self.model.objects.search("", limit=None)  # type: ignore[attr-defined]

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """Best first; the filters that were asked for still hold."""
        return queryset.search(text, limit=None)  # type: ignore[attr-defined]


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
