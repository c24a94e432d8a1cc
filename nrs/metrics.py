"""/metrics for Prometheus: what the web processes counted, and what the database tells of everybody's work.

Off unless METRICS_TOKEN is set. Labels are names of routes, methods, classes of status, states and processes: a fixed
set, and nothing of a person, an address or a municipality. What is read of the database is read as nobody, behind
the second wall: tables with citizens are not in it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from events import broker, clock, metrics, pulse
from events.health import summary
from events.models import Delivery, Webhook
from mailroom.models import Mailbox
from notifications.models import Mail
from nrs.middleware import method_of, route_of
from screening import keeping

SECONDS = Histogram(
    "nrs_http_request_seconds",
    "Time until an answer began, by name of the route, method and class of the status.",
    ("route", "method", "status"),
    registry=metrics.REGISTRY,
    buckets=metrics.BUCKETS,
)


class Measured:
    """Middleware: how long each request took. The outermost, and there only when metrics are on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """The rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and note it under the route's name."""
        begun = time.perf_counter()
        response = self.get_response(request)
        labels = route_of(request), method_of(request), f"{response.status_code // 100}xx"
        SECONDS.labels(*labels).observe(time.perf_counter() - begun)
        return response


@require_safe
@never_cache
def scrape(request: HttpRequest) -> HttpResponse:
    """All figures, for who has the token. 404 where metrics are off, 401 without the token."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    stored = CollectorRegistry()
    stored.register(Stored())
    return HttpResponse(generate_latest(metrics.counted()) + generate_latest(stored), content_type=CONTENT_TYPE_LATEST)


class Stored(Collector):
    """Figures of the rows: the same whichever web process is asked. A database that is away is a figure, too."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """As many queries for much work as for none."""
        yield _gauge("broker_up", "Whether the broker answers; 1 for a folder.", float(broker.state() != broker.AWAY))
        try:
            found = [*_events(), *_mails(), *_webhooks(), *_processes(), *_checks()]
        except DatabaseError:
            yield _gauge("database_up", "Whether the database answers.", 0)
            return
        yield _gauge("database_up", "Whether the database answers.", 1)
        yield from found


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"nrs_{name}", text, value)


def _by(name: str, text: str, label: str, rows: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"nrs_{name}", text, labels=[label])
    for value, number in rows.items():
        family.add_metric([value], number)
    return family


def _events() -> Iterator[GaugeMetricFamily]:
    found = summary()
    yield _gauge("events_unsent", "Events that the broker has not confirmed.", found["unsent"])
    yield _gauge("events_oldest_unsent_seconds", "Age of the oldest of them.", found["oldest_unsent_seconds"])
    yield _gauge("events_unhandled", "Events that our own handlers have not done.", found["unhandled"])
    yield _gauge("events_dead", "Deliveries to our own handlers that were given up.", found["dead"])


def _mails() -> Iterator[GaugeMetricFamily]:
    waiting = Mail.objects.order_by().filter(state=Mail.State.PENDING)
    found = waiting.aggregate(number=Count("pk"), oldest=Min("created_at"))
    age = (clock.now() - found["oldest"]).total_seconds() if found["oldest"] else 0
    yield _gauge("mails_pending", "Mails that wait to be sent.", found["number"])
    yield _gauge("mails_oldest_pending_seconds", "Age of the oldest of them.", max(0, age))
    failed = Mail.objects.order_by().filter(state=Mail.State.FAILED).count()
    yield _gauge("mails_failed", "Mails that were given up and are still kept.", failed)


def _webhooks() -> Iterator[GaugeMetricFamily]:
    waiting = Delivery.objects.order_by().filter(state=Delivery.State.PENDING).count()
    yield _gauge("webhook_deliveries_pending", "Deliveries to webhooks that wait.", waiting)
    found = dict(Webhook.objects.order_by().values_list("state").annotate(number=Count("pk")))
    states = {str(state): float(found.get(state, 0)) for state in Webhook.State.values}
    yield _by("webhooks", "Webhooks by state: on, stopped by hand, switched off after failure.", "state", states)


def _processes() -> Iterator[GaugeMetricFamily]:
    ages = {process: math.inf if age is None else float(age) for process, age in pulse.ages().items()}
    text = "Time since the last sign of life; +Inf: none ever."
    yield _by("process_silent_seconds", text, "process", ages)


def _checks() -> Iterator[GaugeMetricFamily]:
    differing = keeping.summary()["differing"]
    yield _gauge("lists_differing", "Standing lists that the last night's check had to put right.", differing)
    problems = Mailbox.objects.order_by().exclude(problem="").count()
    yield _gauge("mailboxes_with_problems", "Mailboxes whose last reading failed.", problems)
