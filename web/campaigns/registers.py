"""Files of the business register: upload, see what they would change, take them in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from companies import register_jobs
from companies.models import RegisterImport
from events.errors import Conflict, Invalid, NotVisible
from municipalities.actor import Actor, Role
from web.actors import members_only
from web.campaigns.forms import RegisterForm
from web.campaigns.words import COLUMNS, PROBLEMS, REMARKS, ROW_OUTCOMES

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(Role.COORDINATOR)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The files so far, and a new one."""
    form = RegisterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = register_jobs.upload(
                actor, file_name=file.name, content=file.read(), version=form.cleaned_data["version"]
            )
        except Invalid as error:
            form.refuse(error, {"/file": "file", "/version": "version"})
        else:
            return redirect("web:register", job.public_id)
    rows = RegisterImport.objects.visible_to(actor).defer("content")[:SHOWN]
    context = {"form": form, "rows": rows}
    return render(request, "web/campaigns/registers.html", context, status=422 if form.is_bound else 200)


@require_GET
@members_only(Role.COORDINATOR)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """How far a file is, and what it would change or has changed; htmx asks for the middle part only."""
    job = RegisterImport.objects.visible_to(actor).defer("content").filter(public_id=id).first()
    if job is None:
        raise NotVisible
    part = "web/campaigns/register_state.html" if request.htmx else "web/campaigns/register.html"  # type: ignore[attr-defined]
    return render(request, part, _state(job))


def _state(job: RegisterImport) -> dict[str, Any]:
    report = job.report
    counts = report.get("applied") if job.state == "done" else report
    return {
        "job": job,
        "is_working": job.state in ("checking", "applying"),
        "refused_because": report.get("said", ""),
        "counts": [(words, counts[code]) for code, words in ROW_OUTCOMES.items() if code in counts] if counts else [],
        "columns": [(COLUMNS[code], name) for code, name in report.get("columns", {}).items() if code in COLUMNS],
        "remarks": [(REMARKS[code], count) for code, count in report.get("remarks", {}).items() if code in REMARKS],
        "reasons": [(PROBLEMS.get(code, code), count) for code, count in report.get("reasons", {}).items()],
        "problems": [
            {**one, "why": PROBLEMS.get(one["code"], one["code"]), "where": COLUMNS.get(one["column"], "")}
            for one in report.get("problems", ())
        ],
    }


@require_POST
@members_only(Role.COORDINATOR)
def apply(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Take it in."""
    try:
        register_jobs.apply(actor, id)
    except Conflict as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The file is being taken in."))
    return redirect("web:register", id)
