"""The files of a mail, looked through before anything of them is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mailroom import storage
from mailroom.models import IncomingMail, MailFile
from mailroom.parsing import Part
from mailroom.scanning.kinds import ENDINGS, LARGEST_BYTES, MOST_FILES, WITH_WORDS, Kind, kind_of
from mailroom.scanning.reader import Reader
from vocabulary.text import shown_text, without_cpr


class Reason(StrEnum):
    """Why a file is not simply kept."""

    KIND = "kind"
    SIZE = "size"
    MANY = "many"
    EMPTY = "empty"
    CPR = "cpr"
    UNREADABLE = "unreadable"


REFUSED = {Reason.KIND, Reason.SIZE, Reason.MANY, Reason.EMPTY}


@dataclass(frozen=True, slots=True)
class Looked:
    """One file, looked through: its name fit to be shown, kind, reason, words (without CPR numbers) and content."""

    name: str
    kind: Kind | None
    size: int
    why: Reason | None
    words: str
    content: bytes


def look_through(parts: Iterable[Part], reader: Reader) -> list[Looked]:
    """Decide about each file. Nothing is written yet."""
    found: list[Looked] = []
    kept = 0
    for number, part in enumerate(parts, 1):
        looked = _look(part, number, reader, is_room=kept < MOST_FILES)
        kept += looked.why not in REFUSED
        found.append(looked)
    return found


def _look(part: Part, number: int, reader: Reader, *, is_room: bool) -> Looked:
    content = part.content or b""
    kind = kind_of(content)
    why = _refusal(content, kind, is_room)
    words = ""
    if why is None and kind in WITH_WORDS:
        read = reader.words_of(kind, content)
        if read is None:
            why = Reason.UNREADABLE
        elif without_cpr(read) != read:
            why = Reason.CPR
        words = shown_text(read or "", 20_000)
    return Looked(_name(part.name, kind, number), kind, len(content), why, words, content)


def _refusal(content: bytes, kind: Kind | None, is_room: bool) -> Reason | None:
    if not content:
        return Reason.EMPTY
    if len(content) > LARGEST_BYTES:
        return Reason.SIZE
    if kind is None:
        return Reason.KIND
    return None if is_room else Reason.MANY


def _name(name: str, kind: Kind | None, number: int) -> str:
    """The name without folders, with the ending that its content calls for; CPR numbers are blacked out of it."""
    bare = shown_text(name.replace("\\", "/").rpartition("/")[2], 120, multiline=False).strip(". ")
    bare = "".join(char for char in bare if char not in '<>:"|?*\0') or f"fil-{number}"
    if kind is not None and not bare.lower().endswith(_endings(kind)):
        bare = f"{bare}.{ENDINGS[kind]}"
    return bare


def _endings(kind: Kind) -> tuple[str, ...]:
    return (".jpg", ".jpeg") if kind is Kind.JPEG else (f".{ENDINGS[kind]}",)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file with the name of its content in private storage, '' for one that is refused."""

    looked: Looked
    path: str


def keep(looked: Iterable[Looked]) -> list[Kept]:
    """Write the contents, before the transaction that names them: what a crash leaves behind is swept away."""
    return [Kept(one, "" if one.why in REFUSED else storage.keep(one.content)) for one in looked]


def write(mail: IncomingMail, kept: Iterable[Kept]) -> None:
    """Write the rows of a mail's files. Call inside the mail's transaction."""
    MailFile.objects.bulk_create(_row(mail, one.looked, one.path) for one in kept)


def _row(mail: IncomingMail, one: Looked, path: str) -> MailFile:
    state = MailFile.State.REFUSED
    if path:
        state = MailFile.State.KEPT if one.why is None else MailFile.State.QUARANTINED
    return MailFile(
        mail=mail,
        name=one.name,
        content_type=one.kind.value if one.kind else "application/octet-stream",
        size=one.size,
        state=state,
        why=one.why or "",
        path=path,
    )
