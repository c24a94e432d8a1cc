"""`manage.py load_reference`: what an installation must know before its first order. Repeatable."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class Command(BaseCommand):
    """Run the loaders named in settings.REFERENCE_LOADERS, in that order."""

    help = "Load or refresh the reference data (vocabulary, municipalities). Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load; with --verbosity 2 tell what was done per kind."""
        for path in settings.REFERENCE_LOADERS:
            report = import_string(path)()
            if options["verbosity"] > 1:
                lines = report if isinstance(report, list | tuple) else [report]
                for line in lines:
                    if line is not None:
                        self.stdout.write(f"  {line}")
            if options["verbosity"] > 0:
                self.stdout.write(f"{path}: done")
