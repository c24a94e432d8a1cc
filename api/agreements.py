"""GET/POST agreements, GET/PATCH agreements/{id}, POST agreements/{id}/sign and /end, GET agreements/{id}/units."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.base import Listed, Resource, Retrieved
from api.company_parts import UnitOut
from api.serializers import StrictSerializer
from api.steps import changes, creates, step
from companies import agreements, coverage
from companies.models import Agreement, Company, ProductionUnit
from events import clock
from events.errors import Invalid, NotVisible
from municipalities.actor import Actor

STATES = ("draft", "active", "ended")


class AgreementRow(serializers.Serializer[Any]):
    """An agreement in the list."""

    id = serializers.UUIDField(source="public_id")
    company = serializers.UUIDField(source="company.public_id")
    company_name = serializers.CharField(source="company.name")
    kind = serializers.CharField()
    holder = serializers.CharField()
    holder_municipality = serializers.CharField(source="holder_municipality_id", allow_null=True)
    tovholder = serializers.CharField(source="tovholder_id", allow_null=True)
    state = serializers.ChoiceField(choices=STATES, help_text="by the dates, as of today")
    signed_on = serializers.DateField(allow_null=True)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    recorded_at = serializers.DateTimeField()
    version = serializers.IntegerField()


@extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
class UnitIds(serializers.Field[Any, Any, Any, Any]):
    """Ids of the covered units."""

    def to_representation(self, value: Any) -> list[Any]:
        """The public ids, in the units' order."""
        return [unit.public_id for unit in value.all()]


class ForecastOut(serializers.Serializer[Any]):
    """How many people of an occupation are expected to be needed in a month."""

    month = serializers.DateField(help_text="the first of the month")
    occupation = serializers.CharField(source="occupation_id")
    positions = serializers.IntegerField()


class DocumentOut(serializers.Serializer[Any]):
    """A signed paper; its content is read on the pages."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    size = serializers.IntegerField()
    uploaded_at = serializers.DateTimeField()


class AgreementOut(AgreementRow):
    """An agreement with its text, its own promises, the units that it covers and what the company expects to need."""

    covers_all_units = serializers.BooleanField()
    area = serializers.ListField(child=serializers.CharField())
    units = UnitIds(read_only=True, help_text="those chosen one by one; all that are covered: agreements/{id}/units")
    parties = serializers.CharField()
    schemes = serializers.ListField(child=serializers.ChoiceField(choices=Agreement.Scheme.choices))
    first_response_days = serializers.IntegerField(allow_null=True)
    first_candidate_days = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()
    forecast = ForecastOut(many=True)
    documents = DocumentOut(many=True)


class ForecastIn(StrictSerializer):
    """One line of the forecast; any day of the month."""

    month = serializers.DateField()
    occupation = serializers.CharField(max_length=4)
    positions = serializers.IntegerField(min_value=1, max_value=9999)


class AgreementTerms(StrictSerializer):
    """What may be changed; `units` and `area` are given together, and both left out of a PATCH stay as they are.

    A signed agreement keeps kind, holder and period.
    """

    kind = serializers.ChoiceField(choices=Agreement.Kind.values)
    holder = serializers.ChoiceField(choices=Agreement.Holder.values, required=False)
    holder_municipality = serializers.CharField(max_length=4, required=False, allow_null=True)
    tovholder = serializers.CharField(max_length=4, required=False, allow_null=True)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, allow_null=True)
    units = serializers.ListField(child=serializers.UUIDField(), required=False, allow_null=True, max_length=5000)
    area = serializers.ListField(
        child=serializers.CharField(max_length=9), required=False, max_length=200,
        help_text="municipality codes (0101), postal codes (6270) and ranges of them (6200-6299)",
    )  # fmt: skip
    parties = serializers.CharField(max_length=500, required=False, allow_blank=True)
    schemes = serializers.ListField(child=serializers.ChoiceField(choices=Agreement.Scheme.choices), required=False)
    first_response_days = serializers.IntegerField(min_value=1, max_value=30, required=False, allow_null=True)
    first_candidate_days = serializers.IntegerField(min_value=1, max_value=90, required=False, allow_null=True)
    text = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    forecast = ForecastIn(many=True, required=False)


class AgreementIn(AgreementTerms):
    """A written agreement to register; without `units` and `area` it covers all units. `draft`: not signed yet."""

    company = serializers.UUIDField()
    signed_on = serializers.DateField(required=False)
    draft = serializers.BooleanField(required=False)


class SignIn(StrictSerializer):
    """When it was signed; today if left out."""

    signed_on = serializers.DateField(required=False)


class EndIn(StrictSerializer):
    """`ended_on` is the first day without the agreement."""

    ended_on = serializers.DateField()


class AgreementFilter(django_filters.FilterSet):
    """By company, kind, holder, tovholder, state today, and the day that it is in force."""

    company = django_filters.UUIDFilter(field_name="company__public_id")
    kind = django_filters.ChoiceFilter(choices=Agreement.Kind.choices)
    holder = django_filters.ChoiceFilter(choices=Agreement.Holder.choices)
    tovholder = django_filters.CharFilter(field_name="tovholder_id")
    state = django_filters.ChoiceFilter(choices=[(state, state) for state in STATES], method="in_state")
    in_force_on = django_filters.DateFilter(method="in_force")
    runs_out = django_filters.BooleanFilter(method="running_out")

    def running_out(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        """Those in force that run out within 60 days; or the others."""
        soon = Agreement.objects.to_renew(clock.today()).order_by()
        found: QuerySet[Any] = queryset.filter(pk__in=soon) if value else queryset.exclude(pk__in=soon)
        return found

    def in_force(self, queryset: Any, name: str, value: dt.date) -> QuerySet[Any]:
        """Those in force that day."""
        return queryset.in_force(value)

    def in_state(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        """Those in that state today."""
        return queryset.in_state(value, clock.today())


class CoveredUnits(Listed, Resource):
    """The units that an agreement covers, by postal code."""

    model = ProductionUnit
    serializer_class = UnitOut
    row_class = UnitOut
    export_name = "units"
    search_fields = ("name", "street", "p_number")
    ordering_fields = {"postal_code": "postal_code", "name": "name"}

    def visible(self) -> QuerySet[Any]:
        """Those of the agreement."""
        agreement = Agreement.objects.visible_to(self.actor).filter(public_id=self.kwargs["agreement"]).first()
        if agreement is None:
            raise NotVisible
        return coverage.covered_units(agreement)


class Agreements(Listed, Retrieved, Resource):
    """Agreements with companies."""

    model = Agreement
    serializer_class = AgreementOut
    row_class = AgreementRow
    export_name = "agreements"
    filterset_class = AgreementFilter
    search_fields = ("company__name", "company__cvr")
    ordering_fields = {"valid_from": "valid_from", "valid_to": "valid_to", "company_name": "company__name"}

    def visible(self) -> QuerySet[Any]:
        """The scope, with all its parts."""
        found = super().visible()
        if self.action == "list":
            return found
        return found.select_related("company").prefetch_related("units", "forecast", "documents")

    def row_sources(self) -> list[str]:
        """The dates stand for the state."""
        return [source for source in super().row_sources() if source != "state"]

    def rows_of(self, values: Any) -> list[dict[str, Any]]:
        """Rows with the state by their dates."""
        names = [name for name in AgreementRow().fields if name != "state"]
        rows = []
        for value in values:
            row = dict(zip(names, value, strict=True))
            dates = {name: row[name] for name in ("signed_on", "valid_from", "valid_to", "ended_on")}
            rows.append({name: row.get(name) for name in AgreementRow().fields} | {"state": Agreement(**dates).state})
        return rows

    @creates(AgreementIn)
    def create(self, body: dict[str, Any]) -> Any:
        """Register a signed agreement, or draw one up."""
        company = _company(body.pop("company"), self.actor)
        units = body.pop("units", None)
        body["units"] = None if units is None else _units(company, units)
        if body.pop("draft", False):
            if "signed_on" in body:
                raise Invalid.field("signed_on", "not_asked", _("Nobody has signed a draft."))
            return agreements.draft(self.actor, company, **body)
        return agreements.sign(self.actor, company, **body)

    @changes(AgreementTerms)
    def partial_update(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Change its terms, the units that it covers, or the forecast."""
        if body.get("units") is not None:
            agreement = self.get_object()
            body["units"] = _units(agreement.company, body["units"])
        return agreements.change(self.actor, id, version, body)

    @step(takes=SignIn)
    def sign(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """The draft is signed."""
        return agreements.sign_draft(self.actor, id, version, **body)

    @step(takes=EndIn)
    def end(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """End it."""
        return agreements.end(self.actor, id, version, **body)


def _company(public_id: UUID, actor: Actor) -> Company:
    found = Company.objects.visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise Invalid.field("company", "unknown", _("There is no such company."))
    return found


def _units(company: Company, asked: list[UUID]) -> list[ProductionUnit]:
    found = list(company.units.filter(public_id__in=asked))
    if len(found) != len(set(asked)):
        raise Invalid.field("units", "unknown_unit", _("This company has no such production unit."))
    return found


ROUTES = [
    ("agreements/<uuid:agreement>/units", CoveredUnits, "agreement-units"),
    ("agreements", Agreements, "agreements"),
]
