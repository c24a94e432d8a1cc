"""What is asked in a world with a foreign citizen is answered as in the same world without them, to the letter.

Lists, filters, search, ordering, counts, next pages, facets, ETags and files. And no task or command says more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from candidates.models import Candidate
from municipalities import wall
from nrs.celery import app
from tests.matrix.doors import Door, commands, every_door, tasks
from tests.matrix.rules import door_rows
from tests.matrix.running import UUID, Answer, Lines, Matrix

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ROLES = ("company_a", "consultant", "caseworker", "coordinator", "auditor", "admin", "reader")
#: Differ from one answer to the next by themselves.
RANDOM = re.compile(r"csrfmiddlewaretoken\" value=\"\w+|csrftoken=\w+|nonce-[\w-]+|/ID ?\[.*?\]", re.DOTALL)


@contextmanager
def without_the_stranger(matrix: Matrix) -> Iterator[None]:
    """The same world, in which Gribskov's citizen whom no order names was never registered."""
    with transaction.atomic(), wall.as_system():
        stranger = matrix.world.targets["stranger"].candidate
        assert stranger is not None
        Candidate.objects.filter(pk=stranger.pk).delete()
        yield
        transaction.set_rollback(True)


def lists() -> list[Door]:
    """Everything that is read without naming one thing, but for what is the same for everybody."""
    kinds = ("list", "figures", "account")
    return [door for door in every_door() if door.method == "get" and door.subject in kinds and not door.has_target]


def said(answer: Answer) -> str:
    """An answer without what is random in it."""
    return RANDOM.sub("", answer.text)


#: Figures of all nine whose sums count everybody, as they should; the cells of each municipality must be the same.
SUMS_OF_ALL = {"/api/v1/statistics/cv-gaps"}


def cells(answer: Answer) -> object:
    """Such a figure without its sums."""
    body = json.loads(answer.text.rsplit("\n", 1)[-1])
    rows = body.get("results", ())
    return {**body, "results": [{name: cell for name, cell in row.items() if name != "missing"} for row in rows]}


@pytest.mark.parametrize("role", ROLES)
def test_no_list_tells_that_a_foreign_citizen_exists(matrix: Matrix, role: str):
    world, differing = matrix.world, []
    stranger = world.targets["stranger"]
    for door in lists():
        address = next(door.addresses(stranger))
        files = ("?format=csv",) if door.kind == "api" else ()
        searched = (f"?q=ANARY-0270-{part}" for part in ("stranger",)) if door.subject == "list" else ()
        for query in ("", *files, *searched, f"?candidate={stranger.candidate.public_id}"):  # type: ignore[union-attr]
            there = matrix.ask(role, door, stranger, address + query)
            with without_the_stranger(matrix):
                gone = matrix.ask(role, door, stranger, address + query)
            is_same = (there.status, said(there)) == (gone.status, said(gone)) or "sheet.pdf" in address
            if address + query in SUMS_OF_ALL and there.status == 200:
                assert not is_same, f"{address} counts nobody any more: take it out of SUMS_OF_ALL"
                is_same = cells(there) == cells(gone)
            if not is_same:
                differing.append(f"{role} {address}{query}: {there.status} and {gone.status}")
    assert not differing, "\n".join(differing)


#: Command → its arguments here. The others are not run, for the reason that their line in the table gives.
ARGUMENTS = {
    "statistics": ["status"],
    "skills_gap": [],
    "relay_status": [],
    "figure_definitions": [],
    "webhooks": None,
}


@pytest.mark.parametrize("name", tasks())
def test_no_task_tells_of_anybody(matrix: Matrix, name: str, capsys: pytest.CaptureFixture[str]):
    import logging

    lines = Lines()
    logging.getLogger().addHandler(lines)
    try:
        with transaction.atomic():
            arguments = ([],) if name == "events.tasks.dispatch" else ()
            result = app.tasks[name](*arguments)
            transaction.set_rollback(True)
    finally:
        logging.getLogger().removeHandler(lines)
    out = capsys.readouterr()
    told = set(matrix.world.told(f"{result} {out.out} {out.err} " + " ".join(lines.kept)))
    assert result is None and not told


@pytest.mark.parametrize("name", commands())
def test_no_command_tells_of_anybody(matrix: Matrix, name: str):
    row = next(row for row in door_rows() if row.kind == "command" and row.door == name)
    arguments = ARGUMENTS.get(name)
    if arguments is None:
        assert row.note, f"say in docs/access-doors.csv why the matrix does not run {name}"
        return
    out = StringIO()
    with transaction.atomic():
        call_command(name, *arguments, stdout=out, stderr=out)
        transaction.set_rollback(True)
    assert not set(matrix.world.told(out.getvalue())) and not UUID.search(out.getvalue())
    assert connection.in_atomic_block
