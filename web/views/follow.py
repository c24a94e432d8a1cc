"""The company's own page of one order, behind a secret link.

The link's secret becomes a cookie that only this page gets, and leaves the address. It shows how the order stands;
who the candidates are needs in addition a code by mail (design §6).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from companies.lead import contact_on
from events import clock
from events.errors import Invalid, NotAllowed, NotVisible, Stale
from joborders import wanted, workflow
from joborders.models import FollowLink, JobOrder, Nomination
from joborders.nomination_workflow import WITH_COMPANY
from joborders.services import base, changes, follow, steps
from joborders.services.nominations import allowed_steps
from joborders.services.shown import people_on
from joborders.workflow import Reason
from municipalities import wall
from municipalities.actor import Actor
from notifications.codes import mail_code
from screening.shown import judged_on
from web import words
from web.company.order_block import Step
from web.forms import follow as forms
from web.forms.base import Form
from web.limits import brake
from web.methods import post_or
from web.views.order import begin_with

#: Where a mail's link may lead besides the page itself, and what it may bring along.
PAGES, ANSWERS = ("still-needed", "feedback"), ("yes", "pause", "no")
#: What an answer about a candidate may hold.
GIVEN = ("starts_on", "interview_at", "reason", "text")
COOKIE, OPENED = f"{settings.COOKIE_PREFIX}nrs_follow", f"{settings.COOKIE_PREFIX}nrs_opened"
#: Step → (service, the word of the workflow, name of the text, needed?, label of the text, what is said afterwards)
STEPS: dict[str, tuple[Callable[..., Any], str, str, bool, Any, Any]] = {
    "pause": (steps.pause, "pause", "note", False, None, _("The order rests now.")),
    "resume": (steps.resume, "resume", "note", False, None, _("We are looking again.")),
    "change": (
        changes.propose_change,
        "propose_change",
        "text",
        True,
        _("What should be different?"),
        _("We have your wish. Your contact person makes the change, or calls you."),
    ),
    "withdraw": (
        steps.withdraw,
        "close",
        "text",
        False,
        _("Why? It helps us next time."),
        _("You took the order back."),
    ),
    "reopen": (
        steps.ask_reopen,
        "ask_reopen",
        "reason",
        True,
        _("Why should it be opened again?"),
        _("We have your wish. Your contact person answers."),
    ),
    "call-me": (changes.call_me, "call_me", "text", False, _("What is it about, and when?"), _("We call you.")),
}


@require_GET
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Swap the secret for a cookie of this order's page, or of the page that a mail's link is about."""
    link = follow.find(secret)
    page, answer = request.GET.get("to", ""), request.GET.get("answer", "")
    response = redirect(f"web:follow-{page}" if page in PAGES else "web:follow", number=link.order.number)
    if page in PAGES and answer in ANSWERS:
        response["Location"] += f"?answer={answer}"
    _remember(response, request, link.order, COOKIE, secret)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """How the order stands, and what the company may do."""
    return _page(request, link_of(request, number))


@post_or("web:follow")
def code(request: HttpRequest, number: str) -> HttpResponse:
    """Mail a code to the verified contact."""
    brake(request, "code")
    link = link_of(request, number)
    try:
        mail_code(link)
    except (follow.TooSoon, NotAllowed) as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("We have mailed you a code. It works for ten minutes."))
    return redirect("web:follow", number=number)


@post_or("web:follow")
def open_names(request: HttpRequest, number: str) -> HttpResponse:
    """Enter the code; for eight hours this browser sees who the candidates are."""
    brake(request, "code")
    link = link_of(request, number)
    form = forms.CodeForm(request.POST)
    if form.is_valid():
        try:
            opened = follow.open_with(link, form.cleaned_data["code"])
        except Invalid as error:
            form.refuse(error, {"/code": "code"})
        else:
            response = redirect("web:follow", number=number)
            _remember(response, request, link.order, OPENED, opened, hours=follow.OPEN_HOURS)
            return response
    return _page(request, link, code_form=form, status=422)


@post_or("web:follow")
def answer(request: HttpRequest, number: str, id: UUID) -> HttpResponse:
    """The company's word on one candidate."""
    link = link_of(request, number)
    if not _is_open(request, link):
        messages.warning(request, _("Enter the code that we mail to you first."))
        return redirect("web:follow", number=number)
    kind = request.POST.get("answer", "")
    if kind not in forms.ANSWERS:
        raise NotVisible
    form = forms.ANSWERS[kind](request.POST, auto_id=f"id_{kind}_{id}_%s")
    if form.is_valid():
        typed = form.cleaned_data
        given = {name: typed[name] for name in GIVEN if name in typed}
        try:
            follow.answer(id, wall.become(follow.actor_of(link)), typed["version"], answer=kind, **given)
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.fields})
        except Stale as stale:
            return _changed(request, link, stale)
        else:
            messages.success(request, _("Thank you. Your answer is with the jobcentre."))
            return redirect("web:follow", number=number)
    return _page(request, link, answered=(id, kind, form), status=422)


@post_or("web:follow")
def step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Pause, resume, change, withdraw, ask to reopen, call me."""
    if step not in STEPS:
        raise NotVisible
    link = link_of(request, number)
    service, _word, name, _needed, _label, done = STEPS[step]
    form = _step_form(step, link.order, request.POST)
    if form.is_valid():
        try:
            service(
                link.order.public_id,
                wall.become(follow.actor_of(link)),
                form.cleaned_data["version"],
                **{name: form.cleaned_data["text"]},
            )
        except Invalid as error:
            form.refuse(error, {f"/{name}": "text"})
        except Stale as stale:
            return _changed(request, link, stale)
        else:
            messages.success(request, done)
            return redirect("web:follow", number=number)
    return _page(request, link, tried=(step, form), status=422)


@post_or("web:follow")
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Order the same once more: a draft with what this order asked for, to be checked and sent."""
    order = link_of(request, number).order
    block = wanted.block_of(order)
    names = ("title", "occupation", "description", "employment", "hours_min", "hours_max", "positions")
    job = {name: [str(block[name])] for name in names if block[name] not in (None, "")} | {"shifts": block["shifts"]}
    job |= {"needs_own_transport": ["on"]} if order.needs_own_transport else {}
    place = {"unit": [block["unit"] or "other"], "name": [order.company.name]}
    if not block["unit"]:
        place |= {name: [value] for name, value in block["workplace"].items() if value}
    contact = {name: [getattr(order, f"contact_{name}")] for name in ("name", "phone", "email", "best_time")}
    return begin_with(
        request,
        {
            Step.COMPANY: {"cvr": [order.company.cvr]},
            Step.WORKPLACE: place,
            Step.JOB: job,
            Step.NEEDS: block["requirements"],
            Step.CONTACT: contact,
        },
    )


def link_of(request: HttpRequest, number: str) -> FollowLink:
    """The link that this browser came by, for this order. Raises NotVisible."""
    link = follow.find(request.COOKIES.get(COOKIE, ""))
    if link.order.number != number:
        raise NotVisible
    return link


def _is_open(request: HttpRequest, link: FollowLink) -> bool:
    secret = request.COOKIES.get(OPENED, "")
    return bool(secret) and follow.is_open(link, secret)


def _remember(
    response: HttpResponse, request: HttpRequest, order: JobOrder, name: str, secret: str, *, hours: int = 24 * 30
) -> None:
    response.set_cookie(
        name,
        secret,
        max_age=hours * 3600,
        path=f"/follow/{order.number}",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _step_form(step: str, order: JobOrder, data: Any = None) -> forms.StepForm:
    _service, _word, _name, needed, label, _done = STEPS[step]
    initial = {"version": order.version}
    return forms.StepForm(data, needed=needed, label=label, initial=initial, auto_id=f"id_{step}_%s")


def _changed(request: HttpRequest, link: FollowLink, stale: Stale) -> HttpResponse:
    """Somebody was faster: show the order as it is now, and who changed it."""
    by = (stale.changed_by or {}).get("name") or _("the jobcentre")
    text = _("%(who)s changed something while you were reading. Nothing of yours was saved; look again below.")
    messages.warning(request, text % {"who": by})
    link.order.refresh_from_db()
    return _page(request, link, status=412)


def _page(
    request: HttpRequest,
    link: FollowLink,
    *,
    code_form: Form | None = None,
    tried: tuple[str, Form] | None = None,
    answered: tuple[UUID, str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    order, opened = link.order, _is_open(request, link)
    actor = wall.become(follow.actor_by(link, opened))
    facts = base.facts(order)
    allowed = {*workflow.allowed(facts, follow.actor_of(link)), "call_me"}
    step_forms = {name: _step_form(name, order) for name, (_s, word, *_rest) in STEPS.items() if word in allowed}
    if tried is not None:
        step_forms[tried[0]] = tried[1]  # type: ignore[assignment]
    with transaction.atomic():
        candidates = _candidates(order, actor, answered) if opened else []
    failed = [form for form in (code_form, tried and tried[1], answered and answered[2]) if form is not None]
    context = {
        "order": order,
        "here": f"/follow/{order.number}",
        "contact": _contact(order),
        "stands": _stands(order, facts),
        "is_open_order": order.state == JobOrder.State.OPEN,
        "with_company": order.with_company,
        "opened": opened,
        "can_open": order.contact_verified_at is not None and bool(order.contact_email),
        "code_form": code_form or forms.CodeForm(),
        "code_sent": link.code_sent_at is not None and bool(link.code_digest),
        "candidates": candidates,
        "steps": [
            {"name": name, "form": form, "open": tried is not None and tried[0] == name}
            for name, form in step_forms.items()
        ],
        "failed": failed[0] if failed else None,
    }
    return render(request, "web/follow/page.html", context, status=status)


def _is_answered(order: JobOrder) -> bool:
    """Somebody is with the company, and nobody waits for a word of it: a hire that it reported is a word."""
    waiting = order.nominations.filter(state__in=WITH_COMPANY, reported_start_on__isnull=True)
    return order.with_company > 0 and not waiting.exists()


def _stands(order: JobOrder, facts: workflow.OrderFacts) -> Any:
    """One sentence about the order."""
    if order.state != JobOrder.State.OPEN:
        return words.ENDINGS[Reason(order.close_reason)]
    phase = workflow.phase(facts)
    if order.paused_at or phase is None:
        return words.PAUSED
    return words.HIRE_REPORTED if _is_answered(order) else words.STANDS[phase]


def _contact(order: JobOrder) -> dict[str, str]:
    """The one person of the company at the jobcentre: who has the order, else who has the company."""
    person = order.assignee
    company = order.company
    if person is None and company.contact_user is not None:
        today = contact_on(
            clock.today(),
            contact=company.contact_user.pk,
            substitute=company.substitute_user_id,
            substitute_until=company.substitute_until,
        )
        person = company.substitute_user if today == company.substitute_user_id else company.contact_user
    return {
        "name": person.name if person else "",
        "phone": person.phone if person else "",
        "place": order.lead.jobcentre,
    }


def _candidates(order: JobOrder, actor: Actor, answered: tuple[UUID, str, Form] | None) -> list[dict[str, Any]]:
    """Who is with the company now, by name (logged), with what may be answered. Call inside a transaction."""
    found = list(
        Nomination.objects.visible_to(actor)
        .select_related("order__company", "order__lead", "order__assignee", "order__agreement")
        .order_by("presented_at", "id")
    )
    people = people_on(order, found, actor)
    judged = judged_on(order.pk, (one.candidate_id for one in found if one.pk in people), actor)
    rows = []
    for nomination in found:
        person = people.get(nomination.pk)
        if person is None:
            continue
        met = {must["name"] for must in judged.get(nomination.candidate_id, {"musts": []})["musts"]}
        rows.append(
            {
                "nomination": nomination,
                "person": person,
                "state": _standing(nomination),
                "is_reported": _is_reported(nomination),
                "musts": [text for name, text in words.MUSTS.items() if name in met],
                "answers": _answers(nomination, actor, answered),
            }
        )
    return rows


def _is_reported(nomination: Nomination) -> bool:
    """The company has said that it hires; nothing is asked of it any more, the consultant confirms."""
    return nomination.reported_start_on is not None and nomination.state in WITH_COMPANY


def _standing(nomination: Nomination) -> Any:
    return words.REPORTED if _is_reported(nomination) else words.WITH_COMPANY.get(nomination.state, "")


def _answers(nomination: Nomination, actor: Actor, answered: tuple[UUID, str, Form] | None) -> dict[str, Form]:
    """The forms of the answers that are possible now; the one that was tried comes back with its mistakes."""
    allowed = {name.replace("report_hire", "hire") for name in allowed_steps(nomination, actor)}
    shown: dict[str, Form] = {}
    for kind, form in forms.ANSWERS.items():
        if kind in allowed:
            auto_id = f"id_{kind}_{nomination.public_id}_%s"
            shown[kind] = form(initial={"version": nomination.version}, auto_id=auto_id)
    if answered is not None and answered[0] == nomination.public_id and answered[1] in shown:
        shown[answered[1]] = answered[2]
    return shown
