"""Row-level security on every table with citizens (PostgreSQL): who sees a candidate is said here once more."""

from typing import Any

from django.db import migrations

from municipalities.policies import COMPANY, KIND, MUNICIPALITY, ORDER, STAFF, base, of_the_candidate, put_up, take_down


LIVE = "SELECT r.candidate_id FROM candidates_release r WHERE r.ended_at IS NULL AND"
TABLES = {
    "candidates_candidate": base()
    | {
        "home": ("ALL", f"{STAFF} AND home_id = {MUNICIPALITY}"),
        "released_to_a_jobcentre": (
            "SELECT",
            f"{KIND} = 'consultant' AND id IN ({LIVE} r.to_municipality = {MUNICIPALITY})",
        ),
        "released_to_a_company": ("SELECT", f"{KIND} = 'company' AND id IN ({LIVE} r.to_company = {COMPANY})"),
        "released_on_an_order": (
            "SELECT",
            f"{KIND} = 'link' AND id IN ({LIVE} r.to_company = {COMPANY} AND r.\"order\" = {ORDER})",
        ),
    },
    # A release names no one: it is read by the policies above, and written by the steps of a nomination.
    "candidates_release": base() | {
        "the_nine": ("ALL", STAFF),
        "the_company": ("SELECT", f"{KIND} IN ('company', 'link') AND to_company = {COMPANY}"),
    },
    "candidates_identity": of_the_candidate(scoring=False),
    **{
        f"candidates_{part}": of_the_candidate()
        for part in (
            "candidatelicence",
            "candidatecertificate",
            "candidateskill",
            "candidateoccupation",
            "candidatelanguage",
            "jobgoal",
        )
    },
    # Files of profiles on their way in, and the reports on them.
    "candidates_importjob": base(scoring=False) | {"home": ("ALL", f"{STAFF} AND home_id = {MUNICIPALITY}")},
    "candidates_importrow": base(scoring=False)
    | {"home": ("ALL", f"{STAFF} AND EXISTS (SELECT 1 FROM candidates_importjob j WHERE j.id = job_id)")},
    "candidates_accesslog": {
        "the_system": ("ALL", f"{KIND} = 'system'"),
        "everybody_is_logged": ("INSERT", f"{KIND} <> ''"),
        "home_looks_who_read": ("SELECT", f"{STAFF} AND home = {MUNICIPALITY}"),
        "the_auditor": ("SELECT", f"{KIND} = 'auditor'"),
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

    dependencies = [("candidates", "0004_imports_as_jobs")]

    operations = [migrations.RunPython(up, down)]
