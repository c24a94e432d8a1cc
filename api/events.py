"""GET events?after=: the feed. Everything that happened and that the caller may know, in order, none left
out.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Resource
from api.pagination import FeedPages
from events.cloudevents import cloudevent
from events.models import Event
from municipalities.audience import audience


class CloudEvent(serializers.Serializer[Any]):
    """CloudEvents 1.0; `data` holds ids and codes only."""

    specversion = serializers.CharField()
    id = serializers.UUIDField()
    source = serializers.CharField()
    type = serializers.CharField()
    subject = serializers.UUIDField()
    time = serializers.DateTimeField()
    recordedtime = serializers.DateTimeField()
    sequence = serializers.CharField()
    actorkind = serializers.CharField()
    actorrole = serializers.CharField(required=False)
    actormunicipality = serializers.CharField(required=False)
    municipality = serializers.CharField(required=False)
    datacontenttype = serializers.CharField()
    data = serializers.DictField()


class EventFilter(django_filters.FilterSet):
    """By type (`joborder.claimed`) and subject."""

    type = django_filters.CharFilter()
    subject = django_filters.UUIDFilter()


class Events(Resource):
    """The feed: ask again with the `next_cursor` of the last answer; there is one even when nothing is
    new.
    """

    model = Event
    serializer_class = CloudEvent
    filterset_class = EventFilter
    pagination_class = FeedPages
    cursor_fields = ("xid", "id")

    def visible(self) -> QuerySet[Any]:
        """By audience, and only what nothing can still come before."""
        return audience(self.actor).settled()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of the feed."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([cloudevent(event) for event in page or ()])


ROUTES = [("events", Events, "events")]
