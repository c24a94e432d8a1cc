"""`manage.py skills_gap [--keep]` prints the demand list for joint courses as JSON, as the API gives it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from events import clock
from screening import figures, skills_gap
from screening.models import Figures


class Command(BaseCommand):
    """Computes the skills gap over all open orders."""

    help = "Prints which one missing licence, certificate or skill would open how many positions to how many people."

    def add_arguments(self, parser: CommandParser) -> None:
        """Filters, and whether today's figures are kept."""
        parser.add_argument("--municipality", help="home of the people, by code")
        parser.add_argument("--industry", help="division of the orders")
        parser.add_argument("--keep", action="store_true", help="keep them as today's figures, as the night does")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print; small cells are hidden here too."""
        kind = Figures.Kind.SKILLS_GAP
        data = figures.make(kind).data if options["keep"] else skills_gap.compute()
        rows = figures.gap_rows(data, municipality=options["municipality"], industry=options["industry"])
        labels = skills_gap.labels_of([(row["kind"], row["code"]) for row in rows])
        shown = {
            "as_of": clock.today(),
            "orders_looked_at": data["orders"],
            "results": [{**row, "label": labels.get((row["kind"], row["code"]), "")} for row in rows],
        }
        self.stdout.write(json.dumps(shown, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
