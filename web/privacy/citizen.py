"""A citizen's extract, deletion and legal hold: the home jobcentre's work."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from candidates.access import named
from events.errors import Conflict, Invalid
from joborders.models import Nomination
from municipalities.actor import Actor
from privacy import erasing
from privacy.extract import made
from privacy.models import ErasureNotice
from screening.models import VerdictRow
from web.actors import members_only
from web.people.candidate_page import FIELDS, facts_of, sections_of
from web.privacy.forms import EraseForm, HoldForm
from web.privacy.words import purpose, role
from web.views.candidates import KEEPERS, own_candidate, read_name


@require_GET
@members_only(*KEEPERS)
@transaction.atomic
def extract(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """All that is held about somebody, to be read or printed and handed over."""
    candidate = own_candidate(id, actor)
    found = made(id, actor)
    reads = [
        row
        | {
            "purpose": purpose(row["purpose"]),
            "role": role(row["role"]),
            "fields": ", ".join(str(FIELDS.get(name, name)) for name in row["fields"]),
        }
        for row in found["reads"]
    ]
    for row in found["nominations"]:
        row["state_word"] = Nomination.State(row["state"]).label
    for row in found["screenings"]:
        row["outcome_word"] = VerdictRow.Outcome(row["outcome"]).label
    context = {
        "candidate": candidate,
        "extract": found,
        "facts": facts_of(candidate),
        "sections": sections_of(candidate),
        "reads": reads,
    }
    return _private(render(request, "web/privacy/extract.html", context))


@require_GET
@members_only(*KEEPERS)
def extract_json(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """The same as a file that another system reads (GDPR art. 20)."""
    answer = JsonResponse(made(id, actor), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer.headers["Content-Disposition"] = 'attachment; filename="extract.json"'
    return _private(answer)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(*KEEPERS)
def erase(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Ask once more; sent, the candidate is deleted."""
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            erasing.erase(id, actor, _version(request))
        except Conflict as error:
            form.add_error(None, _(str(error.message)))
        else:
            messages.success(request, _("The candidate is deleted."))
            return redirect("web:candidates")
    return _erase_page(request, actor, id, form=form)


@require_POST
@members_only(*KEEPERS)
def hold(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Set a legal hold, or end it."""
    if "end" in request.POST:
        erasing.end_hold(id, actor)
        messages.success(request, _("The legal hold is ended."))
        return redirect("web:candidate-erase", id)
    form = HoldForm(request.POST)
    if form.is_valid():
        try:
            erasing.hold(id, actor, form.cleaned_data["reason"])
        except Invalid as error:
            form.refuse(error, {"/reason": "reason"})
        else:
            messages.success(request, _("There is a legal hold now: nothing is deleted until it is ended."))
            return redirect("web:candidate-erase", id)
    return _erase_page(request, actor, id, hold_form=form)


@require_GET
@members_only(*KEEPERS)
@transaction.atomic
def leaving(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Inactive candidates who are deleted soon, unless somebody takes them up again or sets a hold."""
    notices = list(ErasureNotice.objects.visible_to(actor).select_related("candidate")[:200])
    keys = [notice.candidate_id for notice in notices]
    names = {one.pk: one.name for one in named(keys, actor=actor, purpose="candidate.list", fields=("name",))}
    rows = [{"notice": notice, "name": names.get(notice.candidate_id, "")} for notice in notices]
    return render(request, "web/privacy/leaving.html", {"rows": rows})


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@transaction.atomic
def _erase_page(
    request: HttpRequest, actor: Actor, id: UUID, *, form: Any = None, hold_form: HoldForm | None = None
) -> HttpResponse:
    candidate = own_candidate(id, actor)
    context = {
        "candidate": candidate,
        "person": read_name(candidate, actor, "name"),
        "held": candidate.holds.filter(ended_at__isnull=True).first(),
        "form": form or EraseForm(),
        "hold_form": hold_form or HoldForm(),
        "here": f"/candidates/{id}/erase",
    }
    is_refused = hold_form is not None or (form is not None and form.is_bound)
    return render(request, "web/privacy/erase.html", context, status=422 if is_refused else 200)


def _private(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-store"
    return answer
