import django.db.models
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from screening.live import schema

XID = """
ALTER TABLE screening_change ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX screening_change_xid ON screening_change (xid);
"""


def note_changes(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(XID)
    schema.install(editor.connection)


def stop(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    schema.remove(editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("screening", "0001_initial"),
        ("candidates", "0001_initial"),
        ("municipalities", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("candidate", models.BigIntegerField()),
            ],
            options={"db_table": "screening_change", "ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Epoch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.CharField(max_length=36)),
                ("pruned_to", models.BigIntegerField(default=0)),
                ("next_prune", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "screening_epoch",
                "constraints": [
                    models.CheckConstraint(condition=django.db.models.Q(("id", 1)), name="there_is_one_epoch")
                ],
            },
        ),
        migrations.RunPython(note_changes, stop),
    ]
