"""The second step of a login: time-based codes (RFC 6238, SHA-1, 30 s, 6 digits, what every app reads) and ten
codes to write down, each good once. A code is taken once; five wrong ones lock the step for 15 minutes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time
from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.db import transaction

from accounts.models import SecondFactor, User
from events import clock

STEP, DIGITS = 30, 6
#: Clocks of telephones are off: one step to either side is taken.
WINDOW = 1
RECOVERY_CODES = 10
MOST_FAILURES, LOCKED_FOR = 5, timedelta(minutes=15)
ISSUER = "NRS"


def code_at(secret: bytes, step: int) -> str:
    """The code of one 30-second step (RFC 4226, section 5.3)."""
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_now() -> int:
    """Which step it is, by the machine's own clock: business time may be another."""
    return int(time.time()) // STEP


def new_nonce() -> str:
    """What a new secret is made from; the enrolling browser's session keeps it until the first code."""
    return secrets.token_hex(32)


def secret_of(nonce: str, key: str | None = None) -> bytes:
    """160 bits that follow from the server's key and the nonce."""
    message = f"second factor {nonce}".encode()
    return hmac.new((key or settings.SECRET_KEY).encode(), message, hashlib.sha256).digest()[:20]


def as_text(nonce: str) -> str:
    """The secret to type into an app, in groups of four."""
    text = base64.b32encode(secret_of(nonce)).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def link(user: User, nonce: str) -> str:
    """The otpauth address that apps on the same device open."""
    label = quote(f"{ISSUER}:{user.email}")
    return f"otpauth://totp/{label}?secret={base64.b32encode(secret_of(nonce)).decode()}&issuer={ISSUER}"


@transaction.atomic
def enrol(user: User, nonce: str, code: str) -> list[str]:
    """Take a secret into use by its first code; the codes to write down, shown only now.

    Empty where the code was wrong, or the user has a second step already.
    """
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    step = _step_of(nonce, _digits(code), after=0)
    if step is None or is_in_use(user):
        return []
    codes = [f"{number:010d}" for number in (secrets.randbelow(10**10) for _ in range(RECOVERY_CODES))]
    SecondFactor.objects.create(
        user=user,
        nonce=nonce,
        confirmed_at=clock.now(),
        last_step=step,
        recovery=[_digest(nonce, one) for one in codes],
    )
    return [f"{one[:5]}-{one[5:]}" for one in codes]


@transaction.atomic
def check(user: User, code: str) -> bool:
    """Whether the code is right now: of the app, or one of those written down, which is then used up."""
    factor = SecondFactor.objects.select_for_update(of=("self",)).filter(user=user).first()
    return factor is not None and _passes(factor, _digits(code))


def is_locked(user: User) -> bool:
    """Whether too many wrong codes have been tried just now."""
    return SecondFactor.objects.filter(user=user, locked_until__gt=clock.now()).exists()


def is_in_use(user: User) -> bool:
    """Whether the user has enrolled."""
    return SecondFactor.objects.filter(user=user).exists()


def remove(user: User) -> None:
    """Take the factor away, as an administrator does for somebody who has lost the telephone."""
    SecondFactor.objects.filter(user=user).delete()


def _digits(code: str) -> str:
    return "".join(sign for sign in code if sign.isascii() and sign.isdigit())


def _passes(factor: SecondFactor, typed: str) -> bool:
    """Try the code and keep what came of it."""
    if factor.locked_until is not None and factor.locked_until > clock.now():
        return False
    step = _step_of(factor.nonce, typed, after=factor.last_step)
    factor.last_step = step or factor.last_step
    is_right = step is not None or _was_written_down(factor, typed)
    factor.failures = 0 if is_right else factor.failures + 1
    if factor.failures >= MOST_FAILURES:
        factor.failures, factor.locked_until = 0, clock.now() + LOCKED_FOR
    factor.save()
    return is_right


def _step_of(nonce: str, typed: str, *, after: int) -> int | None:
    """The step whose code this is, if it is about now and later than the last that was taken."""
    now = step_now()
    for key in _keys():
        secret = secret_of(nonce, key)
        for step in range(max(after + 1, now - WINDOW), now + WINDOW + 1):
            if hmac.compare_digest(code_at(secret, step), typed):
                return step
    return None


def _was_written_down(factor: SecondFactor, typed: str) -> bool:
    digests = {_digest(factor.nonce, typed, key) for key in _keys()}
    left = [one for one in factor.recovery if one not in digests]
    is_right = len(left) < len(factor.recovery)
    factor.recovery = left
    return is_right


def _keys() -> tuple[str, ...]:
    """The server's key, and those before it."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def _digest(nonce: str, code: str, key: str | None = None) -> str:
    return hmac.new(secret_of(nonce, key), code.encode(), hashlib.sha256).hexdigest()
