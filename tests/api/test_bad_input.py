"""Bad input at every door: a clear problem in the caller's language, and not a row is written.

The text fields are read from the API's own description: a new field without a guard against CPR numbers fails.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from django.apps import apps
from django.db import transaction

from candidates.models import AccessLog
from joborders.services import follow, intakes, nominations, steps
from tests import factories
from tests.api.order_cases import ACCEPTED, client, client_of, client_of_company, entry, offered, shared_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
CPR = "010190-1234"
SCHEMA = Path(__file__).parents[2] / "api" / "openapi.yaml"
HOUSE = ("companies", "candidates", "joborders", "screening", "campaigns", "notifications", "events", "api")
DANISH = {"kind": "language", "code": "da", "is_must": True, "oral": "B1", "written": "B1"}
#: A CPR number in the dress that its field asks for.
DRESSED = {"email": f"{CPR}@firma.example", "apply_link": f"https://firma.example/{CPR}"}
#: Shapes that are no text: a CPR number in them is no code, date or address, and refused as such.
NOT_TEXT = ("uuid", "date", "date-time", "binary")


@pytest.fixture
def ann(reference):
    """A consultant of Hillerød, as an actor."""
    return factories.consultant(name="Ann Prøve")


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
            setattr(self, name, nominations.present(nomination.public_id, ann, nomination.version).nomination)
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

    def _version(self) -> int:
        self.order.refresh_from_db()
        return self.order.version

    def calls(self) -> dict[str, tuple[Any, str, dict[str, Any], int | None]]:
        """Operation → client, address, a body that is good, version."""
        contact = {"name": "Kirsten Prøve", "phone": "48 00 00 00", "email": ""}
        whole = {**factories.block(contact=contact), "requirements": [dict(DANISH)]}
        handed_in = entry(requirements=[dict(DANISH)])
        change = {"contact": contact, "requirements": [dict(DANISH)]}
        unit = {"street": "Prøvevej 1", "postal_code": "3400", "municipality": "0219"}
        proposal = {"text": "To", "changes": change}
        link, order = f"intake/follow/{self.secret}", f"job-orders/{self.order.public_id}"
        ended, company = f"job-orders/{self.ended.public_id}", f"companies/{self.company.public_id}"
        call, held = f"intakes/{self.call.public_id}", self.order.version
        profile = {"external_reference": "SAG-1", "name": "Prøve Person", "postal_code": "3400"}
        firm = {"company": str(self.company.public_id)}

        def on(nomination: Any, step: str, **body: Any) -> tuple[str, dict[str, Any], int]:
            return f"nominations/{nomination.public_id}/{step}", body, nomination.version

        def several(nomination: Any, step: str, **body: Any) -> tuple[str, dict[str, Any], None]:
            item = {"id": str(nomination.public_id), "version": nomination.version, **body}
            return f"nominations/{step}", {"items": [item]}, None

        left = {"reason": "other", "text": "Andet"}
        agreement = {**firm, "kind": "recruitment", "holder": "nrs", "valid_from": "2026-01-01"}
        given_over = {"to": "0270", "reason": "Flyttet", "agreed_with": "0270", "agreed_on": "2026-03-02"}
        offer = {"candidate": str(self.own.public_id), "acceptance": ACCEPTED}
        return {
            "post agreements": (self.ann, "agreements", agreement, None),
            "post candidates": (self.ann, "candidates", profile, None),
            "patch candidates/{id}": (self.ann, f"candidates/{self.own.public_id}", {}, self.own.version),
            "post companies": (self.ann, "companies", {"cvr": factories.cvr(), "name": "Ny", "unit": unit}, None),
            "patch companies/{id}": (self.ann, company, {}, self.company.version),
            "post companies/{id}/hand-over": (self.ann, f"{company}/hand-over", given_over, self.company.version),
            "post companies/{company}/contact-log": (
                self.ann, f"{company}/contact-log", {"kind": "phone", "about": "Ordre"}, None,
            ),
            "post companies/{company}/contacts": (self.ann, f"{company}/contacts", contact, None),
            "post companies/{company}/units": (self.ann, f"{company}/units", {**unit, "name": "Lager"}, None),
            "post intake/job-orders": (self.anybody, "intake/job-orders", handed_in, None),
            "post intake/follow/{secret}/call-me": (self.anybody, f"{link}/call-me", {}, None),
            "post intake/follow/{secret}/change": (self.anybody, f"{link}/change", proposal, held),
            "post intake/follow/{secret}/pause": (self.anybody, f"{link}/pause", {}, held),
            "post intake/follow/{secret}/withdraw": (self.anybody, f"{link}/withdraw", {}, held),
            "post intake/follow/{secret}/verify": (self.anybody, f"{link}/verify", {"code": "123456"}, None),
            "post intakes": (self.ann, "intakes", {"channel": "phone", "contact": contact}, None),
            "patch intakes/{id}": (self.ann, call, {}, 1),
            "post intakes/{id}/enquiry": (self.ann, f"{call}/enquiry", {}, 1),
            "post intakes/{id}/submit": (self.ann, f"{call}/submit", {**firm, **whole}, 1),
            "post job-orders": (self.ann, "job-orders", {**firm, **whole}, None),
            "patch job-orders/{id}": (self.ann, order, change, held),
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
                self.firm, f"{order}/propose-change", proposal, held,
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


# --- the promises ---------------------------------------------------------------------------------------------------


def test_a_cpr_number_is_refused_in_every_text_field_and_writes_nothing(ann, eva):
    world = World(ann, eva)
    calls, fields = world.calls(), operations()
    assert set(calls) | set(ELSEWHERE) == set(fields)
    before, wrong = everything(), []
    for operation, (who, address, body, version) in calls.items():
        method = operation.split(" ", 1)[0]
        for path in sorted(fields[operation]):
            value = DRESSED.get(path[-1], CPR)
            answer = send(who, method, address, with_value(alone(body, path), path, value), version)
            if not names(answer, path) or CPR in answer.content.decode():
                wrong.append(f"{operation} {path}: {answer.status_code} {answer.content.decode()[:300]}")
    assert not wrong, "\n".join(wrong)
    assert everything() == before


def order_with(world: World, **changes: Any) -> tuple[Any, str, dict[str, Any]]:
    """The body of a consultant's order, changed."""
    who, address, body, _version = world.calls()["post job-orders"]
    return who, address, {**body, **changes}


def handed_in(world: World, where: str, **changes: Any) -> tuple[Any, str, dict[str, Any]]:
    """The body of the public entry, one of its blocks changed."""
    body = entry()
    return world.anybody, "intake/job-orders", {**body, where: {**body[where], **changes}}


def place(p_number: str) -> dict[str, str]:
    """A unit's block."""
    return {"p_number": p_number, "street": "Prøvevej 1", "postal_code": "3400", "municipality": "0219"}


LICENCE = {"kind": "licence", "code": "ZZ", "is_must": True}
SKILL = {"kind": "skill", "code": "00000000-0000-4000-8000-000000000000", "is_must": True}
#: What is wrong → the call, the field named and the code.
WRONG: dict[str, tuple[Any, str, str]] = {
    "a CVR number with a wrong check digit": (
        lambda w: handed_in(w, "company", cvr="90000001"), "/company/cvr", "cvr_invalid",
    ),
    "the same in the register": (
        lambda w: (w.ann, "companies", {"cvr": "90000001", "name": "X"}), "/cvr", "cvr_invalid",
    ),
    "the same of a call": (
        lambda w: (w.ann, "intakes", {**w.calls()["post intakes"][2], "cvr": "90000001"}), "/cvr", "cvr_invalid",
    ),
    "a P-number of another company": (
        lambda w: handed_in(w, "company", unit=place(w.company.units.get().p_number)),
        "/company/unit/p_number", "p_number_of_another",
    ),
    "the same of a unit": (
        lambda w: (
            w.ann, f"companies/{factories.company().public_id}/units", place(w.company.units.get().p_number),
        ),
        "/p_number", "p_number_of_another",
    ),
    "the same on an order": (
        lambda w: order_with(w, p_number=factories.company().units.get().p_number), "/p_number", "p_number_of_another",
    ),
    "an unknown occupation": (lambda w: order_with(w, occupation="9999"), "/occupation", "unknown_code"),
    "an unknown licence": (
        lambda w: order_with(w, requirements=[LICENCE]), "/requirements/0/code", "unknown_code",
    ),
    "an unknown skill": (lambda w: order_with(w, requirements=[SKILL]), "/requirements/0/code", "unknown_code"),
    "an unknown shift": (lambda w: order_with(w, shifts=["noon"]), "/shifts", "unknown_code"),
    "an unknown employment": (lambda w: order_with(w, employment="barter"), "/employment", "unknown_code"),
    "an unknown municipality": (
        lambda w: order_with(w, workplace={"street": "Vej 1", "municipality": "9999"}),
        "/workplace/municipality", "unknown_code",
    ),
    "a start date in the past": (lambda w: order_with(w, starts_on="2026-03-01"), "/starts_on", "in_the_past"),
    "the same at the entry": (
        lambda w: handed_in(w, "order", starts_on="2026-03-01"), "/order/starts_on", "in_the_past",
    ),
    "no positions": (lambda w: order_with(w, positions=0), "/positions", "out_of_range"),
    "10,000 positions": (lambda w: handed_in(w, "order", positions=10_000), "/order/positions", "out_of_range"),
    "a control character": (
        lambda w: handed_in(w, "order", title="Chauf\x07før"), "/order/title", "control_characters",
    ),
    "an unknown field": (lambda w: order_with(w, surprise=1), "/surprise", "unknown_field"),
    "the same within": (
        lambda w: handed_in(w, "contact", shoe_size=43), "/contact/shoe_size", "unknown_field",
    ),
    "two contacts": (
        lambda w: handed_in(w, "order", contact={"name": "En anden", "phone": "48 00 00 01"}),
        "/order/contact", "given_twice",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "pointer", "code"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_in_the_callers_language_and_writes_nothing(ann, eva, make, pointer, code):
    who, address, body = make(World(ann, eva))
    before, found = everything(), {}
    for language in ("da", "en"):
        answer = send(who, "post", address, body, None, language)
        assert answer.status_code == 400, answer.content
        assert (answer["Content-Type"], answer["Content-Language"]) == ("application/problem+json", language)
        [found[language]] = [one["detail"] for one in answer.json()["errors"] if one["pointer"] == pointer]
        assert [one["code"] for one in answer.json()["errors"]] == [code]
    assert found["da"] != found["en"]
    assert everything() == before


def test_five_megabytes_are_refused_at_every_door(ann, eva):
    world = World(ann, eva)
    before, huge = everything(), "x" * (5 * 1024 * 1024)
    for operation in ("post intake/job-orders", "post job-orders", "post intakes", "patch job-orders/{id}"):
        who, address, body, version = world.calls()[operation]
        answer = send(who, operation.split(" ", 1)[0], address, {**body, "text": huge}, version)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large"), operation
    assert everything() == before


def test_a_stale_version_is_refused_by_every_versioned_step(ann, eva):
    world = World(ann, eva)
    before, calls = everything(), world.calls()
    for operation, (who, address, body, version) in calls.items():
        if version is None:
            continue
        method = operation.split(" ", 1)[0]
        answer = send(who, method, address, {**body, **NEEDS.get(operation, {})}, version + 7)
        assert (answer.status_code, answer.json()["code"]) == (412, "stale"), (operation, answer.content)
        assert answer["ETag"] == f'"{version}"'
        assert send(who, method, address, body, None).status_code == 428, operation
    assert everything() == before


#: The order is shared, so that they are asked; and whoever speaks with a company writes it into its log.
OPEN_TO_THE_OTHER_EIGHT = {
    "post job-orders/{id}/supply-answers",
    "post job-orders/{id}/offers",
    "post companies/{company}/contact-log",
}


def test_a_token_of_another_municipality_takes_no_step(ann, eva):
    world = World(ann, eva)
    before, gro = everything(), client_of(factories.consultant("0270"))
    for operation, (who, address, body, version) in world.calls().items():
        if "{" not in operation or who not in (world.ann, world.eva):
            continue
        if operation in OPEN_TO_THE_OTHER_EIGHT:
            continue
        answer = send(gro, operation.split(" ", 1)[0], address, {**body, **NEEDS.get(operation, {})}, version)
        assert answer.status_code in (403, 404), (operation, answer.content)
        assert answer["Content-Type"] == "application/problem+json"
    assert everything() == before


def test_every_call_of_the_table_would_succeed_if_it_were_not_bad(ann, eva):
    world = World(ann, eva)
    for operation, (who, address, body, version) in world.calls().items():
        if operation != "post intake/follow/{secret}/verify":
            fitting = {**body, **NEEDS.get(operation, {})}
            answer = send(who, operation.split(" ", 1)[0], address, fitting, version)
            assert answer.status_code < 400, (operation, answer.content)
