"""Whoever is named in an answer stands in the access log, written in the read's own transaction; nobody else does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from candidates.models import AccessLog, Identity
from joborders.services import follow
from screening.services import run
from tests import factories
from tests.api.doors import NEEDS, World
from tests.api.order_cases import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
NAMES_ITS_PEOPLE = {"own candidate", "nomination at home", "nomination at the lead", "presented to the company"}
NAMES_ITS_PEOPLE |= {"nominations of one order", "what the company has", "follow link"}


@pytest.fixture
def ann(reference):
    """A consultant of Hillerød, as an actor."""
    return factories.consultant(name="Ann Prøve")


@pytest.fixture
def world(ann, eva):
    return World(ann, eva)


def reads(world: World, ann: Any) -> dict[str, tuple[Any, str, dict[str, str]]]:
    """Every address that could name a candidate: client, address, headers."""
    order, presented = world.order.public_id, f"nominations/{world.presented.public_id}"
    link = follow.find(world.secret)
    opened = follow.open_with(link, follow.new_code(link))
    screening = run(world.order.public_id, actor=ann, scope="own")
    return {
        "own candidate": (world.ann, f"candidates/{world.own.public_id}", {}),
        "own candidates": (world.ann, "candidates", {}),
        "orders that fit": (world.ann, f"candidates/{world.own.public_id}/matches", {}),
        "nomination at home": (world.eva, presented, {}),
        "nomination at the lead": (world.ann, presented, {}),
        "nomination that waits": (world.ann, f"nominations/{world.asked.public_id}", {}),
        "presented to the company": (world.firm, presented, {}),
        "nominations of one order": (world.ann, f"nominations?order={order}", {}),
        "nominations of all": (world.ann, "nominations", {}),
        "what the company has": (world.firm, f"nominations?order={order}", {}),
        "follow link": (world.anybody, f"intake/follow/{world.secret}", {"HTTP_X_FOLLOW_OPENED": opened}),
        "follow link that is shut": (world.anybody, f"intake/follow/{world.secret}", {}),
        "order": (world.ann, f"job-orders/{order}", {}),
        "orders taken home": (world.ann, "job-orders?format=csv", {}),
        "history": (world.ann, f"job-orders/{order}/history", {}),
        "queue": (world.ann, "queue", {}),
        "screening": (world.ann, f"screenings/{screening.public_id}/verdicts", {}),
        "calls": (world.ann, "intakes", {}),
        "somebody else's candidate": (world.eva, f"candidates/{world.own.public_id}", {}),
        "somebody else's nomination": (client_of(factories.consultant("0270")), presented, {}),
    }


def called(who: Any, method: str, address: str, *body: Any, **headers: str) -> tuple[set[Any], set[Any], int]:
    """Those named in the answer, those logged for it, and its status; nothing is left behind."""
    last = AccessLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with transaction.atomic():
        answer = getattr(who, method)(f"/api/v1/{address}", *body, format="json", **headers)
        text = (answer.getvalue() if answer.streaming else answer.content).decode()
        logged = set(AccessLog.objects.filter(pk__gt=last).values_list("candidate", flat=True))
        everybody = Identity.objects.values_list("candidate__public_id", "name")
        shown = {key for key, name in everybody if f'"{name}"' in text}
        transaction.set_rollback(True)
    return shown, logged, answer.status_code


def test_a_read_logs_exactly_those_whom_it_names(world, ann):
    found = set()
    for kind, (who, address, headers) in reads(world, ann).items():
        shown, logged, _status = called(who, "get", address, **headers)
        assert shown == logged, kind
        if shown:
            found.add(kind)
    assert found == NAMES_ITS_PEOPLE


def test_a_write_logs_exactly_those_whom_its_answer_names(world):
    for operation, (who, address, body, version) in world.calls().items():
        headers = {"HTTP_IDEMPOTENCY_KEY": "k"} | ({"HTTP_IF_MATCH": f'"{version}"'} if version is not None else {})
        shown, logged, _status = called(
            who, operation.split(" ", 1)[0], address, {**body, **NEEDS.get(operation, {})}, **headers
        )
        assert shown == logged, operation


def test_without_the_log_nobody_is_named(world, ann, monkeypatch):
    calls = reads(world, ann)

    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("candidates.access._log", fails)
    for kind in NAMES_ITS_PEOPLE:
        who, address, headers = calls[kind]
        shown, _logged, status = called(who, "get", address, **headers)
        assert (shown, status) == (set(), 500), kind
