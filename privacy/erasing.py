"""Deleting a citizen: the candidate key, the identity, releases, cards and verdicts go; what remains names nobody.

Nominations keep their id, states, moments and codes, so that the figures stay what they were; texts about the person
and the CV leave them. A screening replayed later answers "inputs erased". The access log keeps who looked at a key
that leads to nobody any more, until its own rule takes the rows.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from candidates import services
from candidates.models import Candidate, ImportRow, Release
from events import clock
from events.errors import Conflict, NotVisible
from events.models import Event
from joborders.models import HistoryNote, Nomination
from joborders.models.nomination import UNFINISHED
from municipalities import wall
from municipalities.actor import Actor
from privacy.models import Erasure, LegalHold
from screening.models import Override, Pseudonym, VerdictRow
from vocabulary.text import clean_text

#: What a nomination says of a person in words.
WORDS = {"cv_text": "", "end_text": "", "cv_reason": "", "cv_gaps": "", "acceptance_by": "", "pseudonym": ""}


@transaction.atomic
def erase(candidate_id: UUID, actor: Actor, version: int) -> Erasure:
    """Delete somebody of the own municipality who asked for it.

    Raises NotVisible, NotAllowed, Stale, or Conflict: `legal_hold`, `unfinished_nominations` (withdraw them first).
    """
    candidate = services.locked(candidate_id, actor, version)
    if candidate.holds.filter(ended_at__isnull=True).exists():
        raise Conflict("legal_hold", _("There is a legal hold: end it first."))
    if Nomination.objects.filter(candidate=candidate, state__in=UNFINISHED).exists():
        raise Conflict("unfinished_nominations", _("There are unfinished nominations: withdraw them first."))
    return gone(candidate, actor, Erasure.Reason.REQUEST)


@wall.by_the_system
def gone(candidate: Candidate, actor: Actor, reason: str) -> Erasure:
    """Delete the locked candidate with all that names them. The callers have asked the rules. Inside a transaction."""
    candidate.version += 1
    services.tell("candidate.erased", candidate, actor, reason=str(reason))
    home, public_id = candidate.home_id, candidate.public_id
    counts = {"nominations": forget_in(Nomination.objects.filter(candidate=candidate))}
    counts["import_rows"] = ImportRow.objects.filter(candidate=public_id).update(candidate=None, external_reference="")
    _total, by_model = candidate.delete()
    counts |= {label.rpartition(".")[2].lower(): n for label, n in sorted(by_model.items()) if n}
    return Erasure.objects.create(
        home_id=home, reason=reason, erased_at=clock.now(), by_user_id=actor.user_id, counts=counts
    )


def forget_in(nominations: QuerySet[Nomination]) -> int:
    """Take the person and the words about them out of these finished nominations; how many."""
    found = dict(nominations.order_by().values_list("pk", "public_id"))
    if not found:
        return 0
    keys = list(found)
    told = Event.objects.filter(subject__in=found.values()).order_by().values("public_id")
    HistoryNote.objects.filter(event__in=told).delete()
    Override.objects.filter(nomination__in=keys).exclude(reason="").update(reason="")
    values: dict[str, Any] = {**WORDS, "candidate": None, "version": F("version") + 1}
    return Nomination.objects.filter(pk__in=keys).update(**values)


@wall.by_the_system
def forget_order(order_pk: int, order_id: UUID, held: Collection[int]) -> int:
    """Cut everybody off from an order that has ended, but those under a legal hold; how many rows. In a transaction."""
    finished = Nomination.objects.filter(order=order_pk, candidate__isnull=False).exclude(state__in=UNFINISHED)
    done = forget_in(finished.exclude(candidate__in=held))
    for rows in (
        VerdictRow.objects.filter(run__order=order_pk),
        Pseudonym.objects.filter(order=order_pk),
        Release.objects.filter(order=order_id),
    ):
        done += rows.exclude(candidate__in=held).delete()[0]
    return done


@transaction.atomic
def hold(candidate_id: UUID, actor: Actor, reason: str) -> LegalHold:
    """Keep somebody's data until the hold is ended. Raises NotVisible, NotAllowed, Invalid at /reason, Conflict."""
    candidate = _own(candidate_id, actor)
    if candidate.holds.filter(ended_at__isnull=True).exists():
        raise Conflict("held_already", _("There is a legal hold already."))
    text = clean_text(reason, field="/reason", min_length=1, max_length=500)
    return LegalHold.objects.create(candidate=candidate, reason=text, started_at=clock.now(), by_user_id=actor.user_id)


@transaction.atomic
def end_hold(candidate_id: UUID, actor: Actor) -> None:
    """Let the rules go on. Raises NotVisible, NotAllowed, or Conflict without a hold."""
    candidate = _own(candidate_id, actor)
    if not candidate.holds.filter(ended_at__isnull=True).update(ended_at=clock.now()):
        raise Conflict("not_held", _("There is no legal hold."))


def _own(candidate_id: UUID, actor: Actor) -> Candidate:
    home = services.home_of(actor)
    found = Candidate.objects.visible_to(actor).select_for_update(of=("self",)).filter(public_id=candidate_id)
    candidate = found.filter(home=home).first()
    if candidate is None:
        raise NotVisible
    return candidate  # type: ignore[no-any-return]
