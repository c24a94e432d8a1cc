"""The same draft sent at the same moment, and saved from two tabs at once: real locks, real threads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from events import clock
from joborders.models import JobOrder
from tests import factories
from tests.browser.pages import draft
from tests.joborders.test_services_races import at_once
from web.company import drafts
from web.company.order_block import Step
from web.models import OrderDraft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def region(transactional_db: None) -> Iterator[None]:
    factories.load_reference()
    with clock.at(factories.MONDAY):
        yield


def written() -> tuple[OrderDraft, str]:
    """A draft that is ready, and its secret."""
    secret = draft().rpartition("/")[2]
    found = drafts.find(secret)
    assert found is not None
    return found, secret


def test_a_draft_sent_twice_at_once_makes_one_order() -> None:
    found, secret = written()
    made = at_once(*[lambda: drafts.hand_in(found, secret)] * 3)
    assert {order.pk for order in made} == {JobOrder.objects.get().pk}  # type: ignore[attr-defined]


def test_two_tabs_that_save_at_once_both_keep_what_was_typed() -> None:
    found, secret = written()
    at_once(
        lambda: drafts.keep(found, Step.JOB, {"title": ["Buschauffør"]}),
        lambda: drafts.keep(found, Step.CONTACT, {"name": ["Bo Prøve"]}),
    )
    data = OrderDraft.objects.get().data
    assert (data["job"], data["contact"]) == ({"title": ["Buschauffør"]}, {"name": ["Bo Prøve"]})


def test_what_is_saved_after_sending_is_not_kept() -> None:
    found, secret = written()
    drafts.hand_in(found, secret)
    drafts.keep(found, Step.CONTACT, {"name": ["Bo Prøve"]})
    assert OrderDraft.objects.get().data == {}
