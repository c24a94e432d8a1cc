"""The database refuses to change what happened: only `sent_at` and `handled_at` may be set.

`xid` is free for one case: after a dump is restored into another PostgreSQL cluster, whose transaction ids begin
lower, `UPDATE events_event SET xid = 0` makes the old events readable in the feed again; readers begin anew.

On SQLite a later migration that rebuilds the table of events drops the trigger: repeat this one after it.
"""

from typing import Any

from django.db import migrations

FROZEN = (
    "public_id, type, subject, version, municipality, audience, company, actor_kind, actor_role, "
    "actor_municipality, actor_id, data, happened_at, recorded_at"
)
POSTGRESQL = f"""
CREATE FUNCTION events_are_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are never changed' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE OF {FROZEN} ON events_event
FOR EACH ROW EXECUTE FUNCTION events_are_never_changed();
"""
SQLITE = f"""
CREATE TRIGGER events_are_never_changed BEFORE UPDATE OF {FROZEN} ON events_event
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
"""


def put_up(apps: Any, schema_editor: Any) -> None:
    """Create the trigger of this database."""
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL if is_postgresql else SQLITE, params=None)


def take_down(apps: Any, schema_editor: Any) -> None:
    """Drop it again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION events_are_never_changed() CASCADE", params=None)
    else:
        schema_editor.execute("DROP TRIGGER events_are_never_changed", params=None)


class Migration(migrations.Migration):
    """After the table."""

    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunPython(put_up, take_down)]
