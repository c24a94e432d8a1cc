"""Quick entry for the phone, and what becomes of a call or mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from companies import cvr_index
from companies import services as companies
from companies.models import Company
from events import clock
from events.errors import DomainError, Invalid, NotVisible, Stale
from joborders.models import Intake, JobOrder
from joborders.services import intakes
from municipalities.actor import Actor, Role
from vocabulary.models import Industry, IscoGroup
from web.actors import members_only
from web.desk.refusals import in_words
from web.forms import desk_quick as forms
from web.mail import reading as mail_reading
from web.mail import words as mail_words

DESK = (Role.CONSULTANT, Role.COORDINATOR)
MAX_ALIKE, MAX_SUGGESTED = 5, 12


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(*DESK)
def entry(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Write down a call: a draft in the queue with its clock, or an order at once. `?company=` is who called."""
    if request.POST.get("do") == "look_up":
        return _filled_in(request, actor)
    sent = request.POST if request.method == "POST" else None
    form = forms.QuickForm(sent, actor=actor, initial={"cvr": _cvr_of(request.GET.get("company", ""), actor)})
    at_once = request.POST.get("do") == "submit"
    if form.is_valid():
        try:
            done = _hand_in(form, actor) if at_once else _draft(form, actor)
        except Invalid as error:
            form.refuse(error, form.places())
        else:
            return _written(request, done)
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "web/desk/quick.html",
        {"form": form, "shows_rest": at_once, "can_look_up": cvr_index.is_on(), "said": ""},
        status=status,
    )


def _filled_in(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form as it was typed, with what the CVR index knows of the company; nothing is saved."""
    typed = {name: request.POST[name] for name in forms.QuickForm.base_fields if request.POST.get(name)}
    said = ""
    try:
        found = cvr_index.look_up(typed.get("cvr", ""))
    except Invalid as error:
        found, said = None, str(error.errors[0].detail)
    except DomainError as error:
        found, said = None, str(error)
    if found is not None:
        place = {"street": found.street, "postal_code": found.postal_code, "workplace_municipality": found.municipality}
        typed |= {"company": found.name, **{name: value for name, value in place.items() if value}}
        if not found.is_active:
            said = _("CVR says that this company has ceased.")
    elif not said:
        said = _("CVR knows no company with this number.")
    form = forms.QuickForm(None, actor=actor, initial=typed)
    context = {"form": form, "shows_rest": found is not None, "can_look_up": cvr_index.is_on(), "said": said}
    return render(request, "web/desk/quick.html", context)


def _cvr_of(company: str, actor: Actor) -> str:
    """The number of the company with this id, "" where none is named or seen."""
    try:
        asked = UUID(company)
    except ValueError:
        return ""
    return Company.objects.visible_to(actor).filter(public_id=asked).values_list("cvr", flat=True).first() or ""


def _draft(form: forms.QuickForm, actor: Actor) -> Intake:
    return intakes.draft(
        actor, channel="phone", contact=form.contact(), cvr=form.cleaned_data["cvr"], text=form.words()
    )


@transaction.atomic
def _hand_in(form: forms.QuickForm, actor: Actor) -> JobOrder:
    """Draft and order in one: nothing stays behind when something is missing."""
    given = form.cleaned_data
    draft = intakes.draft(actor, channel="phone", contact=form.contact(), cvr=given["cvr"], text=given["text"])
    company = _registered(actor, given["cvr"], given["company"])
    return intakes.submit_draft(draft.public_id, actor, draft.version, form.block(), company=company)


def _registered(actor: Actor, cvr: str, name: str) -> UUID:
    """The company of the number; a new one is registered under its name. Raises Invalid."""
    if not cvr:
        raise Invalid.field("cvr", "required", _("An order needs the CVR number of its company."))
    number = companies.valid_cvr(cvr)
    known = Company.objects.with_cvr(number).values_list("public_id", flat=True).first()
    if known is not None:
        return known
    if not name.strip():
        raise Invalid.field("name", "required", _("This company is new to us: write its name."))
    made, _is_new = companies.take_in(actor, cvr=number, name=name, **_from_index(number))
    return made.public_id


def _from_index(cvr: str) -> dict[str, Any]:
    """What the CVR index knows of a company that is registered now; nothing where it is off, silent or incomplete."""
    try:
        found = cvr_index.look_up(cvr)
    except DomainError:
        return {}
    if found is None or not (found.street and found.municipality):
        return {}
    place = {"street": found.street, "postal_code": found.postal_code, "municipality_code": found.municipality}
    is_known = Industry.objects.filter(code=found.industry_code, version="DB25").exists()
    industry = {"industry_code": found.industry_code, "industry_version": "DB25"} if is_known else {}
    return {"unit": {**place, "headcount": found.headcount}, "headcount": found.headcount, **industry}


def _written(request: HttpRequest, done: Intake | JobOrder) -> HttpResponse:
    if isinstance(done, JobOrder):
        messages.success(request, _("The order has the number %(number)s.") % {"number": done.number})
        return redirect("web:desk-order", done.public_id)
    messages.success(request, _("The call is written down. Its clock runs."))
    return redirect("web:desk-intake", done.public_id)


@require_GET
@members_only(*DESK)
def occupations(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Suggestions for the occupation field: options of a list."""
    asked = request.GET.get("occupation", "")[:100]
    found = IscoGroup.objects.filter(level=4).search(asked, limit=MAX_SUGGESTED) if len(asked) > 1 else ()
    return render(request, "web/desk/options.html", {"options": found})


@require_GET
@members_only(*DESK)
def intake(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """A call or mail, the orders that it may be about, and what can become of it."""
    return render(request, "web/desk/intake.html", _page(_read(actor, id), actor))


def _read(actor: Actor, id: UUID) -> Intake:
    found = intakes.visible(actor).filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found


def _page(found: Intake, actor: Actor, bound: Mapping[str, Any] | None = None, problem: str = "") -> dict[str, Any]:
    """The page's context; `bound` is the form that was sent, by its step."""
    allowed = intakes.allowed(found, actor)
    sent = dict(bound or {})
    mail = mail_reading.of_intake(found, actor)
    offered = {
        name: sent.get(name) or form(intake=found, auto_id=_ids(name), suggested=mail.clues if mail else {})
        for name, (form, _take, _done) in STEPS.items()
        if form
    }
    due = found.response_due_at
    return {
        "intake": found,
        "mail": mail,
        "mail_ground": mail_words.GROUNDS.get(mail.guessed_by, "") if mail else "",
        "files": mail_reading.rows(mail, actor) if mail else [],
        "allowed": allowed,
        "forms": offered,
        "sent": next(iter(sent.values()), None),
        "sent_step": next(iter(sent), ""),
        "alike": list(intakes.alike(found, actor)[:MAX_ALIKE]),
        "is_overdue": found.state in intakes.WAITING and due is not None and due < clock.now(),
        "problem": problem,
    }


def _ids(step: str) -> str:
    """The ids of a form's fields: several forms stand on the page."""
    return f"id_{step}_%s"


@require_POST
@members_only(*DESK)
def step(request: HttpRequest, actor: Actor, id: UUID, step: str) -> HttpResponse:
    """Correct it, make an order of it, merge it, or take it out of the queue."""
    if step not in STEPS:
        raise Http404
    found = _read(actor, id)
    make, take, done = STEPS[step]
    form = make(request.POST, intake=found, auto_id=_ids(step))
    problem, status = "", 422
    if form.is_valid():
        try:
            result = take(found.public_id, actor, form)
        except Invalid as error:
            form.refuse(error, form.places())
        except Stale as error:
            problem, status = in_words(error), 412
            found = _read(actor, id)
            form.intake = found
            form.at_version(found.version)
        except NotVisible:
            raise
        except DomainError as error:
            messages.warning(request, in_words(error))
            return redirect("web:desk-intake", id)
        else:
            messages.success(request, str(done))
            return _next(result, actor)
    return render(request, "web/desk/intake.html", _page(found, actor, {step: form}, problem), status=status)


def _next(result: Intake | JobOrder, actor: Actor) -> HttpResponse:
    """The order that it became or is about, its page while it waits and is seen here, else the queue."""
    order = result if isinstance(result, JobOrder) else result.order
    if order is not None and JobOrder.objects.visible_to(actor).filter(pk=order.pk).exists():
        return redirect("web:desk-order", order.public_id)
    waits = isinstance(result, Intake) and result.state in intakes.WAITING
    if waits and Intake.objects.visible_to(actor).filter(pk=result.pk).exists():
        return redirect("web:desk-intake", result.public_id)
    return redirect("web:queue")


def _correct(id: UUID, actor: Actor, form: Any) -> Intake:
    return intakes.change_draft(id, actor, form.cleaned_data["version"], **form.arguments())


@transaction.atomic
def _submit(id: UUID, actor: Actor, form: Any) -> JobOrder:
    given = form.cleaned_data
    company = _registered(actor, given["cvr"], given["company"])
    return intakes.submit_draft(id, actor, given["version"], form.block(), company=company)


def _merge(id: UUID, actor: Actor, form: Any) -> Intake:
    return intakes.merge(id, actor, form.cleaned_data["version"], order=form.cleaned_data["order"])


def _take(id: UUID, actor: Actor, form: Any) -> Intake:
    return intakes.take(id, actor, form.cleaned_data["version"])


def _move(id: UUID, actor: Actor, form: Any) -> Intake:
    return intakes.move(id, actor, form.cleaned_data["version"], to=form.cleaned_data["to"])


def _enquiry(id: UUID, actor: Actor, form: Any) -> Intake:
    return intakes.mark_enquiry(id, actor, form.cleaned_data["version"], note=form.cleaned_data["note"])


def _spam(id: UUID, actor: Actor, form: Any) -> Intake:
    return intakes.mark_spam(id, actor, form.cleaned_data["version"])


#: Step of joborders.intake_workflow: its form, what is done with it, and the words afterwards.
STEPS: Mapping[str, tuple[Any, Callable[..., Any], Any]] = {
    "change": (forms.CorrectForm, _correct, gettext_lazy("The correction is saved.")),
    "submit": (forms.SubmitForm, _submit, gettext_lazy("It is a job order now.")),
    "take": (forms.DraftForm, _take, gettext_lazy("You deal with it now.")),
    "move": (forms.MoveForm, _move, gettext_lazy("It stands in the other queue now.")),
    "merge": (forms.MergeForm, _merge, gettext_lazy("It is merged with the order that was there.")),
    "enquiry": (forms.EnquiryForm, _enquiry, gettext_lazy("It is kept as an enquiry, out of the queue.")),
    "spam": (forms.DraftForm, _spam, gettext_lazy("It is marked as spam, out of the queue.")),
}
