"""A list whose statement is remembered shows what its QuerySet would show, to each caller their own."""

from __future__ import annotations

from typing import Any

import pytest

from api import remembered as module
from api.remembered import remembered
from joborders.models import JobOrder
from municipalities.actor import Actor
from tests import factories


@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered from other tests."""
    monkeypatch.setattr(module, "_kept", {})


SOURCES = ("public_id", "received_at", "lead_id", "company__name")


def orders(actor: Actor) -> Any:
    return JobOrder.objects.visible_to(actor).overdue_first()


def rows(actor: Actor) -> Any:
    return orders(actor).values_list(*SOURCES)


def found_by(actor: Actor) -> Any:
    return remembered(("orders", actor.municipality), lambda: orders(actor), SOURCES)


def shown(actor: Actor) -> tuple[int, list[Any]]:
    found = found_by(actor)
    return found.count(), list(found.values_list(*SOURCES)[0:50])


def test_it_shows_what_the_query_would_show_also_when_rows_are_new(ann: Actor, monday: Any) -> None:
    for _ in range(3):
        factories.order()
        assert shown(ann) == (rows(ann).count(), list(rows(ann)))


def test_everybody_gets_their_own_scope(ann: Actor, eva: Actor, monday: Any) -> None:
    factories.order()
    assert shown(ann)[0] == 1
    assert shown(eva)[0] == rows(eva).count()
    assert shown(ann)[0] == 1


def test_a_page_is_a_part_of_it(ann: Actor, monday: Any) -> None:
    for _ in range(3):
        factories.order()
    assert list(found_by(ann).values_list(*SOURCES)[1:2]) == list(rows(ann)[1:2])


def test_any_text_may_stand_in_the_filter(ann: Actor, monday: Any) -> None:
    odd = "100 % %s 'svejser' \\ \""
    factories.order(title=odd)
    factories.order()
    found = remembered("odd", lambda: orders(ann).filter(title=odd), ("title",))
    assert (found.count(), list(found.values_list("title")[0:50])) == (1, [(odd,)])


def test_only_the_rows_need_the_joins_not_their_count(ann: Actor, monday: Any, django_assert_num_queries: Any) -> None:
    factories.order()
    with django_assert_num_queries(2) as captured:
        shown(ann)
    counting, reading = (query["sql"] for query in captured.captured_queries)
    assert "companies_company" in reading and "companies_company" not in counting


def test_a_scope_that_is_empty_stays_empty(cas: Actor, monday: Any) -> None:
    factories.order()
    assert shown(cas) == (0, [])
    assert shown(cas) == (0, [])


def test_it_does_not_grow_without_end(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    for n in range(5):
        remembered(n, lambda: orders(ann), SOURCES)
    assert len(module._kept) <= 2
