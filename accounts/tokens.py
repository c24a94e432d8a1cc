"""Tokens of machines: shown once, kept as a digest, expiring, revocable."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from accounts.models import ApiToken, User
from events import clock

PREFIX = "nrs_"
SHOWN = 12
DEFAULT_LIFE = timedelta(days=365)
USE_IS_NOTED_EVERY = timedelta(minutes=1)


def issue(
    *,
    label: str,
    membership: UUID | None = None,
    company: UUID | None = None,
    scope: str = ApiToken.Scope.READ,
    life: timedelta = DEFAULT_LIFE,
    created_by: User | None = None,
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is nowhere else and cannot be had again. Raises ValueError.

    Bound to exactly one of `membership` and `company` (public ids); 256 random bits, so that a plain digest
    is enough.
    """
    if (membership is None) == (company is None):
        raise ValueError("a token acts for one membership or one company")
    if scope not in ApiToken.Scope.values:
        raise ValueError(f"unknown scope: {scope}")
    if life <= timedelta(0):
        raise ValueError("a token lives some time")
    token = ApiToken(
        label=label,
        membership=membership,
        company=company,
        scope=scope,
        expires_at=clock.now() + life,
        created_by=created_by,
    )
    secret = prepare(token)
    token.save(force_insert=True)
    return token, secret


def prepare(token: ApiToken) -> str:
    """Give an unsaved token its secret, which is returned and kept nowhere."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token.prefix, token.digest = secret[:SHOWN], digest(secret)
    return secret


def revoke(token: ApiToken) -> None:
    """End the token now; the first time counts."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=clock.now())
    token.refresh_from_db()


def digest(secret: str) -> str:
    """SHA-256 of the secret, in hex."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def note_use(pk: int) -> None:
    """Keep when the token was last used. To be called at most once in `USE_IS_NOTED_EVERY`."""
    ApiToken.objects.filter(pk=pk).update(last_used_at=clock.now())
