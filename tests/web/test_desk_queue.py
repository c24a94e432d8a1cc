"""The queue: whose work, what is late, filters that stay, and taking an order from its row."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from accounts.models import User
from events import clock
from joborders.models import SupplyAnswer
from joborders.services import intakes, steps
from municipalities import wall
from municipalities.actor import Actor
from tests import factories
from tests.web.desk import at_desk, claimed, fresh, shared, statements, text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def numbers(response: object) -> list[str]:
    """Order numbers in the sequence of the page."""
    return re.findall(r'class="nrs-number">(NRS-[0-9-]+)<', response.content.decode())  # type: ignore[attr-defined]


def part(page: str, id: str, tag: str) -> str:
    """An element of a page by its id, with its tags balanced."""
    start = page.index(f'<{tag} id="{id}"')
    depth, at = 0, start
    for found in re.finditer(rf"<(/?){tag}\b", page[start:]):
        depth += -1 if found.group(1) else 1
        at = start + found.end()
        if depth == 0:
            break
    return page[start : page.index(">", at) + 1]


def test_the_most_neglected_promise_stands_first(ann: Actor, monday: dt.datetime) -> None:
    late = factories.order(by=ann, received_at=monday - dt.timedelta(days=7))
    new = factories.order()
    page = at_desk(ann).get("/queue")
    assert numbers(page) == [late.number, new.number]
    assert text_of(page).count("overskredet") >= 2  # in the tab and in the row


def test_the_tabs_part_own_from_asked_and_count_both(ann: Actor, eva: Actor) -> None:
    own, theirs = claimed(ann), shared(eva)
    client = at_desk(ann)
    assert numbers(client.get("/queue")) == [own.number]
    assert numbers(client.get("/queue?view=asked")) == [theirs.number]
    assert set(numbers(client.get("/queue?view=all"))) == {own.number, theirs.number}
    assert re.findall(r"<strong>(\d+)</strong>", client.get("/queue").content.decode()) == ["1", "1", "2"]


def test_a_local_order_of_another_municipality_is_in_nobody_elses_queue(ann: Actor, eva: Actor) -> None:
    claimed(eva)
    assert numbers(at_desk(ann).get("/queue?view=all")) == []


def test_the_coordinator_sees_the_queue_of_all_nine(kim: Actor, ann: Actor, eva: Actor) -> None:
    made = {claimed(ann).number, claimed(eva).number}
    page = at_desk(kim).get("/queue")
    assert set(numbers(page)) == made
    assert "Hver sin" not in text_of(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=gartner", ["b"]),
        ("q=Ærter", ["b"]),
        ("phase=claimed", ["a"]),
        ("phase=new", ["b"]),
        ("assignee=me", ["a"]),
        ("assignee=nobody", ["b"]),
        ("due=overdue", ["b"]),
        ("industry=49", ["b"]),
        ("industry=landtransport", ["b"]),
        ("q=gartner&phase=claimed", []),
        ("phase=nonsense", ["b", "a"]),
    ],
)
def test_filters_leave_what_they_name(ann: Actor, monday: dt.datetime, query: str, found: list[str]) -> None:
    firm = factories.company(name="Ærter & Bær", industry_code="494100", industry_version="DB25")
    orders = {
        "a": claimed(ann),
        "b": factories.order(firm, ann, title="Gartner", received_at=monday - dt.timedelta(days=9)),
    }
    assert numbers(at_desk(ann).get(f"/queue?view=own&{query}")) == [orders[name].number for name in found]


def test_a_filter_for_another_municipality_works_on_the_common_tabs(ann: Actor, eva: Actor) -> None:
    theirs = shared(eva)
    claimed(ann)
    assert numbers(at_desk(ann).get(f"/queue?view=all&municipality={factories.HELSINGOER}")) == [theirs.number]


def test_empty_filters_leave_the_address(ann: Actor) -> None:
    page = at_desk(ann).get("/queue?view=own&q=&phase=new&due=")
    assert page.status_code == 302
    assert page["Location"] == "/queue?view=own&phase=new"


def test_htmx_gets_the_results_and_they_are_those_of_the_full_page(ann: Actor) -> None:
    claimed(ann)
    client = at_desk(ann)
    whole, partial = client.get("/queue?phase=claimed"), client.get("/queue?phase=claimed&q=", headers=HTMX)
    assert partial["HX-Push-Url"] == "/queue?phase=claimed"
    results = part(whole.content.decode(), "queue-results", "div")
    assert without_tokens(results) == without_tokens(partial.content.decode().strip())


def without_tokens(html: str) -> str:
    """CSRF tokens differ at every rendering."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_a_row_that_is_swapped_in_equals_the_row_of_the_page(ann: Actor) -> None:
    order = factories.order()
    client = at_desk(ann)
    sent = {"version": order.version, "view": "own", "next": "/queue?view=own"}
    row = client.post(f"/queue/{order.public_id}/claim", sent, headers=HTMX).content.decode()
    whole = part(client.get("/queue").content.decode(), f"order-{order.public_id}", "tr")
    row = row.replace(" autofocus", "").replace('<span role="status">Din nu.</span>', "").strip()
    assert without_tokens(row) == without_tokens(whole)


def test_the_tabs_alone_equal_those_of_the_page_and_are_304_while_nothing_changed(ann: Actor) -> None:
    claimed(ann)
    client = at_desk(ann)
    whole = client.get("/queue?view=own").content.decode()
    poll = re.search(r'hx-get="(/queue/counts[^"]+)"', whole)
    assert poll is not None
    address = poll.group(1).replace("&amp;", "&")
    first = client.get(address)
    assert first.content.decode().strip() == part(whole, "queue-tabs", "div")
    tag = {"If-None-Match": first["ETag"]}
    again = client.get(address, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    factories.order()
    news = client.get(address, headers=tag)
    assert news.status_code == 200
    assert "1 ny ordre" in text_of(news)


def test_an_order_is_claimed_from_its_row_without_javascript(ann: Actor) -> None:
    order = factories.order()
    sent = {"version": order.version, "next": "/queue?view=own&phase=new"}
    answer = at_desk(ann).post(f"/queue/{order.public_id}/claim", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/queue?view=own&phase=new")
    assert fresh(order).assignee_id == ann.user_id


def test_of_two_claims_the_second_is_told_who_was_first(ann: Actor, bo: Actor) -> None:
    order = factories.order()
    steps.claim(order.public_id, bo, order.version)
    row = at_desk(ann).post(f"/queue/{order.public_id}/claim", {"version": order.version}, headers=HTMX)
    assert row.status_code == 200
    assert "Bo Prøve har ændret" in text_of(row)
    assert fresh(order).assignee_id == bo.user_id


def test_nobody_is_sent_out_of_the_product_after_a_claim(ann: Actor) -> None:
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/"):
        order = factories.order()
        sent = {"version": order.version, "next": elsewhere}
        assert at_desk(ann).post(f"/queue/{order.public_id}/claim", sent)["Location"] == "/queue"


def test_an_order_outside_the_scope_cannot_be_claimed_or_seen(ann: Actor, eva: Actor) -> None:
    order = claimed(eva)
    client = at_desk(ann)
    assert client.post(f"/queue/{order.public_id}/claim", {"version": 1}).status_code == 404
    assert client.get(f"/orders/{order.public_id}").status_code == 404


def test_an_asked_municipality_answers_in_the_row(ann: Actor, eva: Actor) -> None:
    order = shared(eva)
    client = at_desk(ann)
    page = client.get("/queue?view=asked").content.decode()
    assert f"/orders/{order.public_id}/steps/answer_supply" in page
    assert f"/orders/{order.public_id}/offer" in page
    day = clock.today() + dt.timedelta(days=3)
    sent = {"version": order.version, "count": 2, "by_date": day.isoformat(), "next": "/queue?view=asked"}
    answer = client.post(f"/orders/{order.public_id}/steps/answer_supply", sent)
    assert answer["Location"] == "/queue?view=asked"
    assert SupplyAnswer.objects.get(order=order).count == 2
    assert "Vi har sagt: 2" in text_of(client.get("/queue?view=asked"))


def test_calls_that_wait_stand_beside_the_orders(ann: Actor) -> None:
    intakes.draft(ann, channel="phone", contact={"name": "Ib Prøve", "phone": "48 00 00 00"})
    client = at_desk(ann)
    assert "Ib Prøve" in text_of(client.get("/queue"))
    assert "Ib Prøve" not in text_of(client.get("/queue?view=asked"))


def test_a_view_is_saved_opened_and_removed(ann: Actor) -> None:
    client = at_desk(ann)
    client.post("/queue/views", {"name": "Mine nye", "query": "view=own&phase=new&q="})
    assert User.objects.get(pk=ann.user_id).saved_views == [
        {"page": "queue", "name": "Mine nye", "query": "view=own&phase=new"}
    ]
    assert 'href="/queue?view=own&amp;phase=new"' in client.get("/queue").content.decode()
    client.post("/queue/views/remove", {"name": "Mine nye"})
    assert User.objects.get(pk=ann.user_id).saved_views == []


@pytest.mark.parametrize("sent", [{"name": "", "query": "q=x"}, {"name": "x", "query": ""}, {"name": "x" * 61}])
def test_a_view_needs_a_name_and_a_filter(ann: Actor, sent: dict[str, str]) -> None:
    at_desk(ann).post("/queue/views", sent)
    assert User.objects.get(pk=ann.user_id).saved_views == []


def test_nobody_keeps_more_than_twenty_views(ann: Actor) -> None:
    client = at_desk(ann)
    for number in range(21):
        client.post("/queue/views", {"name": f"Visning {number}", "query": "phase=new"})
    assert len(User.objects.get(pk=ann.user_id).saved_views) == 20


@pytest.mark.parametrize(
    "path", ["/queue", "/queue?view=asked", "/queue?view=all&q=prøve&due=week", "/queue?phase=new"]
)
@pytest.mark.parametrize("rows", [1, 12])
def test_the_queue_takes_five_queries_however_many_orders_there_are(
    ann: Actor, eva: Actor, path: str, rows: int
) -> None:
    company, other = factories.company(), factories.company(factories.HELSINGOER)
    for _ in range(rows):
        factories.order(company)
        made = factories.order(other)
        steps.share(made.public_id, eva, made.version)
        intakes.draft(ann, channel="phone", contact={"name": "Ib Prøve", "phone": "48 00 00 00"})
    client = at_desk(ann)
    with statements() as found:
        page = client.get(path)
    assert page.status_code == 200
    assert len(found) == (4 if "asked" in path else 5), "\n".join(found)


def test_the_counts_take_three_queries(ann: Actor) -> None:
    claimed(ann)
    client = at_desk(ann)
    with statements() as found:
        client.get("/queue/counts?view=own")
    assert len(found) == 3, "\n".join(found)


def test_fifty_rows_stand_on_one_page(ann: Actor) -> None:
    company = factories.company()
    for _ in range(51):
        factories.order(company)
    client = at_desk(ann)
    first, second = client.get("/queue"), client.get("/queue?page=2")
    assert (len(numbers(first)), len(numbers(second))) == (50, 1)
    assert len(first.content) < 200_000


def test_the_addresses_of_writing_take_no_get(ann: Actor) -> None:
    client: Client = at_desk(ann)
    for path in ("/queue/views", "/queue/views/remove", f"/queue/{factories.order().public_id}/claim"):
        assert client.get(path).status_code == 405


def test_who_reloads_an_address_of_writing_reads_where_to_go_on(ann: Actor) -> None:
    order, before = factories.order(), wall.scope()
    answer = at_desk(ann).get(f"/queue/{order.public_id}/claim")
    assert wall.scope() == before, "the page is rendered behind the wall of its request"
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert 'href="/queue"' in answer.content.decode() and "Her er intet at se" in answer.content.decode()
