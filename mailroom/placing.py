"""Whose a mail is: which company wrote, and into which municipality's queue it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from stdnum.dk import cvr as cvr_rule

from companies.lead import NINE
from companies.models import Company, Contact
from joborders.models import JobOrder
from mailroom import clues
from municipalities.membership import current
from municipalities.models import Municipality, PostalCode

#: Addresses at these say nothing about the company.
FREE_MAIL = frozenset(
    {
        "gmail.com",
        "hotmail.com",
        "hotmail.dk",
        "outlook.com",
        "outlook.dk",
        "live.dk",
        "live.com",
        "yahoo.com",
        "yahoo.dk",
    }
    | {"icloud.com", "me.com", "mail.dk", "mail.tele.dk", "tdcadsl.dk", "stofanet.dk", "jubii.dk", "post.tele.dk"}
    | {"protonmail.com", "proton.me", "gmx.com", "gmx.de", "msn.com", "privat.dk", "youmail.dk"}
)


class Ground(StrEnum):
    """What a mail was placed by."""

    CONTACT = "contact"
    CVR = "cvr"
    DOMAIN = "domain"
    COLLEAGUE = "colleague"
    POSTCODE = "postcode"
    PLACE = "place"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Placed:
    """The company that it seems to be (None: not clear), the municipality (None: the coordinator's) and the ground."""

    company: Company | None
    municipality: str | None
    ground: Ground

    @property
    def is_known(self) -> bool:
        """The sender or company is known to the service."""
        return self.company is not None or self.ground is Ground.COLLEAGUE


def place(sender: str, text: str, *, is_forged: bool) -> Placed:
    """Sender, CVR number, the sender's domain, postcode and names of places, in this order.

    `is_forged`: the sender's address proves nothing, only the words count.
    """
    if sender and not is_forged:
        if (found := _of_contact(sender)) is not None:
            return Placed(found, found.lead_id, Ground.CONTACT)
        if (home := _of_colleague(sender)) is not None:
            return Placed(None, home, Ground.COLLEAGUE)
    if (found := _of_numbers(clues.cvr_numbers(text))) is not None:
        return Placed(found, found.lead_id, Ground.CVR)
    if sender and not is_forged and (found := _of_domain(sender.rpartition("@")[2])) is not None:
        return Placed(found, found.lead_id, Ground.DOMAIN)
    for ground, code in ((Ground.POSTCODE, _of_postcodes(text)), (Ground.PLACE, _of_places(text))):
        if code is not None:
            return Placed(None, code, ground)
    return Placed(None, None, Ground.NOBODY)


def writes_for(sender: str, order: JobOrder) -> bool:
    """Whether the address is one that this order's company is known by, or a colleague's."""
    if order.contact_email.lower() == sender:
        return True
    known = Contact.objects.filter(company=order.company_id, email__iexact=sender, ended_on=None)
    return known.exists() or _of_colleague(sender) is not None


def _of_contact(sender: str) -> Company | None:
    """The one company that has the sender as a contact, or had on an order."""
    contacts = Contact.objects.filter(email__iexact=sender, ended_on=None).order_by()
    ids = set(contacts.values_list("company_id", flat=True)[:3])
    if not ids:
        orders = JobOrder.objects.filter(contact_email__iexact=sender).order_by()
        ids = set(orders.values_list("company_id", flat=True).distinct()[:3])
    return Company.objects.get(pk=ids.pop()) if len(ids) == 1 else None


def _of_colleague(sender: str) -> str | None:
    """The municipality of a member of the nine who forwards a mail."""
    homes = current(user__email__iexact=sender, municipality__isnull=False).order_by()
    return homes.values_list("municipality_id", flat=True).first()


def _of_numbers(numbers: Iterable[str]) -> Company | None:
    found = list(Company.objects.filter(cvr__in=list(numbers)[:5]).order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def _of_domain(domain: str) -> Company | None:
    """The one company whose contacts write from this domain."""
    if not domain or domain in FREE_MAIL:
        return None
    contacts = Contact.objects.filter(email__iendswith=f"@{domain}", ended_on=None).order_by()
    ids = set(contacts.values_list("company_id", flat=True).distinct()[:2])
    return Company.objects.get(pk=ids.pop()) if len(ids) == 1 else None


def _of_postcodes(text: str) -> str | None:
    """The one municipality of the nine that the postcodes point at; a town's own name decides where several touch."""
    named = clues.postcodes(text)[:10]
    if not named:
        return None
    rows = PostalCode.objects.filter(code__in=[code for code, _town in named]).order_by()
    touched = {code: set(codes.split()) & set(NINE) for code, codes in rows.values_list("code", "municipality_codes")}
    names = {name: code for code, name in _names().items()}
    hits = set()
    for code, town in named:
        around = touched.get(code, set())
        if names.get(town) in around:
            hits.add(names[town])
        elif len(around) == 1:
            hits |= around
    return hits.pop() if len(hits) == 1 else None


def _of_places(text: str) -> str | None:
    """The one municipality whose name stands in the text as a word."""
    words = set(clues.words(text))
    hits = {code for code, name in _names().items() if name.lower() in words}
    return hits.pop() if len(hits) == 1 else None


def _names() -> Mapping[str, str]:
    return dict(Municipality.objects.filter(code__in=NINE).order_by().values_list("code", "name"))


def valid_numbers(text: str) -> list[str]:
    """The CVR numbers in the words that pass the check digit."""
    return [number for number in clues.cvr_numbers(text) if cvr_rule.is_valid(number)]
