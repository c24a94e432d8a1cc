"""Every door of the API that takes text, with a call that would succeed; and what a call leaves behind."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from django.apps import apps
from django.db import transaction

from candidates.models import AccessLog
from events import clock
from events.models import Webhook
from joborders.services import follow, intakes, nominations, steps
from screening import courses
from screening.services import name_them
from tests import factories
from tests.api.order_cases import ACCEPTED, WHY, client, client_of, client_of_company, entry, offered, shared_order
from tests.campaigns import outreach

SCHEMA = Path(__file__).parents[2] / "api" / "openapi.yaml"
HOUSE = ("companies", "candidates", "joborders", "screening", "campaigns", "notifications", "events", "api")
DANISH = {"kind": "language", "code": "da", "is_must": True, "oral": "B1", "written": "B1"}
CONTACT = {"name": "Kirsten Prøve", "phone": "48 00 00 00", "email": ""}
CHANGE = {"contact": CONTACT, "requirements": [DANISH]}
PROPOSAL = {"text": "To", "changes": CHANGE}
UNIT = {"street": "Prøvevej 1", "postal_code": "3400", "municipality": "0219"}
#: Shapes that are no text: a CPR number in them is no code, date or address, and refused as such.
NOT_TEXT = ("uuid", "date", "date-time", "binary")
#: Operation → client, address, body, version.
Calls = dict[str, tuple[Any, str, dict[str, Any], int | None]]


# --- what the API takes ---------------------------------------------------------------------------------------------


@cache
def document() -> dict[str, Any]:
    return yaml.load(SCHEMA.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return resolved(schema["allOf"][0]) if len(schema.get("allOf", ())) == 1 else schema


def texts(schema: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Paths of the fields that take text."""
    schema = resolved(schema)
    for one in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from texts(one, path)
    kinds = schema.get("type")
    if "properties" in schema:
        for name, inner in schema["properties"].items():
            yield from texts(inner, (*path, name))
    elif "items" in schema:
        yield from texts(schema["items"], (*path, "0"))
    elif "enum" in schema or schema.get("format") in NOT_TEXT:
        return
    elif "string" in (kinds if isinstance(kinds, list) else [kinds]):
        yield path


def operations() -> dict[str, set[tuple[str, ...]]]:
    """`post /job-orders/{id}/close` → the paths of its text fields, for every JSON body with any."""
    found = {}
    for address, methods in document()["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body and (paths := set(texts(body["schema"]))):
                found[f"{method} {address.removeprefix('/api/v1/')}"] = paths
    return found


# --- a world in which every call would succeed ----------------------------------------------------------------------


COURSE: dict[str, Any] = {
    "title": "ADR-kursus",
    "provider": "Uddannelsesforum",
    "starts_on": date(2026, 3, 9),
    "ends_on": date(2026, 3, 13),
    "certificates": ["adr"],
    "seats": [{"municipality": "0219", "seats": 4}],
}


class World:
    """One of everything, and who may change it."""

    def __init__(self, ann: Any, eva: Any) -> None:
        company = factories.company()
        self.company, self.order = company, shared_order(ann, of=company)
        self.ended = steps.close(factories.order(of=company).public_id, ann, 1, reason="duplicate")
        self.paused = steps.pause(factories.order(of=company).public_id, ann, 1)
        self.fresh = factories.order(of=company)
        self.local = steps.claim(factories.order(of=company).public_id, ann, 1)
        self.own = factories.candidate("0219")
        self.accepted, self.presented = (offered(self.order, eva) for _turn in range(2))
        self.hired = offered(self.order, eva)
        for name in ("presented", "hired"):
            nomination = getattr(self, name)
            setattr(self, name, nominations.present(nomination.public_id, ann, nomination.version, **WHY).nomination)
        terms = {"starts_on": "2026-03-16", "weekly_hours": 37, "terms": "ordinary"}
        self.hired = nominations.hire(self.hired.public_id, ann, self.hired.version, **terms).nomination
        person = factories.candidate("0217")
        [asked] = nominations.request(self.order.public_id, ann, self._version(), candidates=[person.public_id])
        self.asked = asked.nomination
        self.call = intakes.draft(ann, channel="phone", contact={"name": "Kirsten Prøve", "phone": "48 00 00 00"})
        self.secret = follow.create(self.order)
        self.order.refresh_from_db()
        self.ann, self.eva, self.bo = client_of(ann), client_of(eva), factories.consultant("0219")
        self.firm, self.anybody = client_of_company(company), client()
        self.admin = client_of(factories.member("admin", "0219"))
        self.webhook = Webhook.objects.create(
            municipality="0219", url="https://receiver.example/", patterns=["#"], created_at=clock.now()
        )
        self.course = courses.plan(ann, dict(COURSE))
        coordinator = factories.coordinator()
        self.kim = client_of(coordinator)
        outreach.firm()
        self.campaign, self.drawn_up = outreach.frozen(coordinator), outreach.drawn_up(coordinator)
        self.target = self.campaign.targets.get()
        self.target_order = factories.order(of=self.target.company)
        self.card = self._card(factories.candidate("0217"))
        self.firms_id = {"company": str(company.public_id)}
        self.whole = {**self.firms_id, **factories.block(contact=CONTACT), "requirements": [dict(DANISH)]}

    def _version(self) -> int:
        self.order.refresh_from_db()
        return self.order.version

    def _card(self, person: Any) -> Any:
        name_them(self.order, [person.pk])
        return self.order.pseudonyms.get(candidate=person).public_id

    def calls(self) -> Calls:
        """Operation → client, address, a body that is good, version."""
        return (
            self._registers()
            | self._calls_and_entry()
            | self._orders()
            | self._nominations()
            | self._beside()
            | self._goals()
            | self._outreach()
        )

    def _registers(self) -> Calls:
        company = f"companies/{self.company.public_id}"
        profile = {"external_reference": "SAG-1", "name": "Prøve Person", "postal_code": "3400"}
        agreement = {**self.firms_id, "kind": "recruitment", "holder": "nrs", "valid_from": "2026-01-01"}
        given_over = {"to": "0270", "reason": "Flyttet", "agreed_with": "0270", "agreed_on": "2026-03-02"}
        return {
            "post agreements": (self.ann, "agreements", agreement, None),
            "post candidates": (self.ann, "candidates", profile, None),
            "patch candidates/{id}": (self.ann, f"candidates/{self.own.public_id}", {}, self.own.version),
            "post companies": (self.ann, "companies", {"cvr": factories.cvr(), "name": "Ny", "unit": UNIT}, None),
            "patch companies/{id}": (self.ann, company, {}, self.company.version),
            "post companies/{id}/hand-over": (self.ann, f"{company}/hand-over", given_over, self.company.version),
            "post companies/{company}/contact-log": (
                self.ann, f"{company}/contact-log", {"kind": "phone", "about": "Ordre"}, None,
            ),
            "post companies/{company}/contacts": (self.ann, f"{company}/contacts", dict(CONTACT), None),
            "post companies/{company}/units": (self.ann, f"{company}/units", {**UNIT, "name": "Lager"}, None),
        }  # fmt: skip

    def _goals(self) -> Calls:
        goal = {
            "name": "Mål",
            "measure": "partnerships",
            "value": 10,
            "valid_from": "2026-01-01",
            "valid_to": "2026-12-31",
        }
        return {"post goals": (client_of(factories.coordinator()), "goals", goal, None)}

    def _beside(self) -> Calls:
        webhook = {"url": "https://receiver.example/", "patterns": ["#"], "municipality": "0219"}
        return {
            "post courses": (self.ann, "courses", {**COURSE, "starts_on": "2026-03-09", "ends_on": "2026-03-13"}, None),
            "patch courses/{id}": (self.ann, f"courses/{self.course.public_id}", {}, self.course.version),
            "post webhooks": (self.admin, "webhooks", webhook, None),
            "patch webhooks/{id}": (self.admin, f"webhooks/{self.webhook.public_id}", {}, self.webhook.version),
        }

    def _outreach(self) -> Calls:
        focus = {"name": "Bygge", "divisions": "41", "valid_from": "2026-01-01", "decided_by": "Styregruppen"}
        campaign = {"name": "Byggeri", "divisions": "41", "ends_on": "2026-06-30"}
        target = f"campaigns/{self.campaign.public_id}/targets/{self.target.public_id}"
        order = {"order": str(self.target_order.public_id), "reason": "Hører til"}
        return {
            "post focus-industries": (self.kim, "focus-industries", focus, None),
            "post campaigns": (self.kim, "campaigns", campaign, None),
            "patch campaigns/{id}": (self.kim, f"campaigns/{self.drawn_up.public_id}", {}, 1),
            "post campaigns/{campaign}/targets/{id}/contacts": (
                self.ann, f"{target}/contacts", {"outcome": "talked"}, None,
            ),
            "post campaigns/{campaign}/targets/{id}/move": (self.ann, f"{target}/move", {"to": "0270"}, None),
            "post campaigns/{campaign}/targets/{id}/orders": (self.ann, f"{target}/orders", order, None),
        }  # fmt: skip

    def _calls_and_entry(self) -> Calls:
        link, call, held = f"intake/follow/{self.secret}", f"intakes/{self.call.public_id}", self.order.version
        handed_in = entry(requirements=[dict(DANISH)])
        return {
            "post intake/job-orders": (self.anybody, "intake/job-orders", handed_in, None),
            "post intake/follow/{secret}/call-me": (self.anybody, f"{link}/call-me", {}, None),
            "post intake/follow/{secret}/change": (self.anybody, f"{link}/change", PROPOSAL, held),
            "post intake/follow/{secret}/pause": (self.anybody, f"{link}/pause", {}, held),
            "post intake/follow/{secret}/withdraw": (self.anybody, f"{link}/withdraw", {}, held),
            "post intake/follow/{secret}/verify": (self.anybody, f"{link}/verify", {"code": "123456"}, None),
            "post intakes": (self.ann, "intakes", {"channel": "phone", "contact": CONTACT}, None),
            "patch intakes/{id}": (self.ann, call, {}, 1),
            "post intakes/{id}/enquiry": (self.ann, f"{call}/enquiry", {}, 1),
            "post intakes/{id}/move": (self.ann, f"{call}/move", {"to": "0217"}, 1),
            "post intakes/{id}/submit": (self.ann, f"{call}/submit", self.whole, 1),
        }  # fmt: skip

    def _orders(self) -> Calls:
        order, ended, held = (
            f"job-orders/{self.order.public_id}",
            f"job-orders/{self.ended.public_id}",
            self.order.version,
        )
        offer = {"candidate": str(self.own.public_id), "acceptance": ACCEPTED}
        return {
            "post job-orders": (self.ann, "job-orders", self.whole, None),
            "patch job-orders/{id}": (self.ann, order, CHANGE, held),
            "post job-orders/{id}/ask-reopen": (self.firm, f"{ended}/ask-reopen", {}, self.ended.version),
            "post job-orders/{id}/reopen": (self.ann, f"{ended}/reopen", {}, self.ended.version),
            "post job-orders/{id}/call-me": (self.firm, f"{order}/call-me", {}, None),
            "post job-orders/{id}/close": (self.ann, f"{order}/close", {"reason": "other"}, held),
            "post job-orders/{id}/hand-over": (
                self.ann, f"{order}/hand-over", {"to": "0270", "reason": "Flyttet", "agreed_by": "Gro"}, held,
            ),
            "post job-orders/{id}/offers": (self.ann, f"{order}/offers", offer, held),
            "post job-orders/{id}/pause": (self.ann, f"{order}/pause", {}, held),
            "post job-orders/{id}/propose-change": (
                self.firm, f"{order}/propose-change", PROPOSAL, held,
            ),
            "post job-orders/{id}/reassign": (
                self.ann, f"{order}/reassign", {"assignee": str(self.bo.public_id)}, held,
            ),
            "post job-orders/{id}/respond": (self.ann, f"{order}/respond", {"kind": "phone"}, held),
            "post job-orders/{id}/resume": (
                self.ann, f"job-orders/{self.paused.public_id}/resume", {}, self.paused.version,
            ),
            "post job-orders/{id}/share": (
                self.ann, f"job-orders/{self.local.public_id}/share", {}, self.local.version,
            ),
            "post job-orders/{id}/supply-answers": (
                self.eva, f"{order}/supply-answers", {"count": 4, "by_date": "2026-03-10"}, held,
            ),
        }  # fmt: skip

    def _nominations(self) -> Calls:
        left = {"reason": "other", "text": "Andet"}

        def on(nomination: Any, step: str, **body: Any) -> tuple[str, dict[str, Any], int]:
            return f"nominations/{nomination.public_id}/{step}", body, nomination.version

        def several(nomination: Any, step: str, **body: Any) -> tuple[str, dict[str, Any], None]:
            item = {"id": str(nomination.public_id), "version": nomination.version, **body}
            return f"nominations/{step}", {"items": [item]}, None

        return {
            "post job-orders/{id}/nominations": (
                self.ann, f"job-orders/{self.order.public_id}/nominations", {"cards": [str(self.card)]},
                self.order.version,
            ),
            "post nominations/{id}/present": (self.ann, *on(self.accepted, "present", **WHY)),
            "post nominations/present": (self.ann, *several(self.accepted, "present", **WHY)),
            "post nominations/{id}/accept": (self.eva, *on(self.asked, "accept", **ACCEPTED)),
            "post nominations/{id}/decline": (self.ann, *on(self.presented, "decline", **left)),
            "post nominations/{id}/not-started": (self.ann, *on(self.hired, "not-started", **left)),
            "post nominations/{id}/withdraw": (self.eva, *on(self.accepted, "withdraw", **left)),
            "post nominations/accept": (self.eva, *several(self.asked, "accept", **ACCEPTED)),
            "post nominations/decline": (self.ann, *several(self.presented, "decline", **left)),
            "post nominations/not-started": (self.ann, *several(self.hired, "not-started", **left)),
            "post nominations/withdraw": (self.eva, *several(self.accepted, "withdraw", **left)),
        }  # fmt: skip


#: Text that a step cannot do without, left out above so that it is given bad.
NEEDS = {
    "post job-orders/{id}/ask-reopen": {"reason": "Igen"},
    "post job-orders/{id}/reopen": {"reason": "Igen"},
    "post job-orders/{id}/close": {"text": "Andet"},
}
#: Doors that need a state of their own; the services behind them are those of the consultant's doors.
ELSEWHERE = {
    "patch agreements/{id}": "the fields of post agreements; the period is fixed once it is signed",
    "post intake/follow/{secret}/resume": "of a paused order: post job-orders/{id}/resume",
    "post intake/follow/{secret}/nominations/{id}/answer": "by an opened link: …/decline",
}


def send(who: Any, method: str, address: str, body: Any, version: int | None, language: str = "en") -> Any:
    headers = {"HTTP_ACCEPT_LANGUAGE": language, "HTTP_IDEMPOTENCY_KEY": str(uuid4())}
    if version is not None:
        headers["HTTP_IF_MATCH"] = f'"{version}"'
    with transaction.atomic():  # what slips through must not stand in the way of the next call
        answer = getattr(who, method)(f"/api/v1/{address}", body, format="json", **headers)
        transaction.set_rollback(answer.status_code < 400)
    return answer


def alone(body: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The body without the contact beside the order block, where the one in the block is meant."""
    return {name: value for name, value in body.items() if name != "contact" or path[:2] != ("order", "contact")}


def with_value(body: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The body with the value at the path."""
    made: Any = copy.deepcopy(body)
    place = made
    for step, after in zip(path, (*path[1:], None), strict=True):
        key: Any = int(step) if step.isdigit() else step
        if after is None:
            if isinstance(place, list) and not place:
                place.append(None)
            place[key] = value
            break
        empty: Any = [] if after.isdigit() else {}
        if isinstance(place, list):
            if not place:
                place.append(empty)
        elif not place.get(key):
            place[key] = empty
        place = place[key]
    return made


def everything() -> dict[str, list[Any]]:
    """Every row of the house, but for the log of who read what."""
    models = [model for app in HOUSE for model in apps.get_app_config(app).get_models() if model is not AccessLog]
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


def names(answer: Any, path: tuple[str, ...]) -> bool:
    """Whether it is a problem that points at the field, or at what holds it."""
    if answer.status_code != 400 or answer["Content-Type"] != "application/problem+json":
        return False
    places = {"/" + "/".join(path[:length]) for length in range(1, len(path) + 1)}
    return any(error["pointer"] in places for error in answer.json()["errors"])
