"""Every page has its number of queries on file (page_queries.json): more than that is found here, not by users.

Where a page's rows grow, its case is drawn with several of them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.browser.pages import PAGES, Case

COUNTS: dict[str, int] = json.loads(Path(__file__).with_name("page_queries.json").read_text())
#: What PostgreSQL is told before it screens; SQLite has nothing like it.
SET_UP = "SELECT set_config("
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def test_every_page_has_its_count() -> None:
    assert {str(case) for case in PAGES} == set(COUNTS)


@pytest.mark.parametrize("case", PAGES, ids=str)
def test_a_page_takes_the_queries_that_are_on_file(client: Client, case: Case) -> None:
    scene = case.prepare()
    if scene.user is not None:
        client.force_login(scene.user, backend="municipalities.login.MemberBackend")
    for cookie in scene.cookies:
        client.cookies[cookie["name"]] = cookie["value"]
    for path in scene.before:
        client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(scene.path)
    assert answer.status_code == case.status
    asked = [query["sql"] for query in queries if not query["sql"].startswith(SET_UP)]
    assert len(asked) == COUNTS[str(case)], "\n".join(sql[:200] for sql in asked)
