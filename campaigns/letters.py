"""Letters of a campaign: one text to chosen targets by mail, with a link by which the company says no to more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns.contacts import may_contact, may_place, noted
from campaigns.models import Attempt, Letter, Target
from companies.models import Company, Contact
from companies.services import log_contact, refuse_calls
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible
from municipalities.actor import Actor
from vocabulary.text import clean_text

SALT = "campaigns.letter"
#: What a text may hold for each receiver.
WORDS = ("virksomhed", "kontakt", "kommune")
MOST_AT_ONCE = 1000
_BRACES = re.compile(r"\{([^{}\n]*)\}")


@transaction.atomic
def write(actor: Actor, targets: Sequence[UUID], *, subject: str, text: str) -> Mapping[str, int]:
    """Write one letter to each target that can have one; counts by `sent`, `no_address`, `no_letters`, `do_not_call`.

    `text` may hold {virksomhed}, {kontakt} and {kommune}. The targets are of one running campaign. Raises NotVisible,
    NotAllowed, Invalid, or Conflict when the campaign has ended.
    """
    subject = clean_text(subject, field="subject", max_length=150, min_length=1, multiline=False)
    text = _checked(clean_text(text, field="text", max_length=5000, min_length=1))
    rows = _locked(actor, targets)
    if not may_contact(actor) or any(not may_place(actor, one) for one in rows):
        raise NotAllowed
    contacts = _addresses([one.company_id for one in rows])
    counts: Counter[str] = Counter({"sent": 0, "no_address": 0, "no_letters": 0, "do_not_call": 0})
    for target in rows:
        contact = contacts.get(target.company_id)
        why = _why_not(target.company, contact)
        counts[why or "sent"] += 1
        if contact is not None and not why:
            _write(actor, target, contact, subject, text)
    return dict(counts)


def _locked(actor: Actor, ids: Sequence[UUID]) -> list[Target]:
    wanted = set(ids)
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Invalid.field("targets", "out_of_range", _("Choose from 1 to 1000 companies."))
    seen = Target.objects.visible_to(actor).filter(public_id__in=wanted)
    companies = sorted(seen.order_by().values_list("company_id", flat=True))
    list(Company.objects.select_for_update(of=("self",)).filter(pk__in=companies).order_by("pk"))
    found = seen.select_for_update(of=("self",)).select_related("company", "campaign", "municipality").order_by("pk")
    rows = list(found)
    if len(rows) != len(wanted):
        raise NotVisible
    if any(one.campaign.state != "running" for one in rows):
        raise Conflict("not_running", _("This campaign has ended."))
    return rows


def _addresses(companies: Sequence[int]) -> dict[int, Contact]:
    """By company, the first contact person with a mail address."""
    found: dict[int, Contact] = {}
    people = Contact.objects.filter(company__in=companies, ended_on__isnull=True).exclude(email="")
    for person in people.order_by("company_id", "pk"):
        found.setdefault(person.company_id, person)
    return found


def _why_not(company: Company, contact: Contact | None) -> str:
    if company.no_letters:
        return "no_letters"
    if company.do_not_call:
        return "do_not_call"
    return "" if contact is not None else "no_address"


def _write(actor: Actor, target: Target, contact: Contact, subject: str, text: str) -> None:
    words = {"virksomhed": target.company.name, "kontakt": contact.name, "kommune": target.municipality.name}
    letter = Letter.objects.create(
        target=target,
        contact=contact,
        subject=subject,
        text=_BRACES.sub(lambda found: words[found[1]], text),
        written_at=clock.now(),
        by_name=actor.name,
    )
    entry = log_contact(actor, target.company, kind="mail", about=subject)
    noted(actor, target, entry, Attempt.Outcome.LETTER, letter=letter.public_id)


def _checked(text: str) -> str:
    wrong = [word for word in _BRACES.findall(text) if word not in WORDS]
    if wrong:
        said = _("Between braces only: %(words)s.") % {"words": ", ".join(f"{{{word}}}" for word in WORDS)}
        raise Invalid.field("text", "unknown_word", said)
    return text


def no_more_token(letter: Letter) -> str:
    """The secret of the link by which the company says no to more letters."""
    return signing.dumps(letter.public_id.hex, salt=SALT, compress=False)


def company_of(token: str) -> Company:
    """The company of such a link. Raises NotVisible for anything else."""
    try:
        letter = Letter.objects.filter(public_id=UUID(signing.loads(token, salt=SALT))).first()
    except (signing.BadSignature, ValueError, TypeError):
        letter = None
    if letter is None:
        raise NotVisible
    return Company.objects.get(pk=letter.target.company_id)


def say_no(token: str) -> None:
    """The company wants no more letters. Raises NotVisible for a link that is none."""
    refuse_calls(Actor.system("letter"), company_of(token), "no_letters")
