"""A file imported by the worker: every row once, whoever dies in between, and nobody's rights beyond the sender's."""

from __future__ import annotations

import datetime as dt

import pytest

from candidates import import_jobs, importing
from candidates.models import Candidate, ImportJob, ImportRow
from candidates.tasks import forget_imports, imports
from events import clock
from events.errors import Invalid, NotAllowed, NotVisible
from municipalities.models import Membership
from nrs.celery import SCHEDULE
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CSV = b"external_reference,name,licences\nA,Person Et,B\nB,Person To,ZZ\nC,Person Tre,C\n"
State = ImportJob.State


def report(job: ImportJob) -> list[tuple[int, str]]:
    return list(job.report.order_by("number").values_list("number", "status"))


def test_a_file_is_imported_by_the_worker_and_then_forgotten() -> None:
    ann = factories.caseworker()
    job = import_jobs.begin(ann, name="Liste.CSV", content=CSV)
    assert (job.rows, job.state, Candidate.objects.count()) == (3, State.WAITING, 0)
    imports()
    job.refresh_from_db()
    assert (job.state, bytes(job.content), job.is_over) == (State.DONE, b"", True)
    assert report(job) == [(1, "created"), (2, "refused"), (3, "created")]
    assert job.report.get(number=2).problems[0]["pointer"] == "/licences/0"
    assert set(Candidate.objects.order_by("pk").values_list("home_id", flat=True)) == {factories.HILLEROED}


def test_the_clock_calls_the_worker() -> None:
    assert SCHEDULE["imports"]["task"] == imports.name
    assert SCHEDULE["forget-imports"]["task"] == forget_imports.name


def test_a_job_left_by_a_dead_worker_is_taken_up_and_changes_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes after the first batch: what was reported stays reported, and each person is there once."""
    monkeypatch.setattr(import_jobs, "BATCH", 1)
    monkeypatch.setattr(importing, "BATCH", 1)
    job = import_jobs.begin(factories.caseworker(), name="liste.csv", content=CSV)
    whole = import_jobs._report

    def dies_after_one(job: ImportJob, results: list[importing.RowResult]) -> None:
        if ImportRow.objects.exists():
            raise SystemExit
        whole(job, results)

    monkeypatch.setattr(import_jobs, "_report", dies_after_one)
    with pytest.raises(SystemExit):
        import_jobs.work()
    monkeypatch.setattr(import_jobs, "_report", whole)
    assert import_jobs.work() == 0, "its lease still runs"
    with clock.at(clock.now() + import_jobs.LEASE + dt.timedelta(seconds=1)):
        assert import_jobs.work() == 1
    job.refresh_from_db()
    assert job.state == State.DONE
    assert report(job)[0] == (1, "created") and len(report(job)) == 3
    assert Candidate.objects.count() == 2


def test_who_has_left_imports_nothing_any_more() -> None:
    ann = factories.caseworker()
    job = import_jobs.begin(ann, name="liste.csv", content=CSV)
    Membership.objects.filter(user_id=ann.user_id).update(ended_on=clock.today())
    import_jobs.work()
    job.refresh_from_db()
    assert (job.state, bytes(job.content)) == (State.REFUSED, b"")
    assert not Candidate.objects.exists()


def test_a_fault_ends_the_job_and_forgets_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    job = import_jobs.begin(factories.caseworker(), name="liste.csv", content=CSV)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(import_jobs, "import_rows", broken)
    import_jobs.work()
    job.refresh_from_db()
    assert (job.state, bytes(job.content)) == (State.FAILED, b"")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("liste.xlsx", CSV),
        ("liste.csv", b"navn,adresse\nA,B\n"),
        ("liste.csv", b"external_reference\n"),
        ("liste.ndjson", b"\n" * 5),
        ("liste.csv", b"x" * (import_jobs.MAX_BYTES + 1)),
    ],
)
def test_what_cannot_be_read_is_refused_at_once(name: str, content: bytes) -> None:
    with pytest.raises(Invalid):
        import_jobs.begin(factories.caseworker(), name=name, content=content)
    assert not ImportJob.objects.exists()


def test_only_keepers_import_and_only_their_own_municipality_sees_it() -> None:
    job = import_jobs.begin(factories.caseworker(), name="liste.csv", content=CSV)
    assert import_jobs.seen(job.public_id, factories.consultant()) == job
    for stranger in (factories.caseworker(factories.HELSINGOER), factories.coordinator(), factories.member("auditor")):
        with pytest.raises(NotVisible):
            import_jobs.seen(job.public_id, stranger)
    with pytest.raises(NotAllowed):
        import_jobs.begin(factories.coordinator(), name="liste.csv", content=CSV)


def test_reports_go_after_thirty_days() -> None:
    import_jobs.begin(factories.caseworker(), name="liste.csv", content=CSV)
    import_jobs.work()
    forget_imports()
    assert ImportRow.objects.count() == 3
    with clock.at(clock.now() + import_jobs.KEPT + dt.timedelta(hours=1)):
        forget_imports()
    assert not ImportJob.objects.exists() and not ImportRow.objects.exists()
