"""GET gatherings, gatherings/{id}, gatherings/{id}/invitations: meetings for companies, and who was asked and came."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, QuerySet, Sum
from rest_framework import serializers

from api.base import Listed, Resource, Retrieved
from events import clock
from events.errors import NotVisible
from gatherings.models import Gathering, Invitation


class GatheringRow(serializers.Serializer[Any]):
    """A meeting with how many companies were invited, and how many people come and came."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.CharField(help_text=", ".join(Gathering.Kind.values))
    title = serializers.CharField()
    place = serializers.CharField()
    municipality = serializers.CharField(source="municipality_id", allow_null=True, help_text="none: all nine")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    sign_up_until = serializers.DateField()
    seats = serializers.IntegerField(allow_null=True)
    invited = serializers.IntegerField(help_text="companies")
    coming = serializers.IntegerField(allow_null=True, help_text="people; null: nobody was invited")
    came = serializers.IntegerField(allow_null=True, help_text="people; null: nobody noted it")
    cancelled_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class GatheringOut(GatheringRow):
    """A meeting with its words."""

    text = serializers.CharField()


class InvitationRow(serializers.Serializer[Any]):
    """One company asked to a meeting."""

    id = serializers.UUIDField(source="public_id")
    company = serializers.UUIDField(source="company.public_id")
    cvr = serializers.CharField(source="company.cvr")
    company_name = serializers.CharField(source="company.name")
    invited_at = serializers.DateTimeField()
    answer = serializers.CharField(help_text="coming, not_coming, or empty: none yet")
    people = serializers.IntegerField(help_text="how many the company sends")
    answered_at = serializers.DateTimeField(allow_null=True)
    came = serializers.IntegerField(allow_null=True, help_text="how many were there; null: not noted")
    contact_log = serializers.UUIDField(source="entry", allow_null=True, help_text="the entry about what it said")


class GatheringFilter(django_filters.FilterSet):
    """By kind, municipality, whether it is cancelled or still to come, and its day."""

    kind = django_filters.ChoiceFilter(choices=Gathering.Kind.choices)
    municipality = django_filters.CharFilter(field_name="municipality_id")
    cancelled = django_filters.BooleanFilter(field_name="cancelled_at", lookup_expr="isnull", exclude=True)
    to_come = django_filters.BooleanFilter(method="is_to_come")

    def is_to_come(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those that have not begun; or those that have."""
        ahead = {"starts_at__gt": clock.now()}
        return queryset.filter(**ahead) if value else queryset.exclude(**ahead)


class Gatherings(Listed, Retrieved, Resource):
    """Meetings for companies, the latest first; planned and changed on their pages."""

    model = Gathering
    serializer_class = GatheringOut
    row_class = GatheringRow
    export_name = "gatherings"
    filterset_class = GatheringFilter
    search_fields = ("title", "place")
    ordering_fields = ("starts_at", "title")

    def visible(self) -> QuerySet[Any]:
        """The scope, with its numbers."""
        return (
            super()
            .visible()
            .annotate(invited=Count("invitations"), coming=Sum("invitations__people"), came=Sum("invitations__came"))
        )


class InvitationFilter(django_filters.FilterSet):
    """By answer, and by company."""

    answer = django_filters.ChoiceFilter(choices=Invitation.Answer.choices)
    answered = django_filters.BooleanFilter(field_name="answered_at", lookup_expr="isnull", exclude=True)
    company = django_filters.UUIDFilter(field_name="company__public_id")


class GatheringInvitations(Listed, Resource):
    """Who was asked to a meeting."""

    model = Invitation
    serializer_class = InvitationRow
    row_class = InvitationRow
    export_name = "invitations"
    filterset_class = InvitationFilter
    search_fields = ("company__name", "company__cvr")
    ordering_fields = {"company_name": "company__name", "answered_at": "answered_at"}

    def visible(self) -> QuerySet[Any]:
        """Those of the meeting. Raises NotVisible."""
        gathering = Gathering.objects.visible_to(self.actor).filter(public_id=self.kwargs["gathering"]).first()
        if gathering is None:
            raise NotVisible
        return Invitation.objects.filter(gathering=gathering)


ROUTES = [
    ("gatherings/<uuid:gathering>/invitations", GatheringInvitations, "gathering-invitations"),
    ("gatherings", Gatherings, "gatherings"),
]
