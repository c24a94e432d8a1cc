"""Looking a company up in the public index: against a local server that speaks its format."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from companies import cvr_index
from companies.cvr_index import PublicIndex, Unavailable, look_up
from events.errors import Invalid
from tests import factories

CVR = "90004522"
RECORD = {
    "cvrNummer": int(CVR),
    "virksomhedMetadata": {
        "nyesteNavn": {"navn": "Prøve El ApS", "periode": {"gyldigFra": "2010-01-01", "gyldigTil": None}},
        "nyesteHovedbranche": {"branchekode": "432100", "branchetekst": "El-installation"},
        "nyesteBeliggenhedsadresse": {
            "vejnavn": "Prøvevej", "husnummerFra": 3, "bogstavFra": "B", "postnummer": 3400,
            "kommune": {"kommuneKode": 219, "kommuneNavn": "HILLERØD"},
        },
        "nyesteErstMaanedsbeskaeftigelse": {"intervalKodeAntalAnsatte": "ANTAL_5_9"},
        "sammensatStatus": "NORMAL",
    },
}  # fmt: skip


class StandIn(ThreadingHTTPServer):
    """Answers as the index does; `answer` may be bytes to send instead."""

    calls: list[dict[str, Any]]
    answer: bytes | None = None
    status = 200
    is_slow: threading.Event | None = None


class Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls.append({"path": self.path, "body": body, "login": self.headers["Authorization"]})
        if self.server.is_slow is not None:
            self.server.is_slow.wait(5)
        number = body["query"]["term"]["Vrvirksomhed.cvrNummer"]
        hits = [{"_index": "cvr-permanent", "_source": {"Vrvirksomhed": RECORD}}] if number == int(CVR) else []
        answer = self.server.answer or json.dumps({"took": 1, "hits": {"total": len(hits), "hits": hits}}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server(settings) -> Iterator[StandIn]:
    cache.clear()
    made = StandIn(("127.0.0.1", 0), Handler)
    made.calls = []
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    settings.CVR_URL = f"http://127.0.0.1:{made.server_address[1]}"
    settings.CVR_USER, settings.CVR_PASSWORD, settings.CVR_TIMEOUT = "nrs", "kodeord", 2.0
    yield made
    if made.is_slow is not None:
        made.is_slow.set()
    made.shutdown()
    made.server_close()
    thread.join()
    cache.clear()


def test_a_company_is_found_by_one_query_in_the_format_of_the_index(server):
    found = look_up(f"DK {CVR}")
    assert found is not None
    assert (found.name, found.street, found.postal_code, found.municipality) == (
        "Prøve El ApS", "Prøvevej 3B", "3400", "0219",
    )  # fmt: skip
    assert (found.industry_code, found.headcount, found.is_active) == ("432100", 5, True)
    [call] = server.calls
    assert call["path"] == "/cvr-permanent/virksomhed/_search"
    assert call["body"]["query"] == {"term": {"Vrvirksomhed.cvrNummer": int(CVR)}}
    assert call["login"].startswith("Basic ")


def test_the_same_number_is_asked_for_once_a_day_found_or_not(server):
    other = factories.cvr()
    assert [look_up(number) is None for number in (CVR, CVR, other, other)] == [False, False, True, True]
    assert len(server.calls) == 2


@pytest.mark.parametrize(("status", "answer"), [(500, None), (200, b"<html>"), (200, b'{"hits": 3}'), (401, None)])
def test_an_answer_that_is_none_is_told_and_not_kept(server, status, answer):
    server.status, server.answer = status, answer
    with pytest.raises(Unavailable):
        look_up(CVR)
    server.status, server.answer = 200, None
    assert look_up(CVR) is not None


def test_a_slow_or_dead_index_is_given_up(server):
    server.is_slow = threading.Event()
    with pytest.raises(Unavailable):
        PublicIndex(f"http://127.0.0.1:{server.server_address[1]}", "", "", 0.2).look_up(CVR)
    with pytest.raises(Unavailable):
        PublicIndex("http://127.0.0.1:9", "", "", 0.2).look_up(CVR)


def test_switched_off_nobody_is_asked_and_a_wrong_number_is_refused(server, settings):
    settings.CVR_URL = ""
    assert look_up(CVR) is None and not server.calls and not cvr_index.is_on()
    with pytest.raises(Invalid):
        look_up("12345678")


@pytest.mark.django_db
def test_the_consultant_gets_name_and_number_filled_in(server, ann):
    client = Client()
    client.force_login(User.objects.get(pk=ann.user_id))
    page = client.post("/quick", {"cvr": CVR, "contact_name": "Kirsten Prøve", "do": "look_up"})
    assert "Kirsten Prøve" in page.content.decode()
    assert "Prøve El ApS" in page.content.decode()


@pytest.mark.django_db
def test_the_consultant_types_on_when_the_index_is_silent(server, ann):
    server.status = 500
    client = Client()
    client.force_login(User.objects.get(pk=ann.user_id))
    page = client.post("/quick", {"cvr": CVR, "do": "look_up"})
    assert page.status_code == 200 and "CVR svarer ikke" in page.content.decode()


@pytest.mark.django_db
def test_switched_off_there_is_no_button(ann, settings):
    settings.CVR_URL = ""
    client = Client()
    client.force_login(User.objects.get(pk=ann.user_id))
    assert "look_up" not in client.get("/quick").content.decode()
