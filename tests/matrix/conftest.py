"""The world of the matrix: made once per process, taken down with it; and the line with its figures at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from events import clock
from tests import factories
from tests.matrix.callers import everybody
from tests.matrix.report import write
from tests.matrix.running import Matrix
from tests.matrix.world import World


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker makes the world and plays all of it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("matrix"))


@pytest.fixture(scope="package")
def matrix(django_db_setup: None, django_db_blocker: Any) -> Iterator[Matrix]:
    """The matrix over a world that all its tests share: each case is undone where it ends."""
    with django_db_blocker.unblock(), clock.at(factories.MONDAY), transaction.atomic():
        world = World()
        yield Matrix(world, everybody(world))
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def on_that_monday(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every case plays at one moment."""
    with clock.at(factories.MONDAY):
        yield


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many cases were tried, by how many roles, and how many were wrong; with NRS_TRUST into docs/trust.md."""
    parts = [
        value
        for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
        for name, value in report.user_properties
        if name == "matrix"
    ]
    if parts:
        cases, wrong = sum(part[1] for part in parts), sum(part[3] for part in parts)
        terminalreporter.write_line(f"matrix: {cases:,} of {parts[0][2]:,} cases, {len(parts)} roles, {wrong} leaks")
        if os.environ.get("NRS_TRUST"):
            write(parts)
