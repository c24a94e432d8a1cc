"""Lines for machines: JSON, joined by numbers from the request to the handlers, and without anybody in them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from celery import shared_task
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.module_loading import import_string

from accounts.models import User
from events import clock, registry, services, tasks, trace
from events.models import Event
from joborders.services import follow
from municipalities.actor import Actor
from notifications.models import Mail
from nrs import env, logs
from nrs.celery import app
from tests import factories
from tests.api.order_cases import entry
from tests.events.conftest import Somebody

PRIVATE = "kirsten@firma.example"
CPR = "010190-1234"
SECRET = "s" * 43
log = logging.getLogger("nrs.test")
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[Lines]:
    """What the product's JSON handler has written since."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Kept()
    handler.setFormatter(logs.Json())
    root = logging.getLogger()
    root.addHandler(handler)
    caplog.set_level("INFO")
    yield lambda: [json.loads(line) for line in written]
    root.removeHandler(handler)


@pytest.fixture
def consumer() -> Iterator[str]:
    """A consumer that writes a line for each order that comes in."""

    def note(event: Event) -> None:
        log.info("noted")

    registry.on("joborder.submitted", consumer="noting")(note)
    yield "noting"
    registry.forget("noting")


def hand_in() -> Any:
    """A company hands in an order."""
    return Client().post("/api/v1/intake/job-orders", entry(), "application/json", HTTP_IDEMPOTENCY_KEY="k1")


@pytest.mark.django_db
def test_a_request_and_what_follows_of_it_are_joined_by_numbers(reference: None, consumer: str, lines: Lines) -> None:
    answer = hand_in()
    assert answer.status_code == 201
    (line,) = [line for line in lines() if line["logger"] == "nrs.requests"]
    assert line["request"] == answer["X-Request-ID"] and len(line["request"]) == 32
    assert (line["message"], line["method"], line["status"], line["level"]) == ("answered", "POST", 201, "INFO")
    assert line["route"].startswith("api:") and line["ms"] >= 0 and line["time"].endswith("Z")
    done = tasks.sweep.apply()
    (noted,) = [line for line in lines() if line["message"] == "noted"]
    assert noted["event"] in line["events"] and noted["task"] == done.id and "request" not in noted
    log.info("later")
    assert not {"request", "task", "event"} & lines()[-1].keys()


@pytest.mark.django_db
def test_refusals_carry_the_number_of_their_request(ann: Actor, lines: Lines) -> None:
    client = Client()
    client.force_login(User.objects.get(pk=ann.user_id))
    answers = [client.get("/mails") for _ in range(2)]
    numbers = {answer["X-Request-ID"] for answer in answers}
    refusals = [line for line in lines() if line["message"].startswith("refused")]
    assert len(numbers) == 2 and {line["request"] for line in refusals} == numbers


@pytest.mark.django_db
def test_a_caller_does_not_choose_the_number(lines: Lines) -> None:
    answer = Client().get("/jobs", HTTP_X_REQUEST_ID=PRIVATE)
    assert answer["X-Request-ID"] != PRIVATE
    assert PRIVATE not in json.dumps(lines())


@pytest.mark.django_db
def test_nobody_stands_in_the_lines_whatever_is_asked_for(
    reference: None, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.consultant(name="Kirsten Prøve")
    visitor = Client(raise_request_exception=False)
    hand_in()
    visitor.post("/login", {"username": PRIVATE, "password": f"{CPR}-hemmeligt"})
    for address in (f"/jobs?q={PRIVATE}", f"/{PRIVATE}", f"/f/{SECRET}", f"/candidates?q={CPR}", "/mails"):
        visitor.get(address)

    def broken(*_args: Any, **_more: Any) -> None:
        raise ValueError(f"{PRIVATE} {CPR} {SECRET}")

    logging.getLogger("django.request").setLevel("ERROR")
    monkeypatch.setattr(follow, "find", broken)
    assert visitor.get(f"/f/{SECRET}").status_code == 500
    logging.getLogger("django.request").setLevel("CRITICAL")
    told = lines()
    assert len(told) >= 7 and [line["error"]["type"] for line in told if "error" in line] == ["builtins.ValueError"]
    text = json.dumps(told, ensure_ascii=False)
    for private in ("kirsten", "Kirsten", CPR, "hemmeligt", SECRET, "Prøve Transport"):
        assert private not in text, private


@pytest.mark.django_db
def test_a_row_that_the_database_refused_is_told_by_its_rule_alone(lines: Lines) -> None:
    now = clock.now()
    try:
        with transaction.atomic():
            Mail.objects.create(
                key="k", template="x", to=PRIVATE, subject=CPR, text="x", state="sent", created_at=now, next_try_at=now
            )
    except IntegrityError:
        log.exception("it was refused")
    (line,) = lines()
    assert line["error"]["type"] == "django.db.utils.IntegrityError"
    assert any(place.endswith(" create") for place in line["error"]["at"])
    if line["error"]["because"]["type"].startswith("psycopg"):
        assert line["error"]["because"]["constraint"] == "a_sent_mail_has_its_time"
        assert line["error"]["because"]["sqlstate"] == "23514"
    assert PRIVATE not in json.dumps(line) and CPR not in json.dumps(line)


def test_a_task_that_fails_is_told_without_the_words_of_its_error(lines: Lines) -> None:
    @shared_task(name="tests.monitoring.failing")
    def failing() -> None:
        raise ValueError(f"no such person: {PRIVATE} {CPR}")

    try:
        done = failing.apply()
    finally:
        app.tasks.pop("tests.monitoring.failing")
    (line,) = [line for line in lines() if line["level"] == "ERROR"]
    assert line["task"] == done.id and line["error"]["type"] == "builtins.ValueError"
    assert "tests.monitoring.failing" in line["message"]
    assert PRIVATE not in json.dumps(line) and CPR not in json.dumps(line)


def test_whatever_is_logged_is_one_line_of_json_with_secrets_masked() -> None:
    record = logging.makeLogRecord(
        {
            "msg": "two\nlines of %s, %s",
            "args": (f"/f/{SECRET}", object),
            "fields": {"odd": object()},
            "levelname": "INFO",
        }
    )
    text = logs.Json().format(record)
    assert "\n" not in text and SECRET not in text
    told = json.loads(text)
    assert told["message"].startswith("two\nlines of /f/***") and told["odd"] == "object"


def test_lines_for_people_tell_the_numbers_too() -> None:
    record = logging.makeLogRecord({"msg": "answered", "fields": {"route": "web:home", "status": 200}})
    assert logs.Line("%(message)s").format(record) == "answered route=web:home status=200"


@pytest.mark.django_db
def test_an_event_written_in_bulk_or_alone_is_named_and_the_names_are_few(
    events_as_declared: None,
) -> None:
    with trace.request("r") as written, transaction.atomic():
        alone = services.append("joborder.claimed", uuid4(), by=Somebody(), municipality="0219")
        draft = {"type": "joborder.claimed", "by": Somebody(), "municipality": "0219"}
        services.append_many([{**draft, "subject": uuid4()} for _ in range(50)])
    assert written[0] == str(alone.public_id) and len(written) == trace.MOST_NAMED


def test_production_writes_json_and_nonsense_stops_the_start(tmp_path: Path, settings: Any) -> None:
    given = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 60}
    assert env.read(given).log_format == "json"
    assert env.read({**given, "NRS_DEMO": "1"}).log_format == "line"
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT"):
        env.read({**given, "LOG_FORMAT": "xml"})
    assert import_string(settings.LOGGING["formatters"]["json"]["()"]) is logs.Json
