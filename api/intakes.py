"""GET/POST intakes, GET/PATCH intakes/{id}, and what becomes of each: submit, merge, enquiry, spam.

An intake is a call or mail before it is an order: somebody who can be reached, and a clock. For the consultants of
the jobcentre in whose queue it stands, and the coordinator.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listed, Resource, Retrieved
from api.conditional import headers_for
from api.filters import BadQuery
from api.job_order_out import order_for
from api.job_order_shapes import (
    AssigneeBrief,
    JobOrderOut,
    MunicipalityBrief,
    NoteIn,
    OrderBlock,
    OrderContact,
    SimilarOrder,
)
from api.raw import choices_of
from api.serializers import StrictSerializer
from api.steps import changes, creates, step
from events import clock
from joborders.intake_workflow import State
from joborders.models import Intake, JobOrder
from joborders.services import intakes
from vocabulary.models import IscoGroup

MAX_ALIKE = 5


class IntakeContact(serializers.Serializer[Any]):
    """Who called or wrote."""

    name = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()


class IntakeRow(serializers.Serializer[Any]):
    """An intake in the list."""

    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices_of(State))
    channel = serializers.ChoiceField(JobOrder.Channel.choices)
    received_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    municipality = serializers.CharField(source="municipality_id", allow_null=True)
    contact_name = serializers.CharField()
    contact_phone = serializers.CharField()
    contact_email = serializers.CharField()
    cvr = serializers.CharField()
    response_due_at = serializers.DateTimeField(allow_null=True)
    order = serializers.UUIDField(source="order.public_id", allow_null=True)


class OrderBrief(serializers.Serializer[Any]):
    """The order that it became, or that it was about."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField()
    state = serializers.CharField()


class IntakeOut(serializers.Serializer[Any]):
    """One intake. `alike`: open orders of the same company within 30 days, to be looked at before it is submitted."""

    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices_of(State))
    channel = serializers.ChoiceField(JobOrder.Channel.choices)
    received_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()
    municipality = MunicipalityBrief(allow_null=True)
    taken_by = AssigneeBrief(allow_null=True)
    contact = serializers.SerializerMethodField()
    cvr = serializers.CharField()
    text = serializers.CharField()
    response_due_at = serializers.DateTimeField(allow_null=True)
    is_overdue = serializers.SerializerMethodField()
    order = OrderBrief(allow_null=True)
    alike = serializers.SerializerMethodField()
    allowed = serializers.SerializerMethodField()

    @extend_schema_field(IntakeContact)
    def get_contact(self, intake: Intake) -> dict[str, str]:
        """Who can be reached, and how."""
        return {name: getattr(intake, f"contact_{name}") for name in intakes.CONTACT}

    def get_is_overdue(self, intake: Intake) -> bool:
        """It still waits, and the first response is late."""
        due = intake.response_due_at
        return intake.state in intakes.WAITING and due is not None and due < clock.now()

    @extend_schema_field(SimilarOrder(many=True))
    def get_alike(self, intake: Intake) -> list[Any]:
        """Is it this one?"""
        found = intakes.alike(intake, self.context["request"].actor, self.context.get("occupation"))
        return list(SimilarOrder(found[:MAX_ALIKE], many=True).data)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_allowed(self, intake: Intake) -> list[str]:
        """The steps that the caller may take now."""
        return list(intakes.allowed(intake, self.context["request"].actor))


class IntakeContactIn(OrderContact):
    """A name, and a phone number or mail address."""

    best_time = None


class IntakeChange(StrictSerializer):
    """What is to be corrected; parts of the contact that are left out stay as they are."""

    contact = IntakeContactIn(required=False)
    cvr = serializers.CharField(required=False, allow_blank=True, max_length=20)
    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)


class IntakeIn(IntakeChange):
    """A call or mail to write down."""

    channel = serializers.ChoiceField(intakes.CHANNELS)
    contact = IntakeContactIn()
    received_at = serializers.DateTimeField(required=False, allow_null=True, help_text="when it came in, if earlier")


class SubmitIn(OrderBlock):
    """The order block; company and contact are the intake's if they are left out."""

    typed = ("company",)

    company = serializers.UUIDField(required=False)
    contact = OrderContact(required=False)


class MoveIn(StrictSerializer):
    """In whose queue it belongs."""

    to = serializers.CharField(max_length=4, help_text="code of one of the nine municipalities")


class MergeIn(StrictSerializer):
    """The order that it is about."""

    order = serializers.UUIDField()


class IntakeFilter(django_filters.FilterSet):
    """By state, channel, municipality and CVR number."""

    state = django_filters.MultipleChoiceFilter(choices=choices_of(State))
    channel = django_filters.ChoiceFilter(choices=JobOrder.Channel.choices)
    municipality = django_filters.CharFilter(field_name="municipality", max_length=4)
    cvr = django_filters.CharFilter(max_length=8)


class Intakes(Listed, Retrieved, Resource):
    """Calls, mails and web forms as they came in."""

    model = Intake
    serializer_class = IntakeOut
    row_class = IntakeRow
    export_name = "intakes"
    filterset_class = IntakeFilter
    search_fields = ("contact_name", "cvr")
    ordering_fields = {"received_at": "received_at", "due": "response_due_at"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """One intake can be asked for with the occupation that the caller named."""
        self.query_parameters = ("occupation",) if self.action == "retrieve" else ()
        super().initial(request, *args, **kwargs)

    def visible(self) -> QuerySet[Any]:
        """The scope, with what one intake shows."""
        return super().visible().select_related("municipality", "taken_by", "order")

    def get_serializer_context(self) -> dict[str, Any]:
        """With the occupation that `alike` is narrowed to. Raises BadQuery."""
        code = self.request.query_params.get("occupation") if self.request is not None else None
        if code is not None and not IscoGroup.objects.filter(pk=code).exists():
            raise BadQuery(
                "occupation", "unknown_code", _("This occupation is not known (an ISCO-08 code of four digits).")
            )
        return {**super().get_serializer_context(), "occupation": code}

    @extend_schema(
        parameters=[OpenApiParameter("occupation", str, description="ISCO-08; narrows `alike` to that occupation")]
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One intake, with the open orders that it may be about."""
        return super().retrieve(request, *args, **kwargs)

    @creates(IntakeIn)
    def create(self, body: dict[str, Any]) -> Any:
        """Write down a call or mail; the clock runs from `received_at`."""
        return intakes.draft(self.actor, **body)

    @changes(IntakeChange)
    def partial_update(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Correct what was written down."""
        return intakes.change_draft(id, self.actor, version, **body)

    @step(takes=SubmitIn, gives=JobOrderOut, status=201)
    def submit(self, id: UUID, version: int, body: dict[str, Any]) -> Response:
        """Make an order of it: received when the call came, registered now."""
        company = body.pop("company", None)
        order = intakes.submit_draft(id, self.actor, version, body, company=company)
        where = self.request.build_absolute_uri(f"/api/v1/job-orders/{order.public_id}")
        return Response(order_for(order, self.actor), status=201, headers={**headers_for(order), "Location": where})

    @step()
    def take(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """The caller deals with it: told when it runs late, and the addressee of files in quarantine."""
        return intakes.take(id, self.actor, version)

    @step(takes=MoveIn)
    def move(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Into the queue of another municipality; nobody there has taken it yet."""
        return intakes.move(id, self.actor, version, **body)

    @step(takes=MergeIn)
    def merge(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """It is about an order that is there already."""
        return intakes.merge(id, self.actor, version, **body)

    @step(takes=NoteIn)
    def enquiry(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """A question that was dealt with: out of the queue; it may still become an order."""
        return intakes.mark_enquiry(id, self.actor, version, **body)

    @step()
    def spam(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """No message of a company: out of the queue."""
        return intakes.mark_spam(id, self.actor, version)


ROUTES = [("intakes", Intakes, "intakes")]
