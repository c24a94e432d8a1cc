"""What a mail becomes: one draft, reply or entry of the tray, in the right place, without what must not be stored."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from bench.mails import docx, pdf, written
from events import clock
from events.models import Event
from joborders import mail_ids
from joborders.models import HistoryNote, Intake, JobOrder
from joborders.services import intakes, steps
from mailroom import storage
from mailroom.models import IncomingMail, MailFile
from municipalities.actor import Actor
from municipalities.models import DutyPeriod, Municipality
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
WANTED = """Hej

Vi søger tre lastbilchauffører, opstart 1. april. Ring på tlf. 48 12 34 56.

Med venlig hilsen
Kirsten Prøve
"""
CPR = "010190-1234"


def wish(text: str = WANTED, subject: str = "Chauffører", **more: Any) -> Any:
    return written(1, subject, text, sender=more.pop("sender", "Kirsten Prøve <kirsten@bygger.example>"), **more)


def ours(order: JobOrder, key: str = settings.SECRET_KEY) -> str:
    """A Message-ID as our own mails about the order carry it."""
    return mail_ids.make(order.public_id, "abcdefgh12", key)


def notes(order: JobOrder) -> list[str]:
    return list(HistoryNote.objects.filter(order=order).order_by("pk").values_list("text", flat=True))


def test_a_mail_becomes_a_draft_whose_clock_runs_from_its_arrival(take: Any) -> None:
    firm = make.company(make.GRIBSKOV)
    friday = make.MONDAY - timedelta(days=3)
    mail = take(wish(f"{WANTED}\nCVR {firm.cvr}"), arrived_at=friday)
    intake = Intake.objects.get()
    assert (mail.state, mail.intake, mail.guessed_by) == ("draft", intake, "cvr")
    assert (intake.channel, intake.state, intake.municipality_id) == ("mail", "draft", make.GRIBSKOV)
    assert (intake.received_at, intake.recorded_at) == (friday, clock.now())
    assert intake.response_due_at is not None and intake.response_due_at < clock.now() + timedelta(hours=8)
    assert (intake.contact_name, intake.contact_email, intake.cvr) == (
        "Kirsten Prøve",
        "kirsten@bygger.example",
        firm.cvr,
    )
    assert "tre lastbilchauffører" in intake.text
    assert not JobOrder.objects.exists(), "a machine never submits"


def test_a_clock_ahead_of_ours_does_not_stop_a_mail(take: Any) -> None:
    assert take(wish(), arrived_at=make.MONDAY + timedelta(hours=1)).state == "draft"
    assert Intake.objects.get().received_at == make.MONDAY


def test_what_the_words_suggest_is_kept_beside_the_draft_and_not_in_it(take: Any) -> None:
    mail = take(wish())
    assert mail.clues["positions"] == 3
    assert mail.clues["starts_on"] == "2026-04-01"
    assert mail.clues["occupation"].startswith("8332 ")
    assert mail.clues["contact_phone"] == "48 12 34 56"
    assert Intake.objects.get().contact_phone == ""


def test_words_in_an_attached_document_suggest_too(take: Any) -> None:
    mail = written(1, "Vi søger folk", "Se vedhæftede.", sender="k@bygger.example")
    mail.add_attachment(docx("Vi mangler 4 kokke fra uge 16"), maintype="application", subtype="x", filename="a.docx")
    clues = take(mail).clues
    assert (clues["positions"], clues["occupation"][:4], clues["starts_on"]) == (4, "5120", "2026-04-13")


# --- whose it is ----------------------------------------------------------------------------------------------------


def contact_of(lead: str, email: str) -> None:
    firm = make.company(lead)
    firm.contacts.create(name="K", email=email)


def test_a_known_contact_brings_it_to_the_companys_lead(take: Any) -> None:
    contact_of(make.HELSINGOER, "Kirsten@bygger.example")
    mail = take(wish(f"{WANTED} 3400 Hillerød"))
    assert (mail.municipality_id, mail.guessed_by) == (make.HELSINGOER, "contact")
    assert Intake.objects.get().cvr


def test_a_colleague_of_the_contact_is_known_by_the_domain(take: Any) -> None:
    contact_of(make.HELSINGOER, "chef@bygger.example")
    assert take(wish()).guessed_by == "domain"


def test_a_free_address_says_nothing_about_the_company(take: Any) -> None:
    contact_of(make.HELSINGOER, "chef@gmail.com")
    assert take(wish(sender="a@gmail.com")).guessed_by == "nobody"


def test_a_sender_that_the_mail_server_could_not_confirm_proves_nothing(take: Any) -> None:
    contact_of(make.HELSINGOER, "kirsten@bygger.example")
    mail = take(wish(Authentication_Results="mx.example; dmarc=fail header.from=bygger.example"))
    assert (mail.state, mail.guessed_by, Intake.objects.get().cvr) == ("draft", "nobody", "")


@pytest.mark.parametrize(
    ("words", "home", "ground"),
    [
        ("Vi ligger på Prøvevej 1, 3400 Hillerød", make.HILLEROED, "postcode"),
        ("Vi ligger på Prøvevej 1, 3250 Gilleleje", make.GRIBSKOV, "postcode"),
        ("Arbejdet er i Halsnæs", make.HALSNAES, "place"),
        ("Arbejdet er i Halsnæs eller Allerød", None, "nobody"),
        ("Arbejdet er i Aarhus", None, "nobody"),
    ],
)
def test_places_in_the_words_decide_for_strangers(take: Any, words: str, home: str | None, ground: str) -> None:
    mail = take(wish(f"{WANTED}\n{words}"))
    assert (mail.municipality_id, mail.guessed_by) == (home, ground)
    assert Intake.objects.get().municipality_id == home


def test_what_nobody_can_place_is_the_coordinators_who_moves_it_on(take: Any, ann: Actor, kim: Actor) -> None:
    take(wish())
    intake = Intake.objects.get()
    assert not intakes.visible(ann).exists() and intakes.visible(kim).exists()
    intakes.move(intake.public_id, kim, intake.version, to=make.HILLEROED)
    assert intakes.visible(ann).get() == intake
    assert IncomingMail.objects.visible_to(ann).exists()


def test_a_colleague_who_forwards_a_mail_brings_it_home(take: Any, eva: Actor) -> None:
    email = User.objects.get(pk=eva.user_id).email
    mail = take(wish(f"Se her\n\n-----Oprindelig meddelelse-----\n{WANTED}\nkirsten@bygger.example", sender=email))
    assert (mail.municipality_id, mail.guessed_by) == (make.HELSINGOER, "colleague")
    assert mail.clues["contact_email"] == "kirsten@bygger.example"


# --- replies --------------------------------------------------------------------------------------------------------


def test_an_answer_to_our_mail_joins_the_orders_history(take: Any) -> None:
    order = make.order()
    mail = take(
        wish("Ja tak, mandag passer fint.\n\n> Vil I se to kandidater?", "Sv: Kandidater", In_Reply_To=ours(order))
    )
    assert (mail.state, mail.order) == ("reply", order)
    assert notes(order) == ["Sv: Kandidater\nJa tak, mandag passer fint."]
    event = Event.objects.get(type="joborder.mail_received")
    assert (event.subject, event.data) == (order.public_id, {"mail": str(mail.public_id)})
    assert not Intake.objects.exclude(state="submitted").exists()


def test_references_lead_back_as_well(take: Any) -> None:
    order = make.order()
    assert take(wish(References=f"<x@y> {ours(order)} <z@bygger.example>")).order == order


def test_a_stranger_cannot_write_into_an_order_with_a_forged_id(take: Any) -> None:
    order = make.order()
    for answered in (ours(order, "another key"), f"<nrs.{order.public_id.hex}.abcdefgh12.{'0' * 32}@nrs.example>"):
        assert take(wish(In_Reply_To=answered, sender=f"a{len(answered)}@x.example")).state == "draft"
    assert notes(order) == []


def test_the_order_number_in_the_subject_is_enough_from_its_contact(take: Any) -> None:
    order = make.order()
    assert take(wish(subject=f"Vedr. {order.number.lower()}", sender=order.contact_email)).order == order


def test_the_order_number_is_not_enough_from_somebody_else(take: Any) -> None:
    order = make.order()
    assert take(wish(subject=f"Vedr. {order.number}")).state == "draft"
    forged = "mx.example; dmarc=fail"
    mail = take(wish(subject=f"Vedr. {order.number}", sender=order.contact_email, Authentication_Results=forged))
    assert mail.state == "draft"
    assert notes(order) == []


def test_a_reply_to_an_order_that_has_ended_is_kept_too(take: Any, ann: Actor) -> None:
    order = make.order(make.company(), ann)
    claimed = steps.claim(order.public_id, ann, order.version)
    steps.close(order.public_id, ann, claimed.version, reason="no_suitable_candidates")
    assert take(wish(In_Reply_To=ours(order))).state == "reply"


# --- the tray -------------------------------------------------------------------------------------------------------

REPORT = b"""From: Mail Delivery System <MAILER-DAEMON@mx.example>
Subject: Undelivered Mail Returned to Sender
Message-ID: <b1@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=yy

--yy

This is the mail system.
--yy
Content-Type: message/rfc822

From: nrs@nrs.example
Message-ID: %s
Subject: Vi har modtaget din jobordre

hej
--yy--
"""


@pytest.mark.parametrize(
    ("headers", "subject", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "Chauffører", "auto_reply"),
        ({"X_Autoreply": "yes"}, "Chauffører", "auto_reply"),
        ({"Precedence": "auto_reply"}, "Chauffører", "auto_reply"),
        ({}, "Automatisk svar: Kandidater", "auto_reply"),
        ({}, "Sv: Ikke til stede", "auto_reply"),
        ({}, "Out of Office: hello", "auto_reply"),
        ({"Return_Path": "<>"}, "Delivery has failed", "bounce"),
        ({"X_Failed_Recipients": "a@b.example"}, "Chauffører", "bounce"),
        ({"X_Loop": "x"}, "Chauffører", "loop"),
        ({"X_Spam_Flag": "YES"}, "Chauffører", "spam"),
        ({"X_Spam_Status": "Yes, score=9"}, "Chauffører", "spam"),
        ({"X_MS_Exchange_Organization_SCL": "6"}, "Chauffører", "spam"),
        ({"List_Unsubscribe": "<mailto:x@y.example>"}, "Chauffører", "circular"),
        ({"Precedence": "bulk"}, "Chauffører", "circular"),
        ({"Auto_Submitted": "no", "X_Spam_Flag": "NO", "X_Spam_Status": "No", "Return_Path": "<a@b>"}, "Kokke", ""),
    ],
)
def test_what_no_person_wrote_goes_to_the_tray(take: Any, headers: dict[str, str], subject: str, why: str) -> None:
    mail = take(wish(subject=subject, **headers))
    assert (mail.state, mail.why) == ("tray" if why else "draft", why)
    assert Intake.objects.exists() is (not why)


@pytest.mark.parametrize("sender", [settings.SHARED_MAILBOX, settings.DEFAULT_FROM_EMAIL.upper()])
def test_our_own_mail_coming_back_is_a_loop(take: Any, sender: str) -> None:
    assert take(wish(sender=sender)).why == "loop"


def test_a_mail_with_our_own_message_id_is_a_loop(take: Any) -> None:
    mail = wish()
    mail.replace_header("Message-ID", ours(make.order()))
    assert take(mail).why == "loop"


def test_a_mail_that_went_round_and_round_is_a_loop(take: Any) -> None:
    mail = wish()
    for station in range(31):
        mail["Received"] = f"from mx{station}.example"
    assert take(mail).why == "loop"


def test_a_bounce_shows_the_order_that_it_is_about_and_adds_nothing_to_it(take: Any) -> None:
    order = make.order(make.company(make.HELSINGOER))
    mail = take(REPORT % ours(order).encode())
    assert (mail.state, mail.why, mail.order, mail.municipality_id) == ("tray", "bounce", order, make.HELSINGOER)
    assert notes(order) == []


def test_an_absence_note_on_our_mail_is_no_answer_of_the_company(take: Any) -> None:
    order = make.order()
    mail = take(wish(In_Reply_To=ours(order), Auto_Submitted="auto-replied"))
    assert (mail.state, mail.why, mail.order) == ("tray", "auto_reply", order)


def test_what_asks_for_nobody_lies_in_the_tray_of_the_municipality_on_duty(take: Any) -> None:
    DutyPeriod.objects.create(municipality=Municipality.objects.get(code=make.EGEDAL), valid_from=make.MONDAY.date())
    mail = take(wish("Hvor må man parkere?", "Parkering"))
    assert (mail.state, mail.why, mail.municipality_id) == ("tray", "unknown", make.EGEDAL)


def test_a_known_company_may_write_about_anything(take: Any) -> None:
    contact_of(make.HELSINGOER, "kirsten@bygger.example")
    assert take(wish("Hvor må man parkere?", "Parkering")).state == "draft"


def test_who_was_called_spam_once_stays_in_the_tray(take: Any, ann: Actor) -> None:
    first = take(wish(f"{WANTED} 3400 Hillerød"))
    assert first.intake is not None
    intakes.mark_spam(first.intake.public_id, ann, first.intake.version)
    again = take(written(2, "Kokke", WANTED, sender="kirsten@bygger.example"))
    assert (again.state, again.why) == ("tray", "spam")


# --- CPR numbers and files ------------------------------------------------------------------------------------------


#: Keys and digests, in which any four digits may stand by chance.
RANDOM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}")


def everything_stored() -> str:
    """All that the database holds of mails, as text."""
    rows = [*IncomingMail.objects.values(), *MailFile.objects.values(), *Intake.objects.values()]
    rows += [*HistoryNote.objects.values(), *Event.objects.values()]
    return RANDOM.sub("", repr(rows))


@pytest.mark.parametrize("number", [CPR, "010190 1234", "0101901234", "01.01.90-1234", "01-01-1990-1234"])
def test_no_cpr_number_is_stored_anywhere(take: Any, number: str) -> None:
    order = make.order()
    for answered in ({}, {"In_Reply_To": ours(order)}):
        mail = written(
            len(answered), f"Ang. {number}", f"Vi søger kokke. Min nabo {number} kan. {'x ' * 3000} {number}",
            sender=f'"Ib {number}" <ib@bygger.example>', **answered,
        )  # fmt: skip
        mail.add_attachment(b"\x89PNG\r\n\x1a\n0", maintype="image", subtype="png", filename=f"CV {number}.png")
        take(mail)
    assert IncomingMail.objects.filter(state__in=["draft", "reply"]).count() == 2
    stored = everything_stored()
    assert number not in stored and "1234" not in stored.replace("48 12 34 56", "")
    assert "██████-████" in stored


def attached(content: bytes, name: str = "fil.bin", **kind: str) -> Any:
    mail = wish()
    mail.add_attachment(content, maintype="application", subtype=kind.get("subtype", "octet-stream"), filename=name)
    return mail


@pytest.mark.parametrize(
    ("content", "name", "kept_as", "kind"),
    [
        (pdf("Opgaver"), "job.pdf", "job.pdf", "application/pdf"),
        (pdf("Opgaver"), "job.exe", "job.exe.pdf", "application/pdf"),
        (docx("Opgaver"), "job.docx", "job.docx", "application/vnd.openxml"),
        (b"\xff\xd8\xff\xe0 x", "billede.JPG", "billede.JPG", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "../../x", "x.webp", "image/webp"),
    ],
)
def test_files_are_kept_for_what_they_hold_not_for_what_they_are_called(
    take: Any, content: bytes, name: str, kept_as: str, kind: str
) -> None:
    file = take(attached(content, name)).files.get()
    assert (file.state, file.name) == ("kept", kept_as)
    assert file.content_type.startswith(kind)
    path = storage.path_of(file.path)
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0
    assert path.suffix == ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"MZ\x90\0", "kind"),
        (b"PK\x03\x04 an archive", "kind"),
        (b"PK\x03\x04 word/document.xml vbaProject.bin", "kind"),
        (b"<html>", "kind"),
        (b"", "empty"),
        (b"%PDF-" + bytes(10 * 1024 * 1024), "size"),
    ],
)
def test_other_files_are_named_and_not_kept(take: Any, private_files: Any, content: bytes, why: str) -> None:
    file = take(attached(content, "job.pdf")).files.get()
    assert (file.state, file.why, file.path) == ("refused", why, "")
    assert [path for path in private_files.rglob("*") if path.is_file()] == []


def test_twenty_files_are_enough(take: Any) -> None:
    mail = wish()
    for number in range(23):
        mail.add_attachment(b"GIF89a", maintype="image", subtype="gif", filename=f"{number}.gif")
    states = list(take(mail).files.order_by("pk").values_list("state", flat=True))
    assert states == ["kept"] * 20 + ["refused"] * 3


@pytest.mark.parametrize("content", [pdf("Ib", f"CPR {CPR}"), docx("Ib", f"cpr.nr. {CPR}")], ids=["pdf", "docx"])
def test_a_document_that_holds_a_cpr_number_is_quarantined(take: Any, content: bytes) -> None:
    file = take(attached(content, "cv")).files.get()
    assert (file.state, file.why) == ("quarantined", "cpr")


def test_a_document_that_cannot_be_looked_through_is_quarantined(take: Any) -> None:
    assert take(attached(b"%PDF-1.7 garbage")).files.get().why == "unreadable"
