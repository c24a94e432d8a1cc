"""Beat goes on where the machine's clock is set back, in the running process and after a start."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from nrs.beat import Scheduler
from nrs.celery import SCHEDULE, app


@pytest.fixture
def scheduler(tmp_path: Path):
    found = Scheduler(app, schedule_filename=str(tmp_path / "beat"))
    yield found
    found.close()


def ahead(scheduler: Scheduler) -> list[str]:
    return [name for name, entry in scheduler.schedule.items() if entry.last_run_at > entry.default_now()]


def put_ahead(scheduler: Scheduler, by: timedelta) -> None:
    """As the entries look when the clock is set back by so much."""
    for entry in scheduler.schedule.values():
        entry.last_run_at += by


def test_an_hour_back_does_not_stop_the_clock(scheduler):
    scheduler.tick()
    put_ahead(scheduler, timedelta(hours=1))
    wait = scheduler.tick()
    assert not ahead(scheduler)
    assert wait <= min(entry["schedule"] for entry in SCHEDULE.values() if isinstance(entry["schedule"], float))


def test_a_file_from_before_the_jump_does_not_stop_it_either(tmp_path):
    before = Scheduler(app, schedule_filename=str(tmp_path / "beat"))
    put_ahead(before, timedelta(hours=1))
    before.close()
    after = Scheduler(app, schedule_filename=str(tmp_path / "beat"))
    try:
        assert len(ahead(after)) >= len(SCHEDULE)
        after.tick()
        assert not ahead(after)
    finally:
        after.close()


def test_celery_takes_it(settings):
    assert app.conf.beat_scheduler == f"{Scheduler.__module__}:{Scheduler.__qualname__}"
