"""The shapes of the single entry and of the follow link."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.job_order_shapes import MunicipalityBrief, NoteIn, OrderBlock, OrderContact, ProposalIn, TextIn
from api.nomination_shapes import Person
from api.raw import Raw, choices_of
from api.serializers import StrictSerializer
from joborders.nomination_workflow import DeclineReason
from joborders.services.follow import ANSWERS

__all__ = ["NoteIn", "ProposalIn", "TextIn"]


class HandInUnit(Raw):
    """Where the work is: the P-number if it is known, else the address."""

    p_number = serializers.CharField(required=False, allow_null=True)
    name = serializers.CharField(required=False, allow_blank=True)
    street = serializers.CharField(required=False, allow_blank=True)
    postal_code = serializers.CharField(required=False, allow_blank=True)
    municipality = serializers.CharField(required=False, allow_blank=True)


class HandInCompany(Raw):
    """Which company; name and unit are asked for when the CVR number is not known yet."""

    cvr = serializers.CharField()
    name = serializers.CharField(required=False)
    unit = HandInUnit(required=False)


class HandInOrder(OrderBlock):
    """The order block; the contact may stand in it or beside it."""

    contact = OrderContact(required=False)


class HandInIn(Raw):
    """An order from somebody whom nobody knows yet."""

    service_knows_names = True

    company = HandInCompany()
    order = HandInOrder()
    contact = OrderContact(required=False)


class Promises(serializers.Serializer[Any]):
    """By when the jobcentre answers, and presents somebody."""

    first_response_due_at = serializers.DateTimeField(allow_null=True)
    first_candidate_due_at = serializers.DateTimeField(allow_null=True)


class HandedIn(serializers.Serializer[Any]):
    """The receipt. The secret is shown this once."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    secret = serializers.CharField()
    follow = serializers.CharField(help_text="address of the follow link")
    lead = MunicipalityBrief()
    received_at = serializers.DateTimeField()
    promises = Promises()


class Counts(serializers.Serializer[Any]):
    """How many candidates are where."""

    presented = serializers.IntegerField()
    interview = serializers.IntegerField()
    hired = serializers.IntegerField()


class FollowNomination(serializers.Serializer[Any]):
    """A candidate who is with the company."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()
    state = serializers.CharField()
    presented_at = serializers.DateTimeField(allow_null=True)
    reported_start_on = serializers.DateField(allow_null=True)
    hire_starts_on = serializers.DateField(allow_null=True)
    person = Person(allow_null=True)
    judged = serializers.DictField(allow_null=True, help_text="which must-haves are met")
    allowed = serializers.ListField(child=serializers.CharField())


class FollowOut(serializers.Serializer[Any]):
    """The company's own view. `nominations` are empty until the code was entered."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.CharField()
    phase = serializers.CharField(allow_null=True)
    is_paused = serializers.BooleanField()
    positions = serializers.IntegerField()
    hires = serializers.IntegerField()
    filled_otherwise = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    responded_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    close_reason = serializers.CharField()
    lead = MunicipalityBrief()
    promises = Promises()
    counts = Counts()
    can_open = serializers.BooleanField(help_text="the contact is verified: a code can be mailed")
    opened = serializers.BooleanField()
    nominations = FollowNomination(many=True)
    allowed = serializers.ListField(child=serializers.CharField())


class AnswerIn(Raw):
    """`hire` needs starts_on, `decline` a reason (`other` with text); `interview` may name its time, `move_interview`
    must."""

    typed = ("answer", "interview_at")

    answer = serializers.ChoiceField(ANSWERS)
    starts_on = serializers.DateField(required=False, allow_null=True)
    interview_at = serializers.DateTimeField(required=False, allow_null=True)
    reason = serializers.ChoiceField(choices_of(DeclineReason), required=False)
    text = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class AnswerOut(serializers.Serializer[Any]):
    """The nomination after the answer."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    version = serializers.IntegerField()


class CodeIn(StrictSerializer):
    """Six digits."""

    code = serializers.RegexField(r"^[0-9]{6}$")


class CodeSent(serializers.Serializer[Any]):
    """It is on its way."""

    sent = serializers.BooleanField()


class Opened(serializers.Serializer[Any]):
    """Send `opened` back as X-Follow-Opened."""

    opened = serializers.CharField()
    until = serializers.DateTimeField()
