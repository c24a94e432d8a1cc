"""One mail, read and turned into exactly one thing: a draft in a queue, a reply on an order, or an entry of the tray.

The row was claimed before. What it becomes is written in one transaction with the row's new state: a crash leaves a
claim, which is read again, or a finished mail, which is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from companies.duty import on_duty
from events import clock
from joborders import mail_ids
from joborders.models import JobOrder
from joborders.services import intakes
from joborders.services.letters import LONGEST_NOTE, receive_mail
from mailroom import clues, files, placing, suggesting
from mailroom.files import Kept
from mailroom.models import IncomingMail
from mailroom.parsing import Letter, Unreadable, parse, parse_head
from mailroom.placing import Ground, Placed
from mailroom.quotes import own_words
from mailroom.scanning.reader import Reader
from mailroom.signs import Why, is_forged, sign_of
from municipalities.actor import Actor
from vocabulary.text import shown_text

MAILROOM = Actor.system("mail")
#: Two files of 10 MB in their mail coding, and some words. Larger ones are never fetched whole.
LARGEST_MAIL = 30 * 1024 * 1024
LONGEST_TEXT, LONGEST_DRAFT = 20_000, 5_000
#: Words of one's own below this many letters say nothing: a forwarded mail is what it is about.
SHORTEST_OWN = 40
_NUMBER = re.compile(r"\bNRS-\d{4}-\d{5,}\b", re.IGNORECASE)
State = IncomingMail.State


@dataclass(frozen=True, slots=True)
class Opened:
    """A mail, read and looked through, and nothing decided: `why` if its own signs send it to the tray."""

    letter: Letter
    text: str
    attached: str
    kept: list[Kept]
    why: Why | None


def open_mail(content: bytes, reader: Reader) -> Opened:
    """Read a whole mail: no database, no transaction. Its files are looked through and stored."""
    try:
        letter = parse(content)
    except Unreadable:
        return Opened(parse_head(content[:65_536]), "", "", [], Why.UNREADABLE)
    why = sign_of(letter, own_addresses(), _order_of(letter.message_id) is not None)
    text = shown_text(letter.text, LONGEST_TEXT)
    if why in (Why.LOOP, Why.SPAM, Why.CIRCULAR):  # nobody needs their files
        return Opened(letter, text, "", [], why)
    looked = files.look_through(letter.parts, reader)
    attached = "\n".join(one.words for one in looked if one.words)
    return Opened(letter, text, attached, files.keep(looked), why)


def open_head(head: bytes, why: Why) -> Opened:
    """A mail of which only the headers are read."""
    return Opened(parse_head(head), "", "", [], why)


@transaction.atomic
def take_in(mail_id: int, opened: Opened) -> str:
    """Turn a claimed mail into what it is; its new state. '' if another one was faster.

    Raises whatever the services raise: nothing is written then.
    """
    claimed = IncomingMail.objects.select_for_update(of=("self",)).filter(pk=mail_id, state=State.CLAIMED)
    mail = claimed.first()
    if mail is None:
        return ""
    _note_sender(mail, opened)
    if _came_before(mail):
        return _finish(mail, State.DOUBLE)
    files.write(mail, opened.kept)
    if opened.why is not None:
        return _to_tray(mail, opened, opened.why)
    order = _answered_order(opened)
    if order is not None:
        return _reply(mail, opened, order)
    return _draft_or_tray(mail, opened)


def _note_sender(mail: IncomingMail, opened: Opened) -> None:
    letter = opened.letter
    mail.sender = shown_text(letter.sender, 254, multiline=False)
    mail.sender_name = shown_text(letter.sender_name, 120, multiline=False)
    mail.subject = shown_text(letter.subject, 200, multiline=False)
    mail.text = opened.text


def _came_before(mail: IncomingMail) -> bool:
    """The same mail under another uid: the mailbox was numbered anew, or it was delivered twice."""
    others = IncomingMail.objects.filter(fingerprint=mail.fingerprint).exclude(pk=mail.pk)
    if mail.message_id.startswith("sha256:"):  # without an id of its own, two that look alike may be two
        others = others.exclude(mailbox=mail.mailbox_id, validity=mail.validity)
    return others.exclude(state__in=[State.CLAIMED, State.DOUBLE]).exclude(why=Why.VANISHED).exists()


def _finish(mail: IncomingMail, state: str, **values: Any) -> str:
    for name, value in {**values, "state": state, "taken_at": clock.now(), "failure": ""}.items():
        setattr(mail, name, value)
    if state == State.DOUBLE:
        mail.sender = mail.sender_name = mail.subject = mail.text = ""
    mail.save()
    return state


def _to_tray(mail: IncomingMail, opened: Opened, why: Why, placed: Placed | None = None) -> str:
    """Into the tray of the municipality that it seems to be for, else of the one on duty, with its order if any."""
    forged = is_forged(opened.letter)
    placed = placed or placing.place(opened.letter.sender, "", is_forged=forged)
    hint = _hinted_order(opened)
    home = hint.lead_id if hint is not None else placed.municipality or on_duty()
    ground = placed.ground.value
    return _finish(mail, State.TRAY, why=why.value, municipality_id=home, guessed_by=ground, order=hint)


def _reply(mail: IncomingMail, opened: Opened, order: JobOrder) -> str:
    words = own_words(opened.text)
    text = "\n".join(line for line in (mail.subject, words) if line)[:LONGEST_NOTE]
    receive_mail(order.public_id, MAILROOM, mail=mail.public_id, text=text, happened_at=_arrival(mail))
    return _finish(mail, State.REPLY, order=order, municipality_id=order.lead_id)


def _draft_or_tray(mail: IncomingMail, opened: Opened) -> str:
    words = own_words(opened.text)
    words = words if len(words) >= SHORTEST_OWN else opened.text
    about = "\n".join(part for part in (mail.subject, words, opened.attached) if part)
    placed = placing.place(mail.sender, about, is_forged=is_forged(opened.letter))
    if _was_spam(mail):
        return _to_tray(mail, opened, Why.SPAM, placed)
    found = suggesting.suggestions(about, placed, mail.sender)
    is_about_people = clues.asks_for_people(about) or "occupation" in found or "cvr" in found
    if not (_is_address(mail.sender) and (placed.is_known or is_about_people)):
        return _to_tray(mail, opened, Why.UNKNOWN, placed)
    make_draft(mail, placed.municipality, found, ground=placed.ground)
    return str(mail.state)


def make_draft(mail: IncomingMail, municipality: str | None, found: dict[str, Any], *, ground: Ground) -> None:
    """A draft in the queue of the municipality (None: the coordinator's). Call with the mail locked.

    Only who can be reached, the words and a registered company's number go into the draft itself; the rest are
    suggestions, which a person takes or leaves.
    """
    name = mail.sender_name or found.get("contact_name") or mail.sender.partition("@")[0]
    text = "\n\n".join(part for part in (mail.subject, mail.text) if part)
    intake = intakes.draft(
        MAILROOM,
        channel="mail",
        contact={"name": name[:120], "phone": "", "email": mail.sender},
        cvr=found.get("cvr", "") if ground in (Ground.CONTACT, Ground.CVR, Ground.DOMAIN) else "",
        text=shown_text(text, LONGEST_DRAFT),
        received_at=_arrival(mail),
        municipality=municipality,
    )
    _finish(
        mail,
        State.DRAFT,
        intake=intake,
        order=None,
        why="",
        municipality_id=municipality,
        guessed_by=ground.value,
        clues=found,
    )


def _arrival(mail: IncomingMail) -> Any:
    """When it came; never in the future, whatever the server's clock says."""
    return min(mail.arrived_at, clock.now())


def _answered_order(opened: Opened) -> JobOrder | None:
    """The order that it answers: by a Message-ID that we sealed, else by its number from somebody of that order."""
    for message_id in opened.letter.answers:
        if (public_id := _order_of(message_id)) is not None:
            order = JobOrder.objects.filter(public_id=public_id).first()
            if order is not None:
                return order
    order = _numbered_order(opened.letter.subject)
    sender = opened.letter.sender
    if order is None or is_forged(opened.letter) or not placing.writes_for(sender, order):
        return None
    return order


def _hinted_order(opened: Opened) -> JobOrder | None:
    """The order that a bounce or automatic answer is about, shown beside it."""
    for message_id in (*opened.letter.returned, *opened.letter.answers):
        if (public_id := _order_of(message_id)) is not None:
            return JobOrder.objects.filter(public_id=public_id).first()
    return None


def _numbered_order(subject: str) -> JobOrder | None:
    found = _NUMBER.search(subject)
    return JobOrder.objects.filter(number=found[0].upper()).first() if found else None


def _order_of(message_id: str) -> UUID | None:
    """The order in a Message-ID that we made, with this key or one that is being retired."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if message_id and (found := mail_ids.read(message_id, key)) is not None:
            return found
    return None


def _was_spam(mail: IncomingMail) -> bool:
    """Somebody has called a mail of this sender spam, and nobody has made an order of one."""
    earlier = IncomingMail.objects.filter(sender=mail.sender).exclude(pk=mail.pk)
    called = Q(why=Why.SPAM, state__in=[State.TRAY, State.DELETED]) | Q(intake__state="spam")
    if not mail.sender or not earlier.filter(called).exists():
        return False
    return not earlier.filter(intake__state__in=["submitted", "merged"]).exists()


def _is_address(sender: str) -> bool:
    try:
        validate_email(sender)
    except ValidationError:
        return False
    return True


def own_addresses() -> frozenset[str]:
    """The service's addresses: what comes from them goes round in a circle."""
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">").strip()
    return frozenset({sender.lower(), settings.SHARED_MAILBOX.lower()})
