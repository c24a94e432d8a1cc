"""The desk's later rooms: the whole change form and its conflicts, the board, and news about a screened list."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from companies import services as companies
from events import clock
from joborders.services import changes, steps
from municipalities.actor import Actor
from screening import services as screening
from tests.web.desk import at_desk, claimed, fresh, presented, text_of
from tests.web.test_desk_order import as_posted, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def test_the_change_form_takes_workplace_terms_employment_and_publicity(ann: Actor) -> None:
    order = claimed(ann)
    path = f"/orders/{order.public_id}/steps/change"
    changed = {
        "type": "special",
        "employment": "fixed_term",
        "employment_until": (clock.today() + dt.timedelta(days=90)).isoformat(),
        "unit": "",
        "street": "Ny Vej 2",
        "postal_code": "3200",
        "municipality": "0270",
        "is_remote": "on",
        "collective_agreement": "3F",
        "apply_how": "link",
        "apply_link": "https://firma.example/job",
        "is_public": "on",
        "is_anonymous": "on",
    }
    client = at_desk(ann)
    shown = client.get(path)
    for name in changed:
        assert f'name="{name}"' in shown.content.decode(), name
    assert send(ann, order, "change", **as_posted(order, **changed)).status_code == 302
    now = fresh(order)
    assert (now.type, now.employment) == ("special", "fixed_term")
    assert now.employment_until.isoformat() == changed["employment_until"]
    assert (now.unit, now.workplace_street, now.workplace_municipality) == (None, "Ny Vej 2", "0270")
    assert now.is_remote and now.is_public and now.is_anonymous
    assert (now.collective_agreement, now.apply_how, now.apply_link) == ("3F", "link", changed["apply_link"])


def test_the_workplace_moves_to_another_unit(ann: Actor) -> None:
    order = claimed(ann)
    shop = companies.add_unit(
        ann, order.company, name="Butikken", street="Gade 1", postal_code="3200", municipality_code="0270"
    )
    assert send(ann, order, "change", **as_posted(order, unit=str(shop.public_id))).status_code == 302
    now = fresh(order)
    assert (now.unit, now.workplace_street, now.workplace_municipality) == (shop, "Gade 1", "0270")


def test_what_both_changed_is_told_with_both_values(ann: Actor, bo: Actor) -> None:
    order = claimed(ann)
    old, sent = fresh(order).version, as_posted(order, positions="6", wage="efter aftale")
    changes.change(order.public_id, bo, fresh(order).version, {"positions": 4, "title": "Truckfører"})
    answer = send(ann, order, "change", old, **sent)
    told = text_of(answer)
    assert answer.status_code == 412
    assert "Stillinger : der står nu 4, du skrev 6" in told
    assert "du skrev efter aftale" not in told  # Bo did not touch the wage
    html = answer.content.decode()
    assert 'value="6"' in html and 'value="Truckfører"' in html and fresh(order).positions == 4


def test_news_on_a_screened_list_is_told_on_the_order_and_in_the_queue(ann: Actor, eva: Actor) -> None:
    order = claimed(ann)
    screening.run(order.public_id, actor=ann, scope="own")
    client = at_desk(ann)
    opened = client.get("/queue")
    poll = re.search(r'id="queue-tabs" hx-get="([^"]+)"', opened.content.decode())
    assert poll is not None and "Nyt om kandidater" not in text_of(opened)
    address = poll.group(1).replace("&amp;", "&")
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    steps.mark_lists_changed([order.pk], clock.now() + dt.timedelta(minutes=1))
    told = client.get(address, headers={"If-None-Match": tag})
    assert "Nyt om kandidater til 1 ordre, siden du åbnede siden" in text_of(told)
    assert "Nyt om kandidater" in text_of(client.get("/queue"))
    assert "Der er nyt om kandidater siden seneste screening" in text_of(client.get(f"/orders/{order.public_id}"))
    assert "Nyt om kandidater" not in text_of(at_desk(eva).get("/queue?view=all"))


def test_the_board_shows_everybody_in_a_column_and_is_remembered(ann: Actor) -> None:
    order = claimed(ann)
    one = presented(order, ann)
    client = at_desk(ann)
    assert "desk-board" not in client.get(f"/orders/{order.public_id}").content.decode()
    board = text_of(client.get(f"/orders/{order.public_id}?people=board"))
    assert "Præsenteret (1)" in board and "Ansat (0)" in board and one.candidate.identity.name in board
    assert "desk-board" in client.get(f"/orders/{order.public_id}").content.decode()
    client.get(f"/orders/{order.public_id}?people=table")
    assert "desk-board" not in client.get(f"/orders/{order.public_id}").content.decode()
