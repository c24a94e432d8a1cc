"""The shapes of nominations: one as a reader may see it, and the bodies of the steps."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.raw import Raw, choices_of
from api.serializers import StrictSerializer
from joborders.models import Nomination
from joborders.nomination_workflow import DeclineReason, HireTerms, NotStartedReason, WithdrawReason
from joborders.services.nominations_begin import MAX_AT_ONCE
from joborders.services.nominations_input import CHANNELS


class NominationOrder(serializers.Serializer[Any]):
    """What the home jobcentre needs to know of the order to ask its candidate."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField()
    company_name = serializers.CharField()
    lead = serializers.CharField()
    workplace_municipality = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    type = serializers.CharField()
    state = serializers.CharField()


class Person(serializers.Serializer[Any]):
    """The named candidate; every answer that holds one is in the access log. A company gets the chosen way only."""

    name = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    contact_way = serializers.CharField()
    cv_text = serializers.CharField(help_text="as confirmed for this order")


class NominationOut(serializers.Serializer[Any]):
    """One candidate on one order. `person` is null for whoever may not see the name now, and in answers to steps."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(Nomination.State.choices)
    order = NominationOrder()
    home_municipality = serializers.CharField(allow_null=True)
    card = serializers.UUIDField(allow_null=True, help_text="the card's id in screenings of this order")
    pseudonym = serializers.CharField(allow_null=True, help_text="random, on this order only")
    candidate = serializers.UUIDField(allow_null=True, help_text="for the home municipality only")
    person = Person(allow_null=True)
    judged = serializers.DictField(allow_null=True, help_text="the card of the last screening that listed the person")
    requested_at = serializers.DateTimeField(allow_null=True)
    answer_due_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    presented_at = serializers.DateTimeField(allow_null=True)
    interviewed_at = serializers.DateTimeField(allow_null=True)
    interview_at = serializers.DateTimeField(allow_null=True)
    hired_at = serializers.DateTimeField(allow_null=True)
    reported_start_on = serializers.DateField(allow_null=True)
    hire_starts_on = serializers.DateField(allow_null=True)
    hire_hours = serializers.IntegerField(allow_null=True)
    hire_terms = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField()
    end_text = serializers.CharField()
    cv_gaps = serializers.ListField(
        child=serializers.CharField(),
        help_text="principles that the CV fails: now, for one accepted nomination; as kept, once presented",
    )
    cv_reason = serializers.CharField(help_text="why it was presented nevertheless; for the jobcentres")
    warnings = serializers.ListField(child=serializers.CharField())
    allowed = serializers.ListField(child=serializers.CharField())


class NominationList(serializers.Serializer[Any]):
    """Several at once."""

    results = NominationOut(many=True)


class AcceptIn(Raw):
    """The candidate's acceptance and the screening talk; all three answers of the talk must be yes."""

    accepted_on = serializers.DateField()
    channel = serializers.CharField(help_text=", ".join(sorted(CHANNELS)))
    by = serializers.CharField(required=False, max_length=120, allow_blank=True)
    talk_can_do = serializers.BooleanField()
    talk_wants_to = serializers.BooleanField()
    cv_checked = serializers.BooleanField()
    special_terms_fit = serializers.BooleanField(required=False, allow_null=True)
    cv_text = serializers.CharField(required=False, allow_blank=True, max_length=10_000)


class Reasoned(StrictSerializer):
    """`reason` is kept with the last screening if somebody listed before is passed over."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class OfferIn(Reasoned):
    """An own candidate who has said yes."""

    candidate = serializers.UUIDField()
    acceptance = AcceptIn()


class RequestIn(Reasoned):
    """Cards of a screening of this order."""

    cards = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MAX_AT_ONCE)


class PresentIn(Raw):
    """`reason`: why a CV that fails a principle (`cv_gaps`) is shown nevertheless; not needed where none fails."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class InterviewIn(Raw):
    """`interview_at`: when they meet, if it is agreed already; calendars then get an invitation."""

    typed = ("interview_at",)

    interview_at = serializers.DateTimeField(required=False, allow_null=True)


class MoveInterviewIn(Raw):
    """When they meet now."""

    typed = ("interview_at",)

    interview_at = serializers.DateTimeField()


class HireIn(Raw):
    """A hire. A company reports `starts_on` only; the consultant confirms with hours (1–60) and terms."""

    starts_on = serializers.DateField()
    weekly_hours = serializers.IntegerField(min_value=1, max_value=60, required=False)
    terms = serializers.ChoiceField(choices_of(HireTerms), required=False)


class DeclineIn(Raw):
    """No to a presented person."""

    reason = serializers.ChoiceField(choices_of(DeclineReason))
    text = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class WithdrawIn(Raw):
    """Home takes the person off, or refuses a request."""

    reason = serializers.ChoiceField(choices_of(WithdrawReason))
    text = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class NotStartedIn(Raw):
    """The hired person did not begin."""

    reason = serializers.ChoiceField(choices_of(NotStartedReason))
    text = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class Item(Raw):
    """One nomination, decided on at a version."""

    typed = ("id", "version")

    id = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1)


class AcceptItem(AcceptIn, Item):
    """One acceptance."""


class PresentItem(PresentIn, Item):
    """One to present."""


class InterviewItem(InterviewIn, Item):
    """One to interview."""

    typed = (*Item.typed, *InterviewIn.typed)


class HireItem(HireIn, Item):
    """One hire."""


class DeclineItem(DeclineIn, Item):
    """One no."""


class WithdrawItem(WithdrawIn, Item):
    """One taken off."""


class NotStartedItem(NotStartedIn, Item):
    """One who did not begin."""


class InterviewMany(StrictSerializer):
    """Several to interview, all or none."""

    items = serializers.ListField(child=InterviewItem(), min_length=1, max_length=MAX_AT_ONCE)


class PresentMany(StrictSerializer):
    """Several presented in one step, all or none."""

    items = serializers.ListField(child=PresentItem(), min_length=1, max_length=MAX_AT_ONCE)


class AcceptMany(StrictSerializer):
    """Several acceptances, all or none."""

    items = serializers.ListField(child=AcceptItem(), min_length=1, max_length=MAX_AT_ONCE)


class HireMany(StrictSerializer):
    """Several hires, all or none."""

    items = serializers.ListField(child=HireItem(), min_length=1, max_length=MAX_AT_ONCE)


class DeclineMany(StrictSerializer):
    """Several declined, all or none."""

    items = serializers.ListField(child=DeclineItem(), min_length=1, max_length=MAX_AT_ONCE)


class WithdrawMany(StrictSerializer):
    """Several withdrawn, all or none."""

    items = serializers.ListField(child=WithdrawItem(), min_length=1, max_length=MAX_AT_ONCE)


class NotStartedMany(StrictSerializer):
    """Several who did not begin, all or none."""

    items = serializers.ListField(child=NotStartedItem(), min_length=1, max_length=MAX_AT_ONCE)
