"""The mail beside the form, the tray, and files that only some may open."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from bench.mails import docx, written
from events.models import Event
from joborders.models import HistoryNote, Intake, JobOrder
from mailroom import reading
from mailroom.models import IncomingMail, MailFile
from municipalities.actor import Actor
from tests import factories
from tests.mailroom.hands import Hand
from tests.web.desk import at_desk, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
WANTED = "Vi søger tre lastbilchauffører med start 1. april. Tlf. 48 12 34 56.\n\nMvh\nKirsten Prøve\n3400 Hillerød"
CPR = "010190-1234"


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def came(subject: str = "Chauffører", text: str = WANTED, *files: tuple[str, bytes], **headers: str) -> IncomingMail:
    """A mail that was taken in."""
    mail = written(1, subject, text, sender="Kirsten Prøve <kirsten@bygger.example>", **headers)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="x", filename=name)
    hand = Hand([mail.as_bytes()])
    reading.read(nullcontext(hand))
    return IncomingMail.objects.get(mailbox__name=hand.name)


def draft_with_files() -> tuple[IncomingMail, MailFile, MailFile]:
    mail = came("Chauffører", WANTED, ("job.docx", docx("Opgaver")), ("cv.docx", docx(f"CPR {CPR}")))
    plain, quarantined = mail.files.order_by("pk")
    return mail, plain, quarantined


def spam() -> IncomingMail:
    return came("You have won", "Click, Hillerød", X_Spam_Flag="YES")


def page_of(mail: IncomingMail) -> str:
    assert mail.intake is not None
    return f"/intakes/{mail.intake.public_id}"


def test_the_mail_stands_beside_the_form_which_suggests_and_says_so(ann: Actor) -> None:
    mail = came()
    answer = at_desk(ann).get(page_of(mail))
    html, text = answer.content.decode(), text_of(answer)
    assert "Mail fra Kirsten Prøve" in text and "Vi søger tre lastbilchauffører" in text
    assert "et postnummer i den" in text
    for name, value in (("positions", "3"), ("starts_on", "2026-04-01"), ("contact_phone", "48 12 34 56")):
        assert f'name="{name}" value="{value}"' in html
    assert text.count("(foreslået)") >= 5
    assert not JobOrder.objects.exists()


def test_what_a_person_has_written_is_no_suggestion_and_stays(ann: Actor) -> None:
    mail = came()
    assert mail.intake is not None
    sent = {"version": 1, "contact_name": "Kirsten Prøve", "contact_phone": "48 99 99 99", "text": "x"}
    at_desk(ann).post(f"{page_of(mail)}/change", sent)
    html = at_desk(ann).get(page_of(mail)).content.decode()
    assert 'name="contact_phone" value="48 99 99 99"' in html and "48 12 34 56" not in html.split("</form>")[1]


def test_a_mail_becomes_an_order_received_when_it_came_with_its_contact(ann: Actor) -> None:
    mail, firm = came(), factories.company()
    sent = {"version": 1, "cvr": firm.cvr, "title": "Chauffør", "occupation": "8332", "positions": "3",
            "text": "Kørsel", "contact_phone": "48 12 34 56"}  # fmt: skip
    answer = at_desk(ann).post(f"{page_of(mail)}/submit", sent)
    order = JobOrder.objects.get()
    assert answer["Location"] == f"/orders/{order.public_id}"
    assert (order.channel, order.received_at, order.intake_by) == ("mail", mail.arrived_at, factories.HILLEROED)
    assert (order.contact_name, order.contact_phone) == ("Kirsten Prøve", "48 12 34 56")
    assert order.contact_email == "kirsten@bygger.example"
    page = at_desk(ann).get(f"/orders/{order.public_id}").content.decode()
    assert f"/mail/{mail.public_id}" in page
    assert "Vi søger tre" in text_of(at_desk(ann).get(f"/mail/{mail.public_id}"))


def test_the_lead_is_not_who_took_the_mail(ann: Actor, eva: Actor) -> None:
    """Nobody is transferred: intake owner and lead are kept apart, for calls as for mails."""
    mail, firm = came(), factories.company(factories.HELSINGOER)
    sent = {
        "version": 1,
        "cvr": firm.cvr,
        "title": "Chauffør",
        "occupation": "8332",
        "positions": "1",
        "text": "Kørsel",
    }
    at_desk(ann).post(f"{page_of(mail)}/submit", sent)
    call = {"contact_name": "Ib", "contact_phone": "48000000", "cvr": firm.cvr, "title": "Kok", "occupation": "5120",
            "positions": "1", "text": "Mad", "do": "submit"}  # fmt: skip
    at_desk(ann).post("/quick", call)
    for order in JobOrder.objects.all():
        assert (order.intake_by, order.lead_id) == (factories.HILLEROED, factories.HELSINGOER)
    assert set(JobOrder.objects.values_list("channel", flat=True)) == {"mail", "phone"}


def test_a_draft_is_taken_and_moved(ann: Actor, eva: Actor) -> None:
    mail = came()
    assert at_desk(ann).post(f"{page_of(mail)}/take", {"version": 1}).status_code == 302
    assert Intake.objects.get().taken_by_id == ann.user_id
    answer = at_desk(ann).post(f"{page_of(mail)}/move", {"version": 2, "to": factories.HELSINGOER})
    assert answer["Location"] == "/queue"
    moved = Intake.objects.get()
    assert (moved.municipality_id, moved.taken_by_id) == (factories.HELSINGOER, None)
    assert at_desk(ann).get(page_of(mail)).status_code == 404
    assert at_desk(eva).get(page_of(mail)).status_code == 200
    assert at_desk(eva).post(f"{page_of(mail)}/move", {"version": 3, "to": "9999"}).status_code == 422


# --- the tray -------------------------------------------------------------------------------------------------------


def test_the_tray_belongs_to_a_municipality_and_the_coordinator(ann: Actor, eva: Actor, kim: Actor, cas: Actor) -> None:
    mail = spam()
    IncomingMail.objects.update(municipality=factories.HILLEROED)
    for actor, sees in ((ann, True), (kim, True), (eva, False)):
        assert ("You have won" in text_of(at_desk(actor).get("/mail/tray"))) is sees
        assert at_desk(actor).get(f"/mail/{mail.public_id}").status_code == (200 if sees else 404)
    assert at_desk(eva).post(f"/mail/{mail.public_id}/delete").status_code == 404
    assert at_desk(cas).get("/mail/tray").status_code == 403


def in_tray() -> IncomingMail:
    mail = spam()
    IncomingMail.objects.update(municipality=factories.HILLEROED)
    return mail


def test_a_mail_of_the_tray_becomes_a_draft_whose_clock_ran_from_its_arrival(ann: Actor) -> None:
    mail = in_tray()
    answer = at_desk(ann).post(f"/mail/{mail.public_id}/draft", {"municipality": factories.HILLEROED})
    intake = Intake.objects.get()
    assert answer["Location"] == f"/intakes/{intake.public_id}"
    assert (intake.channel, intake.received_at) == ("mail", mail.arrived_at)
    again = at_desk(ann).post(f"/mail/{mail.public_id}/draft", {"municipality": factories.HILLEROED})
    assert again["Location"] == f"/mail/{mail.public_id}"
    assert Intake.objects.count() == 1


def test_a_mail_of_the_tray_is_added_to_an_order(ann: Actor, eva: Actor) -> None:
    mail, order = in_tray(), factories.order(factories.company())
    foreign = factories.order(factories.company(factories.HELSINGOER))
    client = at_desk(ann)
    assert client.post(f"/mail/{mail.public_id}/order", {"number": foreign.number}).status_code == 422
    assert client.post(f"/mail/{mail.public_id}/order", {"number": f" {order.number.lower()} "}).status_code == 302
    assert "You have won" in HistoryNote.objects.get(order=order).text
    assert "Der kom en mail om jobordren" in text_of(client.get(f"/orders/{order.public_id}"))


@pytest.mark.parametrize(("step", "sender"), [("spam", "kirsten@bygger.example"), ("delete", "")])
def test_what_is_deleted_leaves_no_words_and_is_not_read_again(ann: Actor, step: str, sender: str) -> None:
    mail = in_tray()
    IncomingMail.objects.update(why="unknown")
    assert at_desk(ann).post(f"/mail/{mail.public_id}/{step}").status_code == 302
    gone = IncomingMail.objects.get()
    assert (gone.state, gone.subject, gone.text, gone.sender_name) == ("deleted", "", "", "")
    assert gone.sender == sender
    assert not gone.files.exists()
    assert at_desk(ann).get(f"/mail/{mail.public_id}").status_code == 404


def test_an_unknown_step_is_not_there(ann: Actor) -> None:
    assert at_desk(ann).post(f"/mail/{in_tray().public_id}/explode").status_code == 404


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_file_is_a_download_that_no_browser_opens(ann: Actor) -> None:
    mail, plain, _quarantined = draft_with_files()
    answer: Any = at_desk(ann).get(f"/mail/files/{plain.public_id}")
    assert b"".join(answer.streaming_content) == docx("Opgaver")
    assert answer["Content-Disposition"] == 'attachment; filename="job.docx"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]


def test_files_are_for_the_municipalitys_consultants_alone(ann: Actor, eva: Actor, kim: Actor, cas: Actor) -> None:
    _mail, plain, quarantined = draft_with_files()
    for file in (plain, quarantined):
        assert at_desk(eva).get(f"/mail/files/{file.public_id}").status_code == 404
        for actor in (kim, cas):
            assert at_desk(actor).get(f"/mail/files/{file.public_id}").status_code == 403
    assert at_desk(eva).post(f"/mail/files/{quarantined.public_id}/open").status_code == 404


def test_a_file_in_quarantine_is_for_its_addressee_alone_and_each_opening_is_told(ann: Actor, bo: Actor) -> None:
    mail, _plain, file = draft_with_files()
    address = f"/mail/files/{file.public_id}"
    assert at_desk(ann).get(address).status_code == 404, "never by a plain link"
    assert at_desk(ann).post(f"{address}/open").status_code == 403, "nobody deals with the mail yet"
    at_desk(ann).post(f"{page_of(mail)}/take", {"version": 1})
    assert at_desk(bo).post(f"{address}/open").status_code == 403
    assert "Kun Ann Prøve må åbne den" in text_of(at_desk(bo).get("/mail/quarantine"))
    answer: Any = at_desk(ann).post(f"{address}/open")
    assert b"".join(answer.streaming_content) == docx(f"CPR {CPR}")
    event = Event.objects.get(type="mail.file_opened")
    assert (event.actor_id, event.data) == (ann.public_id, {"file": str(file.public_id)})
    file.refresh_from_db()
    assert file.opened_by_id == ann.user_id


def test_a_file_in_quarantine_is_deleted(ann: Actor, django_capture_on_commit_callbacks: Any, tmp_path: Path) -> None:
    _mail, _plain, file = draft_with_files()
    with django_capture_on_commit_callbacks(execute=True):
        assert at_desk(ann).post(f"/mail/files/{file.public_id}/delete").status_code == 302
    file.refresh_from_db()
    assert (file.state, file.path) == ("deleted", "")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert at_desk(ann).post(f"/mail/files/{file.public_id}/open").status_code in (403, 409)
