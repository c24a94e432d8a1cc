"""No migration breaks the release before or locks a table that grows, unless it says why."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.functions import RandomUUID
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Now

from events.operations import AddIndexBeside
from nrs import upgrading


def rewrite(registry: Any, schema_editor: Any) -> None:
    registry.get_model("events", "Thing").objects.update(name="")


def trigger(registry: Any, schema_editor: Any) -> None:
    schema_editor.execute("SELECT 1")


FIELDS: list[tuple[str, models.Field[Any, Any]]] = [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=10)),
    ("note", models.TextField(null=True)),
    ("count", models.IntegerField(db_default=0)),
    ("town", models.ForeignKey("events.thing", models.CASCADE, null=True)),
]
INDEX = models.Index(fields=["name"], name="by_name")
CHECK = models.CheckConstraint(condition=models.Q(count__gte=0), name="counted")
REFUSED = [
    (migrations.RemoveField("thing", "name"), "removes events.thing.name"),
    (migrations.DeleteModel("Thing"), "removes events.thing"),
    (migrations.RenameField("thing", "name", "title"), "renames events.thing.name"),
    (migrations.RenameModel("Thing", "Matter"), "renames Thing"),
    (migrations.AlterModelTable("thing", "things"), "renames events.thing"),
    (
        migrations.AddField("thing", "new", models.IntegerField(default=1)),
        "needs a value from older code events.thing.new",
    ),
    (migrations.AddField("thing", "new", models.UUIDField(db_default=RandomUUID())), "rewrites events.thing.new"),
    (
        migrations.AddField("thing", "new", models.IntegerField(null=True, db_index=True)),
        "locks for an index events.thing.new",
    ),
    (migrations.AlterField("thing", "name", models.CharField(max_length=9)), "rewrites events.thing.name"),
    (migrations.AlterField("thing", "count", models.BigIntegerField(db_default=0)), "rewrites events.thing.count"),
    (
        migrations.AlterField("thing", "note", models.TextField()),
        "forbids NULL, which older code writes, in events.thing.note",
    ),
    (
        migrations.AlterField("thing", "count", models.IntegerField()),
        "needs a value from older code events.thing.count",
    ),
    (
        migrations.AlterField("thing", "name", models.CharField(max_length=10, db_column="title")),
        "renames events.thing.name",
    ),
    (
        migrations.AlterField("thing", "name", models.CharField(max_length=10, unique=True)),
        "locks for an index events.thing.name",
    ),
    (migrations.AddIndex("thing", INDEX), "locks for an index events.thing.by_name"),
    (migrations.AddConstraint("thing", CHECK), "forbids what older code may write: events.thing.counted"),
    (migrations.AlterUniqueTogether("thing", {("name", "count")}), "forbids what older code may write: events.thing"),
    (migrations.RunPython(trigger), "cannot be taken back: trigger"),
    (migrations.RunPython(rewrite, migrations.RunPython.noop), "writes rows in one transaction: rewrite"),
    (migrations.RunSQL("SELECT 1", "SELECT 1"), "runs SQL that no check reads"),
    (
        migrations.SeparateDatabaseAndState(database_operations=[migrations.AddIndex("thing", INDEX)]),
        "locks for an index events.thing.by_name",
    ),
]
GOOD = [
    migrations.AddField("thing", "new", models.IntegerField(null=True)),
    migrations.AddField("thing", "new", models.IntegerField(db_default=1)),
    migrations.AddField("thing", "new", models.DateTimeField(db_default=Now())),
    migrations.AlterField("thing", "name", models.CharField(max_length=20)),
    migrations.AlterField("thing", "name", models.TextField()),
    migrations.AlterField("thing", "name", models.CharField(max_length=10, help_text="as written")),
    migrations.AlterField("thing", "town", models.ForeignKey("events.thing", models.SET_NULL, null=True)),
    migrations.RunPython(trigger, trigger),
    migrations.RunPython(rewrite, migrations.RunPython.noop, atomic=False),
    AddIndexBeside("thing", INDEX),
]


def judged(operation: Any, app: str = "events", before: tuple[Any, ...] = (), **given: Any) -> list[str]:
    """What the check says of a migration with this operation, on a table of the release before."""
    migration = type("Migration", (migrations.Migration,), {"operations": [*before, operation], **given})("0009_x", app)
    state = ProjectState()
    state.add_model(ModelState(app, "Thing", [(name, field.clone()) for name, field in FIELDS]))
    return upgrading.judge(migration, state, set())


@pytest.mark.parametrize(("operation", "problem"), REFUSED, ids=[problem for _, problem in REFUSED])
def test_what_breaks_older_code_or_locks_a_table_needs_a_reason(operation: Any, problem: str) -> None:
    assert judged(operation) == [problem]
    assert judged(operation, safe_because={problem: "since"}) == [problem], "that is no reason"
    assert judged(operation, safe_because={problem: "no code has read it since release 3"}) == []


@pytest.mark.parametrize("operation", GOOD, ids=lambda operation: type(operation).__name__)
def test_what_older_code_does_not_notice_is_let_through(operation: Any) -> None:
    assert judged(operation) == []


def test_a_reason_for_nothing_is_refused() -> None:
    told = judged(GOOD[0], safe_because={"removes events.thing.name": "no code has read it since release 3"})
    assert told == ["a reason for what it does not do: removes events.thing.name"]


def test_a_table_of_this_release_is_free_and_a_small_register_may_get_an_index() -> None:
    made = migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))])
    new = migrations.AddField("other", "name", models.CharField(max_length=9, default="", db_index=True))
    assert judged(new, before=(made,)) == []
    assert judged(migrations.AddIndex("thing", INDEX), app="vocabulary") == []


def test_an_operation_that_nobody_has_thought_about_is_refused() -> None:
    class Unheard(migrations.RunPython.__base__):  # type: ignore[misc]
        def state_forwards(self, app_label: str, state: Any) -> None: ...

    assert judged(Unheard())[0].startswith("is not known to this check: Unheard")


def test_the_migrations_since_the_last_release_keep_the_rules_and_the_first_ones_would_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert upgrading.problems() == []
    monkeypatch.setitem(upgrading.RELEASED, "events", "0001_initial")
    found = upgrading.problems()
    assert "events.0004_moments_out_of_the_index: locks for an index events.event.event_statistics" in found
    with pytest.raises(CommandError, match="event_statistics"):
        call_command("check_migrations")


def test_every_app_with_migrations_of_ours_is_watched() -> None:
    ours = [config for config in apps.get_app_configs() if "site-packages" not in config.path]
    assert {config.label for config in ours if list(config.get_models())} == set(upgrading.RELEASED)


@pytest.mark.django_db(transaction=True)
def test_an_index_beside_is_built_and_dropped_on_both_databases() -> None:
    loader = MigrationLoader(connection)
    before = loader.project_state()
    operation = AddIndexBeside("inbox", models.Index(fields=["handled_at"], name="try_beside"))
    after = before.clone()
    operation.state_forwards("events", after)

    def indexes() -> set[str]:
        with connection.cursor() as cursor:
            return set(connection.introspection.get_constraints(cursor, "events_inbox"))

    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("events", editor, before, after)
    assert "try_beside" in indexes()
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("events", editor, after, before)
    assert "try_beside" not in indexes()
