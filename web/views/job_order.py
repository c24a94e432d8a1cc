"""The order page, and every step of an order on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from events.errors import DomainError, Invalid, Stale
from joborders.models import JobOrder
from municipalities.actor import Actor, Role
from web.actors import members_only
from web.desk import order_page
from web.desk.back import here_or
from web.desk.refusals import changed_by, in_words
from web.desk.step_pages import STEP_PAGES, StepPage
from web.forms.desk_steps import StepForm

DESK = (Role.CONSULTANT, Role.COORDINATOR)
PEOPLE_AS = ("table", "board")
PEOPLE_COOKIE, YEAR = f"{settings.COOKIE_PREFIX}nrs_people", 365 * 24 * 3600


@require_GET
@members_only(*DESK)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """What the company wants, what was promised, who is on it, what happened, and what comes next."""
    order = order_page.read(id, actor)
    response = render(request, "web/desk/order.html", _page(request, order, actor))
    if request.GET.get("people") in PEOPLE_AS:
        response.set_cookie(
            PEOPLE_COOKIE,
            request.GET["people"],
            max_age=YEAR,
            path="/orders",
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


def _people_as(request: HttpRequest) -> str:
    """Candidates as a table or a board: as asked for now, else as asked for last."""
    asked = request.GET.get("people") or request.COOKIES.get(PEOPLE_COOKIE, "")
    return asked if asked in PEOPLE_AS else PEOPLE_AS[0]


def _page(
    request: HttpRequest,
    order: JobOrder,
    actor: Actor,
    *,
    step: str = "",
    form: StepForm | None = None,
    stale: Stale | None = None,
    since: int | None = None,
) -> dict[str, Any]:
    """The order page; with a step its form stands on top, with a conflict what happened above it."""
    context = order_page.page_of(order, actor, since=since)
    return context | {
        "people_as": _people_as(request),
        "step": step,
        "step_page": STEP_PAGES[step] if step else None,
        "form": form,
        "stale": stale is not None,
        "changed_by": changed_by(stale) if stale is not None else "",
        "post_to": reverse("web:desk-step", args=[order.public_id, step]) if step else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(*DESK)
def step(request: HttpRequest, actor: Actor, id: UUID, step: str) -> HttpResponse:
    """The form of one step on the order page, and taking it. Back to the page, or where the form says."""
    page = STEP_PAGES.get(step)
    if page is None:
        raise Http404
    order = order_page.read(id, actor)
    if request.method != "POST":
        form = page.form(order=order, actor=actor)
        context = _page(request, order, actor, step=step, form=form)
        if page.rule not in context["allowed"]:
            messages.info(request, _("This is not possible now."))
            return redirect("web:desk-order", order.public_id)
        return render(request, "web/desk/order.html", context)
    form = page.form(request.POST, order=order, actor=actor)
    if form.is_valid():
        try:
            page.take(order.public_id, actor, form.cleaned_data["version"], **form.arguments())
        except Invalid as error:
            form.refuse(error, form.places())
        except Stale as error:
            return _conflict(request, actor, step, form, error)
        except DomainError as error:
            messages.warning(request, in_words(error))
            return redirect("web:desk-order", order.public_id)
        else:
            messages.success(request, str(page.done))
            return _after(request, actor, order)
    return render(request, "web/desk/order.html", _page(request, order, actor, step=step, form=form), status=422)


def _after(request: HttpRequest, actor: Actor, order: JobOrder) -> HttpResponse:
    """Back to where the step was taken, or to the queue where the order is no longer the actor's to see."""
    if not JobOrder.objects.visible_to(actor).filter(public_id=order.public_id).exists():
        return redirect("web:queue")
    return here_or(request, reverse("web:desk-order", args=[order.public_id]))


def _conflict(request: HttpRequest, actor: Actor, step: str, form: StepForm, error: Stale) -> HttpResponse:
    """A colleague was faster: what happened, and the form as it was filled in, ready for the order as it is now."""
    seen = form.cleaned_data["version"]
    order = order_page.read(form.order.public_id, actor)
    form.order = order
    form.at_version(order.version)
    form.errors.clear()
    page: StepPage = STEP_PAGES[step]
    context = _page(request, order, actor, step=step, form=form, stale=error, since=seen)
    if page.rule not in context["allowed"]:
        context |= {"step": "", "step_page": None, "form": None}
    return render(request, "web/desk/order.html", context, status=412)
