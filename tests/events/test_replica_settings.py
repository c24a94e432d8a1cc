"""REPLICA_URL: what is refused at the start, and a product without one."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS

from events import replica
from nrs import env
from vocabulary.models import Skill

PRIMARY = "postgres://nrs:geheim@primary:5432/nrs"


def read(tmp_path, **told: str) -> env.Environment:
    return env.read({"NRS_TEST": "1", "DATA_DIR": str(tmp_path), **told})


def test_without_one_there_is_none(tmp_path):
    assert read(tmp_path, DATABASE_URL=PRIMARY).replica == {}


def test_it_names_the_same_database_on_another_server(tmp_path):
    found = read(tmp_path, DATABASE_URL=PRIMARY, REPLICA_URL="postgres://nrs:geheim@replica:5432/nrs")
    assert (found.replica["HOST"], found.replica_wait) == ("replica", 0.1)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"REPLICA_URL": "postgres://nrs@replica/nrs"}, "is for PostgreSQL"),
        ({"DATABASE_URL": PRIMARY, "REPLICA_URL": "sqlite:///nrs"}, "is for PostgreSQL"),
        ({"DATABASE_URL": PRIMARY, "REPLICA_URL": "postgres://nrs@replica:5432/other"}, "the same database"),
        ({"DATABASE_URL": PRIMARY, "REPLICA_URL": PRIMARY}, "the server of DATABASE_URL itself"),
        ({"REPLICA_WAIT": "11"}, "between 0 and 10"),
        ({"REPLICA_WAIT": "-1"}, "between 0 and 10"),
    ],
)
def test_nonsense_stops_the_start(tmp_path, told, why):
    with pytest.raises(ImproperlyConfigured, match=why):
        read(tmp_path, **told)


@pytest.mark.django_db
def test_without_a_replica_the_primary_answers():
    assert replica.summary() is None
    assert replica.from_replica(lambda: replica.connection().alias)() == DEFAULT_DB_ALIAS
    assert replica.from_replica(lambda: Skill.objects.all().db)() == DEFAULT_DB_ALIAS
