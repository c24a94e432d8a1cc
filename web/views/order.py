"""Handing in an order, step by step. What was typed is kept at every step, right or wrong, until it is sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from events.errors import Invalid
from web.company import drafts, order_block, wording_words
from web.company.order_block import Answers, Step
from web.forms import needs
from web.forms.base import Form
from web.forms.words import label_of, occupations_like, skills_like
from web.limits import brake
from web.methods import post_or
from web.models import OrderDraft

COOKIE, PATH = f"{settings.COOKIE_PREFIX}nrs_draft", "/order"
TITLES = {
    Step.COMPANY: _("Your company"),
    Step.WORKPLACE: _("The workplace"),
    Step.JOB: _("The job"),
    Step.NEEDS: _("What it takes"),
    Step.CONTACT: _("Whom we call"),
    Step.CHECK: _("Check and send"),
}
SHOWN_WORDS = 8
WORDS = {"occupations": occupations_like, "skills": skills_like}


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Where to go on: the first step that is not ready, for a newcomer the first of all."""
    draft = draft_of(request)
    step = Answers(draft.data).first_unready() if draft and not draft.order_id else Step.COMPANY
    return _to(step or Step.CHECK)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, step: Step) -> HttpResponseBase:
    """One step: shown with what was typed before; sent, it is kept, and goes on when it is right."""
    draft = draft_of(request)
    if draft is not None and draft.order_id:
        if step is not Step.COMPANY:  # somebody went back after sending
            return redirect("web:order-receipt")
        draft = None
    if draft is None and step is not Step.COMPANY:
        return _lost(request)
    data = draft.data if draft else {}
    answers = Answers(data)
    if step is not Step.COMPANY and (early := _too_early(step, answers)):
        return _to(early)
    if step is Step.CHECK:
        return _check(request, draft, answers)
    if step is Step.NEEDS:
        return _needs(request, draft)
    if request.method != "POST":
        return _page(request, step, order_block.form_of(step, data), draft)
    return _sent(request, step, draft)


def _sent(request: HttpRequest, step: Step, draft: OrderDraft | None) -> HttpResponse:
    """Keep what was typed, then look whether it is right."""
    brake(request, "company" if step is Step.COMPANY else "order")
    typed = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    secret = ""
    if draft is None:
        draft, secret = drafts.begin({step.value: typed})
    else:
        draft = drafts.keep(draft, step, typed)
    form = order_block.form_of(step, draft.data, request.POST)
    if form.is_valid():
        response: HttpResponse = _to(order_block.after(step))
    else:
        response = _page(request, step, form, draft, secret=secret, status=422)
    if secret:
        _remember(response, secret, request)
    return response


def _too_early(step: Step, answers: Answers) -> Step | None:
    """A step further on cannot be answered before the company is known; the check needs all the others."""
    if step is Step.CHECK:
        return answers.first_unready()
    return None if answers.is_ready(Step.COMPANY) else Step.COMPANY


def _page(
    request: HttpRequest, step: Step, form: Form, draft: OrderDraft | None, *, secret: str = "", status: int = 200
) -> HttpResponse:
    context = _frame(request, step, draft, secret) | {"form": form}
    if step is Step.WORKPLACE:
        context["company"] = order_block.company_of(draft.data if draft else {})
    return render(request, f"web/order/{step}.html", context, status=status)


def _frame(request: HttpRequest, step: Step, draft: OrderDraft | None, secret: str = "") -> dict[str, Any]:
    """What every step shows: how far it is, the way back, and the link to go on another day."""
    place = order_block.ORDER.index(step)
    back = order_block.before(step)
    secret = secret or request.COOKIES.get(COOKIE, "")
    link = reverse("web:order-resume", args=[secret]) if draft and secret else ""
    return {
        "step": step,
        "here": address_of(step),
        "title": TITLES[step],
        "steps": [
            {"href": address_of(one), "title": TITLES[one], "done": at < place, "current": at == place}
            for at, one in enumerate(order_block.ORDER)
        ],
        "next": address_of(order_block.after(step)),
        "number": place + 1,
        "total": len(order_block.ORDER),
        "back": address_of(back) if back else reverse("web:home"),
        "resume": link,
        "whole_resume": settings.BASE_URL + link,
        "kept_until": draft.expires_at if draft else None,
    }


def _needs(request: HttpRequest, draft: OrderDraft) -> HttpResponse:
    """Licences, skills and languages, added one at a time."""
    rows = list(draft.data.get(Step.NEEDS.value) or [])
    forms: dict[str, Form] = {name: kind(auto_id=f"id_{name}_%s") for name, kind in needs.FORMS.items()}
    status = 200
    if request.method == "POST":
        brake(request, "order")
        if what := request.POST.get("remove"):
            drafts.keep(draft, Step.NEEDS, needs.removed(rows, what))
            return _to(Step.NEEDS)
        name = request.POST.get("add", "")
        if name in needs.FORMS:
            form = needs.FORMS[name](request.POST, auto_id=f"id_{name}_%s")
            if form.is_valid():
                drafts.keep(draft, Step.NEEDS, needs.added(rows, form.row()))
                return _to(Step.NEEDS, "#asked")
            forms[name], status = form, 422
    context = {"rows": needs.in_words(rows), "add": forms}
    return render(request, "web/order/needs.html", _frame(request, Step.NEEDS, draft) | context, status=status)


def _check(request: HttpRequest, draft: OrderDraft, answers: Answers, error: Invalid | None = None) -> HttpResponse:
    """Everything once more, with doubtful wording pointed out."""
    forms = {one: answers.form(one) for one in order_block.FORMS}
    sections = [_section(one, forms.get(one)) for one in order_block.ORDER if one is not Step.CHECK]
    typed = forms[Step.JOB].cleaned_data if forms[Step.JOB].is_valid() else {}
    context = {
        "sections": sections,
        "needs": needs.in_words(draft.data.get(Step.NEEDS.value) or []),
        "doubtful": wording_words.doubtful(typed.get("title", ""), typed.get("description", "")),
        "problems": [str(problem.detail) for problem in error.errors] if error else [],
    }
    status = 422 if error else 200
    return render(request, "web/order/check.html", _frame(request, Step.CHECK, draft) | context, status=status)


def _section(step: Step, form: Form | None) -> dict[str, Any]:
    """One step as it was answered; the needs have rows of their own."""
    rows = _answers(form) if form is not None and form.is_valid() else []
    return {"href": address_of(step), "title": TITLES[step], "is_needs": form is None, "rows": rows}


def _answers(form: Form) -> list[tuple[Any, Any]]:
    """Label and answer of each field, choices in words; what was left empty is left out."""
    rows = []
    for bound in form:
        value = form.cleaned_data.get(bound.name)
        if value in (None, "", [], False):
            continue
        choices = dict(getattr(bound.field, "choices", ()))
        words = [choices.get(one, one) for one in value] if isinstance(value, list) else [choices.get(value, value)]
        rows.append((bound.label, words if value is not True else [_("yes")]))
    return rows


@post_or("web:order")
def send(request: HttpRequest) -> HttpResponse:
    """Make the order. Sent twice, it is made once, and both end at the same receipt."""
    draft = draft_of(request)
    if draft is None:
        return _lost(request)
    brake(request, "order")
    answers = Answers(draft.data)
    if not draft.order_id and (unready := answers.first_unready()):
        return _to(unready)
    try:
        drafts.hand_in(draft, request.COOKIES[COOKIE])
    except Invalid as error:
        return _check(request, draft, answers, error)
    return redirect("web:order-receipt")


@require_GET
def receipt(request: HttpRequest) -> HttpResponse:
    """Number, what happens next and by when, and the secret link."""
    draft = draft_of(request)
    if draft is None or draft.order is None:
        return _lost(request)
    secret = drafts.follow_secret(request.COOKIES[COOKIE])
    link = reverse("web:follow-link", args=[secret])
    context = {"order": draft.order, "link": link, "whole_link": settings.BASE_URL + link}
    return render(request, "web/order/receipt.html", context)


@require_GET
def resume(request: HttpRequest, secret: str) -> HttpResponse:
    """The company's own link to a draft: the secret becomes a cookie, and leaves the address."""
    if drafts.find(secret) is None:
        return _lost(request)
    response = redirect("web:order")
    _remember(response, secret, request)
    return response


@post_or("web:order")
def forget(request: HttpRequest) -> HttpResponse:
    """Delete the draft, here and everywhere."""
    draft = draft_of(request)
    if draft is not None:
        drafts.drop(draft)
    messages.success(request, _("What you had written is deleted."))
    response = redirect("web:home")
    response.delete_cookie(COOKIE, path=PATH)
    return response


@require_GET
def words(request: HttpRequest, kind: str) -> HttpResponse:
    """Suggestions while somebody types: the options of a datalist."""
    text = (request.GET.get("title") or request.GET.get("skill") or "")[:100]
    found: list[Any] = WORDS[kind](text, SHOWN_WORDS) if len(text.strip()) > 1 else []
    return render(request, "web/order/words.html", {"words": list(dict.fromkeys(map(label_of, found)))})


def address_of(step: Step) -> str:
    """The address of a step."""
    return reverse(f"web:order-{step}")


def _to(step: Step, at: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(address_of(step) + at)


def draft_of(request: HttpRequest) -> OrderDraft | None:
    """The draft of this browser."""
    return drafts.find(request.COOKIES.get(COOKIE, ""))


def begin_with(request: HttpRequest, data: dict[str, Any]) -> HttpResponseRedirect:
    """Start a draft that is filled in already (order again), and go to its check."""
    _draft, secret = drafts.begin(data)
    response = HttpResponseRedirect(reverse("web:order"))
    _remember(response, secret, request)
    return response


def _remember(response: HttpResponse, secret: str, request: HttpRequest) -> None:
    age = int(drafts.LIFETIME.total_seconds())
    response.set_cookie(
        COOKIE, secret, max_age=age, path=PATH, secure=request.is_secure(), httponly=True, samesite="Lax"
    )


def _lost(request: HttpRequest) -> HttpResponse:
    """There is no such draft any more: say so, and begin again."""
    messages.warning(request, _("We have no order of yours under way here. It may be sent, or older than 14 days."))
    return _to(Step.COMPANY)
