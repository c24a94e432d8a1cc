"""What people do with a mail of the tray, and with a file in quarantine.

Each locks the mail, checks that it still waits, writes and tells in one transaction; raises NotVisible, NotAllowed,
StepRefused or Invalid, having written nothing.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from companies.lead import NINE
from events import clock
from events.errors import Invalid, NotAllowed, NotVisible, StepRefused
from events.services import append
from joborders.models import Intake, JobOrder
from joborders.services.letters import LONGEST_NOTE, receive_mail
from mailroom import placing, storage, suggesting, taking
from mailroom.models import IncomingMail, MailFile
from mailroom.signs import Why
from municipalities.actor import Actor

State = IncomingMail.State


@transaction.atomic
def to_draft(mail_id: UUID, actor: Actor, *, municipality: str) -> Intake:
    """Make it a draft in the queue of one of the nine; its clock runs from the mail's arrival."""
    mail = _locked(mail_id, actor)
    if municipality not in NINE:
        raise Invalid.field("municipality", "unknown_municipality", _("This is not one of the nine municipalities."))
    if not mail.sender:
        raise Invalid.field("municipality", "no_sender", _("Nobody can be answered: the mail names no sender."))
    text = f"{mail.subject}\n{mail.text}"
    placed = placing.place(mail.sender, text, is_forged=False)
    found = suggesting.suggestions(text, placed, mail.sender)
    taking.make_draft(mail, municipality, found, ground=placed.ground)
    assert mail.intake is not None
    return mail.intake


@transaction.atomic
def to_order(mail_id: UUID, actor: Actor, *, number: str) -> JobOrder:
    """Add it to the history of an order that the actor may see, found by its number."""
    mail = _locked(mail_id, actor)
    order = JobOrder.objects.visible_to(actor).filter(number=number.strip().upper()).first()
    if order is None:
        raise Invalid.field("number", "unknown_order", _("This order is not known."))
    text = "\n".join(part for part in (mail.subject, mail.text) if part)[:LONGEST_NOTE]
    receive_mail(order.public_id, actor, mail=mail.public_id, text=text, happened_at=mail.arrived_at)
    mail.state, mail.why, mail.order, mail.municipality_id = State.REPLY, "", order, order.lead_id
    mail.save(update_fields=["state", "why", "order", "municipality"])
    return order


@transaction.atomic
def mark_spam(mail_id: UUID, actor: Actor) -> None:
    """It is spam: what else comes from this sender goes into the tray as well."""
    mail = _locked(mail_id, actor)
    _forget(mail, why=Why.SPAM)


@transaction.atomic
def delete(mail_id: UUID, actor: Actor) -> None:
    """Delete its words and files; that it came, and from whom, is kept until its time is over."""
    mail = _locked(mail_id, actor)
    _forget(mail, why=Why(mail.why))


@transaction.atomic
def open_file(file_id: UUID, actor: Actor) -> MailFile:
    """Open a file in quarantine: for its addressee alone, and each time told. Raises NotAllowed for others."""
    file = _locked_file(file_id, actor)
    if addressee(file.mail) != actor.user_id or actor.user_id is None:
        raise NotAllowed()
    file.opened_at, file.opened_by_id = clock.now(), actor.user_id
    file.save(update_fields=["opened_at", "opened_by"])
    _tell(file, actor, "mail.file_opened")
    return file


@transaction.atomic
def delete_file(file_id: UUID, actor: Actor) -> MailFile:
    """Delete a file in quarantine: any consultant who sees it may."""
    file = _locked_file(file_id, actor)
    path = file.path
    file.state, file.path, file.name = MailFile.State.DELETED, "", _hidden_name(file)
    file.save(update_fields=["state", "path", "name"])
    _tell(file, actor, "mail.file_deleted")
    transaction.on_commit(lambda: storage.drop([path]), robust=True)  # lost by a crash, it is swept as an orphan
    return file


def addressee(mail: IncomingMail) -> int | None:
    """Whose a quarantined file is (user key): the order's consultant, else whoever took the draft; None: nobody yet."""
    order = mail.order if mail.state == State.REPLY else mail.intake.order if mail.intake is not None else None
    if order is not None and order.assignee_id is not None:
        return order.assignee_id
    return mail.intake.taken_by_id if mail.intake is not None else None


def _hidden_name(file: MailFile) -> str:
    return f"fil-{file.pk}"


def _forget(mail: IncomingMail, *, why: Why) -> None:
    """Words and files go; the row stays, so that the same message is not read again."""
    paths = list(mail.files.exclude(path="").values_list("path", flat=True))
    mail.files.all().delete()
    mail.state, mail.why, mail.order = State.DELETED, why.value, None
    mail.sender_name = mail.subject = mail.text = ""
    if why is not Why.SPAM:
        mail.sender = ""
    mail.clues = {}
    mail.save()
    transaction.on_commit(lambda: storage.drop(paths), robust=True)


def _locked(mail_id: UUID, actor: Actor) -> IncomingMail:
    """The mail of the tray under its lock. Raises NotVisible, StepRefused."""
    seen = IncomingMail.objects.visible_to(actor).filter(public_id=mail_id).values_list("pk", flat=True).first()
    if seen is None:
        raise NotVisible()
    mail = IncomingMail.objects.select_for_update(of=("self",)).get(pk=seen)
    if mail.state != State.TRAY:
        raise StepRefused(allowed=())
    return mail


def _locked_file(file_id: UUID, actor: Actor) -> MailFile:
    seen = MailFile.objects.visible_to(actor).filter(public_id=file_id).values_list("pk", flat=True).first()
    if seen is None:
        raise NotVisible()
    file = MailFile.objects.select_for_update(of=("self",)).get(pk=seen)
    if file.state != MailFile.State.QUARANTINED:
        raise StepRefused(allowed=())
    return file


def _tell(file: MailFile, actor: Actor, event: str) -> None:
    """Who did it, to which file of which mail: ids alone."""
    home = actor.municipality or ""
    data = {"file": file.public_id}
    append(event, file.mail.public_id, by=actor, municipality=home, audience={home} - {""}, data=data)
