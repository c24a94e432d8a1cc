"""Remembered answers are sealed: they may hold a follow link's secret or a citizen's name.

The seal (Fernet) takes its key from SECRET_KEY and the caller's own Idempotency-Key, of which only a digest is kept. So
neither the database nor the database with SECRET_KEY gives an answer back: that takes the caller.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet
from django.utils.crypto import salted_hmac


def seal(answer: bytes, key: str) -> bytes:
    """The answer as it may be stored."""
    return _seal_of(key).encrypt(answer)


def unseal(stored: bytes, key: str) -> bytes:
    """The answer that was sealed under the same key. Raises cryptography.fernet.InvalidToken for another."""
    return _seal_of(key).decrypt(stored)


def digest_of(key: str) -> str:
    """What is kept of a key: 64 hexadecimal digits."""
    return salted_hmac("nrs.idempotency.key", key, algorithm="sha256").hexdigest()


def _seal_of(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac("nrs.idempotency.seal", key, algorithm="sha256").digest()))
