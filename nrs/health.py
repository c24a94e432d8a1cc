"""Is the process alive, and is it ready to serve? Only the database is a reason to send nobody here.

Broker, relay, webhooks and worker may be away and every page still answers: the outbox keeps what they will do. That is
told as `degraded` with 200, so that a load balancer leaves the web processes in while a monitor raises its alarm.
"""

from __future__ import annotations

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse

from events import health as events_health
from events import replica
from screening import keeping
from screening.live.holder import INDEX


def live(request: HttpRequest) -> JsonResponse:
    """200 while the process can answer at all."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """503 and why unless the database answers with the code's schema; else 200, `ok` or `degraded`."""
    try:
        if not _newest() <= MigrationRecorder(connection).applied_migrations().keys():
            return JsonResponse({"status": "waiting", "why": "migrations are not applied"}, status=503)
        around = events_health.surroundings()
        return JsonResponse(
            {
                "status": "degraded" if around["degraded"] else "ok",
                **around,
                "lists": keeping.summary(),
                "screening": INDEX.health(),
                "replica": replica.summary(),
            }
        )
    except DatabaseError:
        return JsonResponse({"status": "waiting", "why": "the database does not answer"}, status=503)


@cache
def _newest() -> frozenset[tuple[str, str]]:
    """The last migration of each app, read from the files once: what is applied with it comes before it."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
