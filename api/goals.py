"""GET/POST goals: what the steering group wants to reach. Where each stands is `GET statistics/goals`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from api.base import Listed, Resource
from api.serializers import StrictSerializer
from api.steps import creates
from campaigns import goals
from campaigns.models import Goal
from events import clock


class GoalOut(serializers.Serializer[Any]):
    """One goal as it was set."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    measure = serializers.CharField()
    goal = serializers.FloatField(source="value")
    municipality = serializers.CharField(allow_blank=True, help_text="code; blank is all nine")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    frequency = serializers.CharField()
    look_back_months = serializers.IntegerField(allow_null=True)
    baseline = serializers.FloatField(allow_null=True)
    baseline_from = serializers.CharField()
    compared_with = serializers.CharField(help_text="codes, with spaces between")
    assumptions = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class GoalIn(StrictSerializer):
    """A goal to set."""

    name = serializers.CharField(max_length=120)
    measure = serializers.ChoiceField(choices=Goal.Measure.values)
    value = serializers.DecimalField(max_digits=8, decimal_places=1)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    municipality = serializers.CharField(max_length=4, required=False, allow_blank=True)
    frequency = serializers.ChoiceField(choices=Goal.Frequency.values, required=False)
    look_back_months = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=240)
    baseline = serializers.DecimalField(max_digits=8, decimal_places=1, required=False, allow_null=True)
    baseline_from = serializers.CharField(max_length=200, required=False, allow_blank=True)
    compared_with = serializers.ListField(child=serializers.CharField(max_length=4), required=False, max_length=9)
    assumptions = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class Goals(Listed, Resource):
    """Goals that stand."""

    model = Goal
    serializer_class = GoalOut
    row_class = GoalOut
    export_name = "goals"
    ordering_fields = ("valid_from", "name")

    def visible(self) -> Any:
        """Those that were not withdrawn."""
        return super().visible().known(clock.now())

    @creates(GoalIn, gives=GoalOut)
    def create(self, body: dict[str, Any]) -> Any:
        """Set a goal. It is never changed: set otherwise, it is withdrawn on its page and set anew."""
        return Response(GoalOut(goals.set_goal(self.actor, **body)).data, status=201)


ROUTES = [("goals", Goals, "goals")]
