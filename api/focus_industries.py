"""GET/POST focus-industries: the steering group's decisions, with their history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.response import Response

from api.base import Listed, Resource
from api.serializers import StrictSerializer
from api.steps import creates
from campaigns import focus
from campaigns.models import FocusIndustry
from vocabulary.models import IndustryVersion


class FocusOut(serializers.Serializer[Any]):
    """One decision: which industries, from when to when, and who decided."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    divisions = serializers.CharField(help_text="divisions or six-digit codes, with spaces between")
    industry_version = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    decided_by = serializers.CharField()
    decided_on = serializers.DateField()


class FocusMade(FocusOut):
    """The decision, with how many are in focus at once then; `is_unusual`: more than two."""

    at_once = serializers.IntegerField()
    is_unusual = serializers.BooleanField()


class FocusIn(StrictSerializer):
    """A decision to write down."""

    name = serializers.CharField(max_length=120)
    divisions = serializers.CharField(max_length=200)
    industry_version = serializers.ChoiceField(choices=IndustryVersion.values, required=False)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, allow_null=True)
    decided_by = serializers.CharField(max_length=200)
    decided_on = serializers.DateField(required=False)


class FocusFilter(django_filters.FilterSet):
    """Those in force on a day."""

    in_force_on = django_filters.DateFilter(method="in_force")

    def in_force(self, queryset: Any, name: str, value: dt.date) -> QuerySet[Any]:
        """Those in force that day."""
        return queryset.in_force(value)


class FocusIndustries(Listed, Resource):
    """Decisions about focus industries."""

    model = FocusIndustry
    serializer_class = FocusOut
    row_class = FocusOut
    export_name = "focus-industries"
    filterset_class = FocusFilter
    ordering_fields = ("valid_from", "name")

    @creates(FocusIn, gives=FocusMade)
    def create(self, body: dict[str, Any]) -> Any:
        """Write a decision down. More than two industries at a time are told, not refused."""
        made, at_once = focus.decide(self.actor, **body)
        beside = {"at_once": at_once, "is_unusual": focus.is_unusual(at_once)}
        return Response({**FocusOut(made).data, **beside}, status=201)


ROUTES = [("focus-industries", FocusIndustries, "focus-industries")]
