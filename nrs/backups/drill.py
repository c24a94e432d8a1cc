"""The drill: a back-up is restored into a database of its own, looked at by the product itself, and compared."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from companies.private_files import ROOT
from nrs.backups import files, postgres, sqlite, taking
from nrs.backups.picture import differences
from nrs.backups.postgres import Failed, Params

Look = dict[str, Any]
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: what was looked at, what was found there, and what was wrong with it."""

    name: str
    told: str
    wrong: tuple[str, ...] = ()
    seconds: float | None = None

    def lines(self) -> Iterator[str]:
        """The line, and at most ten lines of what is wrong."""
        took = "" if self.seconds is None else f" ({self.seconds:.1f} s)"
        yield f"{'FAILED' if self.wrong else 'ok':6}  {self.name}: {self.told}{took}"
        yield from (f"          {line}" for line in self.wrong[:SHOWN])
        if len(self.wrong) > SHOWN:
            yield f"          and {len(self.wrong) - SHOWN} more"


def drill(folder: Path, server: Params) -> Iterator[Finding]:
    """Restore and compare. `server` is where the database of its own is made (PostgreSQL). Raises Failed."""
    manifest = taking.read(folder)
    before, archive = manifest["picture"], taking.archive(folder, manifest)
    told = f"of {before['made_at']}, taken in {manifest['seconds']} s"
    whole = taking.digest_of(archive) == manifest["dump"]
    yield Finding("dump", f"{archive.name}, {told}", () if whole else ("not the file that was written",))
    yield _files(folder, manifest)
    with tempfile.TemporaryDirectory(prefix="nrs-drill-") as name:
        data = Path(name)
        begun = time.monotonic()
        with _restored(before["database"], archive, data, server) as (url, complaint):
            yield Finding("restore", "into an empty database", (complaint,) if complaint else (), _since(begun))
            begun = time.monotonic()
            if (folder / ROOT).is_dir():
                shutil.copytree(folder / ROOT, data / ROOT)
            after, problem = _look(url, data)
            told = "the product starts on it, manage.py database_roles and after_restore run"
            yield Finding("start", told, (problem,) if problem else (), _since(begun))
    if after:
        yield from (check(before, after) for check in CHECKS)


def _restored(database: str, archive: Path, data: Path, server: Params) -> Any:
    return postgres.restored(archive, server) if database == "postgresql" else sqlite.restored(archive, data)


def _look(url: str, data: Path) -> tuple[Look, str]:
    """The picture that the product takes of the restored database, by a process of its own; or its last words."""
    env = os.environ | {"DATABASE_URL": url, "DATA_DIR": str(data), "DATABASE_ROLES": str(settings.DATABASE_ROLES)}
    command = [sys.executable, "manage.py", "look_at_restored"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        return {}, (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    look: Look = json.loads(done.stdout.splitlines()[-1])
    return look, ""


def _files(folder: Path, manifest: Look) -> Finding:
    """Every file of the back-up is what was copied, and every row of the snapshot finds its own, as it was taken in."""
    wanted, here = manifest["files"], files.digests(folder / ROOT)
    wrong = [f"file {line}" for line in differences(wanted, here)]
    for name, digest in manifest["picture"]["files"].items():
        if name not in here and name not in manifest["files_deleted_meanwhile"]:
            wrong.append(f"file {name}: a row names it, and it is not there")
        elif name in here and digest not in ("", here[name]):
            wrong.append(f"file {name}: not what was taken in")
    return Finding("private files", f"{len(here)}, named by {len(manifest['picture']['files'])} rows", tuple(wrong))


def _migrations(before: Look, after: Look) -> Finding:
    missing = after["missing_migrations"]
    return Finding("migrations", "at the code's", tuple(f"{name} is not applied" for name in missing))


def _damage(before: Look, after: Look) -> Finding:
    return Finding("pages and keys", "nothing that the database itself finds wrong", tuple(after["damage"]))


def _tables(before: Look, after: Look) -> Finding:
    rows = sum(count for count, _digest in after["tables"].values())
    wrong = tuple(line.replace("[", "(").replace("]", ")") for line in differences(before["tables"], after["tables"]))
    return Finding("rows", f"{rows} in {len(after['tables'])} tables, by count and digest", wrong)


def _objects(before: Look, after: Look) -> Finding:
    told = f"{len(after['objects'])} columns, constraints, indexes, triggers, functions and policies"
    return Finding("schema", told, tuple(differences(before["objects"], after["objects"])))


def _numbers(before: Look, after: Look) -> Finding:
    new = sorted({*after["numbers_behind"]} - {*before["numbers_behind"]})  # rows written by number stay as they were
    wrong = tuple(f"{table}: its next number was given out already" for table in new)
    return Finding("numbers", "new rows get numbers of their own", wrong)


def _chain(before: Look, after: Look) -> Finding:
    was, now = before["events"], after["events"]
    told = f"{now['count']} events in their order, the last is {now['last']}"
    if was == now:
        return Finding("chain of events", told)
    where = next(
        (int(mark) for mark in sorted(was["marks"], key=int) if now["marks"].get(mark) != was["marks"][mark]), None
    )
    near = f"the first difference lies before event {where}" if where else "the difference lies after the last mark"
    return Finding("chain of events", told, (f"it was {was['count']} events, the last {was['last']}; {near}",))


def _feed(before: Look, after: Look) -> Finding:
    held = after["unborn_events"]
    return Finding("feed", "holds nothing back", (f"{held} events are held back: after_restore",) if held else ())


def _screenings(before: Look, after: Look) -> Finding:
    runs = before["screenings"]
    verdicts = sum(run.get("verdicts", 0) for run in runs.values())
    told = f"the last {len(runs)} answer as before, {verdicts} verdicts" if runs else "none to answer again"
    return Finding("screenings", told, tuple(differences(runs, after["screenings"])))


def _wall(before: Look, after: Look) -> Finding:
    wrong = [f"{table}: the system does not see all of it, nor does a dump" for table in after["closed_to_the_system"]]
    seen = after["seen_by_nobody"]
    if seen is None:
        told = "policies compared; not tried, because there is none here or the connecting role passes every wall"
        return Finding("second wall", told, tuple(wrong))
    wrong += [f"nobody sees {seen} rows"] if seen else []
    return Finding("second wall", "who was not proved finds no row about a citizen", tuple(wrong))


CHECKS: tuple[Callable[[Look, Look], Finding], ...] = (
    _migrations, _damage, _tables, _objects, _numbers, _chain, _feed, _screenings, _wall,
)  # fmt: skip


def _since(begun: float) -> float:
    return time.monotonic() - begun


__all__ = ["Failed", "Finding", "drill"]
