"""Bad input at every door: a clear problem in the caller's language, and not a row is written.

The text fields are read from the API's own description: a new field without a guard against CPR numbers fails.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories
from tests.api.doors import ELSEWHERE, NEEDS, World, alone, everything, names, operations, send, with_value
from tests.api.order_cases import client_of, entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
CPR = "010190-1234"
#: A CPR number in the dress that its field asks for.
DRESSED = {"email": f"{CPR}@firma.example", "apply_link": f"https://firma.example/{CPR}"}


@pytest.fixture
def ann(reference):
    """A consultant of Hillerød, as an actor."""
    return factories.consultant(name="Ann Prøve")


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


def test_what_is_wrong_is_named_in_the_callers_language_and_writes_nothing(ann, eva):
    world = World(ann, eva)
    for what, (make, pointer, code) in WRONG.items():
        who, address, body = make(world)
        before, found = everything(), {}
        for language in ("da", "en"):
            answer = send(who, "post", address, body, None, language)
            assert answer.status_code == 400, (what, answer.content)
            assert (answer["Content-Type"], answer["Content-Language"]) == ("application/problem+json", language)
            errors = answer.json()["errors"]
            assert [(one["pointer"], one["code"]) for one in errors] == [(pointer, code)], what
            found[language] = errors[0]["detail"]
        assert found["da"] != found["en"], what
        assert everything() == before, what


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
    # The other jobcentre is told who has the company, and answers 409 until it says that it has looked.
    "post campaigns/{campaign}/targets/{id}/contacts",
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
