"""The stamp of the vocabulary: another one after every change, by whoever, and what is kept under it."""

import uuid
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext

from vocabulary import reference, versions
from vocabulary.models import Skill, VocabularyStamp
from vocabulary.skills import load_graph

pytestmark = pytest.mark.django_db

TABLES = [model for model in apps.get_app_config("vocabulary").get_models() if model is not VocabularyStamp]


@pytest.fixture
def vocabulary() -> None:
    reference.load()


def skill() -> Skill:
    return Skill.objects.create(uri=f"urn:test:{uuid.uuid4()}", label_da="zylofon")


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_every_table_of_the_vocabulary_renews_the_stamp(vocabulary: None, model: type[models.Model]) -> None:
    stamps = [versions.current()]
    row = model._default_manager.order_by("pk").last()
    column = next(field.column for field in model._meta.concrete_fields if not field.primary_key)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = {column}")
    stamps.append(versions.current())
    model._default_manager.filter(pk=row.pk)._raw_delete("default")
    stamps.append(versions.current())
    model._default_manager.bulk_create([row])
    stamps.append(versions.current())
    assert len(set(stamps)) == 4


def test_a_load_that_changes_nothing_leaves_the_stamp_alone(vocabulary: None) -> None:
    before = versions.current()
    reference.load()
    assert versions.current() == before


def test_a_change_that_was_rolled_back_never_lends_its_stamp(vocabulary: None) -> None:
    before = versions.current()
    with transaction.atomic():
        skill()
        undone = versions.current()
        transaction.set_rollback(True)
    assert versions.current() == before
    skill()
    assert versions.current() not in {before, undone}


def test_a_kept_value_is_made_once_per_change(vocabulary: None) -> None:
    made = []
    kept = versions.PerVersion(lambda: made.append(1) or len(made))
    assert [kept.get(), kept.get()] == [1, 1]
    skill()
    assert [kept.get(), kept.get()] == [2, 2]


def test_nothing_is_kept_without_a_stamp() -> None:
    VocabularyStamp.objects.all().delete()
    made = []
    kept = versions.PerVersion(lambda: made.append(1) or len(made))
    assert [kept.get(), kept.get()] == [1, 2]


@pytest.mark.parametrize("use", [load_graph, lambda: Skill.objects.ranked("kør", 10)])
def test_an_unchanged_vocabulary_costs_one_query(vocabulary: None, use: Callable[[], object]) -> None:
    use()
    with CaptureQueriesContext(connection) as queries:
        use()
    assert len(queries) == 1
