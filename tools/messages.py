"""Compile the translations (.po to .mo) without gettext's tools, which a bare machine does not have."""

from __future__ import annotations

import ast
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

KEYWORDS = ("msgctxt", "msgid_plural", "msgid", "msgstr")
MAGIC = 0x950412DE


@dataclass
class Entry:
    """One message while it is read: its parts by keyword ("msgstr[1]" for a plural form)."""

    parts: dict[str, str] = field(default_factory=dict)
    is_fuzzy: bool = False

    def pair(self) -> tuple[str, str] | None:
        """Key and text as the .mo format wants them; None for what is fuzzy, empty or not translated."""
        if "msgid" not in self.parts or (self.is_fuzzy and self.parts["msgid"]):
            return None
        forms = [self.parts[name] for name in sorted(self.parts) if name.startswith("msgstr")]
        if not forms or not all(forms):
            return None
        key = self.parts["msgid"]
        if "msgid_plural" in self.parts:
            key += "\0" + self.parts["msgid_plural"]
        if "msgctxt" in self.parts:
            key = self.parts["msgctxt"] + "\4" + key
        return key, "\0".join(forms)


def compile_all(root: Path) -> list[Path]:
    """Compile every locale/**/*.po under root whose .mo is missing or older; returns the files written."""
    written = []
    for source in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            draft = target.with_suffix(f".mo.{os.getpid()}")
            draft.write_bytes(compile_text(source.read_text(encoding="utf-8")))
            draft.replace(target)
            written.append(target)
    return written


def compile_text(text: str) -> bytes:
    """The .mo file for a .po file's text. Raises ValueError with the line's number where it is not one."""
    pairs = sorted((key.encode(), value.encode()) for key, value in filter(None, map(Entry.pair, entries(text))))
    ids = b"".join(key + b"\0" for key, _ in pairs)
    texts = b"".join(value + b"\0" for _, value in pairs)
    ids_start = 28 + 16 * len(pairs)
    tables = [
        _table([key for key, _ in pairs], ids_start),
        _table([v for _, v in pairs], ids_start + len(ids)),
    ]
    header = struct.pack("<7I", MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, ids_start)
    return header + b"".join(tables) + ids + texts


def entries(text: str) -> Iterator[Entry]:
    """The messages of a .po file, in order; obsolete ones (`#~`) are left out."""
    entry, current = Entry(), ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        starts_new = line.startswith(("msgctxt", "msgid ", "#")) and any(k.startswith("msgstr") for k in entry.parts)
        if not line or starts_new:
            yield entry
            entry, current = Entry(), ""
        if line.startswith("#,"):
            entry.is_fuzzy = "fuzzy" in line
        elif line and not line.startswith("#"):
            current = _read_line(line, number, current, entry)
    yield entry


def _read_line(line: str, number: int, current: str, entry: Entry) -> str:
    """Add a keyword line or a continuation to the entry; returns the keyword that a next line continues."""
    keyword = next((word for word in KEYWORDS if line.startswith(word)), "")
    head, _, quoted = line.partition('"')
    current = head.strip() if keyword else current
    if not current or not quoted.endswith('"'):
        raise ValueError(f"line {number}: not a line of a .po file: {line}")
    entry.parts[current] = entry.parts.get(current, "") + ast.literal_eval('"' + quoted)
    return current


def _table(strings: list[bytes], start: int) -> bytes:
    rows = []
    for string in strings:
        rows.append(struct.pack("<2I", len(string), start))
        start += len(string) + 1
    return b"".join(rows)
