"""Every statement (SQLite: every row) that writes a table of this app draws another stamp.

On SQLite a later migration that rebuilds a table drops its triggers: repeat this one after it. A test writes to
every table of the app and looks.
"""

from typing import Any

from django.db import migrations

TABLES = ("iscogroup", "occupation", "skill", "skillbroader", "occupationskill", "industry", "licence", "certificate")
TABLES += ("language",)

FUNCTION = """
CREATE FUNCTION renew_the_vocabulary_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO vocabulary_vocabularystamp (id, stamp) VALUES (1, gen_random_uuid()::text)
    ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END $$;
"""
POSTGRESQL = """
CREATE TRIGGER renew_the_vocabulary_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON vocabulary_{table}
FOR EACH STATEMENT EXECUTE FUNCTION renew_the_vocabulary_stamp();
"""
# No upsert inside: the conflict rule of the statement that fires the trigger would override it.
SQLITE = """
CREATE TRIGGER renew_the_vocabulary_stamp_{table}_{verb} AFTER {verb} ON vocabulary_{table} BEGIN
    INSERT INTO vocabulary_vocabularystamp (id, stamp)
        SELECT 1, '' WHERE NOT EXISTS (SELECT 1 FROM vocabulary_vocabularystamp);
    UPDATE vocabulary_vocabularystamp SET stamp = lower(hex(randomblob(16)));
END
"""
VERBS = ("insert", "update", "delete")


def put_up(apps: Any, schema_editor: Any) -> None:
    """Create the triggers of this database."""
    if schema_editor.connection.vendor == "postgresql":
        statements = [FUNCTION, *(POSTGRESQL.format(table=table) for table in TABLES)]
    else:
        statements = [SQLITE.format(table=table, verb=verb) for table in TABLES for verb in VERBS]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def take_down(apps: Any, schema_editor: Any) -> None:
    """Drop them again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION renew_the_vocabulary_stamp() CASCADE", params=None)
        return
    for table in TABLES:
        for verb in VERBS:
            schema_editor.execute(f"DROP TRIGGER renew_the_vocabulary_stamp_{table}_{verb}", params=None)


class Migration(migrations.Migration):
    """After the tables and the stamp."""

    dependencies = [("vocabulary", "0002_stamp_and_broader_occupations")]

    operations = [migrations.RunPython(put_up, take_down)]
