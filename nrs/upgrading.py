"""Rules for migrations: the release before goes on working on the new schema, and no large table is locked for long.

Everything up to `RELEASED` is part of release 1. What a later migration does with models of an earlier release is
judged here by `./run check`; whoever has to break a rule writes the reason into the migration, by the name printed:

    class Migration(migrations.Migration):
        safe_because = {"removes joborders.joborder.fax": "no code has read it since release 3"}
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from django.db.migrations import Migration, RunPython, RunSQL, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now
from django.db.utils import ConnectionHandler

from events.operations import AddIndexBeside

#: The last migration of each app in the newest release. Moved on with each release (docs/operations.md, "Upgrade").
RELEASED = {
    "accounts": "0005_identity_providers",
    "api": "0001_initial",
    "campaigns": "0004_campaigns_choose_by_forecasts",
    "candidates": "0006_rows_of_the_access_log_end",
    "companies": "0003_agreements_with_areas_and_forecasts",
    "events": "0005_signs_of_life",
    "gatherings": "0001_initial",
    "joborders": "0011_spans_of_open_orders",
    "mailroom": "0001_mails_that_come_in",
    "municipalities": "0003_identity_providers",
    "notifications": "0004_agreements_that_run_out",
    "privacy": "0001_initial",
    "screening": "0005_the_wall",
    "vocabulary": "0003_every_change_renews_the_stamp",
    "web": "0002_counts_of_the_brake",
}
#: Registers that stay small: an index on them is built before anybody notices.
SMALL = {"accounts", "municipalities", "vocabulary"}
SHORTEST_REASON = 15
WRITES = (".save(", ".update(", ".delete(", ".create(", "bulk_", "get_or_create(", "update_or_create(")
#: Field types of PostgreSQL, without asking one.
POSTGRESQL: Any = ConnectionHandler({"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "-"}})["default"]
#: What changes nothing in the database, or only what neither breaks nor locks.
HARMLESS = (
    operations.CreateModel,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    operations.AlterModelTableComment,
    operations.AlterOrderWithRespectTo,
    operations.RemoveIndex,
    operations.RemoveConstraint,
    operations.RenameIndex,
    AddIndexBeside,
)
Judge = Callable[[str, Any, ProjectState, Migration], Iterator[str]]


def problems() -> list[str]:
    """What is wrong with the migrations after the last release: rule, model and, if any, field."""
    loader = MigrationLoader(None)
    released = {key for node in RELEASED.items() for key in loader.graph.forwards_plan(node)}
    fresh: set[str] = set()
    found = []
    for key in _in_order(loader):
        if key in released or key[0] not in RELEASED:
            continue
        state = loader.project_state(key, at_end=False)
        found += [f"{key[0]}.{key[1]}: {problem}" for problem in judge(loader.disk_migrations[key], state, fresh)]
    return found


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    plan: dict[tuple[str, str], None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        plan |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    return list(plan)


def judge(migration: Migration, state: ProjectState, fresh: set[str]) -> list[str]:
    """What one migration does against a rule without a reason. `fresh` collects the models made since the release."""
    app, given = migration.app_label, dict(getattr(migration, "safe_because", {}))
    found = []
    for operation in _database_operations(migration.operations):
        name = getattr(operation, "model_name", getattr(operation, "name", ""))
        model = f"{app}.{str(name or '').lower()}"
        if isinstance(operation, operations.CreateModel):
            fresh.add(model)
        if model not in fresh or isinstance(operation, (RunPython, RunSQL)):
            found += list(_broken(model, operation, state, migration))
        operation.state_forwards(app, state)
    wrong = [problem for problem in found if len(given.get(problem, "")) < SHORTEST_REASON]
    return wrong + [f"a reason for what it does not do: {name}" for name in given if name not in found]


def _database_operations(listed: list[Operation]) -> Iterator[Operation]:
    for operation in listed:
        if isinstance(operation, operations.SeparateDatabaseAndState):
            yield from _database_operations(operation.database_operations)
        else:
            yield operation


def _broken(model: str, operation: Operation, state: ProjectState, migration: Migration) -> Iterator[str]:
    judges = [rule for kind, rule in RULES if isinstance(operation, kind)]
    if judges:
        yield from judges[0](model, operation, state, migration)
    elif not isinstance(operation, HARMLESS):
        yield f"is not known to this check: {type(operation).__name__} {model}"


def _removes(model: str, operation: Any, state: ProjectState, migration: Migration) -> Iterator[str]:
    field = getattr(operation, "model_name", "") and f".{operation.name}"
    yield f"removes {model}{field}"


def _renames(model: str, operation: Any, state: ProjectState, migration: Migration) -> Iterator[str]:
    old = getattr(operation, "old_name", "")
    yield f"renames {f'{model}.{old}' if getattr(operation, 'model_name', '') else old or model}"


def _adds_field(model: str, operation: Any, state: ProjectState, migration: Migration) -> Iterator[str]:
    field = operation.field
    name = f"{model}.{operation.name}"
    if field.many_to_many:
        return
    has_constant = field.has_db_default() and isinstance(field._db_default_expression, (models.Value, Now))
    if field.generated or (field.has_db_default() and not has_constant):
        yield f"rewrites {name}"
    elif not field.null and not field.has_db_default():
        yield f"needs a value from older code {name}"
    if (field.unique or field.db_index) and not _is_small(model):
        yield f"locks for an index {name}"


def _alters_field(model: str, operation: Any, state: ProjectState, migration: Migration) -> Iterator[str]:
    app, _dot, short = model.partition(".")
    old, new, name = state.models[app, short].fields[operation.name], operation.field, f"{model}.{operation.name}"
    if old.many_to_many or new.many_to_many:
        return
    if _type_of(old, state) != _type_of(new, state) and not _is_wider(old, new):
        yield f"rewrites {name}"
    if old.null and not new.null:
        yield f"forbids NULL, which older code writes, in {name}"
    if old.has_db_default() and not new.has_db_default() and not new.null:
        yield f"needs a value from older code {name}"
    if old.db_column != new.db_column:
        yield f"renames {name}"
    if ((new.unique and not old.unique) or (new.db_index and not old.db_index)) and not _is_small(model):
        yield f"locks for an index {name}"


def _type_of(field: Any, state: ProjectState) -> Any:
    """The column's type; of a foreign key the model that it points at, since its type follows from there."""
    return field.related_model if field.is_relation else field.db_type(POSTGRESQL)


def _is_wider(old: Any, new: Any) -> bool:
    """A varchar that only grows, or becomes text: PostgreSQL changes its catalogue alone."""
    if not (isinstance(old, models.CharField) and isinstance(new, (models.CharField, models.TextField))):
        return False
    return isinstance(new, models.TextField) or not new.max_length or (old.max_length or 0) <= new.max_length


def _locks(model: str, operation: Any, state: ProjectState, migration: Migration) -> Iterator[str]:
    """An index that is built, or a constraint that is checked, under a lock; older code may break the latter."""
    made = getattr(operation, "index", None) or getattr(operation, "constraint", None)
    is_index = isinstance(operation, operations.AddIndex)
    if not (is_index and _is_small(model)):
        name = f"{model}.{made.name}" if made else model
        yield f"locks for an index {name}" if is_index else f"forbids what older code may write: {name}"


def _runs(model: str, operation: Any, state: ProjectState, migration: Migration) -> Iterator[str]:
    if isinstance(operation, RunSQL):
        yield "runs SQL that no check reads"
        return
    if operation.reverse_code is None:
        yield f"cannot be taken back: {operation.code.__name__}"
    if migration.atomic and operation.atomic is not False and _writes_rows(operation.code):
        yield f"writes rows in one transaction: {operation.code.__name__}"


def _writes_rows(code: Callable[..., Any]) -> bool:
    return any(word in inspect.getsource(code) for word in WRITES)


def _is_small(model: str) -> bool:
    return model.partition(".")[0] in SMALL


#: The first that fits judges.
RULES: tuple[tuple[Any, Judge], ...] = (
    (AddIndexBeside, lambda *_: iter(())),
    ((operations.RemoveField, operations.DeleteModel), _removes),
    ((operations.RenameField, operations.RenameModel, operations.AlterModelTable), _renames),
    (operations.AddField, _adds_field),
    (operations.AlterField, _alters_field),
    (
        (operations.AddIndex, operations.AddConstraint, operations.AlterUniqueTogether, operations.AlterIndexTogether),
        _locks,
    ),
    ((RunPython, RunSQL), _runs),
)
