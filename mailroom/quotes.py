"""What somebody wrote themselves, without the mail that they answer. Pure."""

from __future__ import annotations

import re

#: The line that a mail program puts above the mail it quotes, in Danish and English.
_BEGINS = re.compile(
    r"^\s*(?:-{2,}\s*(?:oprindelig meddelelse|original message|videresendt meddelelse|forwarded message)\b.*"
    r"|_{10,}\s*|(?:fra|from):\s.+"
    r"|(?:den|on|d\.)\s.{4,120}\s(?:skrev|wrote)\s?.{0,120}:?|.{0,120}\s(?:skrev|wrote):)\s*$",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """The text up to the first quotation, without lines that begin with `>`; all of it where nothing would be left."""
    lines: list[str] = []
    for line in text.split("\n"):
        if len(line) < 400 and _BEGINS.match(line):
            break
        if not line.lstrip().startswith(">"):
            lines.append(line)
    return "\n".join(lines).strip() or text.strip()
