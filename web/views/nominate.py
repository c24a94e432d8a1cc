"""From a screening's list to nominations: others are asked for, own are offered, several in one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from joborders.services.nominations import Done
from municipalities.actor import Actor, Role
from screening import overrides
from screening.models import Run
from screening.services import candidates_behind
from web.actors import members_only
from web.desk.refusals import what_changed
from web.forms.nominations import AcceptanceForm, PassOverForm
from web.people.screening_page import Listed, beginnings
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


@dataclass(frozen=True)
class Ticked:
    """Those who were ticked and are not on the order yet: own and others, their acceptances, why they were chosen.

    A form of reasons is None where nobody is passed over.
    """

    own: Sequence[Card]
    others: Sequence[Card]
    already: Sequence[Card]
    people: Mapping[UUID, UUID]
    acceptances: Mapping[UUID, AcceptanceForm]
    own_reason: PassOverForm | None
    others_reason: PassOverForm | None

    def ids(self, cards: Sequence[Card]) -> list[UUID]:
        """The candidates behind some of the cards."""
        return [self.people[card["id"]] for card in cards]


def ticked(request: HttpRequest, actor: Actor, run: Run, *, sent: str = "") -> Ticked:
    """Read once. `sent` is the half that was posted, "own" or "others": its forms are filled in."""
    cards = Listed(run, actor).chosen(cards_in(request))
    free = [card for card in cards if not card["nominated"]]
    own = [card for card in free if card["candidate"] is not None]
    others = [card for card in free if card["candidate"] is None]
    people = candidates_behind(run.order.public_id, [card["id"] for card in free])

    halves = {"own": own, "others": others}
    chosen = [[people[card["id"]] for card in half] for half in halves.values()]
    passes = overrides.would_pass_over(run.order.public_id, actor, *chosen)
    reasons = {
        name: PassOverForm(request.POST if sent == name else None, auto_id=f"id_{name}_%s") if is_past else None
        for name, is_past in zip(halves, passes, strict=True)
    }
    acceptances = forms_of(run.order, own, request if sent == "own" else None)
    already = [card for card in cards if card["nominated"]]
    return Ticked(own, others, already, people, acceptances, reasons["own"], reasons["others"])


def _why(form: PassOverForm | None) -> str:
    return form.cleaned_data["reason"] if form is not None else ""


@require_GET
@members_only(Role.CONSULTANT)
def choose(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Those who were ticked in the list: own and others apart, each with its next step."""
    run = run_of(id, actor)
    return _page(request, actor, run, ticked(request, actor, run))


@require_POST
@members_only(Role.CONSULTANT)
def request_others(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Ask the home jobcentres for other municipalities' candidates, all or none."""
    run = run_of(id, actor)
    now = ticked(request, actor, run, sent="others")
    if not now.others or (now.others_reason is not None and not now.others_reason.is_valid()):
        return _page(request, actor, run, now)
    people, own = now.ids(now.others), now.ids(now.own)
    why = _why(now.others_reason)
    try:
        done = overrides.request(
            run.order.public_id, actor, _version(request), candidates=people, reason=why, beside=own
        )
    except Stale as stale:
        return _changed(request, actor, run, stale, "others")
    except Invalid as refused:
        return _page(request, actor, run, now, problems=_by_row(refused, now.others))
    n = len(done)
    text = ngettext(
        "%(n)s candidate is asked for. The home jobcentre answers within one working day.",
        "%(n)s candidates are asked for. The home jobcentres answer within one working day.",
        n,
    )
    messages.success(request, text % {"n": n})
    _warn(request, done)
    return redirect(_address(run, now.own) if now.own else reverse("web:screening", args=[run.public_id]))


@require_POST
@members_only(Role.CONSULTANT)
def offer_own(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Offer own candidates, each with the acceptance and the talk, all or none."""
    run = run_of(id, actor)
    now = ticked(request, actor, run, sent="own")
    asked = [*now.acceptances.values(), *([now.own_reason] if now.own_reason else [])]
    if not now.own or [form for form in asked if not form.is_valid()]:
        return _page(request, actor, run, now)
    items = [
        {"candidate": card["candidate"], "acceptance": now.acceptances[card["id"]].acceptance()} for card in now.own
    ]
    why, others = _why(now.own_reason), now.ids(now.others)
    try:
        done = overrides.offer_many(run.order.public_id, actor, _version(request), items, reason=why, beside=others)
    except Stale as stale:
        return _changed(request, actor, run, stale, "own")
    except Invalid as refused:
        for card, problems in zip(now.own, _rows(refused, len(now.own)), strict=True):
            now.acceptances[card["id"]].refuse(problems, OFFER_FIELDS)
        return _page(request, actor, run, now)
    n = len(done)
    text = ngettext("%(n)s candidate is offered.", "%(n)s candidates are offered.", n)
    messages.success(request, text % {"n": n})
    _warn(request, done)
    return redirect(_address(run, now.others) if now.others else reverse("web:screening", args=[run.public_id]))


def forms_of(order: JobOrder, own: Sequence[Card], request: HttpRequest | None = None) -> dict[UUID, AcceptanceForm]:
    """An acceptance for every own candidate, filled in when something was sent."""
    is_special = order.type == JobOrder.Type.SPECIAL
    data = request.POST if request is not None else None
    return {card["id"]: AcceptanceForm(data, prefix=f"c{card['id']}", is_special=is_special) for card in own}


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
    now: Ticked,
    *,
    problems: Sequence[str] = (),
    changed: tuple[str, str] | None = None,
) -> HttpResponse:
    """`changed`: who changed the order in the meantime, and what they did."""
    reasons = [form for form in (now.others_reason, now.own_reason) if form is not None]
    asked: list[Any] = [*now.acceptances.values(), *reasons]
    context = {
        "run": run,
        "order": run.order,
        "own": [card | {"form": now.acceptances.get(card["id"])} for card in now.own],
        "others": now.others,
        "already": now.already,
        "own_reason": now.own_reason,
        "others_reason": now.others_reason,
        "begins": beginnings(run.order, actor),
        "problems": problems,
        "changed": changed,
        "found": [mistake for form in asked if form.is_bound for mistake in form.mistakes()],
    }
    status = 412 if changed else 422 if request.method == "POST" else 200
    return render(request, "web/screening/nominate.html", context, status=status)


def _changed(request: HttpRequest, actor: Actor, run: Run, stale: Stale, sent: str) -> HttpResponse:
    """Somebody was faster: the page again, on the order as it is now, saying who it was and what they did."""
    fresh = run_of(run.public_id, actor)
    who = (stale.changed_by or {}).get("name") or _("a colleague")
    now = ticked(request, actor, fresh, sent=sent)
    return _page(request, actor, fresh, now, changed=(who, what_changed(stale)))


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
    if overrides.AGAINST_THE_LIST in codes:
        messages.info(request, _("Others stand before them on the list. The reason is kept with the screening."))
    if any(code.startswith("cv_") for code in codes):
        text = _("A CV holds words on age, health, family or nationality. Look at it before the company does.")
        messages.warning(request, text)
