"""The mails of the house: what waits, what failed and why, and how each looks, without its secrets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from events.errors import NotVisible
from municipalities.actor import Actor, Role
from notifications import outbox as folder
from notifications import rendering, sending
from notifications.models import Mail
from web.actors import members_only

PAGE_SIZE = 50


@require_GET
@members_only(Role.ADMIN)
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All mails, the newest first, by state."""
    counts = dict(Mail.objects.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state", "")
    found = Mail.objects.filter(state=state) if state in Mail.State.values else Mail.objects.all()
    paginator = Paginator(found.defer("text", "calendar"), PAGE_SIZE)
    paginator.count = counts.get(state, 0) if state in Mail.State.values else sum(counts.values())  # type: ignore[misc]
    tabs = [
        {"state": "", "text": _("All"), "count": sum(counts.values()), "is_current": state not in Mail.State.values}
    ]
    tabs += [
        {"state": one.value, "text": one.label, "count": counts.get(one.value, 0), "is_current": state == one.value}
        for one in Mail.State
    ]
    return render(request, "web/news/mails.html", {"page": paginator.get_page(request.GET.get("page")), "tabs": tabs})


def _mail(id: UUID) -> Mail:
    found = Mail.objects.filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found


@require_GET
@members_only(Role.ADMIN)
def preview(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """One mail as its receiver reads it, with words in the place of secret link, code and job title."""
    mail = _mail(id)
    context: dict[str, Any] = {"mail": mail, "parts": rendering.previewed(mail), "can_retry": sending.may_retry(mail)}
    return render(request, "web/news/mail.html", context)


@members_only(Role.ADMIN)
def again(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Try a mail that failed for another day."""
    mail = _mail(id)
    if request.method == "POST":
        if sending.again(mail):
            messages.success(request, _("The mail is tried again."))
        else:
            messages.info(request, _("This mail has not failed, or is of no use any more."))
    return redirect("web:sent-mail", mail.public_id)


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Every mail that the demo has sent, as it left the house. There is no such page where mails go to a server."""
    if not settings.DEV_OUTBOX:
        raise NotVisible
    waiting = Mail.objects.filter(state=Mail.State.PENDING).count()
    return render(request, "web/news/outbox.html", {"mails": folder.kept(), "waiting": waiting})
