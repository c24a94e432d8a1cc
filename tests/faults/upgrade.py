"""An upgrade while requests run: the newest migrations that only touch indexes and constraints, back and forth.

The code of now runs on the schema before and after them, as it must during an upgrade without an interruption.
"""

from __future__ import annotations

import subprocess
import threading
import time
from contextlib import closing

import psycopg
from django.db import connection
from django.db.migrations import AddConstraint, AddIndex, Migration, RemoveConstraint, RemoveIndex
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import Node

from tests.faults.house import House, until
from tests.faults.kinds import Scene
from tools import prepare
from tools.processes import PREPARE_SERVICES
from tools.setup import REPO

HARMLESS = (AddConstraint, AddIndex, RemoveConstraint, RemoveIndex)
WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ '^(CREATE|DROP|ALTER) '"


def undoable() -> list[Migration]:
    """The last migrations of all, newest first, whose going and coming no running code notices."""
    graph = MigrationExecutor(connection).loader.graph
    found: list[Migration] = []
    for leaf in graph.leaf_nodes():
        node: Node | None = graph.node_map[leaf]
        while node is not None and _is_harmless(graph.nodes[node.key], node, found):
            found.append(graph.nodes[node.key])
            node = next((parent for parent in node.parents if parent.key[0] == leaf[0]), None)
    return found


def _is_harmless(migration: Migration, node: Node, gone: list[Migration]) -> bool:
    """Only indexes and constraints, and nothing that stays is built on it."""
    is_last = {child.key for child in node.children} <= {(one.app_label, one.name) for one in gone}
    return is_last and all(isinstance(operation, HARMLESS) for operation in migration.operations)


def missing() -> str:
    """Why there is nothing to upgrade, '' if there is."""
    return "" if undoable() else "none of the newest migrations only touches indexes or constraints"


def upgrade(scene: Scene) -> None:
    """The newest migrations are taken back and made again under load, while a writer holds the tables for seconds."""
    for share in (0.15, 0.5):
        scene.at(share)
        gone = undoable()
        for migration in gone:
            before = [name for app, name in migration.dependencies if app == migration.app_label]
            _run(scene.house, "python", "manage.py", "migrate", migration.app_label, before[0] if before else "zero")
        waited: list[bool] = []
        holder = threading.Thread(target=_hold, args=(scene.house, _tables(gone), waited), daemon=True)
        holder.start()
        _run(scene.house, *PREPARE_SERVICES)
        holder.join()
        scene.result.faults += len(gone) * len(waited)
        scene.result.wrong_states += len(undoable()) - len(gone)
    scene.returned()
    executor = MigrationExecutor(connection)
    scene.result.wrong_states += len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if scene.load.refused:
        scene.result.notes.append(f"{scene.load.refused} calls were refused during the upgrade")


def _tables(migrations: list[Migration]) -> list[str]:
    names = {(one.app_label, operation.model_name.lower()) for one in migrations for operation in one.operations}  # type: ignore[attr-defined]
    return sorted(f"{app}_{model}" for app, model in names)


def _hold(house: House, tables: list[str], waited: list[bool]) -> None:
    """Somebody's transaction that wrote to these tables, and stays open until longer after a migration came for them
    than that one waits at a time."""
    url = f"host=127.0.0.1 port={house.postgres.port} user=nrs dbname=nrs_faults"
    with closing(psycopg.connect(url)) as held, closing(psycopg.connect(url, autocommit=True)) as watcher:
        held.execute(f"LOCK TABLE {', '.join(tables)} IN ROW EXCLUSIVE MODE")
        until(lambda: watcher.execute(WAITING).fetchone(), "no migration came for a table in use", 120)
        time.sleep(prepare.LOCK_SECONDS + 1)
        held.rollback()
        waited.append(True)


def _run(house: House, *command: str) -> None:
    subprocess.run(
        command, cwd=REPO, env=house.own_environment(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
