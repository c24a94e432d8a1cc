"""Signs of life of the processes that nobody asks by HTTP."""

from __future__ import annotations

from django.db import models


class Pulse(models.Model):
    """When a process last did its round: one row each, written anew every few seconds (events/pulse.py)."""

    process = models.CharField(max_length=16, primary_key=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.process
