"""`tools.prepare` migrates beside a running version: it waits for a table in use, again and again, and not for ever."""

from __future__ import annotations

import pytest
from django.core import management
from django.db import OperationalError, connections

from tools import prepare


class InUse(Exception):
    sqlstate = prepare.LOCK_NOT_AVAILABLE


class Other(Exception):
    sqlstate = "53100"


def failing(times: int, cause: type[Exception], told: list[str]):
    """A migrate that fails so many times."""

    def call(name: str, **options: object) -> None:
        told.append(name)
        if len(told) <= times:
            raise OperationalError("canceling statement") from cause()

    return call


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr(prepare.time, "sleep", found.append)
    monkeypatch.setattr(connections["default"], "close", lambda: None)
    return found


def test_a_table_in_use_is_waited_for(db, monkeypatch, pauses):
    told: list[str] = []
    monkeypatch.setattr(management, "call_command", failing(3, InUse, told))
    prepare._migrate()
    assert told == ["migrate"] * 4 and pauses == [prepare.PAUSE_SECONDS] * 3


def test_it_is_not_waited_for_for_ever(db, monkeypatch, pauses):
    told: list[str] = []
    monkeypatch.setattr(management, "call_command", failing(10_000, InUse, told))
    with pytest.raises(OperationalError):
        prepare._migrate()
    assert len(told) == prepare.MIGRATION_TRIES


def test_every_other_problem_is_told_at_once(db, monkeypatch, pauses):
    told: list[str] = []
    monkeypatch.setattr(management, "call_command", failing(1, Other, told))
    with pytest.raises(OperationalError):
        prepare._migrate()
    assert len(told) == 1 and not pauses
