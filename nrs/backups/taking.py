"""A back-up: the dump, the private files and a picture of what both hold, in a folder for its owner alone."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from companies.private_files import ROOT
from nrs.backups import files, picture, postgres, sqlite
from nrs.backups.postgres import Failed

MANIFEST = "manifest.json"


def take(folder: Path) -> dict[str, Any]:
    """Back up into a new or empty folder; what the manifest says. Raises Failed with a sentence.

    Everything comes from one snapshot, so that people may go on working. The private files are copied while the
    snapshot is held: a file is written before its row, and one that was deleted meanwhile has lost its row as well.
    """
    begun = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise Failed(f"{folder} is not empty.")
    folder.chmod(0o700)
    manifest = _postgres(folder) if connection.vendor == "postgresql" else _sqlite(folder)
    gone = {name for name in manifest["picture"]["files"] if name not in manifest["files"]}
    manifest["files_deleted_meanwhile"] = sorted(gone - files.named().keys())
    manifest["dump"] = digest_of(archive(folder, manifest))
    manifest["seconds"] = round(time.monotonic() - begun, 1)
    path = folder / MANIFEST
    path.touch(mode=0o600)
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a back-up. Raises Failed where there is none."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Failed(f"{folder} holds no back-up with a readable {MANIFEST}.") from None
    return found


def archive(folder: Path, manifest: dict[str, Any]) -> Path:
    """Where the dump lies."""
    return folder / (postgres.DUMP if manifest["picture"]["database"] == "postgresql" else sqlite.DUMP)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, '' if it is not there."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _postgres(folder: Path) -> dict[str, Any]:
    with transaction.atomic(durable=True), postgres.snapshot(connection) as name:
        postgres.dump(postgres.params_of(connection), name, folder / postgres.DUMP)
        return {"files": files.copy(folder / ROOT), "picture": picture.take()}


def _sqlite(folder: Path) -> dict[str, Any]:
    with sqlite.reading(connection), transaction.atomic(durable=True):
        looked = picture.take()
        sqlite.dump(connection, folder / sqlite.DUMP)
        return {"files": files.copy(folder / ROOT), "picture": looked}
