"""What a file is, by its content and never by its name. Pure."""

from __future__ import annotations

from enum import StrEnum

LARGEST_BYTES = 10 * 1024 * 1024
MOST_FILES = 20


class Kind(StrEnum):
    """The kinds that are kept, as media types."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    JPEG = "image/jpeg"
    PNG = "image/png"
    GIF = "image/gif"
    WEBP = "image/webp"


ENDINGS = {Kind.PDF: "pdf", Kind.DOCX: "docx", Kind.JPEG: "jpg", Kind.PNG: "png", Kind.GIF: "gif", Kind.WEBP: "webp"}
#: Kinds whose words are looked through; pictures have none.
WITH_WORDS = frozenset({Kind.PDF, Kind.DOCX})


def kind_of(content: bytes) -> Kind | None:
    """The kind, None for everything that is not kept: archives, programs, old Office files, documents with macros."""
    if b"%PDF-" in content[:1024]:
        return Kind.PDF
    if content.startswith(b"PK\x03\x04"):
        return Kind.DOCX if b"word/document.xml" in content and b"vbaProject" not in content else None
    if content.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if content.startswith((b"GIF87a", b"GIF89a")):
        return Kind.GIF
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Kind.WEBP
    return None
