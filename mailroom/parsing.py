"""A mail's bytes as a letter: who, about what, which words, which files. Pure; malformed mails come out too.

Nothing of the mail is believed: parts are counted, nesting is bounded, archives and mails inside mails stay closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import policy
from email.message import Message
from email.parser import BytesParser

from mailroom.decoding import header_text, text_of, words_of_html

MOST_PARTS, DEEPEST = 100, 20
LONGEST_TEXT = 200_000
#: A bounce quotes the mail that came back within this much of it.
LONGEST_RETURNED = 20_000
WORDS = ("text/plain", "text/html", "text/rfc822-headers")
_ADDRESS = re.compile(r"[^\s<>\"'(),:;@\[\]]{1,64}@[^\s<>\"'(),:;@\[\]]{1,253}")
_ID = re.compile(r"<[^<>\s]{3,250}>")
_RETURNED_ID = re.compile(r"^(?:message-id|in-reply-to|references):\s*(<[^<>\s]{3,250}>)", re.IGNORECASE | re.MULTILINE)


class Unreadable(ValueError):
    """The mail's structure cannot be read; its headers can."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file that came along. `content` is None for what is never opened (mails inside mails, too many parts)."""

    name: str
    content_type: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. `headers` have lower-case names and the first value of each; `answers` the Message-IDs that it
    answers; `returned` those of a mail that came back inside it."""

    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    message_id: str = ""
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    received_times: int = 0
    answers: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


def parse(content: bytes) -> Letter:
    """The whole mail. Raises Unreadable where its structure defeats the parser."""
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, IndexError) as problem:
        raise Unreadable(type(problem).__name__) from None
    leaves = list(_leaves(message))
    parts = tuple(_part(leaf) for leaf in leaves if _is_file(leaf))
    texts = [leaf for leaf in leaves if not _is_file(leaf) and isinstance(leaf.get_payload(), str)]
    return _headed(message, text=_words(texts), parts=parts, returned=_returned(message, leaves, texts))


def parse_head(head: bytes) -> Letter:
    """The letter of which only the headers were fetched, or could be read."""
    try:
        return _headed(BytesParser(policy=policy.compat32).parsebytes(head, headersonly=True))
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, IndexError):
        return Letter()


def _headed(
    message: Message, *, text: str = "", parts: tuple[Part, ...] = (), returned: tuple[str, ...] = ()
) -> Letter:
    headers: dict[str, str] = {}
    times = 0
    for name, value in message.raw_items():
        low = str(name).lower()
        times += low == "received"
        headers.setdefault(low, header_text(str(value)))
    sender, name = _address(headers.get("from", ""))
    ids = _ID.findall(headers.get("message-id", ""))
    answers = _ID.findall(headers.get("in-reply-to", "")) + _ID.findall(headers.get("references", ""))[::-1]
    return Letter(
        sender=sender,
        sender_name=name,
        subject=headers.get("subject", ""),
        message_id=ids[0] if ids else "",
        text=text,
        headers=headers,
        received_times=times,
        answers=tuple(dict.fromkeys(answers)),
        returned=returned,
        parts=parts,
    )


def _address(value: str) -> tuple[str, str]:
    """Address and name of a From header: what stands in angle brackets, else the first thing that looks like one."""
    found = _ADDRESS.findall(value.rpartition("<")[2]) or _ADDRESS.findall(value)
    if not found:
        return "", value[:120]
    name = value.rpartition("<")[0] if "<" in value else value.replace(found[0], "")
    return found[0].lower(), " ".join(name.replace('"', " ").replace("'", " ").strip(" ()").split())[:120]


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, at most MOST_PARTS of them; mails inside mails are not opened."""
    waiting, seen = [(message, 0)], 0
    while waiting and seen < MOST_PARTS:
        part, depth = waiting.pop(0)
        inner = part.get_payload()
        if isinstance(inner, list) and part.get_content_maintype() == "multipart" and depth < DEEPEST:
            waiting[:0] = [(each, depth + 1) for each in inner if isinstance(each, Message)]
            continue
        seen += 1
        yield part


def _is_file(part: Message) -> bool:
    if part.get_content_type() in WORDS:
        return _disposition(part) == "attachment" or bool(_name(part))
    # A multipart without a boundary is one long text; the parser has said so by giving no parts.
    return part.get_content_maintype() not in ("multipart", "message")


def _disposition(part: Message) -> str:
    return str(part.get("content-disposition", "")).partition(";")[0].strip().lower()


def _name(part: Message) -> str:
    try:
        return header_text(str(part.get_filename() or ""))[:300]
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        return "?"


def _part(part: Message) -> Part:
    return Part(_name(part), part.get_content_type()[:100], _content(part))


def _content(part: Message) -> bytes:
    """The decoded bytes, as far as they can be decoded."""
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, TypeError):
        found = None
    return found if isinstance(found, bytes) else b""


def _charset(part: Message) -> str:
    try:
        return str(part.get_content_charset() or "")
    except (ValueError, LookupError, TypeError, IndexError):
        return ""


def _words(texts: list[Message]) -> str:
    """The plain words; those of the HTML where there are no plain ones."""
    plain = [part for part in texts if part.get_content_subtype() != "html"]
    words = "\n".join(_text(part) for part in plain).strip()
    if not words:
        words = "\n".join(words_of_html(_text(part)) for part in texts if part not in plain)
    return words[:LONGEST_TEXT]


def _text(part: Message) -> str:
    return text_of(_content(part)[: 4 * LONGEST_TEXT], _charset(part))


def _returned(message: Message, leaves: list[Message], texts: list[Message]) -> tuple[str, ...]:
    """Message-IDs of the mail that a bounce brings back, as a part of its own or quoted in the words."""
    found: list[str] = []
    for part in leaves:
        inner = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(inner, list):
            for mail in inner:
                if isinstance(mail, Message):
                    found += _ID.findall(str(mail.get("message-id", "")))
        elif part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers") or part in texts:
            found += _RETURNED_ID.findall(_text(part)[:LONGEST_RETURNED])
    return tuple(dict.fromkeys(found))
