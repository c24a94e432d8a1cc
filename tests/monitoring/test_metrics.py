"""/metrics: shut without its secret, the same cost for much work as for none, and nothing of a person in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from events import clock, metrics, pulse
from events.models import Pulse, Webhook
from mailroom.models import Mailbox
from municipalities import wall
from municipalities.actor import Actor
from notifications.models import Mail
from nrs import env
from nrs.middleware import METHODS
from screening import executors, services
from tests import factories

TOKEN = "t" * 40
SHOWN = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}
#: The labels that there are, and all that the closed ones may say.
LABELS = {
    "route": None,
    "le": None,
    "method": METHODS | {"other"},
    "status": {"1xx", "2xx", "3xx", "4xx", "5xx"},
    "state": set(Webhook.State.values),
    "process": set(pulse.LONGEST_SECONDS),
    "executor": {"index", "sql"},
}
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def scraper(db: None, settings: Any) -> Iterator[Client]:
    """Metrics are on, as with METRICS_TOKEN in the environment."""
    settings.METRICS_TOKEN = TOKEN
    settings.MIDDLEWARE = ["nrs.metrics.Measured", *settings.MIDDLEWARE]
    yield Client(raise_request_exception=False)


def samples(client: Client) -> Samples:
    """What a scrape tells, read as Prometheus reads it."""
    answer = client.get("/metrics", **SHOWN)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.content.decode())
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def value(found: Samples, name: str, **labels: str) -> float:
    """One figure, 0 where there is none yet."""
    return found.get((f"nrs_{name}", tuple(sorted(labels.items()))), 0.0)


def test_there_are_no_metrics_where_no_secret_is_set(db: None) -> None:
    assert Client().get("/metrics", **SHOWN).status_code == 404


@pytest.mark.parametrize("given", [{}, {"HTTP_AUTHORIZATION": "Bearer "}, {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}x"}])
def test_without_the_secret_nothing_is_told(given: dict[str, str], scraper: Client) -> None:
    answer = scraper.get("/metrics", **given)
    assert (answer.status_code, answer.content, answer["WWW-Authenticate"]) == (401, b"", "Bearer")
    assert scraper.post("/metrics", **SHOWN).status_code == 405


def test_a_secret_that_can_be_guessed_stops_the_start(tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 60}
    with pytest.raises(ImproperlyConfigured, match="METRICS_TOKEN"):
        env.read({**given, "METRICS_TOKEN": "short"})
    assert env.read({**given, "METRICS_TOKEN": TOKEN}).metrics_token == TOKEN


def test_requests_are_counted_by_the_name_of_their_route(scraper: Client) -> None:
    counted = [
        ("nrs_http_request_seconds_count", {"route": "live", "method": "GET", "status": "2xx"}),
        ("nrs_http_request_seconds_count", {"route": "web:job", "method": "GET", "status": "4xx"}),
        ("nrs_http_request_seconds_count", {"route": "none", "method": "GET", "status": "4xx"}),
        ("nrs_http_request_seconds_count", {"route": "live", "method": "other", "status": "2xx"}),
    ]
    names = [(name.removeprefix("nrs_"), labels) for name, labels in counted]
    before = samples(scraper)
    for address in ("/healthz/live", "/jobs/NRS-2026-00001", "/kirsten@firma.example"):
        scraper.get(address)
    scraper.generic("HAPPEN", "/healthz/live")
    after = samples(scraper)
    assert [value(after, name, **labels) - value(before, name, **labels) for name, labels in names] == [1.0] * 4


def test_a_bug_is_counted_as_a_5xx(scraper: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("nrs.health.events_health.surroundings", broken)
    labels = {"route": "ready", "method": "GET", "status": "5xx"}
    before = value(samples(scraper), "http_request_seconds_count", **labels)
    assert scraper.get("/healthz/ready").status_code == 500
    assert value(samples(scraper), "http_request_seconds_count", **labels) == before + 1


def mail(number: int, state: str) -> Mail:
    """A mail that waits or was given up."""
    now = clock.now()
    return Mail(
        key=str(number), template="x", to=f"kirsten{number}@firma.example", subject="Om Kirsten", text="x", state=state,
        created_at=now - timedelta(minutes=number), next_try_at=now,
    )  # fmt: skip


def work(append: Any, times: int) -> None:
    """Events that wait, mails that wait or failed, webhooks, silent processes, a mailbox with a problem."""
    for number in range(times):
        with clock.at(clock.now() - timedelta(minutes=number + 1)):
            append()
    Mail.objects.bulk_create([mail(number, "pending") for number in range(1, times + 1)])
    Mail.objects.bulk_create([mail(1000 + number, "failed") for number in range(times)])
    now = clock.now()
    hooks = [Webhook(municipality="0219", url=f"https://a.example/{n}", created_at=now) for n in range(times)]
    Webhook.objects.bulk_create(hooks)
    beaten = now - timedelta(minutes=3)
    Pulse.objects.bulk_create(
        [Pulse(process="worker", beaten_at=beaten)], update_conflicts=True, unique_fields=["process"],
        update_fields=["beaten_at"],
    )  # fmt: skip
    Mailbox.objects.get_or_create(name="delt", defaults={"problem": "TimeoutError"})


def test_the_figures_are_those_of_the_rows(scraper: Client, append: Any) -> None:
    work(append, 4)
    found = samples(scraper)
    assert value(found, "database_up") == value(found, "broker_up") == 1
    assert value(found, "events_unsent") == 4 and 240 <= value(found, "events_oldest_unsent_seconds") < 260
    assert value(found, "mails_pending") == 4 and 240 <= value(found, "mails_oldest_pending_seconds") < 260
    assert value(found, "mails_failed") == 4
    assert value(found, "webhooks", state="on") == 4 and value(found, "webhooks", state="off") == 0
    assert 180 <= value(found, "process_silent_seconds", process="worker") < 200
    assert value(found, "process_silent_seconds", process="relay") == float("inf"), "never seen is silent for ever"
    assert value(found, "mailboxes_with_problems") == 1


def test_a_scrape_costs_the_same_for_much_work_as_for_none_and_reads_no_citizen(scraper: Client, append: Any) -> None:
    counts = []
    for times in (0, 1, 6):
        if times:
            Mail.objects.all().delete()
            work(append, times)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            samples(scraper)
        counts.append(len(asked))
        assert not [one["sql"] for one in asked if any(table in one["sql"] for table in wall.TABLES)]
    assert counts == [counts[0]] * 3 and counts[0] == 10


def test_labels_are_closed_sets_and_hold_nobody(scraper: Client, append: Any) -> None:
    work(append, 2)
    scraper.get("/f/" + "s" * 43)
    scraper.get("/kirsten@firma.example?cpr=010190-1234")
    text = scraper.get("/metrics", **SHOWN).content.decode()
    for private in ("kirsten", "Kirsten", "010190", "sss", "0219", "a.example"):
        assert private not in text, private
    for (_name, labels), _value in samples(scraper).items():
        for label, said in labels:
            assert LABELS[label] is None or said in LABELS[label], (label, said)


def test_a_database_that_is_away_is_a_figure(scraper: Client) -> None:
    def gone(*_args: Any) -> None:
        raise DatabaseError("away")

    scraper.get("/healthz/live")
    with connection.execute_wrapper(gone):
        found = samples(scraper)
    assert value(found, "database_up") == 0 and ("nrs_events_unsent", ()) not in found
    assert any(name.startswith("nrs_http_request_seconds") for name, _labels in found)


def test_screenings_are_counted_by_who_answered(scraper: Client, ann: Actor) -> None:
    order = factories.order(by=ann)
    before = samples(scraper)
    (wanted,) = services.wanted_of([order])
    answered = executors.screen(order, services.compiled(wanted), factories.HILLEROED).executor
    after = samples(scraper)
    counts = [value(found, "screening_seconds_count", executor=answered) for found in (before, after)]
    assert counts[1] == counts[0] + 1


def test_in_one_process_it_counts_in_its_own_memory() -> None:
    assert metrics.counted() is metrics.REGISTRY
