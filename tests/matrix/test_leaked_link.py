"""Somebody else has the follow link, even with its code: they see that one order, at whatever door they try it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from joborders.models import JobOrder, Nomination
from tests.matrix.callers import Caller
from tests.matrix.doors import Door, every_door
from tests.matrix.running import Matrix
from tests.matrix.world import NOTHING, WORDS, Target

pytestmark = pytest.mark.django_db
LEAKED = "presented"
#: Another order of the same company, one of another company, and one that there is not.
OTHERS = ("own", "foreign", "nothing")
#: The open job list is public: this order stands in it for everybody.
PUBLIC = "asked"


def doors(target: Target) -> Iterator[tuple[Door, str]]:
    """Every address with every method, about that target."""
    for door in every_door():
        for address in door.addresses(target):
            yield door, address


def words_of(answer: Any) -> str:
    """All that came back: head and body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{list(answer.headers.items())} {body.decode(errors='replace')}"


def asked(client: Client, door: Door, address: str) -> Any:
    """The answer to a call with an empty body."""
    if door.method == "get":
        return client.get(address)
    return client.generic(door.method.upper(), address, b"{}", content_type="application/json")


def state() -> list[Any]:
    """Everything that a company's step changes, of all orders but the leaked one."""
    orders = JobOrder.objects.exclude(title__contains=f"-{LEAKED}-").order_by("pk")
    cards = Nomination.objects.exclude(order__title__contains=f"-{LEAKED}-").order_by("pk")
    return [*orders.values_list("pk", "version", "state"), *cards.values_list("pk", "version", "state")]


def tried(caller: Caller, target: Target) -> Counter[str]:
    """Call at every door; how many answers named which relation's texts."""
    named: Counter[str] = Counter()
    for door, address in doors(target):
        answer = asked(caller.client(), door, address)
        words = words_of(answer)
        named["answers"] += 1
        named["errors"] += answer.status_code >= 500
        named.update({relation for _code, relation, _field in WORDS.findall(words) if relation != PUBLIC})
        if target.order is not None and target.order.number not in address:
            named["numbers"] += len(re.findall(re.escape(target.order.number), words))
    return named


@pytest.mark.parametrize("other", OTHERS)
def test_a_leaked_link_and_its_code_show_one_order_and_no_more(matrix: Matrix, other: str) -> None:
    leaked, before = matrix.world.targets[LEAKED], state()
    target = replace(matrix.world.targets.get(other, NOTHING), secret=leaked.secret)
    with transaction.atomic():
        named = tried(matrix.callers["link_opened"], target)
        assert named["answers"] > 300 and not named["errors"]
        assert {word for word in named if word not in {"answers", "errors"} and named[word]} <= {LEAKED}, named
        assert state() == before
        transaction.set_rollback(True)


def test_the_same_doors_do_show_the_order_that_the_link_is_of(matrix: Matrix) -> None:
    mine = matrix.world.targets[LEAKED]
    found = [(door, address) for door, address in doors(mine) if door.subject == "follow" and door.method == "get"]
    shown = [words_of(matrix.callers["link_opened"].client().get(address)) for _door, address in found]
    assert any(f"-{LEAKED}-" in words for words in shown)
