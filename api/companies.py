"""GET/POST companies, GET/PATCH companies/{id}, hand-over; their units, contacts and log are in `company_parts`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from api.base import Listed, Resource, Retrieved
from api.company_parts import ContactOut, UnitIn, UnitOut
from api.conditional import headers_for
from api.serializers import StrictSerializer
from api.steps import changes, creates, step
from companies import services
from companies.models import Company
from events.replica import from_replica
from joborders.services.changes import hand_over_company
from joborders.services.places import unit_fields

INDUSTRY_VERSIONS = ("DB07", "DB25")


class PersonOut(serializers.Serializer[Any]):
    """A colleague."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()


class LeadPeriodOut(serializers.Serializer[Any]):
    """Who led from when, and why."""

    municipality = serializers.CharField(source="municipality_id")
    started_at = serializers.DateTimeField()
    why = serializers.CharField()
    reason = serializers.CharField()
    agreed_with = serializers.CharField()
    agreed_on = serializers.DateField(allow_null=True)
    decided_by = serializers.CharField()


class CompanyRow(serializers.Serializer[Any]):
    """A company in the list."""

    id = serializers.UUIDField(source="public_id")
    cvr = serializers.CharField()
    name = serializers.CharField()
    industry_code = serializers.CharField()
    industry_version = serializers.CharField()
    headcount = serializers.IntegerField(allow_null=True)
    lead = serializers.CharField(source="lead_id")
    do_not_call = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class CompanyOut(CompanyRow):
    """A company with its units, contact persons and, for the nine only, the history of its lead."""

    headcount_on = serializers.DateField(allow_null=True)
    no_letters = serializers.BooleanField()
    contact = PersonOut(source="contact_user", allow_null=True)
    substitute = PersonOut(source="substitute_user", allow_null=True)
    substitute_until = serializers.DateField(allow_null=True)
    units = UnitOut(many=True)
    contacts = ContactOut(many=True)
    lead_history = LeadPeriodOut(many=True)

    def to_representation(self, instance: Company) -> dict[str, Any]:
        """The company; reasons and names of the lead's history stay within the nine."""
        data = super().to_representation(instance)
        actor = getattr(self.context["request"], "actor", None)
        if actor is None or actor.is_company:
            data["lead_history"] = []
        return data


class HandedOverOut(CompanyOut):
    """The company with its new lead, and how many open orders moved with it."""

    orders_moved = serializers.IntegerField()


class CompanyFields(StrictSerializer):
    """What may be said about a company."""

    name = serializers.CharField(max_length=200)
    industry_code = serializers.CharField(max_length=6, required=False, allow_blank=True)
    industry_version = serializers.ChoiceField(choices=INDUSTRY_VERSIONS, required=False, allow_blank=True)
    headcount = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False, allow_null=True)
    headcount_on = serializers.DateField(required=False, allow_null=True)


class CompanyIn(CompanyFields):
    """A company to register. The lead rule decides who leads it."""

    cvr = serializers.CharField(max_length=20)
    unit = UnitIn(required=False)


class CompanyChange(CompanyFields):
    """What may be changed."""

    do_not_call = serializers.BooleanField(required=False)
    no_letters = serializers.BooleanField(required=False)
    contact = serializers.UUIDField(source="contact_user", required=False, allow_null=True)
    substitute = serializers.UUIDField(source="substitute_user", required=False, allow_null=True)
    substitute_until = serializers.DateField(required=False, allow_null=True)


class HandOverIn(StrictSerializer):
    """A new lead, and who agreed to it."""

    to = serializers.CharField(max_length=4)
    reason = serializers.CharField(max_length=1000)
    agreed_with = serializers.CharField(max_length=4)
    agreed_on = serializers.DateField()


class CompanyFilter(django_filters.FilterSet):
    """By number, lead and industry."""

    cvr = django_filters.CharFilter()
    lead = django_filters.CharFilter(field_name="lead_id")
    industry = django_filters.CharFilter(field_name="industry_code", lookup_expr="startswith")
    p_number = django_filters.CharFilter(field_name="units__p_number")
    do_not_call = django_filters.BooleanFilter()


class Companies(Listed, Retrieved, Resource):
    """The common register of companies."""

    model = Company
    serializer_class = CompanyOut
    row_class = CompanyRow
    export_name = "companies"
    filterset_class = CompanyFilter
    search_fields = ("name", "cvr")
    ordering_fields = ("name", "cvr", "created_at", "headcount")
    list = from_replica(Listed.list)  # without the contacts, which one company alone shows

    def visible(self) -> QuerySet[Any]:
        """The scope, with what a whole company shows."""
        found = super().visible()
        if self.action == "list":
            return found
        return found.select_related("contact_user", "substitute_user").prefetch_related(
            "units", "contacts__unit", "lead_history"
        )

    @creates(CompanyIn)
    def create(self, body: dict[str, Any]) -> Any:
        """Register: 201 for a new company, 200 with the existing one for a CVR that is known."""
        if "unit" in body:
            body["unit"] = unit_fields(body["unit"], "unit")
        company, is_new = services.take_in(self.actor, **body)
        if is_new:
            return company
        known = self.get_queryset().get(pk=company.pk)
        return Response(self.represent(known), status=200, headers=headers_for(known))

    @changes(CompanyChange)
    def partial_update(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Change what is given."""
        return services.change(self.actor, id, version, body)

    @step("hand-over", takes=HandOverIn, gives=HandedOverOut)
    def hand_over(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Another municipality becomes lead; open orders that no tovholder covers move with the company."""
        company, moved = hand_over_company(id, self.actor, version, **body)
        company = self.get_queryset().get(pk=company.pk)
        return Response({**self.represent(company), "orders_moved": moved}, headers=headers_for(company))


ROUTES = [("companies", Companies, "companies")]
