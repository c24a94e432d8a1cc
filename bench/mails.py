"""Made-up mails to a shared mailbox, of every kind that one gets: for the benchmark, the tests and trying it out."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.utils import make_msgid

WORK = ("lastbilchauffører", "lagermedarbejdere", "kokke", "tjenere", "murere", "tømrere", "elektrikere",
        "rengøringsassistenter", "social- og sundhedshjælpere", "butiksassistenter")  # fmt: skip
PLACES = (
    "3400 Hillerød",
    "3000 Helsingør",
    "3450 Allerød",
    "3300 Frederiksværk",
    "3200 Helsinge",
    "3600 Frederikssund",
)
PEOPLE = ("Kirsten Prøve", "Ib Eksempel", "Søren Ægte-Prøve", "Åse Øster", "Mona Mester")
DAYS = ("1. april", "15/4", "uge 16", "mandag den 4. maj", "snarest muligt")
ORDER = """Hej NRS

Vi er Prøvefirma nr. {n} og søger {count} {work} med opstart {day}.
Arbejdet er på Prøvevej {n}, {place}. Ring gerne på tlf. {phone}.

Med venlig hilsen
{person}
Prøvefirma {n} ApS
"""


def pdf(*lines: str) -> bytes:
    """A PDF of one page with these lines."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    for number, line in enumerate(lines):
        canvas.drawString(72, 760 - 16 * number, line)
    canvas.save()
    return file.getvalue()


def docx(*lines: str) -> bytes:
    """A Word document with these paragraphs."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    file = io.BytesIO()
    document = f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in (("[Content_Types].xml", '<?xml version="1.0"?><Types/>'), ("word/document.xml", document)):
            archive.writestr(zipfile.ZipInfo(name), xml)
    return file.getvalue()


def written(n: int, subject: str, text: str, *, sender: str = "", **headers: str) -> EmailMessage:
    """A mail of a person. `headers` may use _ for -."""
    mail = EmailMessage()
    mail["From"] = sender or f"{PEOPLE[n % len(PEOPLE)]} <kontakt@firma{n}.example>"
    mail["To"] = "job@nrs.example"
    mail["Subject"] = subject
    mail["Date"] = "Mon, 02 Mar 2026 08:00:00 +0100"
    mail["Message-ID"] = make_msgid(str(n), domain=f"firma{n}.example")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def order(n: int, chance: random.Random) -> EmailMessage:
    """A company that looks for people, now and then with a job description attached."""
    work = chance.choice(WORK)
    text = ORDER.format(
        n=n,
        count=chance.choice(("to", "3", "fem", "1-2")),
        work=work,
        day=chance.choice(DAYS),
        place=chance.choice(PLACES),
        phone=f"48 {n // 10000 % 100:02d} {n // 100 % 100:02d} {n % 100:02d}",
        person=PEOPLE[n % len(PEOPLE)],
    )
    mail = written(n, f"Vi søger {work}", text)
    if chance.random() < 0.2:
        lines = (f"Stillingsbeskrivelse {n}", "Opgaver og tider efter aftale.")
        mail.add_attachment(pdf(*lines), maintype="application", subtype="pdf", filename=f"stilling-{n}.pdf")
    elif chance.random() < 0.1:
        mail.add_attachment(docx("Stillingsbeskrivelse"), maintype="application", subtype="zip", filename="job.docx")
    if chance.random() < 0.3:
        mail.add_alternative(f"<p>{text}</p>", subtype="html") if not mail.is_multipart() else None
    return mail


def away(n: int, _chance: random.Random) -> EmailMessage:
    """An automatic answer."""
    return written(n, "Automatisk svar: Kandidater", "Jeg er på ferie til mandag.", Auto_Submitted="auto-replied")


def circular(n: int, _chance: random.Random) -> EmailMessage:
    """A newsletter."""
    return written(n, "Nyhedsbrev", "Læs om vores nye produkter.", List_Unsubscribe="<mailto:af@firma.example>")


def spam(n: int, _chance: random.Random) -> EmailMessage:
    """What the mail server took for spam."""
    return written(n, "You have won", "Click here.", X_Spam_Flag="YES")


def bounce(n: int, _chance: random.Random) -> EmailMessage:
    """A mail that came back."""
    sender = f"Mail Delivery System <MAILER-DAEMON@mx{n}.example>"
    return written(n, "Undelivered Mail Returned to Sender", "The mail could not be delivered.", sender=sender)


def unknown(n: int, _chance: random.Random) -> EmailMessage:
    """Somebody who writes about something else."""
    return written(n, "Spørgsmål om parkering", "Hvor må man parkere ved jeres bygning på fredag?")


KINDS: tuple[tuple[Callable[[int, random.Random], EmailMessage], int], ...] = (
    (order, 80), (away, 5), (circular, 4), (spam, 5), (bounce, 2), (unknown, 4),
)  # fmt: skip


def mails(count: int, *, seed: int = 1, first: int = 1) -> Iterator[bytes]:
    """So many different mails, most of them orders."""
    chance = random.Random(seed)  # noqa: S311 - the same mails in every run
    kinds, weights = [kind for kind, _ in KINDS], [weight for _, weight in KINDS]
    for n in range(first, first + count):
        yield chance.choices(kinds, weights)[0](n, chance).as_bytes()
