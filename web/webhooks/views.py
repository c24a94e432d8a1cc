"""Webhooks: register one, see what was sent, send it again, stop and start. The same services as the API's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from events.errors import Invalid, NotVisible
from events.models import Delivery, Webhook
from events.webhooks import services, signing
from municipalities.actor import Actor, Role
from web.actors import members_only
from web.vocabulary_words import municipality_names
from web.webhooks.forms import WebhookForm
from web.webhooks.words import outcome

PAGE_SIZE = 25
STEPS = ("stop", "start", "skip", "rotate")


@require_GET
@members_only(Role.ADMIN)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All that the administrator keeps, those that were switched off first."""
    places = municipality_names()
    found = sorted(Webhook.objects.visible_to(actor).order_by("pk"), key=lambda webhook: webhook.state != "off")
    rows = [{"row": webhook, "place": places.get(webhook.municipality, "")} for webhook in found]
    off = sum(webhook.state == Webhook.State.OFF for webhook in found)
    return render(request, "web/webhooks/list.html", {"rows": rows, "off": off})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(Role.ADMIN)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Register one; its secret is shown once, on the page that answers."""
    form = WebhookForm(request.POST or None, home=actor.municipality)
    if form.is_valid():
        try:
            webhook = services.register(actor, **form.arguments())
        except Invalid as error:
            form.refuse(error, {"/url": "url", "/patterns": "patterns", "/municipality": "municipality"})
        else:
            return _secret(request, webhook)
    return render(request, "web/webhooks/new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
@members_only(Role.ADMIN)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """One webhook with the log of its deliveries, newest first."""
    webhook = _mine(actor, id)
    state = request.GET.get("state", "")
    found = webhook.deliveries.select_related("event").order_by("-pk")
    if state in Delivery.State.values:
        found = found.filter(state=state)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [{"row": delivery, "outcome": outcome(delivery)} for delivery in page.object_list]
    place = municipality_names().get(webhook.municipality, "")
    states = Delivery.State.choices
    context = {"webhook": webhook, "place": place, "page": page, "state": state, "states": states}
    return render(request, "web/webhooks/page.html", context)


@require_POST
@members_only(Role.ADMIN)
def replay(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Send the ticked deliveries again."""
    try:
        wanted = [UUID(text) for text in request.POST.getlist("delivery")]
    except ValueError:
        raise NotVisible from None
    count = services.replay(actor, id, wanted) if wanted else 0
    said = ngettext("%(n)d delivery is sent again.", "%(n)d deliveries are sent again.", count)
    messages.success(request, said % {"n": count})
    return redirect("web:webhook", id)


@require_POST
@members_only(Role.ADMIN)
def step(request: HttpRequest, actor: Actor, id: UUID, step: str) -> HttpResponse:
    """Stop, start (with or without what was missed), or a new secret."""
    if step not in STEPS:
        raise Http404
    text = request.POST.get("version", "")
    version = int(text) if text.isdecimal() else 0
    match step:
        case "stop":
            services.stop(actor, id, version)
        case "rotate":
            return _secret(request, services.rotate_secret(actor, id, version))
        case _:
            services.start(actor, id, version, skip=step == "skip")
    messages.success(request, _("Stopped.") if step == "stop" else _("It is on."))
    return redirect("web:webhook", id)


def _secret(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    page = reverse("web:webhook", args=[webhook.public_id])
    context: dict[str, Any] = {"webhook": webhook, "secret": signing.secret(webhook), "here": page}
    answer = render(request, "web/webhooks/secret.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _mine(actor: Actor, id: UUID) -> Webhook:
    found = Webhook.objects.visible_to(actor).filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found
