"""Candidates from a file: sent here, imported by the worker, with its progress and what became of each row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from candidates import import_jobs
from candidates.import_files import CELLS
from candidates.importing import Status
from candidates.models import ImportJob, ImportRow
from candidates.profile import FIELDS
from events.errors import Invalid
from municipalities.actor import Actor
from web.actors import members_only
from web.forms.imports import ImportForm
from web.views.candidates import KEEPERS

PAGE_SIZE = 50
SHOWN_JOBS = 10
STATUSES: dict[str, Any] = {
    Status.REFUSED: _("refused"),
    Status.CREATED: _("new"),
    Status.UPDATED: _("updated"),
    Status.UNCHANGED: _("unchanged"),
}


@members_only(*KEEPERS)
def start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Send a file, and see the imports of the last days."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = import_jobs.begin(actor, name=file.name, content=file.read(import_jobs.MAX_BYTES + 1))
        except Invalid as error:
            form.refuse(error, {"/file": "file"})
        else:
            return redirect("web:candidate-import", id=job.public_id)
    jobs = ImportJob.objects.visible_to(actor).select_related("by").defer("content")
    context = {"form": form, "jobs": list(jobs[:SHOWN_JOBS]), "columns": FIELDS, "lists": sorted(CELLS)}
    return render(request, "web/imports/start.html", context, status=422 if form.errors else 200)


@require_GET
@members_only(*KEEPERS)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """How far an import is, and its report; htmx asks for the progress alone while it is under way."""
    job = import_jobs.seen(id, actor)
    counts = counted(job)
    done = sum(counts.values())
    context: dict[str, Any] = {
        "job": job,
        "done": done,
        "counts": [{"status": status, "text": text, "n": counts.get(status, 0)} for status, text in STATUSES.items()],
    }
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "web/imports/progress.html", context)
        if job.is_over:
            response.headers["HX-Refresh"] = "true"  # the report is there now
        return response
    status = request.GET.get("status", "")
    rows = rows_of(job, status)
    context |= {"status": status, "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))}
    return render(request, "web/imports/job.html", context)


def counted(job: ImportJob) -> dict[str, int]:
    """How many rows ended how so far."""
    found = job.report.order_by("status").values_list("status").annotate(Count("pk"))
    return dict(found.values_list("status", "pk__count"))


def rows_of(job: ImportJob, status: str) -> QuerySet[ImportRow]:
    """The report, of one status if it is named; where none is, in the file's order."""
    rows: QuerySet[ImportRow] = job.report.order_by("number")
    return rows.filter(status=status) if status in STATUSES else rows
