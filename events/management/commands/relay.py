"""manage.py relay: events to the broker, until stopped."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from events import relay, single, stopping


class Command(BaseCommand):
    """The relay process of `docker compose` and `./run services`."""

    help = "Send events to the broker until stopped. Ends with 1 after many failures: run it supervised."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--once", action="store_true", help="send what is unsent and end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; SIGTERM and SIGINT end it after the batch in hand."""
        if options["once"]:
            self._once()
            return
        stop = stopping.on_signal()
        self.stdout.write("relay: running")
        code = relay.run(stop)
        self.stdout.write("relay: stopped" if code == 0 else "relay: given up, to be started again")
        if code:
            sys.exit(code)

    def _once(self) -> None:
        sender = relay.Relay()
        try:
            with single.held("relay"):
                self.stdout.write(f"relay: {sender.drain()} sent")
        finally:
            sender.close()
