"""The database refuses to change or delete rows of the access log.

On SQLite a later migration that rebuilds the table drops the triggers: repeat this one after it.
"""

from typing import Any

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION the_access_log_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the access log is only added to' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER the_access_log_is_only_added_to BEFORE UPDATE OR DELETE ON candidates_accesslog
FOR EACH ROW EXECUTE FUNCTION the_access_log_is_only_added_to();
"""
SQLITE = [
    f"CREATE TRIGGER access_log_no_{verb.lower()} BEFORE {verb} ON candidates_accesslog "
    "BEGIN SELECT RAISE(ABORT, 'the access log is only added to'); END"
    for verb in ("UPDATE", "DELETE")
]


def put_up(apps: Any, schema_editor: Any) -> None:
    """Create the triggers of this database."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in [POSTGRESQL] if is_postgresql else SQLITE:
        schema_editor.execute(statement, params=None)


def take_down(apps: Any, schema_editor: Any) -> None:
    """Drop them again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION the_access_log_is_only_added_to() CASCADE", params=None)
    else:
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER access_log_no_{verb}", params=None)


class Migration(migrations.Migration):
    """After the table."""

    dependencies = [("candidates", "0001_initial")]

    operations = [migrations.RunPython(put_up, take_down)]
