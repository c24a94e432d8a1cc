"""The change feed of the profiles, and the epoch that it began with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Change(models.Model):
    """Somebody's profile changed: written by triggers only (`screening.live.schema`), whoever changed it.

    On PostgreSQL the row also carries the transaction that wrote it, as xid8.
    """

    candidate = models.BigIntegerField()

    class Meta:
        db_table = "screening_change"
        ordering = ["id"]


class Epoch(models.Model):
    """One row: an index that was read in another epoch, or before what was pruned, must be read anew."""

    epoch = models.CharField(max_length=36)
    pruned_to = models.BigIntegerField(default=0)
    next_prune = models.BigIntegerField(default=0)

    class Meta:
        db_table = "screening_epoch"
        constraints = [models.CheckConstraint(name="there_is_one_epoch", condition=Q(id=1))]
