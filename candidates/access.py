"""The only way to read names and ways of contact: scoped, and logged in the read's own transaction.

No log, no data: the rows of the access log are written before anything is handed out (design §6; GDPR art. 5(2)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from candidates.models import AccessLog, Candidate, Identity
from candidates.querysets import CandidateQuerySet
from events import clock
from municipalities.actor import Actor

FIELDS = ("name", "phone", "email", "contact_way", "cv_text")
#: What a company is shown besides the contact way that the citizen chose. The CV text it sees is the nomination's.
COMPANY_FIELDS = frozenset({"name", "contact_way"})
WAYS = {Identity.ContactWay.PHONE: "phone", Identity.ContactWay.MAIL: "email"}
_COLUMNS = ("identity__name", "identity__phone", "identity__email", "identity__contact_way", "cv_text")


@dataclass(frozen=True, slots=True)
class NamedCandidate:
    """One person as shown; fields that were not asked for, or not for this reader, are empty."""

    id: UUID
    pk: int
    home: str
    name: str = ""
    phone: str = ""
    email: str = ""
    contact_way: str = ""
    cv_text: str = ""


@transaction.atomic
def named(
    candidates: CandidateQuerySet | Sequence[int],
    *,
    actor: Actor,
    purpose: str,
    fields: Iterable[str],
    order: UUID | None = None,
    cv_texts: Mapping[int, str] | None = None,
) -> list[NamedCandidate]:
    """Those of `candidates` whom the actor may see by name, in their order (which may be a page, sliced).

    Where their primary keys are known already, a list of these saves a query.
    `fields` out of FIELDS; `purpose` is a code for the log ("nomination.show"); `order` narrows a release to that
    order. `cv_texts` by candidate key are those confirmed for that order: they stand for the profile's own, and every
    reader of the order may have them. One row per person in the access log; if it cannot be written, the error goes
    up and nobody is shown.
    """
    asked = frozenset(fields)
    if unknown := asked - set(FIELDS):
        raise ValueError(f"no fields of an identity: {sorted(unknown)}")
    pks = list(candidates.values_list("pk", flat=True)) if isinstance(candidates, QuerySet) else list(candidates)
    if not pks:
        return []
    visible = Candidate.objects.filter(pk__in=pks).visible_to(actor, order=order).order_by("pk")
    rows = {row[0]: row for row in visible.values_list("pk", "public_id", "home_id", *_COLUMNS)}
    people = [_shown(rows[pk], asked, actor) for pk in pks if pk in rows]
    if cv_texts is not None:
        people = [replace(person, cv_text=cv_texts.get(person.pk, "")) for person in people]
    _log([_entry(one, actor, purpose, order) for one in people])
    return people


def _log(entries: list[AccessLog]) -> None:
    """Add the rows in one statement, without reading them back: a reader may add to the log and not look into it."""
    if not entries:
        return
    columns = [field for field in AccessLog._meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(field.column) for field in columns)
    marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(entries))
    values = [field.get_db_prep_save(getattr(one, field.attname), connection) for one in entries for field in columns]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {AccessLog._meta.db_table} ({names}) VALUES {marks}", values)


def _shown(row: tuple[Any, ...], asked: frozenset[str], actor: Actor) -> NamedCandidate:
    """The person with the fields that were asked for and that this reader may have."""
    pk, public_id, home, *values = row
    known = {name: value or "" for name, value in zip(FIELDS, values, strict=True)}
    allowed = asked
    if not actor.is_member:
        chosen = WAYS.get(known["contact_way"])
        allowed = asked & (COMPANY_FIELDS | ({chosen} if chosen else set()))
    return NamedCandidate(id=public_id, pk=pk, home=home, **{name: known[name] for name in allowed})


def _entry(person: NamedCandidate, actor: Actor, purpose: str, order: UUID | None) -> AccessLog:
    return AccessLog(
        candidate=person.id,
        home=person.home,
        actor_kind=actor.kind.value,
        actor_role=actor.role.value if actor.role else "",
        actor_id=actor.public_id,
        actor_municipality=actor.municipality or "",
        company=actor.company,
        order=order or actor.order,
        purpose=purpose,
        fields=",".join(name for name in FIELDS if getattr(person, name)),
        read_at=clock.now(),
    )
