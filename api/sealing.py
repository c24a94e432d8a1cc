"""Remembered answers are sealed: they may hold a follow link's secret or a citizen's name.

The pad is SHAKE-256 over an HMAC of the caller's own Idempotency-Key and a random nonce under SECRET_KEY; it covers one
answer and is never used twice. The key itself is kept as a digest only, so neither the database nor the database with
SECRET_KEY gives an answer back: that takes the caller. There is no tag: whoever can write to the database needs no seal
to lie.
"""

from __future__ import annotations

import hashlib
import secrets

from django.utils.crypto import salted_hmac

NONCE_BYTES = 16


def seal(answer: bytes, key: str) -> bytes:
    """The answer as it may be stored."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _padded(answer, nonce, key)


def unseal(stored: bytes, key: str) -> bytes:
    """The answer that was sealed under the same key; nonsense under another."""
    return _padded(stored[NONCE_BYTES:], stored[:NONCE_BYTES], key)


def digest_of(key: str) -> str:
    """What is kept of a key: 64 hexadecimal digits."""
    return salted_hmac("nrs.idempotency.key", key, algorithm="sha256").hexdigest()


def _padded(text: bytes, nonce: bytes, key: str) -> bytes:
    seed = salted_hmac("nrs.idempotency.seal", nonce.hex() + key, algorithm="sha256").digest()
    pad = hashlib.shake_256(seed).digest(len(text))
    return (int.from_bytes(text, "big") ^ int.from_bytes(pad, "big")).to_bytes(len(text), "big")
