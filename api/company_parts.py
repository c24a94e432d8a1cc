"""GET/POST companies/{id}/units, /contacts and /contact-log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from api.base import Listed, Resource
from api.serializers import StrictSerializer
from api.steps import creates
from companies import services
from companies.models import Company, Contact, ContactLogEntry, ProductionUnit
from events.errors import Invalid, NotVisible
from joborders.services.places import unit_fields


class UnitOut(serializers.Serializer[Any]):
    """A production unit."""

    id = serializers.UUIDField(source="public_id")
    p_number = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    street = serializers.CharField()
    postal_code = serializers.CharField()
    municipality = serializers.CharField(source="municipality_code")
    industry_code = serializers.CharField()
    industry_version = serializers.CharField()
    headcount = serializers.IntegerField(allow_null=True)
    is_main = serializers.BooleanField()
    ceased_on = serializers.DateField(allow_null=True)


class UnitIn(StrictSerializer):
    """A production unit to add; the municipality may be left out where the postcode tells it."""

    p_number = serializers.CharField(max_length=20, required=False, allow_null=True)
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    street = serializers.CharField(max_length=200, required=False, allow_blank=True)
    postal_code = serializers.RegexField(r"^[0-9]{4}$", required=False, allow_blank=True)
    municipality = serializers.RegexField(r"^[0-9]{4}$", required=False)
    industry_code = serializers.CharField(max_length=6, required=False, allow_blank=True)
    industry_version = serializers.ChoiceField(choices=("DB07", "DB25"), required=False, allow_blank=True)
    headcount = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False, allow_null=True)


class NewUnitIn(UnitIn):
    """A unit of a known company."""

    is_main = serializers.BooleanField(required=False)


class ContactOut(serializers.Serializer[Any]):
    """Somebody at the company who may be called."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()
    title = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    best_time = serializers.CharField()
    unit = serializers.UUIDField(source="unit.public_id", default=None, allow_null=True)
    ended_on = serializers.DateField(allow_null=True)


class ContactIn(StrictSerializer):
    """A contact person with a phone number, a mail address, or both."""

    name = serializers.CharField(max_length=120)
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    best_time = serializers.CharField(max_length=120, required=False, allow_blank=True)
    unit = serializers.UUIDField(required=False, allow_null=True)


class LogOut(serializers.Serializer[Any]):
    """One contact with the company."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.CharField()
    about = serializers.CharField()
    text = serializers.CharField()
    next_step = serializers.CharField()
    next_on = serializers.DateField(allow_null=True)
    do_not_call = serializers.BooleanField(help_text="the company asked not to be called for campaigns")
    order = serializers.UUIDField(allow_null=True)
    unit = serializers.UUIDField(source="unit.public_id", default=None, allow_null=True)
    happened_at = serializers.DateTimeField()
    municipality = serializers.CharField(source="municipality_code")
    by = serializers.CharField(source="by_name")


class LogIn(StrictSerializer):
    """A contact to note."""

    kind = serializers.ChoiceField(choices=ContactLogEntry.Kind.values)
    about = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    next_step = serializers.CharField(max_length=200, required=False, allow_blank=True)
    next_on = serializers.DateField(required=False, allow_null=True)
    order = serializers.UUIDField(required=False, allow_null=True)
    unit = serializers.UUIDField(required=False, allow_null=True)
    happened_at = serializers.DateTimeField(required=False)
    do_not_call = serializers.BooleanField(required=False)


class Part(Listed, Resource):
    """Something that belongs to the company of the address."""

    def company(self) -> Company:
        """The company. Raises NotVisible."""
        found = Company.objects.visible_to(self.actor).filter(public_id=self.kwargs["company"]).first()
        if found is None:
            raise NotVisible
        return found

    def mine(self) -> Company:
        """The company, locked, for those who may change it. Raises NotVisible or NotAllowed."""
        return services.locked(self.kwargs["company"], self.actor, None)

    def unit_of(self, company: Company, unit: UUID | None) -> ProductionUnit | None:
        """A unit of the company. Raises Invalid."""
        if unit is None:
            return None
        found = company.units.filter(public_id=unit).first()
        if found is None:
            raise Invalid.field("unit", "unknown_unit", _("This company has no such production unit."))
        return found


class Units(Part):
    """Production units."""

    model = ProductionUnit
    serializer_class = row_class = UnitOut
    export_name = "units"
    ordering_fields = ("name", "p_number")

    def visible(self) -> QuerySet[Any]:
        """Those of the company."""
        return super().visible().filter(company=self.company())

    @creates(NewUnitIn)
    def create(self, body: dict[str, Any]) -> Any:
        """Add a unit; one with a P-number that the company has already is given back."""
        return services.add_unit(self.actor, self.mine(), **unit_fields(body))


class Contacts(Part):
    """Contact persons."""

    model = Contact
    serializer_class = ContactOut

    def visible(self) -> QuerySet[Any]:
        """Those of the company."""
        return Contact.objects.filter(company=self.company()).select_related("unit")

    @creates(ContactIn)
    def create(self, body: dict[str, Any]) -> Any:
        """Add a contact person."""
        company = self.mine()
        return services.add_contact(self.actor, company, **{**body, "unit": self.unit_of(company, body.get("unit"))})


class ContactLog(Part):
    """The log of all contacts with the company; for the nine only."""

    model = ContactLogEntry
    serializer_class = LogOut
    row_class = LogOut
    export_name = "contact-log"

    def visible(self) -> QuerySet[Any]:
        """Newest first."""
        company = self.company()
        if not self.actor.is_member:
            raise NotVisible
        found = super().visible().filter(company=company)
        return found if self.action == "list" else found.select_related("unit")

    @creates(LogIn)
    def create(self, body: dict[str, Any]) -> Any:
        """Note a contact."""
        company = self.company()
        return services.log_contact(self.actor, company, **{**body, "unit": self.unit_of(company, body.get("unit"))})


ROUTES = [
    ("companies/<uuid:company>/units", Units, "company-units"),
    ("companies/<uuid:company>/contacts", Contacts, "company-contacts"),
    ("companies/<uuid:company>/contact-log", ContactLog, "company-contact-log"),
]
