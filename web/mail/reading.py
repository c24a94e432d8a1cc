"""What the pages show of a mail: its files with what the reader may do with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from joborders.models import Intake, JobOrder
from mailroom import services
from mailroom.models import IncomingMail, MailFile
from municipalities.actor import Actor
from web.mail import words

RELATED = ("municipality", "order__assignee", "intake__taken_by", "intake__order__assignee")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file: `can_load` plainly, `can_open` out of quarantine (only its addressee), `whose` name that one."""

    file: MailFile
    why: str
    can_load: bool
    can_open: bool
    can_delete: bool
    whose: str


def visible(actor: Actor) -> QuerySet[IncomingMail]:
    """Mails that the actor may see, with what one mail shows."""
    return IncomingMail.objects.visible_to(actor).select_related(*RELATED).prefetch_related("files")


def of_intake(intake: Intake, actor: Actor) -> IncomingMail | None:
    """The mail that became this draft."""
    return visible(actor).filter(intake=intake).first() if intake.channel == "mail" else None


def of_order(order: JobOrder, actor: Actor) -> list[IncomingMail]:
    """Mails that became or answered the order, the newest first."""
    found = IncomingMail.objects.visible_to(actor).about(order)  # type: ignore[attr-defined]
    return list(found.defer("text", "clues").order_by("-arrived_at", "-id"))


def rows(mail: IncomingMail, actor: Actor) -> list[FileRow]:
    """The mail's files for this reader."""
    return [row(file, mail, actor) for file in mail.files.all()]


def row(file: MailFile, mail: IncomingMail, actor: Actor) -> FileRow:
    """One of them."""
    waits = file.state == MailFile.State.QUARANTINED
    holder = services.addressee(mail)
    return FileRow(
        file=file,
        why=str(words.DELETED if file.state == MailFile.State.DELETED else words.REASONS.get(file.why, "")),
        can_load=file.state == MailFile.State.KEPT and actor.is_consultant,
        can_open=waits and actor.is_consultant and holder is not None and holder == actor.user_id,
        can_delete=waits and actor.is_consultant,
        whose=_name_of(mail) if waits else "",
    )


def _name_of(mail: IncomingMail) -> str:
    """Whose the files in quarantine are."""
    order = mail.order if mail.order is not None else mail.intake.order if mail.intake is not None else None
    person: Any = order.assignee if order is not None and order.assignee is not None else None
    if person is None and mail.intake is not None:
        person = mail.intake.taken_by
    return person.name if person is not None else ""
