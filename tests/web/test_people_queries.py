"""What the pages of screening and candidates read: the stored run, and no more with more rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from screening import services
from tests import factories
from tests.browser import people_pages
from tests.browser.people_pages import FIT, login

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
#: What the engine reads to screen: profiles, and the distances to the workplace.
READ_BY_THE_ENGINE = ("candidates_candidatelicence", "candidates_candidateskill", "municipalities_postaldistance")


def taken(client: Client, path: str) -> list[str]:
    """The statements of a page."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


def test_the_screening_page_reads_the_stored_run_and_screens_nobody(client: Client) -> None:
    ann = factories.consultant()
    run = people_pages.run_of(ann)
    client.force_login(login(ann))
    for path in (f"/orders/{run.order.public_id}/screening", f"/screenings/{run.public_id}"):
        said = " ".join(taken(client, path))
        assert "screening_verdictrow" in said
        assert not [table for table in READ_BY_THE_ENGINE if table in said]


def test_twice_the_people_take_no_more_queries(client: Client) -> None:
    ann = factories.consultant()
    run = people_pages.run_of(ann)
    client.force_login(login(ann))
    few = len(taken(client, f"/screenings/{run.public_id}"))
    for _more in range(3):
        people_pages.people()
    again = services.run(run.order.public_id, actor=ann, scope="region")
    earlier = 0  # the list of earlier runs is one query, with or without rows
    assert len(taken(client, f"/screenings/{again.public_id}")) == few + earlier


def test_a_page_of_candidates_is_logged_in_one_statement(client: Client) -> None:
    cas = factories.caseworker()
    for _one in range(3):
        factories.candidate(**FIT)
    client.force_login(login(cas))
    statements = taken(client, "/candidates")
    assert len([sql for sql in statements if sql.startswith("INSERT INTO candidates_accesslog ")]) == 1
