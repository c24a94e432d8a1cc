"""The pages of mails that came in, each with what fills it."""

from __future__ import annotations

from contextlib import nullcontext

from accounts.models import User
from bench.mails import docx, written
from mailroom import reading
from mailroom.models import IncomingMail
from mailroom.services import addressee
from tests import factories
from tests.browser.cases import Case, Scene
from tests.mailroom.hands import Hand

NO_PAGES = {"web:mail-file", "web:mail-file-step", "web:mail-step"}
WANTED = """Hej NRS

Vi søger tre lastbilchauffører til distribution med opstart 1. april. Arbejdet er på Prøvevej 1, 3400 Hillerød.
Ring gerne til mig på tlf. 48 12 34 56, hvis I mangler noget.

Med venlig hilsen
Kirsten Prøve
"""


def ann() -> User:
    """Somebody at the desk in Hillerød."""
    return User.objects.get(pk=factories.consultant(factories.HILLEROED, name="Ann Prøve").user_id)


def come(number: int, subject: str, text: str, *files: str, **headers: str) -> IncomingMail:
    """A mail that was taken in, with documents of these words."""
    mail = written(number, subject, text, sender=f"Kirsten Prøve <kirsten{number}@bygger.example>", **headers)
    for words in files:
        mail.add_attachment(docx(words), maintype="application", subtype="x", filename=f"{words.split()[0]}.docx")
    hand = Hand([mail.as_bytes()])
    reading.read(nullcontext(hand))
    return IncomingMail.objects.get(mailbox__name=hand.name)


def full_tray() -> list[IncomingMail]:
    """Three mails that nobody asked for, and one with a long subject."""
    found = [
        come(1, "You have won", "Click here", X_Spam_Flag="YES"),
        come(2, "Automatisk svar: Jeg er på ferie", "Jeg er tilbage på mandag.", Auto_Submitted="auto-replied"),
        come(3, "Spørgsmål om parkering ved jeres bygning i næste uge og om der er plads til en bus", "Hvor må man?"),
    ]
    IncomingMail.objects.update(municipality=factories.HILLEROED)
    return found


def tray() -> Scene:
    """A tray with mails."""
    full_tray()
    return Scene("/mail/tray", ann())


def one() -> Scene:
    """A mail of the tray."""
    return Scene(f"/mail/{full_tray()[2].public_id}", ann())


def beside() -> Scene:
    """A draft with its mail, a file and one in quarantine."""
    mail = come(4, "Vi søger chauffører", WANTED, "Opgaver og tider", "CPR 010190-1234")
    assert mail.intake is not None and addressee(mail) is None
    return Scene(f"/intakes/{mail.intake.public_id}", ann())


def quarantine() -> Scene:
    """Two files in quarantine."""
    for number in (5, 6):
        come(number, "Vi søger chauffører", WANTED, "CPR 010190-1234")
    return Scene("/mail/quarantine", ann())


PAGES = (
    Case("web:mail-tray", tray),
    Case("web:mail-tray", lambda: Scene("/mail/tray", ann()), "empty"),
    Case("web:mail", one),
    Case("web:mail-quarantine", quarantine),
    Case("web:mail-quarantine", lambda: Scene("/mail/quarantine", ann()), "empty"),
    Case("web:desk-intake", beside, "with its mail"),
)
