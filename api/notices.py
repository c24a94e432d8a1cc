"""GET notices: which lists of own open orders have changed, once per order and hour; newest first."""

from __future__ import annotations

from typing import Any

import django_filters
from rest_framework import serializers

from api.base import Listed, Resource
from screening.models import Notice


class NoticeRow(serializers.Serializer[Any]):
    """News about who would be listed, if one screened the order now; whoever wants to see them screens."""

    order = serializers.UUIDField(source="order.public_id")
    number = serializers.CharField(source="order.number")
    title = serializers.CharField(source="order.title")
    hour = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    came = serializers.IntegerField()
    left = serializers.IntegerField()
    moved = serializers.IntegerField(help_text="listed before and after, with another outcome or fit")


class NoticeFilter(django_filters.FilterSet):
    """Of one order, or since a moment."""

    order = django_filters.UUIDFilter(field_name="order__public_id")
    since = django_filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gte")


class Notices(Listed, Resource):
    """News in the desk, for the consultants of the municipality that leads the order."""

    model = Notice
    serializer_class = NoticeRow
    row_class = NoticeRow
    filterset_class = NoticeFilter


ROUTES = [("notices", Notices, "notices")]
