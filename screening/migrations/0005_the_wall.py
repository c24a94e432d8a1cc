"""Row-level security on what a screening says of citizens (PostgreSQL)."""

from typing import Any

from django.db import migrations

from municipalities.policies import COMPANY, KIND, MUNICIPALITY, ORDER, STAFF, base, of_the_candidate, put_up, take_down


TABLES = {
    "screening_verdictrow": base()
    | {
        "whose_run": (
            "ALL",
            f"{KIND} = 'consultant' AND EXISTS (SELECT 1 FROM screening_run r WHERE r.id = run_id "
            f"AND r.municipality_code = {MUNICIPALITY})",
        )
    },
    "screening_pseudonym": base() | {"the_nine": ("ALL", STAFF)},
    "screening_coursepass": of_the_candidate(),
}


def up(apps: Any, schema_editor: Any) -> None:
    """Put the wall up."""
    put_up(schema_editor, TABLES)


def down(apps: Any, schema_editor: Any) -> None:
    """Take it down."""
    take_down(schema_editor, TABLES)


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("screening", "0004_overrides_and_prints"), ("candidates", "0005_the_wall")]

    operations = [migrations.RunPython(up, down)]
