"""Keeping the people at a company up to date: corrected, or ended when they are no longer there."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from companies import services
from companies.models import Company, Contact
from events import clock
from events.errors import Invalid, NotVisible
from municipalities.actor import Actor
from vocabulary.text import clean_text

LENGTHS = {"name": 120, "title": 120, "phone": 30, "email": 254, "best_time": 120}


@transaction.atomic
def change(actor: Actor, company_id: UUID, version: int, contact_id: UUID, changes: Mapping[str, str]) -> Contact:
    """Correct a contact person; `changes` holds some of LENGTHS, `version` is the company's.

    Raises Invalid, NotAllowed, NotVisible or Stale.
    """
    company = services.locked(company_id, actor, version)
    contact = _current(company, contact_id)
    for name in LENGTHS.keys() & changes.keys():
        setattr(contact, name, clean_text(changes[name], field=name, max_length=LENGTHS[name], multiline=False))
    if not contact.name:
        raise Invalid.field("name", "required", _("A contact person has a name."))
    if not contact.phone and not contact.email:
        raise Invalid.field("phone", "contact_needed", _("Give a phone number or an e-mail address."))
    if contact.email:
        _check_address(contact.email)
    contact.save(update_fields=[*LENGTHS])
    services.note_change(company, actor, "contacts")
    return contact


@transaction.atomic
def end(actor: Actor, company_id: UUID, version: int, contact_id: UUID) -> Contact:
    """Take somebody off the list of those who may be called, from today; what was noted of them stays.

    Raises NotAllowed, NotVisible or Stale.
    """
    company = services.locked(company_id, actor, version)
    contact = _current(company, contact_id)
    contact.ended_on = clock.today()
    contact.save(update_fields=["ended_on"])
    services.note_change(company, actor, "contacts")
    return contact


def _current(company: Company, contact_id: UUID) -> Contact:
    """Somebody who may be called today. Raises NotVisible."""
    found = company.contacts.filter(public_id=contact_id, ended_on__isnull=True).first()
    if found is None:
        raise NotVisible
    return found


def _check_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid.field("email", "invalid_email", _("This is not an e-mail address.")) from None
