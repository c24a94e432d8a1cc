"""The signed papers of an agreement: PDF by content, kept privately, read by the nine."""

from __future__ import annotations

import hashlib
import io
import logging
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader

from companies import agreements, private_files
from companies.models import Agreement, AgreementDocument
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible
from municipalities.actor import Actor
from vocabulary.text import clean_text

MAX_BYTES = 10 * 1024 * 1024
#: A paper without a row may be on its way in; and after a restored backup somebody has a week to notice it.
ORPHAN_SECONDS = 7 * 24 * 3600
MOST_DOCUMENTS = 50
log = logging.getLogger(__name__)


def add(actor: Actor, agreement_id: UUID, *, name: str, content: bytes) -> AgreementDocument:
    """Keep a PDF with the agreement. `name` is the file's; the content decides whether it is a PDF.

    Raises NotVisible, NotAllowed, Invalid (`too_large`, `no_pdf`), or Conflict: `known`, `too_many`.
    """
    found = Agreement.objects.visible_to(actor).select_related("company").filter(public_id=agreement_id).first()
    if found is None or not actor.is_member:
        raise NotVisible
    if not agreements.may_change(actor, found):
        raise NotAllowed
    _check(content)
    shown = clean_text(name.rpartition("/")[2][-120:] or "aftale.pdf", field="file", max_length=120, multiline=False)
    stored = private_files.keep(content)
    try:
        return _write(actor, found, shown, stored, content)
    except BaseException:
        private_files.drop(stored)
        raise


@transaction.atomic
def _write(actor: Actor, agreement: Agreement, name: str, stored: str, content: bytes) -> AgreementDocument:
    if agreement.documents.count() >= MOST_DOCUMENTS:
        raise Conflict("too_many", _("These are too many documents for one agreement."))
    try:
        with transaction.atomic():
            made = AgreementDocument.objects.create(
                agreement=agreement,
                name=name,
                stored_as=stored,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                uploaded_at=clock.now(),
                by_name=actor.name[:120],
            )
    except IntegrityError:
        raise Conflict("known", _("This document is here already.")) from None
    agreements.tell("agreement.changed", agreement, actor, fields=["documents"])
    return made


def sweep() -> int:
    """Delete papers that a crash left without a row, a week old at least; how many. May run any number of times."""
    old = private_files.AGREEMENTS.older_than(ORPHAN_SECONDS)
    known = AgreementDocument.objects.filter(stored_as__in=old).order_by().values_list("stored_as", flat=True)
    lost = old - set(known)
    for name in lost:
        private_files.drop(name)
    if lost:
        log.warning("%d papers of agreements that no row names were deleted", len(lost))
    return len(lost)


def _check(content: bytes) -> None:
    """Raise Invalid unless the bytes are a PDF that opens, has pages and needs no password."""
    if len(content) > MAX_BYTES:
        raise Invalid.field("file", "too_large", _("The file is larger than 10 MB."))
    readable = content.startswith(b"%PDF-")
    if readable:
        try:
            reader = PdfReader(io.BytesIO(content))
            readable = not reader.is_encrypted and len(reader.pages) > 0
        except Exception as problem:  # pypdf raises nearly anything for bytes that were cut or made up
            log.info("a file was refused as no PDF: %s", type(problem).__name__)
            readable = False
    if not readable:
        raise Invalid.field("file", "no_pdf", _("This is not a PDF that can be opened without a password."))


def content_of(actor: Actor, agreement_id: UUID, document_id: UUID) -> tuple[AgreementDocument, bytes]:
    """A document with its bytes, for those of the nine who see the agreement. Raises NotVisible."""
    if not actor.is_member:
        raise NotVisible
    agreement = Agreement.objects.visible_to(actor).filter(public_id=agreement_id)
    found = AgreementDocument.objects.filter(agreement__in=agreement, public_id=document_id).first()
    if found is None:
        raise NotVisible
    try:
        return found, private_files.path_of(found.stored_as).read_bytes()
    except FileNotFoundError:
        raise NotVisible from None
