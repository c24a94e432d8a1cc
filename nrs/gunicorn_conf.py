"""gunicorn for the web process. Read by path, so it imports nothing of the product."""

from __future__ import annotations

import gc
import itertools
import logging
import os
import shutil
from typing import Any

gc.disable()  # nothing of what a start imports is garbage, and looking for it is a quarter of the start

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "sync"
preload_app = True
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 5000  # a leak, should one come, ends here; the jitter keeps the workers from going together
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - heartbeat files, no data  # nosec B108
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "INFO").lower()
control_socket_disable = True
proc_name = "nrs-web"


#: Where the workers count for /metrics (events/metrics.py): emptied at the start, kept over a reload.
_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
if os.environ.get("METRICS_TOKEN") and _COUNTS not in os.environ:
    folder = os.path.join(os.environ.get("DATA_DIR", "var"), f"metrics-{os.environ.get('PORT', '8000')}")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    os.environ[_COUNTS] = folder


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


def on_starting(server: Any) -> None:
    """Its own lines are written as ours are: through the root's handler, which Django has set up by now."""
    lines = logging.getLogger("gunicorn.error")
    lines.handlers.clear()
    lines.propagate = True


on_reload = on_starting


def when_ready(server: Any) -> None:
    """The master reads the pages' code and what questions are answered from before it forks, so that the workers share
    it and neither a first question nor one after a worker's death waits. The port is open: who comes now waits in line.
    A connection that it opened must not be shared.
    """
    from django.urls import get_resolver

    from screening import warming

    get_resolver().url_patterns  # noqa: B018 - imports every page and every door of the API
    warming.warm()
    _close_connections()


def pre_fork(server: Any, worker: Any) -> None:
    """A place among the workers that no living one has: who follows a dead one takes its place."""
    taken = {living.nrs_place for living in server.WORKERS.values()}
    worker.nrs_place = next(place for place in itertools.count(1) if place not in taken)


def post_fork(server: Any, worker: Any) -> None:
    """Each worker opens its own connections, sweeps its own garbage, counts in its own place, and knows the line of
    those who wait for it.
    """
    from events import metrics
    from nrs import overload, tracing

    gc.enable()
    overload.listen(worker.sockets)
    _close_connections()
    metrics.become(worker.nrs_place)
    tracing.begin("nrs-web")
