"""The roles of the database behind the second wall: who serves requests, and who screens."""

from __future__ import annotations

from typing import Any

from municipalities.wall import APP_ROLE, SCREENING_ROLE, TABLES

#: What a screening may read of a candidate: what counts, never the case reference, nor the CV text and its date.
SCORED = (
    "id", "public_id", "version", "home_id", "pseudonym", "postal_code", "status", "status_until", "available_from",
    "hours_min", "hours_max", "shifts", "own_transport", "max_distance_km", "licences_reviewed_on",
    "certificates_reviewed_on", "languages_reviewed_on", "skills_reviewed_on", "occupations_reviewed_on",
    "hours_reviewed_on", "transport_reviewed_on", "hired_from", "tie_seed", "created_at", "changed_at",
)  # fmt: skip
#: Never under the screening's role: names, the case's text, and who read what.
CLOSED = (
    "candidates_identity",
    "candidates_accesslog",
    "candidates_candidate",
    "candidates_importjob",
    "candidates_importrow",
    "privacy_legalhold",
    "privacy_erasurenotice",
    "privacy_check",
)


#: Columns of other tables that hold words about somebody: the rest of these tables may be read.
WITHHELD = {"joborders_nomination": ("cv_text", "end_text")}


def grants() -> list[str]:
    """The statements that make both roles (where missing) and grant what they need. Repeat them after a migration.

    Neither role logs in by itself, owns a table or passes row-level security; the role that connects is a member of
    both, or a superuser. Needs CREATEROLE the first time.
    """
    made = [
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN "
        f"CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS; END IF; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        for role in (APP_ROLE, SCREENING_ROLE)
    ]
    app = [
        f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {SCREENING_ROLE}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}",
        f"REVOKE UPDATE, DELETE ON candidates_accesslog FROM {APP_ROLE}",
    ]
    closed = ", ".join(CLOSED)
    screening = [
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {SCREENING_ROLE}",
        f"REVOKE ALL ON {closed} FROM {SCREENING_ROLE}",
        f"GRANT SELECT ({', '.join(SCORED)}) ON candidates_candidate TO {SCREENING_ROLE}",
        *(_all_but(table, columns) for table, columns in WITHHELD.items()),
    ]
    member = [
        f"DO $$ BEGIN IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN "
        f"GRANT {role} TO CURRENT_USER; END IF; END $$"
        for role in (APP_ROLE, SCREENING_ROLE)
    ]
    return [*made, *app, *screening, *member]


def _all_but(table: str, columns: tuple[str, ...]) -> str:
    """Take a table from the screening's role and give it back without these columns."""
    names = ", ".join(f"'{column}'" for column in columns)
    return (
        f"DO $$ DECLARE given text; BEGIN REVOKE ALL ON {table} FROM {SCREENING_ROLE}; "
        "SELECT string_agg(quote_ident(column_name), ', ') INTO given FROM information_schema.columns "
        f"WHERE table_schema = 'public' AND table_name = '{table}' AND column_name NOT IN ({names}); "
        f"EXECUTE format('GRANT SELECT (%s) ON {table} TO {SCREENING_ROLE}', given); END $$"
    )


def install(connection: Any) -> None:
    """Make the roles and grant. Only on PostgreSQL."""
    with connection.cursor() as cursor:
        for statement in grants():
            cursor.execute(statement)


__all__ = ["CLOSED", "SCORED", "TABLES", "grants", "install"]
