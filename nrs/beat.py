"""Celery's clock, that also goes on where the machine's clock was set back."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

log = logging.getLogger(__name__)
#: So far ahead may the last run seem to lie without a clock having been set: processes start within a moment.
MARGIN = timedelta(seconds=5)


class Scheduler(PersistentScheduler):
    """Celery waits from the last run on: set back by an hour, everything periodic would stand still for that hour.

    A last run that lies in the future is taken for one of now, in this process and in the file that it left behind.
    """

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; seconds until the next look."""
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now() + MARGIN]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        if ahead:
            log.warning("the clock was set back: %d periodic tasks go on from now", len(ahead))
            self._heap = None  # Celery makes it anew
        return float(super().tick(*args, **kwargs))
