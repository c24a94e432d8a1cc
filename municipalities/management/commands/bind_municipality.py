"""manage.py bind_municipality: a queue of its own for a municipality that reads from RabbitMQ."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand, CommandError

from events.topology import Topology, give_queue, speaks_amqp, take_queue
from municipalities.models import Municipality


class Command(BaseCommand):
    """Once per municipality that wants one; safe to run again."""

    help = "Give municipalities a quorum queue with all the events that they may read, and no other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Codes, and the way back."""
        parser.add_argument("codes", nargs="+", metavar="CODE", help="municipality codes, e.g. 0219")
        parser.add_argument("--remove", action="store_true", help="delete the queue, whatever lies in it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Declare or delete. Raises CommandError for a code that is not one of the nine, or without RabbitMQ."""
        known = set(Municipality.objects.values_list("code", flat=True))
        if unknown := sorted(set(options["codes"]) - known):
            raise CommandError(f"not one of the nine: {', '.join(unknown)}")
        with current_app.connection_for_write(connect_timeout=5) as connection:
            if not speaks_amqp(connection):
                raise CommandError("queues need RabbitMQ; BROKER_URL names none")
            connection.connect()
            for code in options["codes"]:
                if options["remove"]:
                    self.stdout.write(f"{code}: deleted, {take_queue(connection, Topology(), code)} messages with it")
                else:
                    self.stdout.write(f"{code}: {give_queue(connection, Topology(), code)}")
