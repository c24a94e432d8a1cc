"""Traces: off by default, sent by the running processes to who is named, without a person or a secret in them."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError

import pytest
from celery.signals import task_postrun, task_prerun
from django.core.exceptions import ImproperlyConfigured
from opentelemetry import trace as api
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from events import delivery, trace
from events.models import Event
from events.tasks import sweep
from nrs import env, tracing
from tests import factories
from tests.faults.node import free_port
from tests.faults.test_mirror import until
from tests.monitoring.test_web_process import serving

SECRET = "Kanariefuglen-og-hendes-hemmelige-link-0123456789"


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """A collector on this machine: its address, and what it was sent."""
    sent: list[bytes] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - http.server's name
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", sent
    server.shutdown()
    server.server_close()


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What this process tells while somebody listens."""
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(trace, "_tracer", provider.get_tracer("nrs"))
    return kept


def named(sent: list[bytes]) -> dict[str, dict[str, str]]:
    """Spans by name, with their attributes, of what came over the wire."""
    found = {}
    for body in list(sent):
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                for one in scope.spans:
                    values = {each.key: str(each.value) for each in one.attributes}
                    found[one.name] = values | {"code": str(one.status.code)}
    return found


@pytest.mark.django_db(transaction=True)
def test_the_web_process_sends_its_requests_by_route_and_no_address(
    tmp_path: Path, collector: tuple[str, list[bytes]]
) -> None:
    factories.load_reference()
    address, sent = collector
    with serving(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=address, OTEL_BSP_SCHEDULE_DELAY="100") as web:
        for path in (f"f/{SECRET}", f"jobs?q={SECRET}", f"{SECRET}"):
            try:
                web.read(path)
            except HTTPError as error:
                assert error.code == 404, path
        wanted = {"GET web:follow-link", "GET web:jobs", "GET none"}
        until(lambda: wanted <= set(named(sent)), "the spans do not come")
    told = named(sent)["GET web:jobs"]
    assert "200" in told["http.response.status_code"] and told["nrs.request"]
    assert not any(SECRET.encode() in body or SECRET[:20].encode() in body for body in sent)


@pytest.mark.django_db(transaction=True)
def test_a_collector_that_is_away_costs_no_answer(tmp_path: Path) -> None:
    factories.load_reference()
    nobody = f"http://127.0.0.1:{free_port()}"
    with serving(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=nobody, OTEL_BSP_SCHEDULE_DELAY="50") as web:
        assert all(web.read("robots.txt") for _ in range(20))


@pytest.mark.django_db
def test_an_event_and_what_it_set_off_carry_its_number(spans: InMemorySpanExporter, ann: Any) -> None:
    order = factories.order()
    event = Event.objects.filter(subject=order.public_id).latest("pk")
    delivery.deliver(event)
    [told] = [one for one in spans.get_finished_spans() if one.name == event.type]
    assert dict(told.attributes or {}) == {"nrs.event": str(event.public_id)}


def test_a_task_is_a_span_and_of_its_error_only_the_class_is_told(spans: InMemorySpanExporter) -> None:
    task = sweep
    for state, result in (("SUCCESS", None), ("FAILURE", ValueError(SECRET))):
        task_prerun.send(sender=task, task_id="7", task=task)
        task_postrun.send(sender=task, task_id="7", task=task, state=state, retval=result)
    good, bad = spans.get_finished_spans()
    assert good.name == bad.name == "events.tasks.sweep" and good.status.is_ok
    assert dict(bad.attributes or {}) == {"nrs.task": "7", "error.type": "ValueError"}
    assert not bad.status.is_ok and SECRET not in bad.to_json()
    assert trace.numbers() == {} and not api.get_current_span().is_recording()


def test_what_goes_wrong_within_tells_its_class_and_no_text(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ZeroDivisionError), trace.span("work"):
        raise ZeroDivisionError(SECRET)
    [told] = spans.get_finished_spans()
    assert (told.attributes or {})["error.type"] == "ZeroDivisionError"
    assert not told.events and SECRET not in told.to_json()


def test_nobody_is_told_unless_a_collector_is_named(tmp_path: Path, settings: Any) -> None:
    given = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 60}
    assert env.read(given).otlp_endpoint == settings.OTLP_ENDPOINT == ""
    tracing.begin("nrs-web")
    assert not isinstance(api.get_tracer_provider(), TracerProvider)
    with pytest.raises(ImproperlyConfigured, match="OTEL_EXPORTER_OTLP_ENDPOINT"):
        env.read({**given, "OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"})
