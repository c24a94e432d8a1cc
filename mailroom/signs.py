"""What a mail is by its own signs: a bounce, an automatic answer, a loop, a circular, spam. Pure: tables and functions.

Headers first (RFC 3834, RFC 3464), then the words that Danish and English mail programs put into subjects.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

from mailroom.parsing import Letter


class Why(StrEnum):
    """Why a mail is in the tray and not in a queue."""

    UNKNOWN = "unknown"
    NO_SENDER = "no_sender"
    SPAM = "spam"
    CIRCULAR = "circular"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LOOP = "loop"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    FAILED = "failed"
    VANISHED = "vanished"


#: More stations than this on the way: the mail goes round.
MOST_STATIONS = 30
_DAEMONS = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|maildaemon|bounces?)[@+-]", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"^\W*(?:(?:sv|re|vs|fw|fwd)\s*:\s*)*"
    r"(automatisk svar|autosvar|auto-svar|fraværende|fravær|ikke til stede|ferie:|out of office|automatic reply|"
    r"auto(?:matic)?[ -]?(?:reply|response)|autoreply|kvittering for modtagelse|abwesend)",
    re.IGNORECASE,
)
_BOUNCED = re.compile(
    r"(undeliver(?:ed|able)|delivery (?:status notification|has failed|failure)|returned mail"
    r"|mail delivery (?:failed|system)"
    r"|kan ikke leveres|ikke leveret|kunne ikke afleveres|meddelelsen blev ikke)",
    re.IGNORECASE,
)
_HIGH_SCORE = re.compile(r"\byes\b", re.IGNORECASE)


def sign_of(letter: Letter, own_addresses: Collection[str], is_ours: bool) -> Why | None:
    """Why it belongs in the tray, None for what a person seems to have written.

    `own_addresses` are the service's, lower case; `is_ours`: its own Message-ID is one that we sealed.
    """
    heads = letter.headers
    if is_ours or letter.sender in own_addresses or letter.received_times > MOST_STATIONS or "x-loop" in heads:
        return Why.LOOP
    if _is_bounce(letter):
        return Why.BOUNCE
    if _is_automatic(letter):
        return Why.AUTO_REPLY
    if _is_spam(letter):
        return Why.SPAM
    if heads.get("precedence", "").lower() in ("bulk", "list", "junk") or "list-unsubscribe" in heads:
        return Why.CIRCULAR
    return None if letter.sender else Why.NO_SENDER


def _is_bounce(letter: Letter) -> bool:
    heads = letter.headers
    kind = heads.get("content-type", "").lower()
    if "multipart/report" in kind and "disposition-notification" not in kind:
        return True
    from_nobody = heads.get("return-path", "?").strip() == "<>" or bool(_DAEMONS.match(letter.sender))
    return "x-failed-recipients" in heads or (from_nobody and bool(_BOUNCED.search(letter.subject)))


def _is_automatic(letter: Letter) -> bool:
    heads = letter.headers
    submitted = heads.get("auto-submitted", "no").partition(";")[0].strip().lower()
    if submitted != "no" or heads.get("precedence", "").lower() == "auto_reply":
        return True
    if any(name in heads for name in ("x-autoreply", "x-autorespond", "x-autoreply-from")):
        return True
    if "disposition-notification" in heads.get("content-type", "").lower():  # "has been read"
        return True
    return bool(_AUTOMATIC.match(letter.subject)) or bool(_DAEMONS.match(letter.sender))


def _is_spam(letter: Letter) -> bool:
    """What the mail server has found; we judge no words ourselves."""
    heads = letter.headers
    score = heads.get("x-ms-exchange-organization-scl", "").strip()
    return (
        bool(_HIGH_SCORE.match(heads.get("x-spam-flag", "")))
        or bool(_HIGH_SCORE.match(heads.get("x-spam-status", "")))
        or (score.isdigit() and int(score) >= 5)
    )


def is_forged(letter: Letter) -> bool:
    """The receiving server could not confirm that the sender's domain sent it: its address proves nothing."""
    found = letter.headers.get("authentication-results", "").lower()
    return "dmarc=fail" in found or ("spf=fail" in found and "dkim=pass" not in found)
