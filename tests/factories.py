"""Makers for tests: reference data, people who act, companies, orders and candidates, through the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string
from stdnum.dk import cvr as cvr_rule

from accounts.models import User
from candidates import services as candidate_services
from candidates.models import Candidate
from companies import services as company_services
from companies.models import Agreement, Company, ProductionUnit
from events import clock
from joborders.models import JobOrder
from joborders.services import submitting
from municipalities.actor import Actor
from municipalities.membership import actor_of
from municipalities.models import Membership, Municipality
from vocabulary.models import VocabularyStamp

ALLEROED, FREDENSBORG, HELSINGOER, HILLEROED = "0201", "0210", "0217", "0219"
HOERSHOLM, EGEDAL, FREDERIKSSUND, HALSNAES, GRIBSKOV = "0223", "0240", "0250", "0260", "0270"
#: A Monday in working hours, no holiday near: the moment that most order tests play at.
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=clock.COPENHAGEN)
LORRY_DRIVER = "8332"

_numbers = count(1)
_snapshot: list[tuple[type[models.Model], list[dict[str, Any]]]] = []


def load_reference() -> None:
    """The nine, their postal codes and the starter vocabulary. Read from the files once, then from memory."""
    if Municipality.objects.exists():
        return
    if not _snapshot:
        for loader in settings.REFERENCE_LOADERS:
            import_string(loader)()
        for app in ("vocabulary", "municipalities"):
            for model in apps.get_app_config(app).get_models():
                if model not in (Membership, VocabularyStamp):
                    _snapshot.append((model, list(model._base_manager.order_by("pk").values())))
        return
    with transaction.atomic():
        for model, rows in _snapshot:
            model._base_manager.bulk_create([model(**row) for row in rows])


def user(name: str = "") -> User:
    """Somebody who may log in, with a password that nobody knows."""
    number = next(_numbers)
    name = name or f"Medarbejder {number}"
    return User.objects.create(email=f"user{number}@kommune.example", name=name, password="!")


def membership(role: str, municipality: str | None = None, *, name: str = "", who: User | None = None) -> Membership:
    """A membership since 2010."""
    return Membership.objects.create(
        user=who or user(name), municipality_id=municipality, role=role, started_on=date(2010, 1, 1)
    )


def member(role: str, municipality: str | None = None, *, name: str = "") -> Actor:
    """The actor of a new user in that role."""
    return actor_of(membership(role, municipality, name=name))


def consultant(municipality: str = HILLEROED, *, name: str = "") -> Actor:
    """A new consultant there."""
    return member("consultant", municipality, name=name)


def caseworker(municipality: str = HILLEROED, *, name: str = "") -> Actor:
    """A new caseworker there."""
    return member("caseworker", municipality, name=name)


def coordinator(*, name: str = "") -> Actor:
    """A new coordinator for all nine."""
    return member("coordinator", name=name)


def cvr() -> str:
    """A made-up CVR number: passes the check digit, starts with 9 as no real one does."""
    while True:
        number = f"9{next(_numbers):07d}"
        if cvr_rule.is_valid(number):
            return number


def p_number() -> str:
    """A made-up P-number that is no date of birth."""
    return f"99{next(_numbers):08d}"


def company(lead: str = HILLEROED, **fields: Any) -> Company:
    """A registered company with a main unit that has a P-number in its lead municipality."""
    number = next(_numbers)
    values = {"cvr": cvr(), "name": f"Prøvefirma {number}", "why": "main_unit"} | fields
    made, _new = company_services.register(Actor.system(), lead=lead, **values)
    unit(made, lead)
    return made


def unit(of: Company, municipality: str = HILLEROED, **fields: Any) -> ProductionUnit:
    """A production unit of the company."""
    values = {"p_number": p_number(), "name": of.name, "street": "Prøvevej 1", "postal_code": POSTAL[municipality]}
    return company_services.add_unit(Actor.system(), of, municipality_code=municipality, **(values | fields))


POSTAL = {
    ALLEROED: "3450",
    FREDENSBORG: "3480",
    HELSINGOER: "3000",
    HILLEROED: "3400",
    HOERSHOLM: "2970",
    EGEDAL: "3660",
    FREDERIKSSUND: "3600",
    HALSNAES: "3300",
    GRIBSKOV: "3200",
}


def agreement(of: Company, *, tovholder: str | None = None, **fields: Any) -> Agreement:
    """A recruitment agreement of NRS, in force since 2010."""
    values = {"kind": "recruitment", "valid_from": date(2010, 1, 1), "recorded_at": clock.now()} | fields
    return Agreement.objects.create(company=of, tovholder_id=tovholder, **values)


def block(**changes: Any) -> dict[str, Any]:
    """An order block as the API takes it: three lorry drivers."""
    return {
        "title": "Chauffør til distribution",
        "occupation": LORRY_DRIVER,
        "description": "Kørsel med varer i Nordsjælland.",
        "positions": 3,
        "contact": {"name": "Kirsten Prøve", "phone": "48 00 00 00", "email": "kirsten@firma.example"},
        **changes,
    }


def order(
    of: Company | None = None, by: Actor | None = None, *, received_at: datetime | None = None, **changes: Any
) -> JobOrder:
    """A submitted order; without `by` the company hands it in by itself."""
    owner = of or company()
    actor = by or Actor.company_(owner.public_id, name=owner.name)
    return submitting.submit(actor, block(**changes), company=owner.public_id, received_at=received_at)


def link_of(order: JobOrder) -> Actor:
    """The holder of the order's follow link."""
    return Actor.link(order.public_id, order.company.public_id, name=order.company.name)


def candidate(home: str = HILLEROED, by: Actor | None = None, **profile: Any) -> Candidate:
    """A registered candidate; `profile` as in candidates.profile."""
    number = next(_numbers)
    values: Mapping[str, Any] = {
        "external_reference": f"SAG-{number}",
        "name": f"Prøve Person {number}",
        "phone": "49 00 00 00",
        "email": f"person{number}@borger.example",
        "contact_way": "phone",
        "postal_code": POSTAL[home],
    } | profile
    return candidate_services.register(by or caseworker(home), values)
