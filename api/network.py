"""GET network-members, network-members/{id}, network-commitments and competence-needs: the business network."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from rest_framework import serializers

from api.base import Listed, Resource, Retrieved
from gatherings.models import Commitment, CompetenceNeed, NetworkMember


class MemberRow(serializers.Serializer[Any]):
    """A company in the network, with how many promises are open."""

    id = serializers.UUIDField(source="public_id")
    company = serializers.UUIDField(source="company.public_id")
    cvr = serializers.CharField(source="company.cvr")
    company_name = serializers.CharField(source="company.name")
    lead = serializers.CharField(source="company.lead_id")
    joined_on = serializers.DateField()
    left_on = serializers.DateField(allow_null=True)
    open_promises = serializers.IntegerField()


class PromiseOut(serializers.Serializer[Any]):
    """What one side promised the other."""

    id = serializers.UUIDField(source="public_id")
    side = serializers.ChoiceField(choices=Commitment.Side.values, help_text="who promised")
    text = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    kept_on = serializers.DateField(allow_null=True)


class MemberOut(MemberRow):
    """A member with everything that was promised."""

    commitments = PromiseOut(many=True)


class CommitmentRow(PromiseOut):
    """A promise with its member."""

    member = serializers.UUIDField(source="member.public_id")
    company = serializers.UUIDField(source="member.company.public_id")
    company_name = serializers.CharField(source="member.company.name")


class NeedRow(serializers.Serializer[Any]):
    """What a company says that it will lack."""

    id = serializers.UUIDField(source="public_id")
    company = serializers.UUIDField(source="company.public_id")
    company_name = serializers.CharField(source="company.name")
    occupation = serializers.CharField(source="occupation_id", allow_null=True, help_text="ISCO-08")
    text = serializers.CharField()
    people = serializers.IntegerField(allow_null=True)
    needed_by = serializers.DateField()
    stated_on = serializers.DateField()
    expires_on = serializers.DateField(help_text="the last day that the statement stands")


class MemberFilter(django_filters.FilterSet):
    """By company and lead, and whether it is a member still."""

    company = django_filters.UUIDFilter(field_name="company__public_id")
    lead = django_filters.CharFilter(field_name="company__lead_id")
    is_member = django_filters.BooleanFilter(field_name="left_on", lookup_expr="isnull")


class NetworkMembers(Listed, Retrieved, Resource):
    """Companies in the business network, those that have left too."""

    model = NetworkMember
    serializer_class = MemberOut
    row_class = MemberRow
    export_name = "network-members"
    filterset_class = MemberFilter
    search_fields = ("company__name", "company__cvr")
    ordering_fields = {"company_name": "company__name", "joined_on": "joined_on"}

    def visible(self) -> QuerySet[Any]:
        """The scope, with the number of open promises."""
        waiting = Count("commitments", filter=Q(commitments__kept_on__isnull=True))
        found = super().visible().annotate(open_promises=waiting)
        return found if self.action == "list" else found.select_related("company").prefetch_related("commitments")


class CommitmentFilter(django_filters.FilterSet):
    """By side and member, and whether it is kept."""

    side = django_filters.ChoiceFilter(choices=Commitment.Side.choices)
    member = django_filters.UUIDFilter(field_name="member__public_id")
    company = django_filters.UUIDFilter(field_name="member__company__public_id")
    kept = django_filters.BooleanFilter(field_name="kept_on", lookup_expr="isnull", exclude=True)


class NetworkCommitments(Listed, Resource):
    """What members and jobcentres promised each other."""

    model = Commitment
    serializer_class = CommitmentRow
    row_class = CommitmentRow
    export_name = "network-commitments"
    filterset_class = CommitmentFilter
    ordering_fields = {"due_on": "due_on", "company_name": "member__company__name"}

    def visible(self) -> QuerySet[Any]:
        """Those of visible members."""
        return Commitment.objects.filter(member__in=NetworkMember.objects.visible_to(self.actor).order_by())


class NeedFilter(django_filters.FilterSet):
    """By company and occupation (also shorter codes), and the day on which the statement stands."""

    company = django_filters.UUIDFilter(field_name="company__public_id")
    occupation = django_filters.CharFilter(field_name="occupation__code", lookup_expr="startswith")
    standing_on = django_filters.DateFilter(method="stands")

    def stands(self, queryset: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        """Those that stood that day."""
        return queryset.filter(stated_on__lte=value, expires_on__gte=value)


class CompetenceNeeds(Listed, Resource):
    """Statements of needs, the nearest first."""

    model = CompetenceNeed
    serializer_class = NeedRow
    row_class = NeedRow
    export_name = "competence-needs"
    filterset_class = NeedFilter
    search_fields = ("company__name", "text")
    ordering_fields = {"needed_by": "needed_by", "company_name": "company__name"}


ROUTES = [
    ("network-members", NetworkMembers, "network-members"),
    ("network-commitments", NetworkCommitments, "network-commitments"),
    ("competence-needs", CompetenceNeeds, "competence-needs"),
]
