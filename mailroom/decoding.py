"""Bytes of mails as text, whatever they claim to be. Pure; nothing here raises.

Charsets are taken from a list: Python knows encodings (punycode, utf-7, rot13 …) that a mail must not choose.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from html import unescape

CHARSETS = frozenset(
    {"utf-8", "ascii", "utf-16", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u", "gb18030", "gb2312", "big5", "euc-jp"}
    | {"shift_jis", "iso2022_jp", "euc_kr", "cp437", "cp850", "cp865", "mac-roman"}
    | {f"iso8859-{n}" for n in range(1, 17)}
    | {f"cp125{n}" for n in range(9)}
)
_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,40}\?[bBqQ]\?)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
LONGEST_HEADER = 4000
LONGEST_HTML = 1_000_000


def text_of(content: bytes, charset: str = "") -> str:
    """The bytes as text: in the charset named if it is one and fits, else as UTF-8, else as Windows-1252."""
    for name in (_known(charset), "utf-8"):
        if name:
            try:
                return content.decode(name)
            except (UnicodeDecodeError, ValueError):
                continue
    return content.decode("cp1252", "replace").replace("\ufffd", "?")


def _known(charset: str) -> str:
    """Python's name of an allowed charset, '' for none."""
    try:
        name = codecs.lookup(charset.strip().strip("\"'")).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return name if name in CHARSETS else ""


def header_text(value: str) -> str:
    """A header's value in one line, its encoded words decoded. Raw bytes come in as `email` gives them: surrogates."""
    raw = text_of(value[:LONGEST_HEADER].encode("utf-8", "surrogateescape"))
    return " ".join(_CONTROL.sub(" ", _WORD.sub(_decoded_word, _BETWEEN_WORDS.sub(r"\1", raw))).split())


def _decoded_word(found: re.Match[str]) -> str:
    charset, way, data = found.groups()
    content = data.encode("ascii", "replace")
    try:
        if way in "bB":
            content = base64.b64decode(content + b"=" * (-len(content) % 4))
        else:
            content = quopri.decodestring(content, header=True)
    except (binascii.Error, ValueError):
        return data
    return text_of(content, charset.partition("*")[0])


BREAKS = frozenset(
    {"br", "p", "div", "tr", "li", "ul", "ol", "table", "hr", "blockquote", "pre", "section", "article"}
) | {f"h{level}" for level in range(1, 7)}
UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_TAG_NAME = re.compile(r"/?\s{0,5}([A-Za-z][A-Za-z0-9]{0,15})")


def words_of_html(html: str) -> str:
    """What a reader sees of a page, line by line.

    One pass from left to right: Python's own parser takes quadratic time on tags that are never closed.
    """
    lines = (" ".join(line.split()) for line in unescape("".join(_seen(html[:LONGEST_HTML]))).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _seen(html: str) -> Iterator[str]:
    """The texts between the tags, with line breaks where blocks begin and end."""
    at = 0
    while (opens := html.find("<", at)) >= 0:
        yield html[at:opens].replace("\n", " ")
        if html.startswith("<!--", opens):
            at = _behind(html, html.find("-->", opens), 3)
            continue
        named = _TAG_NAME.match(html, opens + 1)
        if named is None:
            at = opens + 1
            yield "<"
            continue
        at, name = _behind(html, html.find(">", opens), 1), named[1].lower()
        if name in UNSEEN and html[opens + 1] != "/":
            end = re.compile(rf"</{name}\b", re.IGNORECASE).search(html, at)
            at = end.start() if end else len(html)
        elif name in BREAKS:
            yield "\n"
        elif name in ("td", "th"):
            yield " "
    yield html[at:].replace("\n", " ")


def _behind(html: str, found: int, length: int) -> int:
    return found + length if found >= 0 else len(html)
