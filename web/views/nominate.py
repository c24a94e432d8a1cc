"""From a screening's list to nominations: others are asked for, own are offered, several in one step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from events.errors import Invalid, Stale
from joborders.models import JobOrder
from joborders.services import nominations
from joborders.services.nominations import Done
from municipalities.actor import Actor, Role
from screening.models import Run
from screening.services import candidate_behind
from web.actors import members_only
from web.forms.nominations import AcceptanceForm
from web.screening_page import Listed, beginnings
from web.views.screening import cards_in, run_of

Card = dict[str, Any]
OFFER_FIELDS = {
    "/acceptance/accepted_on": "accepted_on",
    "/acceptance/channel": "channel",
    "/acceptance/by": "by",
    "/acceptance/talk_can_do": "talk_can_do",
    "/acceptance/talk_wants_to": "talk_wants_to",
    "/acceptance/cv_checked": "cv_checked",
    "/acceptance/special_terms_fit": "special_terms_fit",
}


@require_GET
@members_only(Role.CONSULTANT)
def choose(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Those who were ticked in the list: own and others apart, each with its next step."""
    run = run_of(id, actor)
    cards = Listed(run, actor).chosen(cards_in(request))
    return _page(request, actor, run, cards, forms_of(run.order, _own(cards)))


@require_POST
@members_only(Role.CONSULTANT)
def request_others(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Ask the home jobcentres for other municipalities' candidates, all or none."""
    run = run_of(id, actor)
    cards = Listed(run, actor).chosen(cards_in(request))
    wanted = [card for card in cards if card["candidate"] is None and not card["nominated"]]
    people = [candidate_behind(run.order.public_id, card["id"]) for card in wanted]
    try:
        done = nominations.request(run.order.public_id, actor, _version(request), candidates=people)
    except Stale as stale:
        return _changed(request, actor, run, cards, stale)
    except Invalid as refused:
        return _page(request, actor, run, cards, forms_of(run.order, _own(cards)), problems=_by_row(refused, wanted))
    n = len(done)
    text = ngettext(
        "%(n)s candidate is asked for. The home jobcentre answers within one working day.",
        "%(n)s candidates are asked for. The home jobcentres answer within one working day.",
        n,
    )
    messages.success(request, text % {"n": n})
    _warn(request, done)
    own = [card for card in _own(cards) if not card["nominated"]]
    return redirect(_address(run, own) if own else reverse("web:screening", args=[run.public_id]))


@require_POST
@members_only(Role.CONSULTANT)
def offer_own(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Offer own candidates, each with the acceptance and the talk, all or none."""
    run = run_of(id, actor)
    cards = Listed(run, actor).chosen(cards_in(request))
    own = [card for card in _own(cards) if not card["nominated"]]
    forms = forms_of(run.order, own, request)
    if not own or not all(form.is_valid() for form in forms.values()):
        return _page(request, actor, run, cards, forms)
    items = [{"candidate": card["candidate"], "acceptance": forms[card["id"]].acceptance()} for card in own]
    try:
        done = nominations.offer_many(run.order.public_id, actor, _version(request), items)
    except Stale as stale:
        return _changed(request, actor, run, cards, stale)
    except Invalid as refused:
        for card, problems in zip(own, _rows(refused, len(own)), strict=True):
            forms[card["id"]].refuse(problems, OFFER_FIELDS)
        return _page(request, actor, run, cards, forms)
    n = len(done)
    text = ngettext("%(n)s candidate is offered.", "%(n)s candidates are offered.", n)
    messages.success(request, text % {"n": n})
    _warn(request, done)
    return redirect("web:screening", run.public_id)


def forms_of(order: JobOrder, own: Sequence[Card], request: HttpRequest | None = None) -> dict[UUID, AcceptanceForm]:
    """An acceptance for every own candidate, filled in when something was sent."""
    is_special = order.type == JobOrder.Type.SPECIAL
    data = request.POST if request is not None else None
    return {card["id"]: AcceptanceForm(data, prefix=f"c{card['id']}", is_special=is_special) for card in own}


def _own(cards: Sequence[Card]) -> list[Card]:
    return [card for card in cards if card["candidate"] is not None]


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


def _address(run: Run, cards: Sequence[Card]) -> str:
    query = urlencode([("card", card["id"]) for card in cards])
    return f"{reverse('web:screening-nominate', args=[run.public_id])}?{query}"


def _page(
    request: HttpRequest,
    actor: Actor,
    run: Run,
    cards: Sequence[Card],
    forms: dict[UUID, AcceptanceForm],
    *,
    problems: Sequence[str] = (),
    changed_by: str = "",
) -> HttpResponse:
    own = [card | {"form": forms.get(card["id"])} for card in _own(cards) if not card["nominated"]]
    others = [card for card in cards if card["candidate"] is None and not card["nominated"]]
    context = {
        "run": run,
        "order": run.order,
        "own": own,
        "others": others,
        "already": [card for card in cards if card["nominated"]],
        "begins": beginnings(run.order, actor),
        "problems": problems,
        "changed_by": changed_by,
        "found": [mistake for card in own for mistake in (card["form"].mistakes() if card["form"].is_bound else ())],
    }
    is_wrong = problems or changed_by or any(form.is_bound for form in forms.values())
    return render(request, "web/screening/nominate.html", context, status=422 if is_wrong else 200)


def _changed(request: HttpRequest, actor: Actor, run: Run, cards: Sequence[Card], stale: Stale) -> HttpResponse:
    """Somebody was faster: the page again, on the order as it is now, saying who it was."""
    fresh = run_of(run.public_id, actor)
    who = (stale.changed_by or {}).get("name") or _("a colleague")
    forms = forms_of(fresh.order, _own(cards), request)
    return _page(request, actor, fresh, cards, forms, changed_by=who)


def _rows(refused: Invalid, n: int) -> list[Invalid]:
    """The problems of each row, pointing into the row."""
    rows: list[list[Any]] = [[] for _row in range(n)]
    for problem in refused.errors:
        _slash, number, rest = f"{problem.pointer}/".split("/", 2)
        index = int(number) if number.isdecimal() and int(number) < n else 0
        rows[index].append(type(problem)(f"/{rest.rstrip('/')}", problem.code, problem.detail))
    return [Invalid(row) for row in rows]


def _by_row(refused: Invalid, cards: Sequence[Card]) -> list[str]:
    """Each problem with the pseudonym that it is about."""
    texts = []
    for problem in refused.errors:
        number = problem.pointer.rpartition("/")[2]
        who = cards[int(number)]["pseudonym"] if number.isdecimal() and int(number) < len(cards) else ""
        texts.append(f"{who}: {problem.detail}" if who else str(problem.detail))
    return texts


def _warn(request: HttpRequest, done: Sequence[Done]) -> None:
    """Tell what the service thinks one should know."""
    codes = {code for one in done for code in one.warnings}
    if "live_elsewhere" in codes:
        messages.warning(request, _("At least one of them waits for an answer on another order, too."))
    if any(code.startswith("cv_") for code in codes):
        text = _("A CV holds words on age, health, family or nationality. Look at it before the company does.")
        messages.warning(request, text)
