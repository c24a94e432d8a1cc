"""What a course or competence card documents is written to the profile: by the home jobcentre, for its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from candidates.models import Candidate, CandidateCertificate, CandidateLicence, CandidateSkill
from candidates.services import save, tell
from events import clock
from municipalities.actor import Actor


def learned(
    candidates: Sequence[int],
    *,
    actor: Actor,
    licences: Collection[str] = (),
    certificates: Mapping[str, dt.date | None] | None = None,
    skills: Collection[int] = (),
) -> list[Candidate]:
    """Add licences, certificates (code → last day, None: does not lapse) and documented skills to own candidates.

    A certificate held keeps the later last day. Nothing else of the profile is touched, no section counts as reviewed
    by it. Who gained nothing is left alone. Call inside a transaction, with primary keys of the actor's own candidates;
    gives those changed.
    """
    people = Candidate.objects.select_for_update(of=("self",)).filter(pk__in=list(candidates)).order_by("pk")
    changed = []
    for candidate in people:
        gained = {
            "licences": _licences(candidate, licences),
            "certificates": _certificates(candidate, certificates or {}),
            "skills": _skills(candidate, skills),
        }
        fields = sorted(name for name, is_new in gained.items() if is_new)
        if fields:
            candidate.changed_at = clock.now()
            save(candidate)
            tell("candidate.updated", candidate, actor, fields=fields)
            changed.append(candidate)
    return changed


def _licences(candidate: Candidate, codes: Collection[str]) -> bool:
    held = set(candidate.licences.values_list("licence_id", flat=True))
    new = [code for code in codes if code not in held]
    CandidateLicence.objects.bulk_create(CandidateLicence(candidate=candidate, licence_id=code) for code in new)
    return bool(new)


def _certificates(candidate: Candidate, last_days: Mapping[str, dt.date | None]) -> bool:
    held = {row.certificate_id: row for row in candidate.certificates.all()}
    is_new = False
    for code, through in last_days.items():
        row = held.get(code)
        if row is None:
            CandidateCertificate.objects.create(candidate=candidate, certificate_id=code, valid_through=through)
        elif row.valid_through is None or (through is not None and through <= row.valid_through):
            continue
        else:
            row.valid_through = through
            row.save(update_fields=["valid_through"])
        is_new = True
    return is_new


def _skills(candidate: Candidate, skills: Collection[int]) -> bool:
    held = dict(candidate.skills.values_list("skill_id", "documented"))
    stated = [skill for skill in skills if held.get(skill) is False]
    new = [skill for skill in skills if skill not in held]
    candidate.skills.filter(skill__in=stated).update(documented=True)
    CandidateSkill.objects.bulk_create(
        CandidateSkill(candidate=candidate, skill_id=skill, documented=True) for skill in new
    )
    return bool(stated or new)
