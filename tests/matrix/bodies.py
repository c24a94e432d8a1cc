"""What is sent: bodies that would be taken if the caller might send them, about the target and with its ids."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests import factories
from tests.api.doors import COURSE
from tests.api.order_cases import ACCEPTED, HIRED, WHY
from tests.matrix.world import ABROAD, HOME, NEIGHBOUR, NEW, Target, canary

LEFT = {"reason": "other", "text": "Andet"}
CONTACT = {"name": "Ny Kontakt", "phone": "48 00 00 00"}
UNIT = {"street": "Prøvevej 1", "postal_code": "3400", "municipality": HOME, "name": "Lager"}
NOMINATION_STEPS: dict[str, dict[str, Any]] = {
    "accept": dict(ACCEPTED),
    "present": dict(WHY),
    "interview": {},
    "hire": dict(HIRED),
    "decline": LEFT,
    "withdraw": LEFT,
    "not-started": LEFT,
}


def id_of(thing: Any) -> str:
    """The public id, one that names nothing where there is nothing."""
    return str(thing.public_id if thing is not None else uuid4())


def version_of(address: str, target: Target) -> int:
    """The version of what a step of the API is about."""
    first = address.removeprefix("/api/v1/").split("/", 1)[0]
    by_place: dict[str, Any] = {
        "job-orders": target.order, "nominations": target.nomination, "candidates": target.candidate,
        "companies": target.company, "intakes": target.intake, "webhooks": target.webhook, "courses": target.course,
        "agreements": target.agreement, "intake": target.nomination if "/answer" in address else target.order,
    }  # fmt: skip
    return int(getattr(by_place.get(first), "version", 1) or 1)


def for_api(name: str, address: str, target: Target) -> Any:
    """The JSON body of a route. Routes without a line of their own get an empty one."""
    step = name.removeprefix("nominations-")
    if name.startswith("nominations-") and step in NOMINATION_STEPS:
        body = NOMINATION_STEPS[step]
        if address == f"/api/v1/nominations/{step}":
            version = target.nomination.version if target.nomination else 1
            return {"items": [{"id": id_of(target.nomination), "version": version, **body}]}
        return body
    return _by_route(target).get(name, {})


def _by_route(target: Target) -> dict[str, Any]:
    company, card = id_of(target.company), str(target.card or uuid4())
    offer = {"candidate": id_of(target.candidate), "acceptance": ACCEPTED}
    order = {"company": company, **factories.block(), "description": "Ny ordre"}
    return {
        "job-orders-list": order,
        "job-orders-detail": {"positions": 4},
        "job-orders-ask-reopen": {"reason": "Igen"},
        "job-orders-close": {"reason": "no_suitable_candidates"},
        "job-orders-hand-over": {"to": NEIGHBOUR, "reason": "Flyttet", "agreed_by": "Gro"},
        "job-orders-offers": offer,
        "job-orders-propose-change": {"text": "En til"},
        "job-orders-reassign": {"assignee": str(uuid4())},
        "job-orders-reopen": {"reason": "Igen"},
        "job-orders-respond": {"kind": "phone"},
        "job-orders-nominations": {"cards": [card]},
        "job-orders-supply-answers": {"count": 2, "by_date": "2026-03-10"},
        "job-orders-verify-contact": {"source": "website"},
        "job-order-screenings-list": {"scope": "region"},
        "candidates-list": {
            "external_reference": canary(NEW, "case"), "name": canary(NEW, "name"), "postal_code": "3400",
        },
        "candidates-detail": {"status": "in_course"},
        "companies-list": {"cvr": factories.cvr(), "name": "Ny", "unit": UNIT},
        "companies-detail": {"name": "Nyt navn"},
        "companies-hand-over": {"to": NEIGHBOUR, "reason": "Flyttet", "agreed_with": NEIGHBOUR},
        "company-contacts-list": CONTACT,
        "company-units-list": UNIT,
        "company-contact-log-list": {"kind": "phone", "about": "Ordre"},
        "agreements-list": {"company": company, "kind": "recruitment", "holder": "nrs", "valid_from": "2026-01-01"},
        "intakes-list": {"channel": "phone", "contact": CONTACT},
        "intakes-detail": {"text": "Nyt"},
        "intakes-submit": order,
        "intakes-merge": {"order": id_of(target.order)},
        "intake-follow-answer": {"answer": "interview"},
        "intake-follow-verify": {"code": "123456"},
        "intake-follow-change": {"text": "En til"},
        "webhooks-list": {"url": "https://receiver.example/", "patterns": ["#"], "municipality": ABROAD},
        "webhooks-detail": {"url": "https://receiver.example/", "patterns": ["#"]},
        "webhooks-replay": {"deliveries": [str(uuid4())]},
        "courses-list": {
            **COURSE, "starts_on": "2026-03-09", "ends_on": "2026-03-13",
            "seats": [{"municipality": HOME, "seats": 4}],
        },
    }  # fmt: skip


#: Fields of the pages' forms by the words of their addresses; several pages name the same field otherwise.
BY_PLACE: dict[str, dict[str, Any]] = {
    "respond": {"kind": "phone"},
    "close": {"reason": "no_suitable_candidates"},
    "verify_contact": {"source": "website"},
    "hand_over": {"to": NEIGHBOUR, "agreed_by": "Gro"},
    "hand-over": {"to": NEIGHBOUR, "agreed_with": NEIGHBOUR},
    "log": {"kind": "phone", "about": "Ordre"},
    "decline": {"reason": "experience"},
    "withdraw": {"reason": "found_work"},
    "not_started": {"reason": "no_show"},
    "list/licences": {"add": "B", "pick": "B"},
}


def for_page(address: str, target: Target) -> dict[str, Any]:
    """The form data of a page: all that the pages' forms ask for, in one."""
    version = _seen(address, target)
    chosen = f"{id_of(target.nomination)}.{target.nomination.version if target.nomination else 1}"
    data: dict[str, Any] = {
        "version": version, "n": chosen, "card": str(target.card or uuid4()), "cards": str(target.card or uuid4()),
        "nomination": id_of(target.nomination), "person": id_of(target.candidate), "candidate": id_of(target.candidate),
        "order": id_of(target.order), "company": id_of(target.company), "deliveries": str(uuid4()),
        "reason": "Fordi", "text": "En tekst", "note": "En note", "positions": 4, "title": "Ny titel",
        "description": "Ny tekst", "name": "Nyt Navn", "phone": "48 00 00 00", "email": "ny@firma.example",
        "contact_name": "Ny Kontakt", "contact_phone": "48 00 00 00", "external_reference": "SAG-NY",
        "contact_way": "phone", "status": "in_course", "postal_code": "3400", "municipality": HOME,
        "street": "Prøvevej 1", "cv_text": "Nyt CV", "confirmed_on": "2026-03-02", "count": 2,
        "by_date": "2026-03-10", "starts_on": "2026-03-16", "weekly_hours": 37, "terms": "ordinary",
        "accepted_on": "2026-03-02", "channel": "phone", "talk_can_do": "on", "talk_wants_to": "on",
        "cv_checked": "on", "step": "accept", "answer": "interview", "code": "123456", "source": "website",
        "happened_at": "2026-03-02T08:00", "agreed_on": "2026-03-02", "type": "ordinary", "employment": "permanent",
        "grace_days": 14, "apply_how": "nrs", "url": "https://receiver.example/", "patterns": "#", "scope": "region",
        "licences": "B", "cvr": factories.cvr(),
    }  # fmt: skip
    for word, more in BY_PLACE.items():
        if word in address:
            data |= more
    return data


def _seen(address: str, target: Target) -> int:
    """The version of what a page is about."""
    first = address.strip("/").split("/", 1)[0]
    thing: Any = {
        "candidates": target.nomination if "/nominations/" in address else target.candidate,
        "companies": target.company, "intakes": target.intake, "webhooks": target.webhook,
        "follow": target.nomination if "/answer/" in address else target.order,
    }.get(first, target.order)  # fmt: skip
    return int(getattr(thing, "version", 1) or 1)
