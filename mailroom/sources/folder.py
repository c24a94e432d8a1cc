"""A folder on this machine, for developing and trying: a file dropped into it is a mail that came in.

Files at the top (`*.eml`) and, as in a Maildir, those in `new/` are waiting; what has been taken in moves to `cur/`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mailroom.sources import LARGEST_HEAD, SourceFailed, Waiting

#: A file at the top may still be on its way, as its copying is not one step.
SETTLED_SECONDS = 1.0
HANDFUL = 100


class Folder:
    """A folder with mails as files. A message's number is made of its file's name."""

    validity = 1

    def __init__(self, path: Path) -> None:
        self.name = "maildir"
        self._path = path
        self._files: dict[int, Path] = {}
        for part in ("new", "cur"):
            (path / part).mkdir(parents=True, exist_ok=True)

    def waiting(self, after: int, since: datetime) -> Iterator[list[Waiting]]:
        """See Source; the numbers do not rise, so that all are looked at each time."""
        settled = time.time() - SETTLED_SECONDS
        dropped = [path for path in self._path.glob("*.eml") if path.is_file() and path.stat().st_mtime <= settled]
        every = sorted([*(path for path in (self._path / "new").iterdir() if path.is_file()), *dropped])
        self._files = {_number(path): path for path in every}
        found = [_waiting(uid, path) for uid, path in sorted(self._files.items())]
        for at in range(0, len(found), HANDFUL):
            yield found[at : at + HANDFUL]

    def content(self, uid: int) -> bytes | None:
        """See Source."""
        path = self._files.get(uid)
        return path.read_bytes() if path is not None and path.exists() else None

    def done(self, uids: Iterable[int]) -> None:
        """Into `cur/`."""
        for uid in uids:
            path = self._files.get(uid)
            if path is not None and path.exists():
                path.rename(self._path / "cur" / path.name)

    def forget(self, before: datetime, up_to: int) -> int:
        """See Source; of those that have been taken in."""
        old = [path for path in (self._path / "cur").iterdir() if path.stat().st_mtime < before.timestamp()]
        for path in old:
            path.unlink()
        return len(old)


def _number(path: Path) -> int:
    return int.from_bytes(hashlib.sha256(path.name.encode("utf-8", "surrogateescape")).digest()[:7], "big")


def _waiting(uid: int, path: Path) -> Waiting:
    stat = path.stat()
    with path.open("rb") as file:
        start = file.read(LARGEST_HEAD)
    ends = [at for mark in (b"\r\n\r\n", b"\n\n") if (at := start.find(mark)) >= 0]
    head = start[: min(ends, default=len(start))] + b"\r\n\r\n"
    return Waiting(uid, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC), head)


@contextmanager
def opened(url: str) -> Iterator[Folder]:
    """The folder of `maildir:///path`. Raises SourceFailed if it cannot be read or made."""
    try:
        yield Folder(Path(unquote(urlsplit(url).path)))
    except OSError as problem:
        raise SourceFailed(type(problem).__name__) from None
