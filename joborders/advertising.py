"""What the open job list shows of an order that its company marked public.

No person, and no employer who asked for that. A text is written by people, so it is read through: mail addresses,
phone numbers and the contact's name are taken out of it, and of an anonymous employer all that it is known by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from joborders.models import JobOrder

MAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b")
PHONE = re.compile(r"(?:\+45[ .-]?|\b)\d{2}(?:[ .-]?\d{2}){3}\b")
LINK = re.compile(r"\b(?:https?://|www\.)\S{1,300}", re.IGNORECASE)
#: Legal forms are no part of the name that people write.
LEGAL_FORM = re.compile(r"[ ,]+(?:ApS|A/S|I/S|K/S|P/S|IVS|A\.m\.b\.a\.?|v/.*)$", re.IGNORECASE)
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Advert:
    """An order as anybody may read it; what is not known, or not to be known, is empty."""

    number: str
    title: str
    text: str
    wage: str
    employer: str
    street: str
    postal_code: str
    link: str
    changed_at: datetime


def advert_of(order: JobOrder, *, changed_at: datetime) -> Advert:
    """The public side of an order; `company` and `unit` should be loaded."""
    is_named = not order.is_anonymous
    return Advert(
        number=order.number,
        title=_without(order.title, _secrets(order)),
        text=_without(order.description, _secrets(order)),
        wage=_without(order.wage, _secrets(order)),
        employer=order.company.name if is_named else "",
        street=order.workplace_street if is_named else "",
        postal_code=order.workplace_postal_code if is_named else "",
        link=order.apply_link if is_named and order.apply_how != JobOrder.Apply.NRS else "",
        changed_at=changed_at,
    )


def _secrets(order: JobOrder) -> list[str]:
    """Names that may not be read in the text, longest first."""
    names = [order.contact_name]
    if order.is_anonymous:
        company = order.company
        names += [company.name, LEGAL_FORM.sub("", company.name), company.cvr, order.workplace_street]
        if order.unit is not None:
            names += [order.unit.name, LEGAL_FORM.sub("", order.unit.name), order.unit.p_number or ""]
    return sorted({name.strip() for name in names if len(name.strip()) >= SHORTEST_NAME}, key=len, reverse=True)


def _without(text: str, names: Iterable[str]) -> str:
    hidden = _("(left out)")
    for pattern in (MAIL, LINK, PHONE):
        text = pattern.sub(hidden, text)
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", hidden, text, flags=re.IGNORECASE)
    return text
