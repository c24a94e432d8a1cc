"""Reads that go to a streaming replica show what is committed, by whomever; without it the primary answers."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.figures import figure
from candidates.models import Candidate, Identity
from events import replica
from events.replica import ALIAS, from_replica
from municipalities import wall
from screening.live import marks
from screening.live.holder import INDEX
from tests import factories
from tests.faults.pair import DATABASE, Pair
from tests.faults.postgres import programs
from vocabulary.models import Skill

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("replica")]
AT_ONCE, PATIENT = 0, 60


@pytest.fixture(scope="module")
def pair(django_db_setup: None, django_db_blocker) -> Iterator[Pair]:
    """Two clusters with the schema and one order."""
    if programs() is None:
        assert "postgres" not in os.environ.get("NRS_TEST_REQUIRE", ""), "no PostgreSQL server is installed here"
        pytest.skip("no PostgreSQL server installed here")
    made = Pair()
    try:
        with django_db_blocker.unblock():
            made.migrate()
        yield made
    finally:
        made.remove()


@pytest.fixture(autouse=True)
def databases(pair: Pair, django_db_blocker, settings) -> Iterator[Pair]:
    """Both run, and the replica is waited for."""
    settings.REPLICA_WAIT, settings.DATABASE_ROLES = PATIENT, True
    with django_db_blocker.unblock(), pair.in_place():
        factories.load_reference()
        INDEX.forget()
        yield pair
        INDEX.forget()


def asked(work) -> tuple[object, int]:
    """What it gave, and how many statements of its own the replica got."""
    with CaptureQueriesContext(connections[ALIAS]) as seen:
        found = work()
    return found, sum("pg_is_in_recovery" not in one["sql"] for one in seen.captured_queries)


def received() -> int:
    return figure("status")["received"]


@pytest.fixture
def standing_still(pair: Pair) -> Iterator[None]:
    """The replica gets the log and does not replay it."""
    tell(pair, "SELECT pg_wal_replay_pause()")
    while tell(pair, "SELECT pg_get_wal_replay_pause_state()") != "paused":
        pass
    yield
    tell(pair, "SELECT pg_wal_replay_resume()")


def tell(pair: Pair, statement: str) -> object:
    with psycopg.connect(f"host=127.0.0.1 port={pair.replica.port} user=nrs dbname={DATABASE}") as there:
        return there.execute(statement).fetchone()[0]


def test_a_figure_is_read_from_the_replica_and_holds_what_was_just_written():
    before = received()
    for number in range(1, 21):
        factories.order()
        assert asked(received) == (before + number, 2)
    assert replica.summary() == {"asked": True, "why": ""}


@pytest.mark.parametrize("name", ["flow", "times", "promises", "exchange", "reasons"])
def test_every_figure_is_the_same_from_both(name):
    factories.order()
    found, statements = asked(lambda: figure(name))
    assert statements
    with transaction.atomic():
        inside, none = asked(lambda: figure(name))
    assert (without_time(inside), none) == (without_time(found), 0)


def without_time(found):
    return {name: value for name, value in found.items() if name != "known_at"}


def test_the_primary_answers_for_a_replica_that_is_behind(standing_still, settings):
    settings.REPLICA_WAIT = AT_ONCE
    before = received()
    factories.order()
    assert asked(received) == (before + 1, 0)
    assert replica.summary() == {"asked": False, "why": "it was behind for 0 s"}


def test_the_primary_answers_while_the_replica_is_away_and_the_replica_again_afterwards(pair):
    assert asked(received)[1] == 2
    pair.replica.stop()
    try:
        factories.order()
        found, statements = asked(received)
        assert (statements, replica.summary()["asked"]) == (0, False)
    finally:
        pair.replica.start()
    factories.order()
    replica.forget()
    assert asked(received) == (found + 1, 2)


def test_what_breaks_off_on_the_replica_is_read_on_the_primary():
    @from_replica
    def work() -> bool:
        with replica.connection().cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery() AND pg_terminate_backend(pg_backend_pid())")
            return cursor.fetchone()[0]

    assert work() is False
    assert not replica.summary()["asked"]


def test_what_takes_too_long_is_not_tried_again_on_the_primary():
    tried = []

    @from_replica
    def work() -> None:
        tried.append(replica.connection().alias)
        with replica.connection().cursor() as cursor:
            cursor.execute("SET statement_timeout = 1")
            cursor.execute("SELECT pg_sleep(60)")

    with pytest.raises(OperationalError):
        work()
    assert tried == [ALIAS]


def test_a_transaction_sees_what_it_wrote_itself():
    before = received()
    with transaction.atomic():
        factories.order()
        assert asked(received) == (before + 1, 0)


def test_another_server_is_no_replica(pair):
    connections[ALIAS].close()
    connections[ALIAS].settings_dict["PORT"] = pair.primary.port
    assert asked(received)[1] == 0
    assert replica.summary()["why"] == "REPLICA_URL is no replica of DATABASE_URL"


def test_what_was_read_there_is_written_and_followed_on_the_primary():
    made = factories.candidate()
    found = from_replica(lambda: Candidate.objects.get(pk=made.pk))()
    assert found._state.db == ALIAS
    found.max_distance_km = 33
    found.save()
    assert found.skills.count() == 0
    assert Candidate.objects.values_list("max_distance_km", flat=True).get(pk=made.pk) == 33


def test_the_wall_stands_on_the_replica_too():
    factories.candidate()
    people = from_replica(lambda: Candidate.objects.count())
    assert asked(people)[1] == 1
    with wall.as_nobody():
        assert asked(people) == (0, 1)
        with wall.scoring():
            assert asked(people)[0] > 0
            with pytest.raises(ProgrammingError, match="permission denied"):
                from_replica(lambda: list(Identity.objects.values_list("name")))()


def test_the_registers_without_people_are_read_there():
    browser = Client()
    browser.force_login(factories.membership("consultant", factories.HILLEROED).user)
    company = factories.company(name="Spejl ApS")
    for address in ("companies", "municipalities", "vocabulary/skills?q=truck"):
        answer, statements = asked(lambda address=address: browser.get(f"/api/v1/{address}"))
        assert answer.status_code == 200, answer.content
        assert statements, address
    listed = browser.get("/api/v1/companies?q=Spejl").json()["results"]
    assert [row["id"] for row in listed] == [str(company.public_id)]


def test_words_are_never_kept_older_than_their_stamp(pair):
    @from_replica
    def work() -> int:
        tell(pair, "SELECT pg_wal_replay_pause()")
        Skill.objects.create(pk=1_000_000, uri="https://nrs.example/skill/spejl", label_da="spejlsliber")
        return Skill.objects.all().ranked("spejlsliber", 5)[0]

    try:
        assert work() == 1
        assert Skill.objects.all().ranked("spejlsliber", 5)[0] == 1
    finally:
        tell(pair, "SELECT pg_wal_replay_resume()")


def seeds() -> dict[int, int]:
    """The tie seed of everybody that a screening would see now."""
    state = INDEX.current()
    found = dict(zip(state.base.candidate.tolist(), state.base.tie_seed.tolist(), strict=True))
    for row in state.masked.tolist():
        del found[int(state.base.candidate[row])]
    if state.overlay is not None:
        found |= dict(zip(state.overlay.candidate.tolist(), state.overlay.tie_seed.tolist(), strict=True))
    return found


def test_the_index_is_built_from_the_replica_and_misses_no_transaction_that_was_open(pair):
    one, two, three = (factories.candidate().pk for _ in range(3))
    where = f"host=127.0.0.1 port={pair.primary.port} user=nrs dbname={DATABASE}"
    with psycopg.connect(where) as early, psycopg.connect(where) as late:
        early.execute("UPDATE candidates_candidate SET tie_seed = 111 WHERE id = %s", [one])
        late.execute("SELECT pg_current_xact_id()")
        Candidate.objects.filter(pk=two).update(tie_seed=222)
        found, statements = asked(seeds)
        assert statements and found[one] != 111 and found[two] == 222
        early.commit()
        assert seeds()[one] == 111
        late.execute("UPDATE candidates_candidate SET tie_seed = 333 WHERE id = %s", [three])
        late.commit()
        assert seeds()[three] == 333


def test_an_index_from_a_replica_however_old_is_caught_up_with_on_the_primary(standing_still, monkeypatch):
    made = factories.candidate().pk
    gone = Candidate.objects.exclude(pk=made).order_by("pk").values_list("pk", flat=True)[0]
    Candidate.objects.filter(pk=gone).update(status="inactive")
    monkeypatch.setattr(replica, "_wait_until_as_far", lambda: None)
    found, statements = asked(seeds)
    assert statements and found.keys() == set(active())
    Candidate.objects.filter(pk=made).update(tie_seed=444)
    assert seeds()[made] == 444


def test_an_index_from_before_what_was_pruned_is_read_on_the_primary(standing_still, monkeypatch):
    made = factories.candidate().pk
    for _twice in range(2):
        with transaction.atomic():
            marks.prune(connection)
    monkeypatch.setattr(replica, "_wait_until_as_far", lambda: None)
    assert made in seeds()
    assert seeds().keys() == set(active())


def active() -> list[int]:
    rows = Candidate.objects.active().filter(hired_from__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))
