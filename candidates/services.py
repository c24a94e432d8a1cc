"""Registering, updating and withdrawing a candidate. The home jobcentre's caseworkers and consultants only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from candidates import storage
from candidates.models import Candidate
from candidates.profile import read_profile
from candidates.querysets import HOME_ROLES
from candidates.words import Words, skills_named
from events import clock, services
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from events.models import Event
from municipalities import wall
from municipalities.actor import Actor
from municipalities.models import Municipality


def home_of(actor: Actor) -> str:
    """The municipality whose candidates the actor keeps. Raises NotAllowed for everybody else."""
    if actor.role not in HOME_ROLES or actor.municipality is None:
        raise NotAllowed(message=_("Only caseworkers and consultants of the home jobcentre keep candidates."))
    _refuse_a_second_municipality(actor.municipality)
    return actor.municipality


def _refuse_a_second_municipality(home: str) -> None:
    """SQLite has no second wall (municipalities/wall.py): real people of several municipalities need PostgreSQL."""
    if not settings.IS_WITHOUT_WALL:
        return
    if Candidate.objects.exclude(home=home).exists():
        raise NotAllowed(
            "needs_postgresql",
            _("On SQLite only one municipality may keep candidates. Use PostgreSQL (docs/operations.md)."),
        )


def lock_home(home: str) -> None:
    """Stand in line with everybody who registers candidates of this municipality, until the transaction ends."""
    Municipality.objects.select_for_update(of=("self",), no_key=True).get(pk=home)


@transaction.atomic
def register(actor: Actor, profile: Mapping[str, Any]) -> Candidate:
    """A new candidate of the actor's municipality; fields as in `candidates.profile.FIELDS`.

    Raises NotAllowed, Invalid (all problems), or Conflict when the case reference has a profile already.
    """
    home = home_of(actor)
    wanted = read_profile(profile, _words(profile))
    lock_home(home)
    reference = wanted.columns["external_reference"]
    _refuse_taken(home, reference)
    now = clock.now()
    [pseudonym] = storage.new_pseudonyms(1)
    candidate = Candidate(home_id=home, pseudonym=pseudonym, created_at=now)
    storage.apply(candidate, wanted, now, clock.today())
    candidate.save(force_insert=True)
    storage.write_lists({candidate.pk: wanted}, are_new=frozenset({candidate.pk}))
    storage.write_identities({candidate.pk: wanted.identity})
    tell("candidate.registered", candidate, actor)
    return candidate


@transaction.atomic
def update(candidate_id: UUID, actor: Actor, version: int, changes: Mapping[str, Any]) -> Candidate:
    """Change the fields given; lists are replaced whole. Raises NotVisible, NotAllowed, Stale, Invalid, Conflict."""
    lock_home(home_of(actor))
    candidate = locked(candidate_id, actor, version)
    wanted = read_profile(changes, _words(changes), candidate)
    reference = wanted.columns.get("external_reference", candidate.external_reference)
    if reference != candidate.external_reference:
        _refuse_taken(candidate.home_id, reference)
    storage.apply(candidate, wanted, clock.now(), clock.today())
    save(candidate)
    storage.write_lists({candidate.pk: wanted})
    storage.write_identities({candidate.pk: _whole_identity(candidate, wanted.identity)})
    tell("candidate.updated", candidate, actor, fields=sorted(changes))
    return candidate


@transaction.atomic
def withdraw(candidate_id: UUID, actor: Actor, version: int) -> Candidate:
    """Take somebody out of screening: no longer unemployed, or no longer wishing. Raises as `update`."""
    home_of(actor)
    candidate = locked(candidate_id, actor, version)
    if candidate.status == Candidate.Status.INACTIVE:
        raise Conflict("already_withdrawn", _("The candidate is inactive already."))
    candidate.status = Candidate.Status.INACTIVE
    candidate.status_until = None
    candidate.changed_at = clock.now()
    save(candidate)
    tell("candidate.withdrawn", candidate, actor)
    return candidate


def locked(candidate_id: UUID, actor: Actor, version: int) -> Candidate:
    """The candidate under a row lock, decided on `version`. Raises NotVisible, NotAllowed or Stale."""
    scope = Candidate.objects.visible_to(actor)
    candidate = scope.select_for_update(of=("self",)).filter(public_id=candidate_id).first()
    if candidate is None:
        raise NotVisible
    if candidate.home_id != home_of(actor):
        raise NotAllowed(message=_("Only the home jobcentre changes a candidate."))
    if candidate.version != version:
        raise _stale(candidate, version)
    return candidate


def _stale(candidate: Candidate, version: int) -> Stale:
    """What changed since that version, and the last person who did it."""
    since = Event.objects.filter(subject=candidate.public_id, version__gt=version).order_by("id")
    events = list(since.values_list("type", "data", "actor_id"))
    fields = {name for _type, data, _who in events for name in data.get("fields", ())}
    fields |= {"status" for kind, _data, _who in events if kind == "candidate.withdrawn"}
    who = User.objects.filter(public_id=events[-1][2]).first() if events and events[-1][2] else None
    return Stale(version=candidate.version, changed=sorted(fields), changed_by=who.name if who else None)


def _refuse_taken(home: str, reference: str) -> None:
    if Candidate.objects.filter(home=home, external_reference=reference).exists():
        raise Conflict("external_reference_taken", _("This case reference has a profile already."))


def _whole_identity(candidate: Candidate, given: Mapping[str, str]) -> Mapping[str, str]:
    """Changes of a person who has no name on record yet need one."""
    if given and "name" not in given and candidate.pk not in storage.held_identities([candidate.pk]):
        raise Invalid.field("/name", "required", _("This is required."))
    return given


def _words(profile: Any) -> Words:
    words = Words.load()
    words.learn(skills_named([profile]))
    return words


def save(candidate: Candidate) -> None:
    """Write the candidate at its next version."""
    candidate.version += 1
    candidate.save()


def tell(kind: str, candidate: Candidate, actor: Actor, **data: Any) -> None:
    """Append the home jobcentre's own event; nobody else learns of it (design §8)."""
    services.append(
        kind,
        candidate.public_id,
        by=actor,
        municipality=candidate.home_id,
        audience=[candidate.home_id],
        version=candidate.version,
        data=data,
    )


@wall.by_the_system
def mark_hired(candidate_pk: int, *, actor: Actor, starts_on: date) -> None:
    """Out of screening: a nomination became a hire. Called by the nomination services inside their transaction."""
    candidate = _locked_by_pk(candidate_pk)
    starts = min(starts_on, candidate.hired_from) if candidate.hired_from else starts_on
    candidate.status, candidate.status_until, candidate.hired_from = Candidate.Status.HIRED, None, starts
    candidate.changed_at = clock.now()
    save(candidate)
    tell("candidate.updated", candidate, actor, fields=["hired_from", "status"])


@wall.by_the_system
def mark_not_hired(candidate_pk: int, *, actor: Actor, other_hire_from: date | None) -> None:
    """Back in screening when a hire did not start, unless another hire stands. Called as `mark_hired`."""
    candidate = _locked_by_pk(candidate_pk)
    candidate.hired_from = other_hire_from
    if other_hire_from is None and candidate.status == Candidate.Status.HIRED:
        candidate.status = Candidate.Status.AVAILABLE
    candidate.changed_at = clock.now()
    save(candidate)
    tell("candidate.updated", candidate, actor, fields=["hired_from", "status"])


def _locked_by_pk(pk: int) -> Candidate:
    """The candidate under a row lock, whoever acts: the nomination's rules have been asked already."""
    return Candidate.objects.select_for_update(of=("self",)).get(pk=pk)
