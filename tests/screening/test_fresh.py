"""A committed change is in the next screening, whoever wrote it; what cannot be trusted is not used."""

from __future__ import annotations

import gc
import runpy
from dataclasses import replace
from random import Random
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, connections, transaction

from candidates.models import Candidate, CandidateSkill, JobGoal
from joborders.models import JobOrder
from municipalities.models import PostalCode
from screening import engine, executors, services, sqlexec, warming
from screening.live import marks, schema, state
from screening.live.holder import INDEX
from screening.live.marks import NotUsable
from screening.loading import persons, pool
from screening.models import Change, Epoch
from screening.open_orders import SHELVES, known_today
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from tests.screening import stored
from vocabulary.models import Skill
from vocabulary.skills import load_graph

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def skills():
    INDEX.forget()
    yield stored.region()
    INDEX.forget()


def answers(orders, how):
    found = []
    for order, wanted in zip(orders, services.wanted_of(orders), strict=True):
        ready = services.compiled(wanted)
        found += [how(order, ready, home) for home in (None, build.HILLEROED)]
    return found


def check(orders):
    """Index = SQL = plain Python over the tables as they are now, and in the counts of a what-if."""
    assert answers(orders, executors.by_index) == answers(orders, executors.by_database)
    assert answers(orders, executors.by_database) == answers(orders, plain)
    assert answers(orders, counted) == answers(orders, counted_inside)


def plain(order, ready, home):
    people = persons(pool(order, home), ready)
    return sqlexec.of_oracle(engine.screen(ready, people))


def counted(order, ready, home):
    assert INDEX.current()
    return executors.counting(order, home)(ready)


def counted_inside(order, ready, home):
    return sqlexec.by_home(ready, pool(order, home))


def test_index_and_engine_agree_after_every_kind_of_write(skills):
    chance = Random(1)
    people, orders = stored.people(chance, 60, skills), stored.orders(chance, 4, skills)
    check(orders)
    base = INDEX.current().base
    for _ in range(40):
        with transaction.atomic():
            stored.write(chance, chance.choice(people), skills)
        check(orders)
    people += stored.people(chance, 5, skills)
    check(orders)
    assert INDEX.current().base is base


def test_what_a_service_writes_is_seen(skills):
    person = build.candidate(available_from="2026-01-01")
    [order] = stored.orders(Random(2), 1, skills)
    check([order])
    stored.serviced(person, job_goals=["8332"], licences=["CE"])
    assert INDEX.current().changed.tolist() == [person.pk]
    check([order])


def test_a_nomination_and_a_hire_are_seen_at_once(skills):
    chance = Random(3)
    stored.people(chance, 10, skills)
    [order] = stored.orders(chance, 1, skills)
    check([order])
    cases.nomination(order, "accepted")
    check([order])
    Candidate.objects.filter(status="available").update(hired_from=stored.DAY)
    check([order])


def test_who_is_erased_is_masked_at_once(skills):
    person = build.candidate()
    [order] = stored.orders(Random(4), 1, skills)
    before = answers([order], executors.by_index)[0]
    Candidate.objects.filter(pk=person.pk).delete()
    after = answers([order], executors.by_index)[0]
    assert (before.pool, after.pool) == (1, 0)
    assert (
        state.rows_of(INDEX.current().base, INDEX.current().changed).tolist() == INDEX.current().masked.tolist() == [0]
    )


def test_nothing_new_costs_one_look(skills, django_assert_num_queries):
    stored.people(Random(5), 3, skills)
    first = INDEX.current()
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 2):
        assert INDEX.current().overlay is first.overlay


def test_what_is_rolled_back_is_seen_inside_and_forgotten_after(skills):
    person = build.candidate()
    [order] = stored.orders(Random(6), 1, skills)
    check([order])
    shared = INDEX.current()
    with transaction.atomic():
        Candidate.objects.filter(pk=person.pk).update(status="inactive")
        assert answers([order], executors.by_index)[0].pool == 0
        transaction.set_rollback(True)
    assert INDEX.current().changed.tolist() == shared.changed.tolist()
    assert answers([order], executors.by_index)[0].pool == 1


def test_the_first_use_in_a_transaction_leaves_nothing_behind(skills):
    INDEX.forget()
    with transaction.atomic():
        build.candidate()
        assert INDEX.current().base.rows == 1
        transaction.set_rollback(True)
    assert INDEX.current().base.rows == 0


def test_a_new_postal_point_counts(skills):
    stored.people(Random(7), 20, skills)
    orders = stored.orders(Random(7), 3, skills)
    check(orders)
    PostalCode.objects.create(code="9990", town="Skagen", latitude=57.7, longitude=10.6, municipality_codes="0813")
    from municipalities import reference

    reference.compute_distances()
    check(orders)


def test_without_a_trigger_the_database_answers_and_the_health_page_says_so(skills, client):
    chance = Random(8)
    stored.people(chance, 10, skills)
    orders = stored.orders(chance, 2, skills)
    check(orders)
    assert client.get("/healthz/ready").json()["screening"]["executor"] == "index"
    name = f"{schema.PREFIX}update_candidates_candidate"
    try:
        with connection.cursor() as cursor:
            cursor.execute(schema.dropping(connection.vendor, name))
        with pytest.raises(NotUsable, match="1 of"):
            INDEX.current()
        health = client.get("/healthz/ready").json()["screening"]
        assert health["executor"] == "sql" and "triggers" in health["why"]
        Candidate.objects.update(status="inactive")
        found = answers(orders, executors.screen)
        assert [one.pool for one in found] == [0] * 4 and {one.executor for one in found} == {"sql"}
    finally:
        assert schema.install(connection) == 1
    assert schema.install(connection) == 0
    check(orders)


def test_a_reader_from_before_what_was_pruned_reads_everything_anew(skills):
    people = stored.people(Random(9), 10, skills)
    orders = stored.orders(Random(9), 2, skills)
    check(orders)
    old = INDEX.current()
    Candidate.objects.filter(pk=people[0]).update(status="inactive")
    for _ in range(3):
        with transaction.atomic():
            marks.prune(connection)
    # The server's other transactions decide how far that went on PostgreSQL; here it went further than the reader.
    Change.objects.all().delete()
    Epoch.objects.update(pruned_to=1)
    INDEX._state = replace(old, mark=replace(old.mark, token=0))
    check(orders)
    assert INDEX.current().base is not old.base


def test_the_clock_prunes(skills):
    from nrs.celery import SCHEDULE
    from screening.tasks import prune_changes

    assert SCHEDULE["prune-screening-changes"]["task"] == prune_changes.name
    stored.people(Random(3), 1, skills)
    prune_changes()
    assert Epoch.objects.get().next_prune > 0


def test_everything_is_read_before_the_fork(skills, django_assert_num_queries, caplog):
    stored.people(Random(14), 5, skills)
    orders = stored.orders(Random(14), 2, skills)
    with caplog.at_level("INFO", logger="screening.warming"):
        warming.warm()
    gc.unfreeze()
    assert f"{INDEX.health()['people']} people, 2 open orders" in caplog.text
    with django_assert_num_queries(1):
        load_graph()
    with django_assert_num_queries(2):
        assert Skill.objects.did_you_mean("evnne") == "evne"
    compiled = SHELVES.holding(known_today(JobOrder.objects.open())).orders
    assert compiled[orders[0].pk] is SHELVES.holding(known_today(JobOrder.objects.open())).orders[orders[0].pk]


def test_a_start_without_a_database_goes_on(skills, monkeypatch, caplog):
    monkeypatch.setattr("screening.warming.warming.warm", raising(OperationalError("no database")))
    warming.warm()
    gc.unfreeze()
    assert "no database" in caplog.text


@pytest.fixture
def swept():
    yield
    gc.enable()


def test_the_master_closes_its_connections_before_it_forks(skills, monkeypatch, swept):
    """gunicorn calls `when_ready` in the master, `post_fork` in each worker."""
    closed = []
    monkeypatch.setattr(connections, "close_all", lambda: closed.append(INDEX.health()["executor"]))
    conf = runpy.run_path("nrs/gunicorn_conf.py")
    conf["when_ready"](None)
    gc.unfreeze()
    assert closed == ["index"] and conf["preload_app"] and not gc.isenabled()
    conf["post_fork"](None, SimpleNamespace(sockets=(), nrs_place=1))
    assert len(closed) == 2 and gc.isenabled()


def raising(problem):
    def call():
        raise problem

    return call


def test_a_reader_that_kept_up_is_not_disturbed_by_pruning(skills):
    stored.people(Random(10), 10, skills)
    base = INDEX.current().base
    for _ in range(3):
        INDEX.current()
        with transaction.atomic():
            marks.prune(connection)
    INDEX.current()
    assert INDEX.current().base is base


def test_a_worn_base_is_read_anew_behind_the_requests(skills, monkeypatch):
    monkeypatch.setattr(state, "LARGE_NUMBER", 3)
    people = stored.people(Random(11), 10, skills)
    orders = stored.orders(Random(11), 2, skills)
    check(orders)
    base = INDEX.current().base
    Candidate.objects.filter(pk__in=people[:6]).update(shifts=15)
    check(orders)
    INDEX.wait()
    assert INDEX.current().base is not base and not len(INDEX.current().changed)
    check(orders)


def test_data_that_the_columns_cannot_hold_is_left_to_the_engine(skills):
    person = build.candidate()
    orders = stored.orders(Random(12), 2, skills)
    Candidate.objects.filter(pk=person.pk).update(shifts=300)
    INDEX.forget()
    with pytest.raises(NotUsable, match="cannot hold"):
        INDEX.current()
    assert answers(orders, executors.screen) == answers(orders, executors.by_database)
    assert INDEX.health()["executor"] == "sql"


def test_an_emptied_database_begins_a_new_epoch(skills):
    stored.people(Random(13), 5, skills)
    assert INDEX.current().base.rows + len(INDEX.current().changed) > 0
    Epoch.objects.all().delete()
    for table in (JobGoal, CandidateSkill):
        table.objects.all().delete()
    with pytest.raises(NotUsable, match="epoch"):
        INDEX.current()
    schema.keep(connection)
    check(stored.orders(Random(13), 2, skills))
