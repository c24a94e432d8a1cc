"""Row-level security on nominations (PostgreSQL): home, the lead of the order, and the company that was shown somebody."""

from typing import Any

from django.db import migrations

from municipalities.policies import COMPANY, KIND, MUNICIPALITY, ORDER, STAFF, base, of_the_candidate, put_up, take_down


LED = f"EXISTS (SELECT 1 FROM joborders_joborder o WHERE o.id = order_id AND o.lead_id = {MUNICIPALITY})"
TABLES = {
    "joborders_nomination": base()
    | {
        "home": ("ALL", f"{STAFF} AND home_code = {MUNICIPALITY}"),
        "the_lead": ("ALL", f"{KIND} = 'consultant' AND {LED}"),
        "the_company": (
            "ALL",
            f"{KIND} = 'company' AND EXISTS (SELECT 1 FROM joborders_joborder o JOIN companies_company c "
            f"ON c.id = o.company_id WHERE o.id = order_id AND c.public_id = {COMPANY})",
        ),
        "the_link": (
            "ALL",
            f"{KIND} = 'link' AND EXISTS (SELECT 1 FROM joborders_joborder o WHERE o.id = order_id "
            f"AND o.public_id = {ORDER})",
        ),
    },
}


def up(apps: Any, schema_editor: Any) -> None:
    """Put the wall up."""
    put_up(schema_editor, TABLES)


def down(apps: Any, schema_editor: Any) -> None:
    """Take it down."""
    take_down(schema_editor, TABLES)


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("joborders", "0005_when_the_list_changed"), ("candidates", "0005_the_wall")]

    operations = [migrations.RunPython(up, down)]
