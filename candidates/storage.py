"""Writing profiles to their tables: the same few statements for one candidate and for a batch of an import."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model

from candidates.models import (
    Candidate,
    CandidateCertificate,
    CandidateLanguage,
    CandidateLicence,
    CandidateOccupation,
    CandidateSkill,
    Identity,
    JobGoal,
)
from candidates.profile import Profile, Row
from vocabulary.bulk import insert_rows

#: Each list of a profile: its table, and the columns that a row holds, in the order of `Profile.lists`.
TABLES: Mapping[str, tuple[type[Model], tuple[str, ...]]] = {
    "licences": (CandidateLicence, ("licence_id",)),
    "certificates": (CandidateCertificate, ("certificate_id", "valid_through")),
    "skills": (CandidateSkill, ("skill_id", "documented")),
    "occupations": (CandidateOccupation, ("isco_id", "title", "months")),
    "job_goals": (JobGoal, ("isco_id",)),
    "languages": (CandidateLanguage, ("language_id", "oral", "written")),
}
IDENTITY_COLUMNS = ("name", "phone", "email", "contact_way")
_KEPT = {"id", "public_id", "home", "pseudonym", "tie_seed", "created_at"}
OVERWRITTEN = tuple(field.name for field in Candidate._meta.concrete_fields if field.name not in _KEPT)
# No 0/O, 1/I/L, 8/B, 5/S, 2/Z: a pseudonym is read out on the phone.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"


def random_pseudonym() -> str:
    """A name that says nothing about the person: `K-` and seven signs."""
    return f"K-{''.join(secrets.choice(ALPHABET) for _ in range(7))}"


def new_pseudonyms(count: int) -> list[str]:
    """So many pseudonyms that nobody has: random, saying nothing about the person."""
    found: set[str] = set()
    while len(found) < count:
        drawn = {random_pseudonym() for _ in range(count - len(found))}
        taken = Candidate.objects.filter(pseudonym__in=drawn).order_by("pk").values_list("pseudonym", flat=True)
        found |= drawn - set(taken)
    return list(found)


def apply(candidate: Candidate, profile: Profile, now: dt.datetime, today: dt.date) -> None:
    """Put the profile's columns on the candidate, with the day of review; does not save."""
    for name, value in profile.columns.items():
        setattr(candidate, name, value)
    for section in profile.reviewed:
        setattr(candidate, f"{section}_reviewed_on", today)
    if profile.columns.get("status") in (Candidate.Status.AVAILABLE, Candidate.Status.IN_COURSE):
        candidate.hired_from = None
    candidate.changed_at = now


def overwrite(candidates: Sequence[Candidate]) -> None:
    """Save existing candidates in one statement: an upsert, because an UPDATE with a CASE per column is far slower.

    The rows proposed carry fresh unique values, so that only their case reference meets the row there is.
    """
    if not candidates:
        return
    pseudonyms = new_pseudonyms(len(candidates))
    rows = []
    for candidate, pseudonym in zip(candidates, pseudonyms, strict=True):
        values = {name: getattr(candidate, name) for name in OVERWRITTEN}
        rows.append(
            Candidate(home_id=candidate.home_id, pseudonym=pseudonym, created_at=candidate.created_at, **values)
        )
    Candidate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["home", "external_reference"],
        update_fields=[name for name in OVERWRITTEN if name != "external_reference"],
    )


def write_lists(wanted: Mapping[int, Profile], *, are_new: frozenset[int] = frozenset()) -> None:
    """Replace the lists that the profiles hold, by primary key; two statements per table at most."""
    for name, (table, columns) in TABLES.items():
        given = {pk: profile.lists[name] for pk, profile in wanted.items() if name in profile.lists}
        old = given.keys() - are_new
        if old:
            table._default_manager.filter(candidate__in=old).delete()
        rows = [(pk, *row) for pk in given for row in given[pk]]
        if rows:
            insert_rows(table, ("candidate_id", *columns), rows)


def write_identities(wanted: Mapping[int, Mapping[str, str]]) -> None:
    """Write names and ways of contact; the columns that are absent stay. One statement per set of columns."""
    by_columns: dict[tuple[str, ...], list[Identity]] = defaultdict(list)
    for pk, given in wanted.items():
        if given:
            by_columns[tuple(sorted(given))].append(Identity(candidate_id=pk, **given))
    for columns, rows in by_columns.items():
        Identity.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["candidate"], update_fields=list(columns)
        )


def held_lists(pks: Iterable[int]) -> dict[str, dict[int, tuple[Row, ...]]]:
    """What candidates hold now, by list and primary key, sorted like a read profile; one query per table."""
    pks = list(pks)
    held: dict[str, dict[int, tuple[Row, ...]]] = {}
    for name, (table, columns) in TABLES.items():
        rows: dict[int, list[Row]] = defaultdict(list)
        found = table._default_manager.filter(candidate__in=pks).order_by("pk")
        for pk, *row in found.values_list("candidate_id", *columns):
            rows[pk].append(tuple(row))
        held[name] = {pk: tuple(sorted(some, key=repr)) for pk, some in rows.items()}
    return held


def held_identities(pks: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Names and ways of contact, to be compared with an import, never shown: nobody reads them here."""
    found = Identity.objects.filter(candidate__in=list(pks)).order_by("pk")
    return {
        pk: dict(zip(IDENTITY_COLUMNS, row, strict=True))
        for pk, *row in found.values_list("candidate_id", *IDENTITY_COLUMNS)
    }


def changed(
    candidate: Candidate,
    profile: Profile,
    lists: Mapping[str, Mapping[int, tuple[Row, ...]]],
    identity: Mapping[str, Any],
) -> set[str]:
    """Names of what the profile would change; a section reviewed for the first time counts."""
    names = {name for name, value in profile.columns.items() if getattr(candidate, name) != value}
    names |= {name for name, value in profile.identity.items() if identity.get(name) != value}
    names |= {name for name, rows in profile.lists.items() if lists[name].get(candidate.pk, ()) != rows}
    return names | {name for name in profile.reviewed if getattr(candidate, f"{name}_reviewed_on") is None}
