"""Message-IDs that carry the order a mail is about, signed, so that a reply finds its way back.

Pure: no Django, no clock, no randomness. The one who sends chooses ``random`` (the row's own
id, so that a second attempt carries the same Message-ID); the one who receives reads the order
out of ``In-Reply-To`` and ``References`` and trusts it only when the seal fits. The id tells
nothing but an order's uuid, which opens no page without a right or a secret link.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid

_LOCAL = re.compile(
    r"<?nrs\.(?P<order>[0-9a-f]{32})\.(?P<random>[0-9a-z]{8,64})\.(?P<seal>[0-9a-f]{32})"
    r"@(?P<domain>[a-z0-9.-]{1,253})>?\Z",
    re.IGNORECASE,
)
_RANDOM = re.compile(r"[0-9a-z]{8,64}\Z")


def make(order_id: uuid.UUID, random: str, secret: str, domain: str = "nrs.localhost") -> str:
    """The Message-ID, angle brackets included: ``<nrs.{order}.{random}.{seal}@{domain}>``.

    ``random`` is 8 to 64 lower-case letters and digits, one per mail; ``secret`` is the key the
    reader holds too. Raises :class:`ValueError` when ``random`` has another shape.
    """
    if not _RANDOM.match(random):
        raise ValueError("random must be 8 to 64 lower-case letters and digits")
    return f"<nrs.{order_id.hex}.{random}.{_seal(order_id.hex, random, secret)}@{domain}>"


def read(message_id: str, secret: str) -> uuid.UUID | None:
    """The order of a Message-ID that :func:`make` sealed with ``secret``; ``None`` for any other.

    Takes one id, with or without brackets and surrounding blanks; upper case is forgiven, since
    some mail systems change it. The domain is not looked at: the seal is what counts.
    """
    match = _LOCAL.match(message_id.strip())
    if match is None:
        return None
    order, random = match["order"].lower(), match["random"].lower()
    if not hmac.compare_digest(match["seal"].lower(), _seal(order, random, secret)):
        return None
    return uuid.UUID(hex=order)


def _seal(order: str, random: str, secret: str) -> str:
    """128 bits of HMAC-SHA256, bound to this use, so that no other signature fits here."""
    text = f"nrs.mail-id.{order}.{random}".encode()
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()[:32]
