"""The papers of an agreement: sent here, read by the nine."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from companies import documents
from events.errors import Conflict, Invalid
from municipalities.actor import Actor
from web.actors import members_only
from web.agreements.forms import PaperForm
from web.agreements.pages import agreement_of, page_of
from web.views.companies import READERS, WRITERS


@require_POST
@members_only(*WRITERS)
def add(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponseBase:
    """Keep a PDF with the agreement."""
    agreement = agreement_of(id, actor)
    form = PaperForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            documents.add(actor, id, name=file.name, content=file.read(documents.MAX_BYTES + 1))
        except Invalid as error:
            form.refuse(error, {"/file": "file"})
        except Conflict as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:agreement", id)
    return page_of(request, actor, agreement, paper=form)


@require_GET
@members_only(*READERS)
def show(request: HttpRequest, actor: Actor, id: UUID, paper: UUID) -> HttpResponseBase:
    """The PDF as a download: never shown inside our own pages."""
    found, content = documents.content_of(actor, id, paper)
    answer: Any = FileResponse(
        io.BytesIO(content), as_attachment=True, filename=found.name, content_type="application/pdf"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer  # type: ignore[no-any-return]
