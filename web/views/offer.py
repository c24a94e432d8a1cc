"""Offering one of ours on an order: looked up by name or case number, with and without JavaScript."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from candidates.access import named
from events.errors import DomainError, Invalid, NotVisible
from joborders.services.possible import allowed_on
from municipalities.actor import Actor, Role
from screening import overrides
from web.actors import members_only
from web.desk import order_page
from web.desk.refusals import in_words
from web.forms.desk_nominations import Found, OfferForm
from web.views.candidates import own_people
from web.views.nominations import back, tell

MOST_FOUND = 8
SHORTEST = 2


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(Role.CONSULTANT)
def offer(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Offer an own candidate, who has said yes. `look` only looks who fits the words."""
    order = order_page.read(id, actor)
    if "offer" not in allowed_on(order, actor):
        messages.info(request, _("This is not possible now."))
        return redirect("web:desk-order", order.public_id)
    if request.method != "POST" or "look" in request.POST:
        initial = {name: request.POST[name] for name in OfferForm.base_fields if name in request.POST}
        initial.pop("version", None)  # the next try is decided on what is shown
        found = fitting(initial.get("q", ""), actor, order.public_id)
        form = OfferForm(order=order, actor=actor, initial=initial, found=found)
        return render(request, "web/desk/offer.html", _page(order, form, found, initial.get("q", "")))
    q = request.POST.get("q", "")
    found = fitting(q, actor, order.public_id)
    form = OfferForm(request.POST, order=order, actor=actor, found=found)
    problem = ""
    if form.is_valid() and _says_why(form, actor):
        try:
            done = overrides.offer(order.public_id, actor, form.cleaned_data["version"], **form.arguments())
        except Invalid as error:
            form.refuse(error, form.places())
        except NotVisible:
            raise
        except DomainError as error:
            problem = in_words(error)
            form.at_version(order.version)
        else:
            tell(request, _("The candidate is offered."), [done])
            return back(actor, order)
    status = 412 if problem else 422
    return render(request, "web/desk/offer.html", _page(order, form, found, q) | {"problem": problem}, status=status)


def _page(order: Any, form: OfferForm, found: list[Found], q: str) -> dict[str, Any]:
    return {"order": order, "form": form, "found_people": found, "q": q, "problem": ""}


def _says_why(form: OfferForm, actor: Actor) -> bool:
    """A reason, where others stand before on the last list."""
    [passes] = overrides.would_pass_over(form.order.public_id, actor, [form.chosen])
    if passes and not form.cleaned_data["reason"]:
        form.add_error("reason", _("Others stand before on your last list: say why this one was chosen."))
        return False
    return True


@require_POST
@members_only(Role.CONSULTANT)
def people(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Who fits the words, as the page shows them. By POST: a name is no part of an address."""
    order = order_page.read(id, actor)
    q = request.POST.get("q", "")
    found = fitting(q, actor, order.public_id)
    form = OfferForm(order=order, actor=actor, found=found)
    return render(request, "web/desk/offer_people.html", {"form": form, "found_people": found, "q": q})


@transaction.atomic
def fitting(q: str, actor: Actor, order: UUID) -> list[Found]:
    """The own candidates whom the words fit, by name, each logged as read for the order."""
    words = " ".join(q.split())[:100]
    if len(words) < SHORTEST:
        return []
    page = own_people(actor).search(words).order_by("identity__name", "pk")[:MOST_FOUND]
    references = dict(page.values_list("pk", "external_reference"))
    purpose, fields = "candidate.list", ("name",)
    listed = named(list(references), actor=actor, purpose=purpose, fields=fields, order=order)
    return [
        Found(
            person.id,
            ", ".join(filter(None, (person.name, references[person.pk]))),
            words.casefold() in (person.name.casefold(), references[person.pk].casefold()),
        )
        for person in listed
    ]
