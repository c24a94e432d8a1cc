"""The process that opens foreign documents: little memory, no Django, killed when it takes too long.

Reads requests from stdin (kind, length, content) and answers each with a line of JSON: `{"text": …}`, or
`{"text": null}` for what cannot be read. Run by `mailroom.scanning.reader`.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import struct
import sys
import zipfile
from collections.abc import Iterator

HEADER = struct.Struct(">4sQ")
MOST_MEMORY = 1024 * 1024 * 1024
MOST_PAGES, MOST_ENTRIES = 100, 2000
LARGEST_XML = 20 * 1024 * 1024
LONGEST_TEXT = 300_000
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def pdf_text(content: bytes) -> str:
    """The words of a PDF: pages, form fields, title and author. Raises whatever the library raises."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("encrypted")
    parts = [page.extract_text() for page in list(reader.pages)[:MOST_PAGES]]
    parts += [str(value) for value in (reader.get_form_text_fields() or {}).values() if value]
    parts += [str(value) for value in (reader.metadata or {}).values()]
    return "\n".join(parts)


def docx_text(content: bytes) -> str:
    """The words of a DOCX: body, headers, footers, notes, comments. Raises ValueError for bombs and non-documents."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if len(names) > MOST_ENTRIES or "[Content_Types].xml" not in names:
            raise ValueError("not a document")
        wanted = [name for name in names if name.startswith("word/") and name.endswith(".xml") and name.count("/") == 1]
        words = ("document", "header", "footer", "footnotes", "endnotes", "comments")
        return "\n".join(
            line
            for name in wanted
            if name.removeprefix("word/").startswith(words)
            for line in _paragraphs(archive, name)
        )


def _paragraphs(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    from defusedxml.ElementTree import fromstring

    with archive.open(name) as file:
        xml = file.read(LARGEST_XML + 1)
    if len(xml) > LARGEST_XML:
        raise ValueError("too large inside")
    for paragraph in fromstring(xml, forbid_dtd=True).iter(f"{WORD}p"):
        yield "".join(node.text or "" for node in paragraph.iter(f"{WORD}t"))


READERS = {b"pdf ": pdf_text, b"docx": docx_text}


def main() -> None:
    """Answer requests until stdin ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    source, answers = sys.stdin.buffer, sys.stdout
    while len(head := source.read(HEADER.size)) == HEADER.size:
        kind, length = HEADER.unpack(head)
        content = source.read(length)
        try:
            text: str | None = READERS[kind](content)[:LONGEST_TEXT]
        except Exception:  # any error of any library: it cannot be read
            text = None
        answers.write(json.dumps({"text": text}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
