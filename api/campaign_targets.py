"""GET campaigns/{id}/targets and …/targets/{id}; POST …/contacts, /assign, /move, /orders of a target."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from api.base import Listed, Resource, Retrieved
from api.serializers import StrictSerializer
from api.steps import step
from campaigns import contacts
from campaigns.models import Attempt, Campaign, Target
from companies.models import ContactLogEntry
from events import clock
from events.errors import NotVisible


class TargetRow(serializers.Serializer[Any]):
    """A company of the frozen list, as it was then; municipality, assignee and contacts as they are now."""

    id = serializers.UUIDField(source="public_id")
    company = serializers.UUIDField(source="company.public_id")
    cvr = serializers.CharField(source="company.cvr")
    name = serializers.CharField()
    industry_code = serializers.CharField()
    headcount = serializers.IntegerField()
    units = serializers.IntegerField()
    lead = serializers.CharField(source="lead_code")
    municipality = serializers.CharField(source="municipality_id")
    assignee = serializers.CharField(source="assignee.name", allow_null=True)
    first_contact_at = serializers.DateTimeField(allow_null=True)
    last_contact_at = serializers.DateTimeField(allow_null=True)
    last_outcome = serializers.CharField()
    met_at = serializers.DateTimeField(allow_null=True)
    next_step = serializers.CharField()
    next_on = serializers.DateField(allow_null=True)
    do_not_call = serializers.BooleanField(source="company.do_not_call")
    version = serializers.IntegerField()


class AttemptOut(serializers.Serializer[Any]):
    """One try to reach the target."""

    id = serializers.UUIDField(source="public_id")
    outcome = serializers.CharField()
    kind = serializers.CharField(source="entry.kind")
    about = serializers.CharField(source="entry.about")
    next_step = serializers.CharField(source="entry.next_step")
    next_on = serializers.DateField(source="entry.next_on", allow_null=True)
    happened_at = serializers.DateTimeField()
    municipality = serializers.CharField(source="municipality_code")
    by = serializers.CharField(source="entry.by_name")


class TargetOut(TargetRow):
    """A target with its attempts, newest first."""

    attempts = AttemptOut(many=True)


class CampaignContactIn(StrictSerializer):
    """A try to reach the target. `knowing`: the caller has seen what a 409 `look_first` told."""

    outcome = serializers.ChoiceField(choices=[one.value for one in contacts.REPORTABLE])
    kind = serializers.ChoiceField(choices=ContactLogEntry.Kind.values, required=False)
    about = serializers.CharField(max_length=200, required=False, allow_blank=True)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    next_step = serializers.CharField(max_length=200, required=False, allow_blank=True)
    next_on = serializers.DateField(required=False, allow_null=True)
    happened_at = serializers.DateTimeField(required=False)
    do_not_call = serializers.BooleanField(required=False)
    knowing = serializers.BooleanField(required=False)


class AssignIn(StrictSerializer):
    """A consultant of the target's municipality, or nobody."""

    assignee = serializers.UUIDField(allow_null=True)


class MoveTargetIn(StrictSerializer):
    """Another of the nine."""

    to = serializers.CharField(max_length=4)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class OrderIn(StrictSerializer):
    """An order of the company that belongs to the target, or (`counts` false) does not."""

    order = serializers.UUIDField()
    reason = serializers.CharField(max_length=200)
    counts = serializers.BooleanField(required=False)


class TargetFilter(django_filters.FilterSet):
    """By municipality, industry, and how far they have come."""

    municipality = django_filters.CharFilter(field_name="municipality_id")
    industry = django_filters.CharFilter(field_name="industry_code", lookup_expr="startswith")
    outcome = django_filters.ChoiceFilter(field_name="last_outcome", choices=Attempt.Outcome.choices)
    contacted = django_filters.BooleanFilter(field_name="first_contact_at", lookup_expr="isnull", exclude=True)
    assigned = django_filters.BooleanFilter(field_name="assignee", lookup_expr="isnull", exclude=True)


class Targets(Listed, Retrieved, Resource):
    """The frozen list of a campaign."""

    model = Target
    serializer_class = TargetOut
    row_class = TargetRow
    export_name = "targets"
    filterset_class = TargetFilter
    search_fields = ("name", "company__cvr")
    ordering_fields = ("name", "headcount", "last_contact_at", "next_on")

    def visible(self) -> QuerySet[Any]:
        """Those of the campaign. Raises NotVisible."""
        campaign = Campaign.objects.visible_to(self.actor).filter(public_id=self.kwargs["campaign"]).first()
        if campaign is None:
            raise NotVisible
        found = super().visible().filter(campaign=campaign)
        if self.action == "list":
            return found
        return found.select_related("company", "assignee").prefetch_related("attempts__entry")

    def _mine(self, id: UUID) -> UUID:
        """The target's id, if it is of the campaign of the address. Raises NotVisible."""
        if not self.visible().filter(public_id=id).exists():
            raise NotVisible
        return id

    @step(takes=CampaignContactIn, gives=AttemptOut, status=201, versioned=False)
    def contacts(self, id: UUID, version: None, body: dict[str, Any]) -> Any:
        """Note a contact. 409 `look_first` names what to know first, in `reasons`; repeat with `knowing`."""
        return contacts.record_contact(self.actor, self._mine(id), **body)

    @step(takes=AssignIn)
    def assign(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Give it to a consultant."""
        return contacts.assign(self.actor, self._mine(id), version, **body)

    @step(takes=MoveTargetIn, versioned=False)
    def move(self, id: UUID, version: None, body: dict[str, Any]) -> Any:
        """Give it to another municipality."""
        contacts.move(self.actor, [self._mine(id)], **body)
        return Target.objects.get(public_id=id)

    @step(takes=OrderIn, versioned=False, status=204)
    def orders(self, id: UUID, version: None, body: dict[str, Any]) -> Any:
        """Link an order by hand, or take it out."""
        contacts.link_order(self.actor, self._mine(id), **body)


class CallRow(serializers.Serializer[Any]):
    """A target to call: what was agreed comes first, then those that nobody has reached."""

    id = serializers.UUIDField(source="public_id")
    campaign = serializers.UUIDField(source="campaign.public_id")
    campaign_name = serializers.CharField(source="campaign.name")
    company = serializers.UUIDField(source="company.public_id")
    cvr = serializers.CharField(source="company.cvr")
    name = serializers.CharField()
    municipality = serializers.CharField(source="municipality_id")
    assignee = serializers.CharField(source="assignee.name", allow_null=True)
    last_contact_at = serializers.DateTimeField(allow_null=True)
    last_outcome = serializers.CharField()
    next_step = serializers.CharField()
    next_on = serializers.DateField(allow_null=True)


class CallFilter(django_filters.FilterSet):
    """By municipality, and the caller's own."""

    municipality = django_filters.CharFilter(field_name="municipality_id")
    mine = django_filters.BooleanFilter(method="of_mine")

    def of_mine(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those that the caller has; or those of others and of nobody."""
        actor = self.request.actor  # type: ignore[union-attr]
        own = {"assignee": actor.user_id}
        return queryset.filter(**own) if value else queryset.exclude(**own)


class Calls(Listed, Resource):
    """Whom to call today, in all running campaigns; a consultant's are those of the own municipality."""

    model = Target
    serializer_class = CallRow
    row_class = CallRow
    export_name = "calls"
    filterset_class = CallFilter
    search_fields = ("name", "company__cvr")

    def visible(self) -> QuerySet[Any]:
        """Those to call today."""
        found = super().visible().to_call(clock.today())
        return found.filter(municipality=self.actor.municipality) if self.actor.municipality else found


ROUTES = [
    ("campaigns/<uuid:campaign>/targets", Targets, "campaign-targets"),
    ("campaign-calls", Calls, "campaign-calls"),
]
