"""A committed change is in the next screening, whoever wrote it; what cannot be trusted is not used."""

from __future__ import annotations

import gc
from dataclasses import replace
from random import Random

import pytest
from django.db import connection, transaction

from candidates.models import Candidate, CandidateSkill, JobGoal
from municipalities.models import PostalCode
from screening import executors, services
from screening.live import holder, marks, schema, state
from screening.live.holder import INDEX
from screening.live.marks import NotUsable
from screening.models import Change, Epoch
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from tests.screening import stored

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
    """Index and engine over the tables as they are now."""
    assert answers(orders, executors.by_index) == answers(orders, executors.by_database)


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
    prune_changes()
    assert Epoch.objects.get().next_prune > 0


def test_the_index_is_built_before_the_fork(skills):
    stored.people(Random(14), 5, skills)
    holder.warm()
    gc.unfreeze()
    assert INDEX.health()["executor"] == "index" and INDEX.health()["people"] is not None


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
