"""What the figures look like as JSON: their shapes in the API's description. They come from `campaigns` as they are."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

HIDDEN = "null where it is 1 to 4, or where a sum would give such a number away"


class PositionsOut(serializers.Serializer[Any]):
    """Positions of the orders counted."""

    wanted = serializers.IntegerField()
    hired = serializers.IntegerField()
    filled_otherwise = serializers.IntegerField()


class ShareOut(serializers.Serializer[Any]):
    """A share and what it was made of."""

    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)


class PeopleShareOut(serializers.Serializer[Any]):
    """A share of people; null where it is hidden."""

    numerator = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    denominator = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    percent = serializers.FloatField(allow_null=True)


class FigureOut(serializers.Serializer[Any]):
    """What every figure of a period says about itself."""

    as_of = serializers.DateField()
    known_at = serializers.DateTimeField()
    to = serializers.DateField()
    municipality = serializers.CharField(allow_null=True)
    industry = serializers.CharField(allow_null=True)
    registered_later = serializers.IntegerField()

    def get_fields(self) -> dict[str, Any]:
        """`from` is no name in Python."""
        return {"from": serializers.DateField(), **super().get_fields()}


class PeriodOut(serializers.Serializer[Any]):
    """One week or month."""

    period = serializers.CharField(help_text="2016-03 or 2016-W11")
    to = serializers.DateField()

    def get_fields(self) -> dict[str, Any]:
        """`from` is no name in Python."""
        return {"from": serializers.DateField(), **super().get_fields()}


class FlowPeriod(PeriodOut):
    """Orders of one week or month; `open` at its end."""

    received = serializers.IntegerField()
    filled = serializers.IntegerField()
    closed = serializers.IntegerField()
    reopened = serializers.IntegerField()
    open = serializers.IntegerField()
    provisional = serializers.BooleanField()


class FlowOut(FigureOut):
    """Orders that came in and ended."""

    per = serializers.CharField()
    open_before = serializers.IntegerField()
    received = serializers.IntegerField()
    filled = serializers.IntegerField()
    closed = serializers.IntegerField()
    reopened = serializers.IntegerField()
    open = serializers.IntegerField()
    filled_of_ended = ShareOut()
    provisional_from = serializers.DateField()
    periods = FlowPeriod(many=True)


class MeasureOut(serializers.Serializer[Any]):
    """Working hours: of how many orders received so many had come so far, their median and 90th percentile."""

    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    median_hours = serializers.FloatField(allow_null=True)
    p90_hours = serializers.FloatField(allow_null=True)


class TimesPeriod(PeriodOut):
    """Orders received in one week or month."""

    first_response = MeasureOut()
    first_candidate = MeasureOut()
    fill = MeasureOut()
    provisional = serializers.BooleanField()


class TimesPlace(serializers.Serializer[Any]):
    """Orders led by one municipality."""

    municipality = serializers.CharField()
    first_response = MeasureOut()
    first_candidate = MeasureOut()
    fill = MeasureOut()


class TimesOut(FigureOut):
    """How long companies waited."""

    per = serializers.CharField()
    first_response = MeasureOut()
    first_candidate = MeasureOut()
    fill = MeasureOut()
    provisional_from = serializers.DateField()
    periods = TimesPeriod(many=True)
    municipalities = TimesPlace(many=True)


class KeptOut(ShareOut):
    """Kept out of kept and broken; the rest is in no share."""

    kept = serializers.IntegerField()
    broken = serializers.IntegerField()
    running = serializers.IntegerField()
    paused = serializers.IntegerField()
    not_needed = serializers.IntegerField()


class PromisesPeriod(PeriodOut):
    """Orders received in one week or month."""

    first_response = KeptOut()
    first_candidate = KeptOut()


class PromisesPlace(serializers.Serializer[Any]):
    """Orders led by one municipality."""

    municipality = serializers.CharField()
    first_response = KeptOut()
    first_candidate = KeptOut()


class PromisesOut(FigureOut):
    """Promises kept."""

    per = serializers.CharField()
    first_response = KeptOut()
    first_candidate = KeptOut()
    periods = PromisesPeriod(many=True)
    municipalities = PromisesPlace(many=True)


class HiresOut(serializers.Serializer[Any]):
    """People hired from one home municipality."""

    municipality = serializers.CharField()
    hires = serializers.IntegerField(allow_null=True, help_text=HIDDEN)


class LeadOut(serializers.Serializer[Any]):
    """People hired on the orders that one municipality led."""

    municipality = serializers.CharField()
    hires = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    crossed = PeopleShareOut()
    homes = HiresOut(many=True)


class ExchangeOut(FigureOut):
    """Who was hired from where on whose orders."""

    registered_later = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    hires = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    crossed = PeopleShareOut()
    provisional_from = serializers.DateField()
    provisional = serializers.BooleanField()
    leads = LeadOut(many=True)
    homes = HiresOut(many=True, help_text="empty where one municipality is asked for")


class ReasonOut(ShareOut):
    """Orders that ended for one reason, out of all that ended."""

    reason = serializers.CharField()
    filled = serializers.IntegerField()
    closed = serializers.IntegerField()


class EndReasonOut(serializers.Serializer[Any]):
    """People whose nomination came to nothing for one reason."""

    reason = serializers.CharField()
    people = serializers.IntegerField(allow_null=True, help_text=HIDDEN)


class EndOut(serializers.Serializer[Any]):
    """Nominations that came to nothing in one way."""

    end = serializers.ChoiceField(("declined", "withdrawn", "not_started"))
    people = serializers.IntegerField(allow_null=True, help_text=HIDDEN)
    reasons = EndReasonOut(many=True)


class ReasonsOut(FigureOut):
    """Why orders ended, and why nominations came to nothing."""

    ended = serializers.IntegerField()
    orders = ReasonOut(many=True)
    nominations = EndOut(many=True)


class ComparedOut(serializers.Serializer[Any]):
    """What another municipality reached."""

    municipality = serializers.CharField()
    value = serializers.FloatField(allow_null=True)


class GoalStandingOut(serializers.Serializer[Any]):
    """Where a goal stands."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    measure = serializers.CharField()
    municipality = serializers.CharField(allow_null=True)
    to = serializers.DateField()
    frequency = serializers.CharField()
    look_back_months = serializers.IntegerField(allow_null=True)
    goal = serializers.FloatField()
    is_share = serializers.BooleanField()
    baseline = serializers.FloatField(allow_null=True)
    baseline_from = serializers.CharField(allow_blank=True)
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    value = serializers.FloatField(allow_null=True)
    expected = serializers.FloatField()
    state = serializers.CharField(allow_null=True, help_text="not_begun, on_track, off_track, reached or missed")
    needed_per_month = serializers.FloatField(allow_null=True)
    compared = ComparedOut(many=True)
    assumptions = serializers.CharField(allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is a word of Python's."""
        return {**super().get_fields(), "from": serializers.DateField()}


class GoalsOut(serializers.Serializer[Any]):
    """All goals of the year that the day lies in."""

    as_of = serializers.DateField()
    known_at = serializers.DateTimeField()
    goals = GoalStandingOut(many=True)


class SavingOut(serializers.Serializer[Any]):
    """What a post cost in its test period, and what its placements may have saved. No proof of an effect."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    municipality = serializers.CharField()
    to = serializers.DateField()
    until = serializers.DateField(help_text="the last day counted")
    is_over = serializers.BooleanField()
    report_due = serializers.DateField(allow_null=True)
    cost = serializers.IntegerField(help_text="kr., of the days that have passed")
    cost_per_year = serializers.IntegerField()
    placements = serializers.IntegerField(allow_null=True, help_text="null: fewer than five")
    saved_low = serializers.IntegerField(allow_null=True)
    saved_high = serializers.IntegerField(allow_null=True)
    balance_low = serializers.IntegerField(allow_null=True)
    balance_high = serializers.IntegerField(allow_null=True)
    weeks_to_pay = serializers.IntegerField(allow_null=True, help_text="weeks without benefit that would pay the cost")
    weekly_saving = serializers.IntegerField()
    weeks = serializers.ListField(child=serializers.IntegerField(), help_text="assumed: from, to")
    due_percent = serializers.ListField(child=serializers.IntegerField(), help_text="assumed: from, to")
    assumptions = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is a word of Python's."""
        return {**super().get_fields(), "from": serializers.DateField()}


class SavingsOut(serializers.Serializer[Any]):
    """All test periods."""

    as_of = serializers.DateField()
    known_at = serializers.DateTimeField()
    savings = SavingOut(many=True)
