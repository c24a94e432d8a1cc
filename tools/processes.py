"""The processes of a running NRS, once: `./run`, `./run services` and docker-compose.yml all start these."""

from __future__ import annotations

PROCESSES: dict[str, list[str]] = {
    "web": ["gunicorn", "nrs.wsgi:application", "-c", "nrs/gunicorn_conf.py"],
    "worker": [
        "celery",
        "-A",
        "nrs",
        "worker",
        "--concurrency",
        "2",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    ],
    "beat": ["celery", "-A", "nrs", "beat"],
    "relay": ["python", "manage.py", "relay"],
    "webhooks": ["python", "manage.py", "webhooks"],
}

# Before them, once for each start: schema, reference data, static files, translations.
PREPARE_SERVICES = ["python", "-m", "tools.prepare", "services"]
PREPARE_DEMO = ["python", "-m", "tools.prepare", "demo"]
PREPARE_TOUR = ["python", "-m", "tools.prepare", "tour"]

# Is the web process ready? The same question in `./run` and in the container's health check.
PROBE_WEB = ["python", "-m", "tools.probe", "web"]
