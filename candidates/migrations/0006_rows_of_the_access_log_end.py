"""Rows of the access log may be deleted once they are a year old (privacy.retention); never changed."""

from typing import Any

from django.db import migrations

POSTGRESQL = """
CREATE OR REPLACE FUNCTION the_access_log_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.read_at < now() - interval '365 days' THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'the access log is only added to' USING ERRCODE = 'restrict_violation';
END $$;
"""
POSTGRESQL_BEFORE = """
CREATE OR REPLACE FUNCTION the_access_log_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the access log is only added to' USING ERRCODE = 'restrict_violation'; END $$;
"""
REFUSED = "BEGIN SELECT RAISE(ABORT, 'the access log is only added to'); END"
SQLITE = f"""CREATE TRIGGER access_log_no_delete BEFORE DELETE ON candidates_accesslog
WHEN OLD.read_at >= datetime('now', '-365 days') {REFUSED}"""


def _put(schema_editor: Any, postgresql: str, sqlite: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(postgresql, params=None)
        return
    schema_editor.execute("DROP TRIGGER IF EXISTS access_log_no_delete", params=None)
    schema_editor.execute(sqlite, params=None)


def up(apps: Any, schema_editor: Any) -> None:
    """Let old rows go."""
    _put(schema_editor, POSTGRESQL, SQLITE)


def down(apps: Any, schema_editor: Any) -> None:
    """Let none go."""
    _put(
        schema_editor,
        POSTGRESQL_BEFORE,
        f"CREATE TRIGGER access_log_no_delete BEFORE DELETE ON candidates_accesslog {REFUSED}",
    )


class Migration(migrations.Migration):
    """After the wall."""

    dependencies = [("candidates", "0005_the_wall")]

    operations = [migrations.RunPython(up, down)]
