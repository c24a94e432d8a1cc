"""The shapes of job orders: the order block in and out, and the bodies of the steps."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.raw import Raw, choices_of
from api.serializers import StrictSerializer
from joborders.models import JobOrder, Requirement
from joborders.services.steps import CONTACT_SOURCES
from joborders.workflow import MAX_POSITIONS, Phase, Reason

CONTACT_KINDS = ("phone", "mail", "visit", "meeting")


class OrderContact(Raw):
    """The company's contact person for one order: a name, and a phone number or mail address."""

    name = serializers.CharField(max_length=120)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    best_time = serializers.CharField(max_length=120, required=False, allow_blank=True)


class Workplace(Raw):
    """An address; the municipality is asked for where the postcode is shared by several."""

    street = serializers.CharField(max_length=200, required=False, allow_blank=True)
    postal_code = serializers.CharField(max_length=4, required=False, allow_blank=True)
    municipality = serializers.CharField(max_length=4, required=False, allow_blank=True)


class OrderRequirement(Raw):
    """One must-have (`is_must`) or wish. A skill's code is its id; only languages have levels (A1–C2)."""

    kind = serializers.ChoiceField(Requirement.Kind.choices)
    code = serializers.CharField(max_length=160)
    is_must = serializers.BooleanField(default=True)
    oral = serializers.CharField(required=False, allow_null=True, help_text="A1–C2")
    written = serializers.CharField(required=False, allow_null=True, help_text="A1–C2")


class OrderBlock(Raw):
    """What a company wants. The rules are joborders.wanted's."""

    service_knows_names = True

    title = serializers.CharField(max_length=100)
    occupation = serializers.CharField(allow_null=True, required=False, help_text="ISCO-08, four digits")
    description = serializers.CharField(max_length=5000)
    internal_note = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    unit = serializers.UUIDField(required=False, allow_null=True)
    p_number = serializers.CharField(required=False, allow_null=True, write_only=True)
    workplace = Workplace(required=False, allow_null=True)
    is_remote = serializers.BooleanField(default=False)
    positions = serializers.IntegerField(min_value=1, max_value=MAX_POSITIONS)
    type = serializers.ChoiceField(JobOrder.Type.choices, default="ordinary")
    employment = serializers.ChoiceField(JobOrder.Employment.choices, default="permanent")
    employment_until = serializers.DateField(required=False, allow_null=True)
    hours_min = serializers.IntegerField(required=False, allow_null=True)
    hours_max = serializers.IntegerField(required=False, allow_null=True)
    shifts = serializers.ListField(child=serializers.CharField(), required=False)
    starts_on = serializers.DateField(required=False, allow_null=True, help_text="null: as soon as possible")
    grace_days = serializers.IntegerField(required=False)
    max_distance_km = serializers.IntegerField(required=False, allow_null=True)
    needs_own_transport = serializers.BooleanField(default=False)
    wage = serializers.CharField(max_length=200, required=False, allow_blank=True)
    collective_agreement = serializers.CharField(max_length=200, required=False, allow_blank=True)
    deadline = serializers.DateField(required=False, allow_null=True)
    apply_how = serializers.ChoiceField(JobOrder.Apply.choices, default="nrs")
    apply_link = serializers.URLField(required=False, allow_blank=True)
    contact = OrderContact()
    is_public = serializers.BooleanField(default=False)
    is_anonymous = serializers.BooleanField(default=False)
    requirements = OrderRequirement(many=True, required=False)


class JobOrderIn(OrderBlock):
    """An order handed in by the company itself (token) or by a member for it."""

    typed = ("company", "channel", "received_at")

    company = serializers.UUIDField(required=False, help_text="a company's own token may leave it out")
    channel = serializers.ChoiceField(JobOrder.Channel.choices, required=False)
    received_at = serializers.DateTimeField(required=False, allow_null=True, help_text="when it came in, if earlier")


class JobOrderChange(OrderBlock):
    """Any part of the order block; `filled_otherwise` counts positions that were filled without the nine."""

    filled_otherwise = serializers.IntegerField(required=False, min_value=0)
    note = serializers.CharField(required=False, allow_blank=True)


class CompanyBrief(serializers.Serializer[Any]):
    """A company, in short."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    cvr = serializers.CharField()


class MunicipalityBrief(serializers.Serializer[Any]):
    """A municipality, in short."""

    code = serializers.CharField()
    name = serializers.CharField()
    jobcentre = serializers.CharField()


class AssigneeBrief(serializers.Serializer[Any]):
    """The consultant who has the order."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()


class SimilarOrder(serializers.Serializer[Any]):
    """An open order of the same company for the same occupation within 30 days: is it this one?"""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField()
    title = serializers.CharField()
    received_at = serializers.DateTimeField()


class SupplyAnswerOut(serializers.Serializer[Any]):
    """What one municipality supplies: `count` = `offered` + `promised` by a date, or none (0).

    `answered_at` is null where it has offered people without having answered.
    """

    municipality = serializers.CharField()
    count = serializers.IntegerField()
    offered = serializers.IntegerField()
    promised = serializers.IntegerField()
    by_date = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class SupplyAnswers(serializers.Serializer[Any]):
    """The answers so far."""

    results = SupplyAnswerOut(many=True)


class HistoryBy(serializers.Serializer[Any]):
    """Who did it: a person within the nine, the jobcentre for companies."""

    kind = serializers.CharField()
    role = serializers.CharField()
    municipality = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class HistoryRow(serializers.Serializer[Any]):
    """One event of the order or of one of its nominations; `event` is the sentence's code, `data` its words."""

    id = serializers.UUIDField()
    event = serializers.CharField()
    subject = serializers.UUIDField()
    happened_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    by = HistoryBy()
    note = serializers.CharField()
    data = serializers.DictField()


class ReassignIn(StrictSerializer):
    """To whom."""

    assignee = serializers.UUIDField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class RespondIn(StrictSerializer):
    """The first contact with the company about this order."""

    kind = serializers.ChoiceField(CONTACT_KINDS, default="phone")
    text = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    next_step = serializers.CharField(required=False, allow_blank=True, max_length=500)
    happened_at = serializers.DateTimeField(required=False, allow_null=True)


class VerifyContactIn(StrictSerializer):
    """Where the number that was called came from; never from the order."""

    source = serializers.ChoiceField(CONTACT_SOURCES)


class OrderHandOverIn(StrictSerializer):
    """To which of the nine, why, and who there agreed."""

    to = serializers.CharField(max_length=4)
    reason = serializers.CharField(max_length=1000)
    agreed_by = serializers.CharField(max_length=120)


class NoteIn(StrictSerializer):
    """A note for the history."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class TextIn(StrictSerializer):
    """Words for the jobcentre."""

    text = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class ReasonIn(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=1000)


class SupplyIn(StrictSerializer):
    """n by a date, or none (0). n counts the people offered already; the date is needed when n is more than they."""

    count = serializers.IntegerField(min_value=0, max_value=MAX_POSITIONS)
    by_date = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class CloseIn(StrictSerializer):
    """Why it ends; `other` needs a text. A company withdraws."""

    reason = serializers.ChoiceField(choices_of(Reason))
    text = serializers.CharField(required=False, allow_blank=True, max_length=1000)
    happened_at = serializers.DateTimeField(required=False, allow_null=True)


class ReopenIn(ReasonIn):
    """Why, and how many positions there are now if all were taken."""

    positions = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MAX_POSITIONS)


class ProposalIn(StrictSerializer):
    """What the company wants changed, in words or as a part of the order block."""

    text = serializers.CharField(required=False, allow_blank=True, max_length=1500)
    changes = OrderBlock(required=False)


class JobOrderOut(OrderBlock):
    """A job order as it is now. `allowed` names the steps that the caller may take now."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(JobOrder.State.choices)
    phase = serializers.ChoiceField(choices_of(Phase), allow_null=True)
    company = CompanyBrief()
    lead = MunicipalityBrief()
    assignee = AssigneeBrief(allow_null=True)
    agreement = serializers.UUIDField(allow_null=True)
    tovholder = serializers.CharField(allow_null=True)
    intake_by = serializers.CharField(allow_null=True)
    routed_by = serializers.CharField()
    channel = serializers.ChoiceField(JobOrder.Channel.choices)
    received_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField()
    claimed_at = serializers.DateTimeField(allow_null=True)
    responded_at = serializers.DateTimeField(allow_null=True)
    screened_at = serializers.DateTimeField(allow_null=True)
    shared_at = serializers.DateTimeField(allow_null=True)
    presented_at = serializers.DateTimeField(allow_null=True)
    paused_at = serializers.DateTimeField(allow_null=True)
    contact_verified_at = serializers.DateTimeField(allow_null=True)
    response_due_at = serializers.DateTimeField(allow_null=True)
    candidate_due_at = serializers.DateTimeField(allow_null=True)
    next_due_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    close_reason = serializers.CharField()
    close_text = serializers.CharField()
    hires = serializers.IntegerField()
    filled_otherwise = serializers.IntegerField()
    with_company = serializers.IntegerField()
    open_positions = serializers.IntegerField()
    similar = SimilarOrder(many=True)
    allowed = serializers.ListField(child=serializers.CharField())
