"""GET agreements/{id}/documents and agreement-forecasts: papers without their content, and coming needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from api.agreements import DocumentOut
from api.base import Listed, Resource
from companies.models import Agreement, AgreementDocument, ForecastLine
from events.errors import NotVisible


class DocumentRow(DocumentOut):
    """A signed paper, with its digest: the same file has the same one."""

    sha256 = serializers.CharField()


class ForecastRow(serializers.Serializer[Any]):
    """How many people of an occupation a company expects to need in a month."""

    agreement = serializers.UUIDField(source="agreement.public_id")
    company = serializers.UUIDField(source="agreement.company.public_id")
    company_name = serializers.CharField(source="agreement.company.name")
    tovholder = serializers.CharField(source="agreement.tovholder_id", allow_null=True)
    month = serializers.DateField(help_text="the first of the month")
    occupation = serializers.CharField(source="occupation_id", help_text="ISCO-08")
    title = serializers.CharField(source="occupation.title_da", help_text="of the occupation, in Danish")
    positions = serializers.IntegerField()


class AgreementDocuments(Listed, Resource):
    """The papers of an agreement; their content is read on the pages."""

    model = AgreementDocument
    serializer_class = DocumentRow
    row_class = DocumentRow
    ordering_fields = ("uploaded_at", "name")

    def visible(self) -> QuerySet[Any]:
        """Those of the agreement. Raises NotVisible."""
        agreement = Agreement.objects.visible_to(self.actor).filter(public_id=self.kwargs["agreement"]).first()
        if agreement is None:
            raise NotVisible
        return AgreementDocument.objects.filter(agreement=agreement)


class ForecastFilter(django_filters.FilterSet):
    """By agreement, company, tovholder, occupation (also shorter codes), months, and the day it is in force."""

    agreement = django_filters.UUIDFilter(field_name="agreement__public_id")
    company = django_filters.UUIDFilter(field_name="agreement__company__public_id")
    tovholder = django_filters.CharFilter(field_name="agreement__tovholder_id")
    occupation = django_filters.CharFilter(field_name="occupation__code", lookup_expr="startswith")
    month_from = django_filters.DateFilter(method="from_month")
    month_to = django_filters.DateFilter(field_name="month", lookup_expr="lte")
    in_force_on = django_filters.DateFilter(method="in_force")

    def from_month(self, queryset: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        """The month that holds the day, and later ones."""
        return queryset.filter(month__gte=value.replace(day=1))

    def in_force(self, queryset: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        """Of agreements in force that day: drafts and ended ones foresee nothing."""
        return queryset.filter(agreement__in=Agreement.objects.in_force(value).order_by())


class AgreementForecasts(Listed, Resource):
    """Forecasts of all agreements by month and occupation."""

    model = ForecastLine
    serializer_class = ForecastRow
    row_class = ForecastRow
    export_name = "forecasts"
    filterset_class = ForecastFilter
    search_fields = ("agreement__company__name",)
    ordering_fields = {"month": "month", "occupation": "occupation", "company_name": "agreement__company__name"}

    def visible(self) -> QuerySet[Any]:
        """Those of visible agreements."""
        return ForecastLine.objects.filter(agreement__in=Agreement.objects.visible_to(self.actor).order_by())


ROUTES = [
    ("agreements/<uuid:agreement>/documents", AgreementDocuments, "agreement-documents"),
    ("agreement-forecasts", AgreementForecasts, "agreement-forecasts"),
]
