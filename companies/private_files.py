"""Files that only some may read: below DATA_DIR/private, under random names, never served by a web server itself.

A file is written and flushed to disk before the row that names it is committed, so that a row never lacks its file.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{38}")
ROOT = "private"


def root() -> Path:
    """Where this installation keeps its private files."""
    return Path(settings.DATA_DIR) / ROOT


@dataclass(frozen=True, slots=True)
class PrivateFolder:
    """The private files of one subject, in a folder of their own."""

    subject: str

    def folder(self) -> Path:
        """Where they are; made when needed, for the owner alone."""
        path = root() / self.subject
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    def keep(self, content: bytes) -> str:
        """Write a file; its name."""
        token = secrets.token_hex(20)
        name = f"{token[:2]}/{token[2:]}"
        path = self.folder() / name
        path.parent.mkdir(exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return name

    def path_of(self, name: str) -> Path:
        """Where a file of this name lies. Raises ValueError for what is no such name."""
        if not _NAME.fullmatch(name):
            raise ValueError("no name of a private file")
        return self.folder() / name

    def drop(self, name: str) -> None:
        """Delete a file; one that is gone is fine."""
        self.path_of(name).unlink(missing_ok=True)

    def older_than(self, seconds: float) -> set[str]:
        """Names of the files that have been lying so long."""
        border = time.time() - seconds
        found = set()
        for path in self.folder().glob("??/*"):
            try:
                written = path.stat().st_mtime
            except FileNotFoundError:  # dropped meanwhile
                continue
            name = f"{path.parent.name}/{path.name}"
            if written < border and _NAME.fullmatch(name):
                found.add(name)
        return found

    def orphans(self, known: Collection[str], seconds: float) -> set[str]:
        """Names of files that have been lying so long and that no row names."""
        return self.older_than(seconds) - set(known)


AGREEMENTS = PrivateFolder("agreements")
folder, keep, path_of, drop = AGREEMENTS.folder, AGREEMENTS.keep, AGREEMENTS.path_of, AGREEMENTS.drop
