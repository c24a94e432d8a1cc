"""Is the process alive, and is it ready to serve? The broker is not asked: the outbox makes it optional."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from events import health as events_health
from screening import keeping
from screening.live.holder import INDEX


def live(request: HttpRequest) -> JsonResponse:
    """200 while the process can answer at all."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and its schema is the code's, else 503 and why."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return JsonResponse({"status": "waiting", "why": "migrations are not applied"}, status=503)
        return JsonResponse(
            {
                "status": "ok",
                "events": events_health.summary(),
                "lists": keeping.summary(),
                "screening": INDEX.health(),
            }
        )
    except DatabaseError:
        return JsonResponse({"status": "waiting", "why": "the database does not answer"}, status=503)
