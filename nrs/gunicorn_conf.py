"""gunicorn for the web process. Read by path, so it imports nothing of the product."""

from __future__ import annotations

import os
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "sync"
preload_app = True
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 5000  # a leak, should one come, ends here; the jitter keeps the workers from going together
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - heartbeat files, no data
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "INFO").lower()
control_socket_disable = True
proc_name = "nrs-web"


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


def when_ready(server: Any) -> None:
    """The master builds the screening index before it forks, so that the workers share its pages. A connection that
    it opened must not be shared."""
    from screening.live import holder

    holder.warm()
    _close_connections()


def post_fork(server: Any, worker: Any) -> None:
    """Each worker opens its own connections."""
    _close_connections()
