"""GET/POST agreements, GET agreements/{id}, POST agreements/{id}/end."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.base import Listed, Resource, Retrieved
from api.serializers import StrictSerializer
from api.steps import creates, step
from companies import agreements
from companies.models import Agreement, Company, ProductionUnit
from events.errors import Invalid
from municipalities.actor import Actor


class AgreementRow(serializers.Serializer[Any]):
    """An agreement in the list."""

    id = serializers.UUIDField(source="public_id")
    company = serializers.UUIDField(source="company.public_id")
    company_name = serializers.CharField(source="company.name")
    kind = serializers.CharField()
    holder = serializers.CharField()
    holder_municipality = serializers.CharField(source="holder_municipality_id", allow_null=True)
    tovholder = serializers.CharField(source="tovholder_id", allow_null=True)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    recorded_at = serializers.DateTimeField()
    version = serializers.IntegerField()


@extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
class UnitIds(serializers.Field[Any, Any, Any, Any]):
    """Ids of the covered units."""

    def to_representation(self, value: Any) -> list[Any]:
        """The public ids, in the units' order."""
        return [unit.public_id for unit in value.all()]


class AgreementOut(AgreementRow):
    """An agreement with its text, its own promises and the units that it covers."""

    covers_all_units = serializers.BooleanField()
    units = UnitIds(read_only=True)
    first_response_days = serializers.IntegerField(allow_null=True)
    first_candidate_days = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()


class AgreementIn(StrictSerializer):
    """A written agreement to register; `units` left out covers them all."""

    company = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Agreement.Kind.values)
    holder = serializers.ChoiceField(choices=Agreement.Holder.values, required=False)
    holder_municipality = serializers.CharField(max_length=4, required=False, allow_null=True)
    tovholder = serializers.CharField(max_length=4, required=False, allow_null=True)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, allow_null=True)
    units = serializers.ListField(child=serializers.UUIDField(), required=False, allow_null=True, max_length=200)
    first_response_days = serializers.IntegerField(min_value=1, max_value=30, required=False, allow_null=True)
    first_candidate_days = serializers.IntegerField(min_value=1, max_value=90, required=False, allow_null=True)
    text = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class EndIn(StrictSerializer):
    """`ended_on` is the first day without the agreement."""

    ended_on = serializers.DateField()


class AgreementFilter(django_filters.FilterSet):
    """By company, kind, holder, tovholder, and the day that it is in force."""

    company = django_filters.UUIDFilter(field_name="company__public_id")
    kind = django_filters.ChoiceFilter(choices=Agreement.Kind.choices)
    holder = django_filters.ChoiceFilter(choices=Agreement.Holder.choices)
    tovholder = django_filters.CharFilter(field_name="tovholder_id")
    in_force_on = django_filters.DateFilter(method="in_force")

    def in_force(self, queryset: Any, name: str, value: dt.date) -> QuerySet[Any]:
        """Those in force that day."""
        return queryset.in_force(value)


class Agreements(Listed, Retrieved, Resource):
    """Agreements with companies."""

    model = Agreement
    serializer_class = AgreementOut
    row_class = AgreementRow
    export_name = "agreements"
    filterset_class = AgreementFilter
    search_fields = ("company__name", "company__cvr")
    ordering_fields = {"valid_from": "valid_from", "valid_to": "valid_to", "company_name": "company__name"}

    def visible(self) -> QuerySet[Any]:
        """The scope, with company and units."""
        found = super().visible()
        return found if self.action == "list" else found.select_related("company").prefetch_related("units")

    @creates(AgreementIn)
    def create(self, body: dict[str, Any]) -> Any:
        """Register a signed agreement."""
        company = _company(body.pop("company"), self.actor)
        units = body.pop("units", None)
        return agreements.sign(self.actor, company, **body, units=None if units is None else _units(company, units))

    @step(takes=EndIn)
    def end(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """End it."""
        return agreements.end(self.actor, id, version, **body)


def _company(public_id: UUID, actor: Actor) -> Company:
    found = Company.objects.visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise Invalid.field("company", "unknown", _("There is no such company."))
    return found


def _units(company: Company, asked: list[UUID]) -> list[ProductionUnit]:
    found = list(company.units.filter(public_id__in=asked))
    if len(found) != len(set(asked)):
        raise Invalid.field("units", "unknown_unit", _("This company has no such production unit."))
    return found


ROUTES = [("agreements", Agreements, "agreements")]
