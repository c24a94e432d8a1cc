"""What the API itself keeps: the answers it has given to calls with an Idempotency-Key."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """One creating call and its answer, written in the transaction of what it created; kept for a day.

    `scope` and `key` are digests, `body` is sealed (api.sealing).
    """

    scope = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    method_path = models.CharField(max_length=300)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(default=bytes)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("scope", "key"), name="a_key_is_used_once_by_one_caller"),)
        indexes = (models.Index(fields=("created_at",), name="api_idempotency_age"),)

    def __str__(self) -> str:
        return f"{self.method_path} {self.status}"
