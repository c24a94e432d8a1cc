"""The second wall: a company or its link finds a nomination while the person is with it, not before and not after.

As `nomination_scope_q` says it (design §6): presented, at interview or hired. A step that ends this is written by the system.
"""

from typing import Any

from django.db import migrations

from municipalities.policies import COMPANY, KIND, ORDER, Policies, change

SHOWN = "state IN ('presented', 'interview', 'hired')"
OF_THE_COMPANY = (
    f"{KIND} = 'company' AND EXISTS (SELECT 1 FROM joborders_joborder o JOIN companies_company c "
    f"ON c.id = o.company_id WHERE o.id = order_id AND c.public_id = {COMPANY})"
)
OF_THE_LINK = (
    f"{KIND} = 'link' AND EXISTS (SELECT 1 FROM joborders_joborder o WHERE o.id = order_id AND o.public_id = {ORDER})"
)
NOW: dict[str, Policies] = {
    "joborders_nomination": {
        "the_company": ("ALL", f"{SHOWN} AND {OF_THE_COMPANY}"),
        "the_link": ("ALL", f"{SHOWN} AND {OF_THE_LINK}"),
    }
}
BEFORE: dict[str, Policies] = {
    "joborders_nomination": {"the_company": ("ALL", OF_THE_COMPANY), "the_link": ("ALL", OF_THE_LINK)}
}


def up(apps: Any, schema_editor: Any) -> None:
    """Ask for the state too."""
    change(schema_editor, NOW)


def down(apps: Any, schema_editor: Any) -> None:
    """As it was."""
    change(schema_editor, BEFORE)


class Migration(migrations.Migration):
    """No table changes."""

    dependencies = [("joborders", "0009_candidates_can_be_forgotten")]

    operations = [migrations.RunPython(up, down)]
