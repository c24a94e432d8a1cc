"""The private files beside the database: copied with their digests, and looked for by the rows that name them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.db import models

from companies.models import AgreementDocument
from companies.private_files import AGREEMENTS, PrivateFolder, root
from mailroom.models import MailFile
from mailroom.storage import MAILS

#: Who names a file in a column, in which folder, and the column with its SHA-256, if it has one.
NAMED: tuple[tuple[type[models.Model], str, PrivateFolder, str], ...] = (
    (AgreementDocument, "stored_as", AGREEMENTS, "sha256"),
    (MailFile, "path", MAILS, ""),
)


def named() -> dict[str, str]:
    """Every file that a row names: its path below the private folder, and the digest that the row holds or ''."""
    found: dict[str, str] = {}
    for model, column, folder, digest in NAMED:
        rows = model._base_manager.exclude(**{column: ""}).order_by().values_list(column, digest or "pk")
        found |= {f"{folder.subject}/{name}": str(value) if digest else "" for name, value in rows}
    return found


def copy(target: Path) -> dict[str, str]:
    """Copy all private files below `target`, for the owner alone; their digests by path."""
    done = {}
    for path in sorted(root().rglob("*")) if root().is_dir() else []:
        name = path.relative_to(root()).as_posix()
        try:
            content = path.read_bytes() if path.is_file() else None
        except FileNotFoundError:  # deleted meanwhile: whether a row still names it is asked afterwards
            continue
        if content is not None:
            _write(target / name, content)
            done[name] = hashlib.sha256(content).hexdigest()
    for folder in (path for path in [target, *target.rglob("*")] if path.is_dir()):
        folder.chmod(0o700)
    return done


def digests(folder: Path) -> dict[str, str]:
    """The digests of the files in a copy, by path."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
