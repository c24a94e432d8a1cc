"""`manage.py figure_definitions` writes docs/statistics.md and campaigns/definition_texts.py from the docstrings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from campaigns import definitions

FILES = {"docs/statistics.md": definitions.as_markdown, "campaigns/definition_texts.py": definitions.as_texts}


class Command(BaseCommand):
    """Writes the definitions of the figures."""

    help = "Writes what the figures mean from the docstrings of their functions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both files."""
        for name, text in FILES.items():
            (Path(settings.BASE_DIR) / name).write_text(text(), encoding="utf-8")
            self.stdout.write(name)
