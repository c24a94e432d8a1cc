"""A back-up is whole, also while people work; and what is missing or changed in it is named."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from candidates.models import Candidate
from companies.private_files import AGREEMENTS, ROOT
from events.models import Event
from nrs.backups import drill, files, picture, postgres, sqlite, taking
from nrs.management.commands.restore_drill import _server
from tests.candidates import build

pytestmark = pytest.mark.usefixtures("lived_in")
#: What somebody, or a broken disk, takes out of a back-up.
TAKEN_AWAY = (
    "DELETE FROM candidates_candidatelicence WHERE id = (SELECT max(id) FROM candidates_candidatelicence)",
    "DELETE FROM events_event WHERE id = (SELECT min(id) + 1 FROM events_event)",
)
ON_POSTGRESQL = (
    "DROP TRIGGER events_are_never_changed ON events_event",
    "ALTER TABLE candidates_identity DISABLE ROW LEVEL SECURITY",
    "SELECT setval('events_event_id_seq', 1)",
)
ON_SQLITE = ("DROP TRIGGER events_are_never_changed", "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'events_event'")


def on_postgresql() -> bool:
    return bool(connection.vendor == "postgresql")


def findings(folder: Path) -> dict[str, drill.Finding]:
    return {one.name: one for one in drill.drill(folder, _server(""))}


def first_two(folder: Path) -> dict[str, drill.Finding]:
    """What is found before anything is restored."""
    looking = drill.drill(folder, {})
    return {one.name: one for one in (next(looking), next(looking))}


def change(folder: Path) -> None:
    """Take rows and a trigger out of the dump, and seal it anew, so that its digest does not tell."""
    manifest = taking.read(folder)
    archive = taking.archive(folder, manifest)
    if on_postgresql():
        with postgres.restored(archive, _server("")) as (url, _complaint):
            with psycopg.connect(url, options="-c nrs.kind=system", autocommit=True) as other:
                for statement in TAKEN_AWAY + ON_POSTGRESQL:
                    other.execute(statement)
            env = os.environ | {"PGOPTIONS": "-c nrs.kind=system"}
            again = ["pg_dump", "--format=custom", "--enable-row-security", f"--file={archive}", f"--dbname={url}"]
            subprocess.run(again, env=env, check=True)
    else:
        with closing(sqlite3.connect(archive)) as other:
            for statement in TAKEN_AWAY + ON_SQLITE:
                other.execute(statement)
            other.commit()
    manifest["dump"] = taking.digest_of(archive)
    (folder / taking.MANIFEST).write_text(json.dumps(manifest))


def somebody_else(work: Callable[[], Any]) -> None:
    """Another connection works and commits."""

    def apart() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=apart)
    thread.start()
    thread.join()


def after_somebody_else(usual: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, a moment after somebody registered a candidate."""

    def meanwhile(*given: Any) -> Any:
        somebody_else(build.candidate)
        return usual(*given)

    return meanwhile


def databases() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'nrs_drill_%'")
        return {name for (name,) in cursor.fetchall()}


def test_a_back_up_taken_while_people_work_is_good_and_the_drill_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, people = databases() if on_postgresql() else set(), Candidate.objects.count()
    for module, name in ((postgres, "dump"), (sqlite, "dump"), (files, "copy")):
        monkeypatch.setattr(module, name, after_somebody_else(getattr(module, name)))
    out = StringIO()
    call_command("restore_drill", stdout=out)
    assert Candidate.objects.count() == people + 2, "they did work meanwhile"
    told = out.getvalue()
    assert "FAILED" not in told and "The back-up is good" in told
    assert "the last 1 answer as before, 3 verdicts" in told and "private files: 1, named by 1 rows" in told
    assert not on_postgresql() or databases() == before


def test_what_was_taken_out_of_a_back_up_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    taking.take(folder)
    change(folder)
    found = findings(folder)
    assert not found["dump"].wrong and not found["restore"].wrong and not found["start"].wrong
    tables = {line.partition(":")[0] for line in found["rows"].wrong}
    followed = {"screening_change", "sqlite_sequence"}  # by triggers, and by what the test itself set
    assert tables - followed == {"candidates_candidatelicence", "events_event"}
    count = Event.objects.count()
    assert f"it was {count} events" in found["chain of events"].wrong[0]
    assert f"{count - 1} events" in found["chain of events"].told
    assert any("events_are_never_changed" in line for line in found["schema"].wrong)
    assert found["numbers"].wrong == ("events_event: its next number was given out already",)
    assert len(found["screenings"].wrong) == 1 and "licences" in found["screenings"].wrong[0]
    if on_postgresql():
        assert any("row-level security candidates_identity" in line for line in found["schema"].wrong)
        assert found["second wall"].wrong == ("nobody sees 3 rows",)
    with pytest.raises(CommandError, match="rows, schema, numbers, chain of events, screenings"):
        call_command("restore_drill", str(folder), stdout=StringIO())


def test_a_changed_or_lost_file_and_a_broken_dump_are_named_before_anything_is_restored(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    manifest = taking.take(folder)
    assert not any(one.wrong for one in first_two(folder).values())
    [name] = manifest["files"]
    paper = folder / ROOT / name
    paper.write_bytes(paper.read_bytes() + b" ")
    assert len(first_two(folder)["private files"].wrong) == 2, "neither what was copied nor what was taken in"
    paper.unlink()
    assert any("a row names it" in line for line in first_two(folder)["private files"].wrong)
    archive = taking.archive(folder, manifest)
    archive.write_bytes(archive.read_bytes()[:-1])
    assert first_two(folder)["dump"].wrong


def test_a_paper_that_was_lost_at_home_is_told_and_one_deleted_meanwhile_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [kept] = AGREEMENTS.folder().glob("??/*")
    kept.unlink()
    taking.take(tmp_path / "lost")
    assert "a row names it" in first_two(tmp_path / "lost")["private files"].wrong[0]
    usual = files.copy

    def deleted_meanwhile(target: Path) -> dict[str, str]:
        from companies.models import AgreementDocument

        somebody_else(AgreementDocument.objects.all().delete)
        return usual(target)

    monkeypatch.setattr(files, "copy", deleted_meanwhile)
    taking.take(tmp_path / "deleted")
    assert not first_two(tmp_path / "deleted")["private files"].wrong


def test_the_chain_tells_near_which_event_it_broke(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MARK", 2)
    ids = list(Event.objects.order_by("id").values_list("id", flat=True))
    before = {"events": picture.chain()}
    with transaction.atomic():
        Event.objects.filter(pk=ids[3]).delete()
        found = drill._chain(before, {"events": picture.chain()})
        transaction.set_rollback(True)
    assert f"before event {ids[3]}" in found.wrong[0]


def test_a_back_up_is_for_its_owner_alone_and_overwrites_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    out = StringIO()
    call_command("backup", str(folder), stdout=out)
    assert "1 private files" in out.getvalue()
    modes = {path.stat().st_mode & 0o077 for path in [folder, *folder.rglob("*")]}
    assert modes == {0}
    with pytest.raises(CommandError, match="is not empty"):
        call_command("backup", str(folder), stdout=StringIO())
    with pytest.raises(CommandError, match="no back-up"):
        call_command("restore_drill", str(tmp_path / "nowhere"), stdout=StringIO())


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"user": "n", "password": "p@/:", "host": "db", "port": "5", "dbname": "x"}, "postgres://n:p%40%2F%3A@db:5/x"),
        ({"host": "db", "dbname": "x", "sslmode": "verify-full"}, "postgres://db:5432/x?sslmode=verify-full"),
    ],
)
def test_an_address_says_what_its_parts_say(given: dict[str, str], url: str) -> None:
    assert postgres.url_of(given) == url


def test_passwords_stand_in_no_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Any] = []

    def run(command: list[str], **given: Any) -> Any:
        seen.append((command, given["env"]["PGPASSWORD"]))
        return subprocess.CompletedProcess(command, 1, "", "no such server")

    monkeypatch.setattr(postgres.subprocess, "run", run)
    with pytest.raises(postgres.Failed, match="no such server"):
        postgres._tool({"host": "db", "dbname": "x", "password": "geheim"}, ["pg_dump"])
    [(command, password)] = seen
    assert password == "geheim" and not any("geheim" in word for word in command)
