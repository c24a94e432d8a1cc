"""Every route of the API × every role, on an own and on another municipality's target.

Never a server error; what is another's is a 404, as if it did not exist; no answer holds a word of a candidate or
contact that the caller may not know. A new route without a line in TARGETS fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase

from accounts import tokens
from accounts.models import ApiToken
from api import urls
from api.permissions import PUBLIC
from events import clock
from events.models import Webhook
from gatherings import network
from gatherings import services as gatherings
from gatherings.models import Invitation
from joborders.models import Nomination
from joborders.services import follow, intakes, nominations
from municipalities.actor import Actor
from municipalities.membership import current
from screening.models import Run
from tests import factories
from tests.api.order_cases import ACCEPTED, HIRED, WHY, client, offered, shared_order
from tests.campaigns import outreach

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]

HOME, ABROAD = factories.HILLEROED, factories.GRIBSKOV
PERSON, CONTACT = "Kanariefuglen", "Kontaktkanarien"
MEMBERS = ("consultant", "caseworker", "coordinator", "auditor", "admin")
ROLES = ("anonymous", "expired", "company", "other_company", *MEMBERS)
#: Sees all orders: that is the coordinator's work (design §6).
SEES_ORDERS_OF_ALL = "coordinator"

#: First part of the address → what its id names. `hidden`: another's is a 404; `register`: known to all members.
TARGETS = {
    "job-orders": "hidden",
    "nominations": "hidden",
    "candidates": "hidden",
    "screenings": "hidden",
    "intakes": "hidden",
    "companies": "register",
    "agreements": "register",
    "courses": "register",
    "campaigns": "register",
    "focus-industries": "register",
    "municipalities": "register",
    "vocabulary": "register",
    "queue": "list",
    "notices": "list",
    "hand-over-files": "list",
    "events": "list",
    "webhooks": "hidden",
    "statistics": "list",
    "goals": "register",
    "agreement-forecasts": "list",
    "campaign-calls": "list",
    "gatherings": "register",
    "network-members": "register",
    "network-commitments": "list",
    "competence-needs": "list",
    "intake": "public",
    "schema": "public",
    "docs": "public",
}
CLOSE = {"reason": "no_suitable_candidates"}
WEBHOOK = {"url": "https://receiver.example/", "patterns": ["#"]}
CONTACT_BODY = {"name": "Navn", "phone": "48 00 00 00"}
#: Bodies that pass validation, by route and method, so that the scope is what answers.
BODIES: dict[str, Any] = {
    "job-orders-detail": {"positions": 4},
    "job-orders-ask-reopen": {"reason": "Igen"},
    "job-orders-close": CLOSE,
    "job-orders-hand-over": {"to": factories.HELSINGOER, "reason": "Flyttet", "agreed_by": "Gro"},
    "job-orders-offers": {"candidate": str(uuid4()), "acceptance": ACCEPTED},
    "job-orders-propose-change": {"text": "En til"},
    "job-orders-reassign": {"assignee": str(uuid4())},
    "job-orders-reopen": {"reason": "Igen"},
    "job-orders-nominations": {"cards": [str(uuid4())]},
    "job-orders-supply-answers": {"count": 0},
    "job-orders-verify-contact": {"source": "website"},
    "nominations-accept": ACCEPTED,
    "nominations-decline": {"reason": "experience"},
    "nominations-hire": HIRED,
    "nominations-move-interview": {"interview_at": (clock.now() + timedelta(days=3)).isoformat()},
    "nominations-not-started": {"reason": "no_show"},
    "nominations-withdraw": {"reason": "found_work"},
    "job-order-screenings-list": {"scope": "own"},
    "candidates-detail": {"status": "in_course"},
    "companies-detail": {"name": "Nyt navn"},
    "companies-hand-over": {"to": factories.HELSINGOER, "reason": "Flyttet", "agreed_with": factories.HELSINGOER},
    "company-contacts-list": CONTACT_BODY,
    "intakes-detail": {"text": "Nyt"},
    "intakes-submit": {"title": "Chauffør"},
    "intakes-move": {"to": factories.EGEDAL},
    "intakes-merge": {"order": str(uuid4())},
    "intake-follow-answer": {"answer": "interview"},
    "intake-follow-verify": {"code": "123456"},
    "intake-follow-change": {"text": "En til"},
    "agreements-detail": {"text": "Nyt"},
    "campaigns-detail": {"name": "Nyt navn"},
    "campaign-targets-assign": {"assignee": None},
    "campaign-targets-contacts": {"outcome": "talked"},
    "campaign-targets-move": {"to": factories.HELSINGOER},
    "campaign-targets-orders": {"order": str(uuid4()), "reason": "Hører til"},
    "webhooks-list": WEBHOOK,
    "webhooks-detail": WEBHOOK,
    "webhooks-replay": {"deliveries": [str(uuid4())]},
}


@dataclass
class Side:
    """What belongs to one municipality and one company; `others` by the first part of their address."""

    order: Any
    nomination: Any
    candidate: Any
    secret: str
    others: dict[str, Any] = field(default_factory=dict)

    def fill(self, route: Route) -> str:
        """The address with this side's ids."""
        by_place = {
            "job-orders": self.order,
            "nominations": self.nomination,
            "candidates": self.candidate,
            "companies": self.order.company if self.order else None,
            "intake": self.nomination,
            **self.others,
        }
        target = by_place.get(route.place)
        address = route.address.replace("<str:secret>", self.secret).replace("<str:code>", HOME)
        query = f"?candidate={self.candidate.public_id}" if self.candidate and "explain" in address else ""
        if target and "<uuid:campaign>" in address:
            address = re.sub(r"<uuid:id>", str(target.targets.get().public_id), address)
        return re.sub(r"<uuid:\w+>", str(target.public_id if target else uuid4()), address) + query


NOBODY = Side(None, None, None, "nothing")


@dataclass(frozen=True)
class Route:
    """One address and one method."""

    name: str
    address: str
    method: str

    @property
    def place(self) -> str:
        """The first part of the address."""
        return self.address.split("/", maxsplit=1)[0]

    @property
    def has_target(self) -> bool:
        """Whether the address names one thing."""
        return "<uuid:" in self.address


def routes() -> Iterator[Route]:
    """All of them, read from the resolver."""
    for pattern in urls.urlpatterns:
        if pattern.name == "not-found":
            continue
        actions = getattr(pattern.callback, "actions", None) or {"get": "get"}
        for method in actions:
            yield Route(str(pattern.name), str(pattern.pattern), method)


ALL = list(routes())


def side(municipality: str, canary: str) -> Side:
    """An order with a presented candidate, a run, an agreement and a follow link, all of one municipality."""
    lead = factories.consultant(municipality)
    company = factories.company(municipality)
    contact = {"name": CONTACT if canary else "Egen kontakt", "phone": "48 00 00 00"}
    unit = company.units.get()
    order = factories.order(of=company, unit=str(unit.public_id), contact={**contact, "email": "a@firma.example"})
    nomination = offered(
        order, lead, name=f"Person {canary or 'Egen'}", cv_text=f"CV {canary}", external_reference=f"SAG-{canary}"
    )
    run = Run.objects.create(
        order=order,
        order_revision=1,
        scope="own",
        municipality_code=municipality,
        table_version="2026.1",
        snapshot={},
        pool=0,
        funnel={},
        qualified=0,
        check_count=0,
        nearly=0,
        decided_on=clock.today(),
        created_at=clock.now(),
        by_user_id=lead.user_id,
    )
    others = {
        "screenings": run,
        "agreements": factories.agreement(company),
        "campaigns": campaign_of(company),
        "gatherings": gathering_of(lead, company),
        "network-members": network.join(lead, company.public_id),
        "intakes": intakes.draft(lead, channel="phone", contact=contact),
        "webhooks": Webhook.objects.create(municipality=municipality, created_at=clock.now(), **WEBHOOK),
    }
    return Side(order, nomination, nomination.candidate, follow.create(order), others)


def gathering_of(lead: Actor, company: Any) -> Any:
    """A planned meeting that the company is invited to, by the contact that only its own side may know."""
    begins = clock.now() + timedelta(days=20)
    made = gatherings.plan(
        lead, kind="growth", title="Vækstmøde", place="Rådhuset", starts_at=begins, ends_at=begins + timedelta(hours=1),
        sign_up_until=begins.date(), municipality=lead.municipality,
    )  # fmt: skip
    Invitation.objects.create(gathering=made, company=company, invited_at=clock.now())
    return made


def campaign_of(company: Any) -> Any:
    """A running campaign whose one target is this company."""
    building = {"industry_code": "432100", "industry_version": "DB25", "headcount": 10, "headcount_on": clock.today()}
    type(company).objects.update(industry_code="", industry_version="")
    type(company).objects.filter(pk=company.pk).update(**building)
    return outreach.frozen(factories.coordinator())


def caller(role: str, own: Side, foreign: Side) -> Any:
    """A client that speaks for the role."""
    if role == "anonymous":
        return client()
    if role in ("company", "other_company"):
        company = (own if role == "company" else foreign).order.company
        return client(tokens.issue(label="x", company=company.public_id, scope="write")[1])
    actor = factories.member("consultant" if role == "expired" else role, HOME if role in LOCAL else None)
    membership = current(user__pk=actor.user_id).get()
    token, secret = tokens.issue(label="x", membership=membership.public_id, scope="write")
    if role == "expired":
        ApiToken.objects.filter(pk=token.pk).update(expires_at=clock.now())
    return client(secret)


LOCAL = ("consultant", "caseworker", "expired")


def call(who: Any, route: Route, target: Side) -> tuple[int, str]:
    """Status and text of one call, which leaves nothing behind."""
    body = BODIES.get(route.name, {}) if "/<uuid:" in route.address or "<str:" in route.address else {}
    headers = {"HTTP_IF_MATCH": '"1"', "HTTP_IDEMPOTENCY_KEY": str(uuid4())} if route.method != "get" else {}
    data = {} if route.method == "get" else {"data": body, "format": "json"}
    with transaction.atomic():
        answer: HttpResponseBase = getattr(who, route.method)(f"/api/v1/{target.fill(route)}", **data, **headers)
        text = (answer.getvalue() if answer.streaming else answer.content).decode()  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return answer.status_code, text


def test_every_route_is_declared():
    unknown = sorted({route.address for route in ALL if route.place not in TARGETS})
    assert not unknown, f"declare in TARGETS what these name: {unknown}"
    assert {route.name for route in ALL if TARGETS[route.place] == "public"} <= PUBLIC
    known = {route.name for route in ALL}
    assert set(BODIES) <= known, sorted(set(BODIES) - known)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reaches_what_is_not_theirs(role):
    own, foreign = side(HOME, ""), side(ABROAD, PERSON)
    if role == "other_company":
        own, foreign = foreign, own
    who = caller(role, own if role != "other_company" else foreign, foreign if role != "other_company" else own)
    wrong = []
    for route in ALL:
        for name, target in (("own", own), ("foreign", foreign)):
            status, text = call(who, route, target)
            nothing, _text = call(who, route, NOBODY) if route.has_target else (404, "")
            problem = _wrong(role, route, name, status, text, nothing)
            if problem:
                wrong.append(f"{route.method} {route.address} on {name}: {status} {problem}: {text[:200]}")
    assert not wrong, "\n".join(wrong)


def _wrong(role: str, route: Route, side_name: str, status: int, text: str, nothing: int) -> str:
    """What is wrong with an answer, nothing if all is well.

    `nothing` is the status for an id that names nothing: a role that has no business with the resource at all may be
    told so (403), if it is told the same of everything.
    """
    kind = TARGETS[route.place]
    if status >= 500:
        return "server error"
    if role in ("anonymous", "expired") and kind != "public" and status != 401:
        return "needs a login"
    if PERSON in text and role != "other_company":
        return "tells of a candidate"
    if CONTACT in text and role not in ("other_company", SEES_ORDERS_OF_ALL):
        return "tells of a contact"
    is_hidden = kind == "hidden" and route.has_target and side_name == "foreign"
    if not is_hidden or role in ("anonymous", "expired") or _reaches_all(role, route):
        return ""
    if status == 404 or (status == 403 and nothing == 403):
        return ""
    return f"another's is not hidden (what does not exist: {nothing})"


def _reaches_all(role: str, route: Route) -> bool:
    """The coordinator works on the orders and calls of all nine, never on candidates; an administrator on webhooks."""
    if role == "admin":
        return route.place == "webhooks"
    return role == SEES_ORDERS_OF_ALL and route.place in ("job-orders", "screenings", "intakes")


def test_the_other_eight_see_a_shared_order_but_nobody_on_it():
    lead, asked = factories.consultant(ABROAD), factories.consultant(HOME)
    order = shared_order(lead, of=factories.company(ABROAD))
    nomination = offered(order, factories.consultant(ABROAD), name=PERSON)
    done = nominations.present(nomination.public_id, lead, nomination.version, **WHY)
    who = client(_secret(asked))
    assert who.get(f"/api/v1/job-orders/{order.public_id}").status_code == 200
    for path in (f"nominations/{done.nomination.public_id}", f"candidates/{done.nomination.candidate.public_id}"):
        assert who.get(f"/api/v1/{path}").status_code == 404
    for path in (f"job-orders/{order.public_id}/history", f"nominations?order={order.public_id}", "events"):
        assert PERSON not in who.get(f"/api/v1/{path}").content.decode()
    assert Nomination.objects.visible_to(asked).count() == 0


def _secret(actor: Actor) -> str:
    membership = current(user__pk=actor.user_id).get()
    return tokens.issue(label="x", membership=membership.public_id, scope="write")[1]
