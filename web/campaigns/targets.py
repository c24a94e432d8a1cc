"""The frozen list: who calls whom, what came of it, letters to the chosen, orders that belong to a target."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import contacts, letters
from campaigns.asked import NINE
from campaigns.models import Attempt, OrderLink, Target
from campaigns.rules import comes_after_contact
from companies.models import ContactLogEntry, ProductionUnit
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from joborders.models import JobOrder
from municipalities.actor import Actor
from web.actors import members_only
from web.campaigns.forms import OUTCOMES, AssignForm, ContactForm, LetterForm
from web.campaigns.lists import CALLERS, READERS
from web.campaigns.pages import campaign_of
from web.campaigns.words import LETTERS
from web.vocabulary_words import municipality_names

PAGE_SIZE = 50
FILTERS = ("q", "municipality", "industry", "outcome", "assigned")
TALKS = 10


@require_GET
@members_only(*READERS)
def index(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """The list, filtered; beside each company what has changed since it was frozen."""
    campaign = campaign_of(id, actor)
    asked = {name: request.GET.get(name, "")[:100] for name in FILTERS}
    found = _filtered(Target.objects.visible_to(actor).filter(campaign=campaign), asked)
    places = municipality_names()
    page = Paginator(_with_now(found).order_by("name", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [_row(one, places) for one in page.object_list]
    divisions = Target.objects.filter(campaign=campaign).order_by("division").values_list("division", flat=True)
    context = {
        "campaign": campaign,
        "page": page,
        "asked": asked,
        "places": places.items(),
        "divisions": list(divisions.distinct()),
        "outcomes": OUTCOMES.items(),
        "narrowed": _narrowed(asked),
        "may_choose": actor.is_coordinator or actor.is_consultant,
        "own": actor.municipality or "",
    }
    return render(request, "web/campaigns/targets.html", context)


def _filtered(found: QuerySet[Target], asked: dict[str, str]) -> QuerySet[Target]:
    if asked["q"].strip():
        found = found.filter(name__icontains=asked["q"].strip())
    if asked["municipality"]:
        found = found.filter(municipality=asked["municipality"])
    if asked["industry"]:
        found = found.filter(division=asked["industry"])
    if asked["outcome"] == "none":
        found = found.filter(last_contact_at__isnull=True)
    elif asked["outcome"]:
        found = found.filter(last_outcome=asked["outcome"])
    if asked["assigned"]:
        found = found.filter(assignee__isnull=asked["assigned"] == "no")
    return found


def _narrowed(asked: dict[str, str]) -> dict[str, str]:
    """The page's filters in the words of the API, for the download."""
    words = {name: asked[name] for name in ("q", "municipality", "industry")}
    words |= {"contacted": "false"} if asked["outcome"] == "none" else {"outcome": asked["outcome"]}
    return words | {"assigned": {"no": "false", "": ""}.get(asked["assigned"], "true")}


def _with_now(found: QuerySet[Target]) -> QuerySet[Target]:
    """With the company as it is now, read in the same query."""
    units = ProductionUnit.objects.active().filter(company=OuterRef("company"), municipality_code__in=NINE)
    employees = units.order_by().values("company").annotate(total=Sum("headcount")).values("total")
    chosen_by = OuterRef("industry_code")
    same = units.filter(Q(industry_code=chosen_by) | Q(industry_code="", company__industry_code=chosen_by))
    main = units.exclude(industry_code="").order_by("-is_main", "pk").values("industry_code")[:1]
    other = Coalesce(Subquery(main), F("company__industry_code"))
    return found.select_related("company", "assignee").annotate(
        employees_now=Subquery(employees),
        unit_now=Subquery(units.values("pk")[:1]),
        industry_now=Case(When(Exists(same), then=F("industry_code")), default=other),
    )


def _row(one: Any, places: dict[str, str]) -> dict[str, Any]:
    return {
        "row": one,
        "place": places.get(one.municipality_id, ""),
        "outcome": OUTCOMES.get(one.last_outcome, ""),
        "changes": changes_of(one, places),
    }


def changes_of(one: Any, places: dict[str, str]) -> list[str]:
    """What has become of the company since the list was frozen, which stays as it is."""
    company, said = one.company, []
    if one.unit_now is None:
        said.append(_("has ceased in the nine"))
    elif one.employees_now is not None and one.employees_now != one.headcount:
        said.append(_("now %(n)s employees") % {"n": one.employees_now})
    if one.unit_now is not None and one.industry_now != one.industry_code:
        said.append(_("now industry %(code)s") % {"code": one.industry_now or "–"})
    if company.name != one.name:
        said.append(_("now called %(name)s") % {"name": company.name})
    if company.lead_id != one.lead_code:
        said.append(_("now led by %(place)s") % {"place": places.get(company.lead_id, company.lead_id)})
    if company.do_not_call:
        said.append(_("does not want to be called"))
    return said


@require_POST
@members_only(*CALLERS)
def share_out(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Spread what nobody has over the consultants of one municipality."""
    try:
        count = contacts.share_out(actor, campaign_of(id, actor), request.POST.get("municipality", ""))
    except Conflict as error:
        messages.warning(request, str(error))
    else:
        text = ngettext("%(n)s company was shared out.", "%(n)s companies were shared out.", count)
        messages.success(request, text % {"n": count})
    return redirect("web:campaign-targets", id)


@require_POST
@members_only(*CALLERS)
def chosen(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """What was chosen in the list goes to another municipality, or gets a letter."""
    ids = _ids(request)
    if request.POST.get("do") == "letter":
        query = urlencode([("target", str(one)) for one in ids])
        return redirect(f"{reverse('web:campaign-letter', args=[id])}?{query}")
    try:
        count = contacts.move(actor, ids, to=request.POST.get("to", ""), reason=request.POST.get("reason", ""))
    except Invalid as error:
        messages.warning(request, str(error.errors[0].detail))
    else:
        text = ngettext("%(n)s company has moved.", "%(n)s companies have moved.", count)
        messages.success(request, text % {"n": count})
    return redirect("web:campaign-targets", id)


def _ids(request: HttpRequest) -> list[UUID]:
    given = request.POST.getlist("target") or request.GET.getlist("target")
    try:
        return [UUID(one) for one in given[: letters.MOST_AT_ONCE]]
    except ValueError:
        raise NotVisible from None


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(*CALLERS)
def letter(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Write one text to the companies that were chosen."""
    campaign = campaign_of(id, actor)
    ids = _ids(request)
    rows = list(Target.objects.visible_to(actor).filter(campaign=campaign, public_id__in=ids).select_related("company"))
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            counts = letters.write(actor, [one.public_id for one in rows], **form.cleaned_data)
        except Invalid as error:
            form.refuse(error, {"/subject": "subject", "/text": "text"})
        except Conflict as error:
            messages.warning(request, str(error))
            return redirect("web:campaign-targets", id)
        else:
            _tell(request, counts)
            return redirect("web:campaign-targets", id)
    context = {"campaign": campaign, "rows": rows, "form": form}
    return render(request, "web/campaigns/letter.html", context, status=422 if form.is_bound else 200)


def _tell(request: HttpRequest, counts: Any) -> None:
    sent = ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", counts["sent"])
    messages.success(request, sent % {"n": counts["sent"]})
    left = [f"{LETTERS[code]}: {count}" for code, count in counts.items() if count and code in LETTERS]
    if left:
        messages.warning(request, f"{_('Got no letter')}: {', '.join(left)}.")


def target_of(id: UUID, actor: Actor) -> Any:
    """The target, with its company as it is now. Raises NotVisible."""
    seen = _with_now(Target.objects.visible_to(actor).filter(public_id=id))
    found = seen.select_related("campaign", "company", "assignee", "municipality").first()
    if found is None:
        raise NotVisible
    return found


@require_GET
@members_only(*READERS)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """One target: what to know before calling, its contacts, and what came after."""
    target = target_of(id, actor)
    reasons = contacts.to_know_first(actor, target)
    return _page(request, actor, target, ContactForm(must_know=bool(reasons)), reasons)


def _page(
    request: HttpRequest, actor: Actor, target: Any, form: ContactForm, reasons: list[dict[str, Any]]
) -> HttpResponse:
    places = municipality_names()
    done = {one.entry_id: one for one in Attempt.objects.filter(target=target)}
    entries = ContactLogEntry.objects.visible_to(actor).filter(company=target.company).select_related("unit")
    may_place = contacts.may_place(actor, target)
    context = {
        "target": target,
        "campaign": target.campaign,
        "company": target.company,
        "changes": changes_of(target, places),
        "lead": places.get(target.lead_code, ""),
        "people": list(target.company.contacts.filter(ended_on__isnull=True)),
        "reasons": [{**one, "place": places.get(one["municipality"], "")} for one in reasons],
        "talks": [
            {
                "row": one,
                "place": places.get(one.municipality_code, ""),
                "outcome": OUTCOMES.get(done[one.pk].outcome, "") if one.pk in done else "",
            }
            for one in entries[:TALKS]
        ],
        "orders": _orders(target, actor),
        "sees_orders": actor.is_consultant or actor.is_coordinator,
        "may_contact": contacts.may_contact(actor) and target.campaign.state == "running",
        "may_place": may_place,
        "form": form,
        "assign": _assign_form(target) if may_place else None,
    }
    return render(request, "web/campaigns/target.html", context, status=422 if form.is_bound else 200)


def _assign_form(target: Target) -> AssignForm:
    held = target.assignee
    return AssignForm(target=target, initial={"assignee": str(held.public_id) if held else ""})


def _orders(target: Target, actor: Actor) -> list[dict[str, Any]]:
    """The company's orders since the list was frozen, or linked by hand; whether each counts for the campaign."""
    by_hand = dict(OrderLink.objects.filter(target=target).values_list("order_id", "counts"))
    found = JobOrder.objects.visible_to(actor).filter(company=target.company)
    rows = []
    for order in found.order_by("-received_at")[:TALKS]:
        day = clock.local(order.received_at).date()
        after = comes_after_contact(
            order.received_at, day, first_contact=target.first_contact_at, last_day=target.campaign.last_day
        )
        rows.append({"row": order, "counts": by_hand.get(order.pk, after), "by_hand": order.pk in by_hand})
    return rows


@require_POST
@members_only(*CALLERS)
def contact(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Note a try to reach the company; what has to be known first is shown before it counts."""
    target = target_of(id, actor)
    reasons = contacts.to_know_first(actor, target)
    form = ContactForm(request.POST, must_know=bool(reasons))
    if form.is_valid():
        try:
            contacts.record_contact(actor, id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in ContactForm.base_fields})
        except Conflict as error:
            form.add_error("knowing" if error.code == "look_first" and "knowing" in form.fields else None, str(error))
        else:
            messages.success(request, _("Noted."))
            return redirect("web:target", id)
    return _page(request, actor, target, form, reasons)


@require_POST
@members_only(*CALLERS)
def assign(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Give the target to a colleague."""
    target = target_of(id, actor)
    form = AssignForm(request.POST, target=target)
    try:
        if not form.is_valid():
            raise NotAllowed
        contacts.assign(actor, id, _version(request), assignee=form.chosen())
    except Stale:
        messages.warning(request, _("Somebody changed the company in the meantime. Nothing was done."))
    else:
        messages.success(request, _("Noted."))
    return redirect("web:target", id)


@require_POST
@members_only(*CALLERS)
def link_order(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Say that an order belongs to the campaign, or that it does not."""
    try:
        order = UUID(request.POST.get("order", ""))
    except ValueError:
        raise NotVisible from None
    counts = request.POST.get("counts") == "yes"
    try:
        contacts.link_order(actor, id, order=order, reason=request.POST.get("reason", ""), counts=counts)
    except Invalid as error:
        messages.warning(request, str(error.errors[0].detail))
    else:
        messages.success(request, _("Noted."))
    return redirect("web:target", id)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0
