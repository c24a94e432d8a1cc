"""The SQL of the second wall: policies of row-level security, as data. Applied by each app's migration `the_wall`."""

from __future__ import annotations

from typing import Any

KIND = "(SELECT current_setting('nrs.kind', true))"
#: Unset variables are NULL at first and '' after a transaction that had set them: neither is anybody.
MUNICIPALITY = "(SELECT NULLIF(current_setting('nrs.municipality', true), ''))"
COMPANY = "(SELECT NULLIF(current_setting('nrs.company', true), '')::uuid)"
ORDER = "(SELECT NULLIF(current_setting('nrs.order', true), '')::uuid)"
STAFF = f"{KIND} IN ('consultant', 'caseworker')"

#: Policy name → (command, expression); by table.
Policies = dict[str, tuple[str, str]]


def base(*, scoring: bool = True) -> Policies:
    """What every table with citizens has: the system works on all rows, a screening may read them where `scoring`."""
    found: Policies = {"the_system": ("ALL", f"{KIND} = 'system'")}
    if scoring:
        found["a_screening"] = ("SELECT", f"{KIND} = 'scoring'")
    return found


def of_the_candidate(column: str = "candidate_id", *, scoring: bool = True) -> Policies:
    """Rows that are seen, and written at home, as their candidate is."""
    mine = f"EXISTS (SELECT 1 FROM candidates_candidate c WHERE c.id = {column}"
    return base(scoring=scoring) | {
        "as_the_candidate": ("SELECT", f"{KIND} NOT IN ('', 'system', 'scoring') AND {mine})"),
        "home_writes": ("ALL", f"{STAFF} AND {mine} AND c.home_id = {MUNICIPALITY})"),
    }


def put_up(schema_editor: Any, tables: dict[str, Policies]) -> None:
    """Enable and force row-level security on each table, with its policies. Does nothing on other databases."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, policies in tables.items():
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", params=None)
        schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY", params=None)
        _create(schema_editor, table, policies)


def change(schema_editor: Any, tables: dict[str, Policies]) -> None:
    """Put these policies in the place of those of the same names. Does nothing on other databases."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, policies in tables.items():
        for name in policies:
            schema_editor.execute(f"DROP POLICY IF EXISTS {name} ON {table}", params=None)
        _create(schema_editor, table, policies)


def _create(schema_editor: Any, table: str, policies: Policies) -> None:
    for name, (command, expression) in policies.items():
        clause = "WITH CHECK" if command == "INSERT" else "USING"
        statement = f"CREATE POLICY {name} ON {table} FOR {command} {clause} ({expression})"
        schema_editor.execute(statement, params=None)


def take_down(schema_editor: Any, tables: dict[str, Policies]) -> None:
    """Drop the policies and switch the wall off."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, policies in tables.items():
        for name in policies:
            schema_editor.execute(f"DROP POLICY {name} ON {table}", params=None)
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY", params=None)
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", params=None)
