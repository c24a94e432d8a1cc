"""manage.py declare_topology: exchanges and queues on the broker, at deploy."""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand

from events.topology import Topology, declare


class Command(BaseCommand):
    """Run once per deploy, before the processes: a quorum queue needs a moment of peace after its birth."""

    help = "Declare the exchanges and queues of the events on the broker; harmless if they exist."

    def handle(self, *args: Any, **options: Any) -> None:
        """Declare, or end with the broker's error."""
        with current_app.connection_for_write(connect_timeout=5) as connection:
            connection.connect()
            declare(connection, Topology())
        self.stdout.write("topology: declared")
