"""GET/POST campaigns, GET/PATCH campaigns/{id}, POST …/freeze and …/end; lists and figures have their own files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from api.base import Listed, Resource, Retrieved
from api.serializers import Nothing, StrictSerializer
from api.steps import changes, creates, step
from campaigns import selecting, services
from campaigns.models import Campaign
from events.errors import Invalid
from vocabulary.models import IndustryVersion


class CampaignRow(serializers.Serializer[Any]):
    """A campaign in the list."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    divisions = serializers.CharField()
    minimum_headcount = serializers.IntegerField()
    municipalities = serializers.CharField(help_text="codes with spaces between; empty: all nine")
    created_at = serializers.DateTimeField()
    frozen_at = serializers.DateTimeField(allow_null=True)
    ends_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()


class CampaignOut(CampaignRow):
    """A campaign. `size` is the frozen list's, or until then how many companies it would hold today."""

    state = serializers.ChoiceField(choices=("draft", "running", "ended"))
    purpose = serializers.CharField()
    follows = serializers.UUIDField(source="follows.public_id", default=None, allow_null=True)
    industry_version = serializers.CharField()
    not_contacted_since = serializers.DateField(allow_null=True)
    needs = serializers.CharField()
    needs_since = serializers.DateField(allow_null=True)
    needs_until = serializers.DateField(allow_null=True, help_text="forecasts count until its month")
    occupations = serializers.CharField(help_text="ISCO-08 codes that orders and forecasts are narrowed to")
    without_earlier = serializers.BooleanField()
    created_by = serializers.CharField()
    size = serializers.IntegerField()
    of_unknown_size = serializers.IntegerField(allow_null=True, help_text="left out: nobody knows how many work there")


class CampaignFields(StrictSerializer):
    """What a campaign is drawn up with."""

    name = serializers.CharField(max_length=120)
    purpose = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    follows = serializers.UUIDField(required=False, allow_null=True)
    industry_version = serializers.ChoiceField(choices=IndustryVersion.values, required=False)
    divisions = serializers.CharField(max_length=200, required=False, allow_blank=True)
    minimum_headcount = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)
    municipalities = serializers.CharField(max_length=60, required=False, allow_blank=True)
    not_contacted_since = serializers.DateField(required=False, allow_null=True)
    needs = serializers.CharField(max_length=60, required=False, allow_blank=True)
    needs_since = serializers.DateField(required=False, allow_null=True)
    needs_until = serializers.DateField(required=False, allow_null=True)
    occupations = serializers.CharField(max_length=100, required=False, allow_blank=True)
    without_earlier = serializers.BooleanField(required=False)
    ends_on = serializers.DateField()


class EndCampaignIn(StrictSerializer):
    """The last day; today unless given."""

    ended_on = serializers.DateField(required=False)


class CampaignFilter(django_filters.FilterSet):
    """By what has become of them."""

    state = django_filters.ChoiceFilter(
        method="in_state", choices=[(one, one) for one in ("draft", "running", "ended")]
    )

    def in_state(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Drafts, running or ended ones."""
        if value == "draft":
            return queryset.filter(frozen_at__isnull=True)
        return queryset.filter(frozen_at__isnull=False, ended_on__isnull=value == "running")


class Campaigns(Listed, Retrieved, Resource):
    """Campaigns of the nine."""

    model = Campaign
    serializer_class = CampaignOut
    row_class = CampaignRow
    export_name = "campaigns"
    filterset_class = CampaignFilter
    search_fields = ("name",)
    ordering_fields = ("created_at", "name", "ends_on")

    def visible(self) -> QuerySet[Any]:
        """The scope, with what a whole campaign shows."""
        found = super().visible()
        if self.action == "list":
            return found
        return found.select_related("follows").annotate(frozen_size=Count("targets"))

    def represent(self, obj: Any, gives: Any = None) -> Any:
        """With its size."""
        if isinstance(obj, Campaign):
            is_draft, wanted = obj.frozen_at is None, selecting.wanted_of(obj)
            obj.size = selecting.companies(wanted).count() if is_draft else obj.frozen_size  # type: ignore[attr-defined]
            obj.of_unknown_size = selecting.of_unknown_size(wanted) if is_draft else None  # type: ignore[attr-defined]
        return super().represent(obj, gives)

    @creates(CampaignFields)
    def create(self, body: dict[str, Any]) -> Any:
        """Draw up a campaign; its list is not frozen yet."""
        return services.draw_up(self.actor, **self._with_wave(body))

    @changes(CampaignFields)
    def partial_update(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Change what the list will be chosen by."""
        return services.change(self.actor, id, version, self._with_wave(body))

    def _with_wave(self, body: dict[str, Any]) -> dict[str, Any]:
        if body.get("follows") is None:
            return body
        before = Campaign.objects.visible_to(self.actor).filter(public_id=body["follows"]).first()
        if before is None:
            raise Invalid.field("follows", "unknown", _("There is no such campaign."))
        return {**body, "follows": before}

    @step(takes=Nothing)
    def freeze(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Write the list down as it is today, for good."""
        return services.freeze(self.actor, id, version)

    @step(takes=EndCampaignIn)
    def end(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """End it."""
        return services.end(self.actor, id, version, **body)


ROUTES = [("campaigns", Campaigns, "campaigns")]
