"""Clients and bodies for the tests of orders, the entry and nominations."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from accounts import tokens
from candidates.models import Candidate
from companies.models import Company
from joborders.models import JobOrder, Nomination
from joborders.services import nominations, steps
from municipalities.actor import Actor
from municipalities.membership import current
from screening.services import name_them
from tests import factories

URL = "/api/v1"
ACCEPTED = {
    "accepted_on": "2026-03-02",
    "channel": "phone",
    "talk_can_do": True,
    "talk_wants_to": True,
    "cv_checked": True,
}
#: The people of these tests have bare CVs: they are shown with a reason.
WHY = {"reason": "Virksomheden vil se kandidaten nu."}
HIRED = {"starts_on": "2026-03-16", "weekly_hours": 37, "terms": "ordinary"}


def client_of(actor: Actor) -> APIClient:
    """A client with a token of this member."""
    membership = current(user__pk=actor.user_id).get()
    _token, secret = tokens.issue(label="test", membership=membership.public_id, scope="write")
    return client(secret)


def client_of_company(company: Company) -> APIClient:
    """A client with a company's token."""
    _token, secret = tokens.issue(label=company.name, company=company.public_id, scope="write")
    return client(secret)


def client(secret: str = "") -> APIClient:
    """A client, with or without a token, that reads English."""
    made = APIClient(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE="en")
    if secret:
        made.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return made


def post(who: APIClient, path: str, body: Any = None, version: int | None = None, **headers: str) -> Any:
    """POST below /api/v1 with If-Match."""
    if version is not None:
        headers["HTTP_IF_MATCH"] = f'"{version}"'
    return who.post(f"{URL}/{path}", {} if body is None else body, format="json", **headers)


def entry(cvr: str | None = None, **order: Any) -> dict[str, Any]:
    """A body of the single entry: a new company in Hillerød."""
    block = factories.block(**order)
    contact = block.pop("contact")
    unit = {"street": "Prøvevej 1", "postal_code": "3400", "municipality": "0219"}
    return {
        "company": {"cvr": cvr or factories.cvr(), "name": "Prøve Transport ApS", "unit": unit},
        "order": block,
        "contact": contact,
    }


def shared_order(lead: Actor, **changes: Any) -> JobOrder:
    """An order of Hillerød, claimed by `lead`, verified and shared."""
    order = factories.order(**changes)
    order = steps.claim(order.public_id, lead, order.version)
    order = steps.verify_contact(order.public_id, lead, order.version, source="cvr_register")
    return steps.share(order.public_id, lead, order.version)


def offered(order: JobOrder, home: Actor, **profile: Any) -> Nomination:
    """An accepted nomination of one of home's own candidates."""
    assert home.municipality is not None
    person = factories.candidate(home.municipality, **profile)
    order.refresh_from_db()
    acceptance = {**ACCEPTED, "accepted_on": "2026-03-02"}
    done = nominations.offer(order.public_id, home, order.version, candidate=person.public_id, acceptance=acceptance)
    return done.nomination


def card_of(order: JobOrder, person: Candidate) -> str:
    """The id of the card under which the lead sees somebody on an order."""
    name_them(order, [person.pk])
    return str(order.pseudonyms.get(candidate=person).public_id)
