"""The tray, one mail, its files, and the quarantine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from events.errors import DomainError, Invalid, NotVisible
from joborders.models import Intake, JobOrder
from mailroom import services, storage
from mailroom.models import IncomingMail, MailFile
from municipalities.actor import Actor, Role
from web.actors import members_only
from web.desk.refusals import in_words
from web.mail import forms, reading, words

DESK = (Role.CONSULTANT, Role.COORDINATOR)
PAGE = 25


@require_GET
@members_only(*DESK)
def tray(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Mails that are in nobody's queue, the newest first."""
    found = IncomingMail.objects.visible_to(actor).in_tray().select_related("municipality").defer("text", "clues")
    page = Paginator(found.order_by("-arrived_at", "-id"), PAGE).get_page(request.GET.get("page"))
    rows = [(mail, words.WHY.get(mail.why, mail.why)) for mail in page.object_list]
    return render(request, "web/mail/tray.html", {"page": page, "rows": rows})


@require_GET
@members_only(*DESK)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """One mail with its files; in the tray also what can become of it."""
    return render(request, "web/mail/mail.html", _page(_read(actor, id), actor))


def _read(actor: Actor, id: UUID) -> IncomingMail:
    found = reading.visible(actor).filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found


def _page(mail: IncomingMail, actor: Actor, bound: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The page's context; `bound` is the form that was sent, by its step."""
    sent = dict(bound or {})
    waits = mail.state == IncomingMail.State.TRAY
    made = {name: sent.get(name) or make(mail=mail, auto_id=f"id_{name}_%s") for name, make in FORMS.items() if waits}
    return {
        "mail": mail,
        "why": words.WHY.get(mail.why, "") if waits else "",
        "files": reading.rows(mail, actor),
        "forms": made,
        "waits": waits,
        "sent": next(iter(sent.values()), None),
        "order": mail.order or (mail.intake.order if mail.intake else None),
    }


@require_POST
@members_only(*DESK)
def step(request: HttpRequest, actor: Actor, id: UUID, step: str) -> HttpResponse:
    """Make a draft of it, add it to an order, call it spam, or delete it."""
    if step not in STEPS:
        raise Http404
    mail = _read(actor, id)
    make, take, done = STEPS[step]
    form = make(request.POST, mail=mail, auto_id=f"id_{step}_%s")
    if form.is_valid():
        try:
            result = take(id, actor, form.cleaned_data)
        except Invalid as error:
            form.refuse(error, form.places)
        except NotVisible:
            raise
        except DomainError as error:
            messages.warning(request, in_words(error))
            return redirect("web:mail", id)
        else:
            messages.success(request, str(done))
            return _next(result, actor)
    return render(request, "web/mail/mail.html", _page(mail, actor, {step: form}), status=422)


def _next(result: Intake | JobOrder | None, actor: Actor) -> HttpResponse:
    """To what it became, if the actor sees it; else back to the tray."""
    if isinstance(result, Intake) and Intake.objects.visible_to(actor).filter(pk=result.pk).exists():
        return redirect("web:desk-intake", result.public_id)
    if isinstance(result, JobOrder):
        return redirect("web:desk-order", result.public_id)
    return redirect("web:mail-tray")


FORMS: Mapping[str, Any] = {"draft": forms.DraftForm, "order": forms.OrderForm}
#: Step: its form, what is done, and the words afterwards.
STEPS: Mapping[str, tuple[Any, Callable[..., Any], Any]] = {
    "draft": (
        forms.DraftForm,
        lambda id, actor, given: services.to_draft(id, actor, municipality=given["municipality"]),
        gettext_lazy("It is a draft in the queue now. Its clock runs from the mail's arrival."),
    ),
    "order": (
        forms.OrderForm,
        lambda id, actor, given: services.to_order(id, actor, number=given["number"]),
        gettext_lazy("It stands in the order's history now."),
    ),
    "spam": (
        forms.MailForm,
        lambda id, actor, given: services.mark_spam(id, actor),
        gettext_lazy("It is deleted, and mails of this sender go to the tray as spam."),
    ),
    "delete": (
        forms.MailForm,
        lambda id, actor, given: services.delete(id, actor),
        gettext_lazy("The mail is deleted."),
    ),
}


@require_GET
@members_only(Role.CONSULTANT)
def file(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """A kept file, as a download that no browser opens by itself."""
    found = MailFile.objects.visible_to(actor).filter(public_id=id, state=MailFile.State.KEPT).first()
    if found is None:
        raise NotVisible
    return _download(found)


def _download(found: MailFile) -> HttpResponse:
    try:
        content = storage.path_of(found.path).open("rb")
    except FileNotFoundError:
        raise NotVisible from None
    answer: Any = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[no-any-return]


@require_POST
@members_only(Role.CONSULTANT)
def file_step(request: HttpRequest, actor: Actor, id: UUID, step: str) -> HttpResponse:
    """Open a file out of quarantine (its addressee alone, each time noted) or delete it."""
    if step == "open":
        return _download(services.open_file(id, actor))
    if step != "delete":
        raise Http404
    services.delete_file(id, actor)
    messages.success(request, _("The file is deleted."))
    return redirect("web:mail-quarantine")


@require_GET
@members_only(Role.CONSULTANT)
def quarantine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Files that hold a CPR number or could not be looked through, with who may open each."""
    related = ("mail", *(f"mail__{name}" for name in reading.RELATED))
    found = MailFile.objects.visible_to(actor).quarantined().select_related(*related).order_by("-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [reading.row(one, one.mail, actor) for one in page.object_list]
    return render(request, "web/mail/quarantine.html", {"page": page, "rows": rows})
