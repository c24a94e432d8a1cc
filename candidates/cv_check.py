"""The checklist of `candidates.cv_principles` asked of candidates: one query for any number, no name is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from candidates import cv_principles
from candidates.cv_principles import CvFacts, Point
from candidates.models import CandidateCertificate, CandidateLanguage, CandidateOccupation, JobGoal
from candidates.querysets import CandidateQuerySet
from events import clock

LABELS = {
    "profile": _("a profile of three to six lines"),
    "job_goal": _("a job goal"),
    "experience": _("experience with period and tasks"),
    "certificates": _("certificates with their last day"),
    "mobility": _("driving licence, transport and reach"),
    "languages": _("languages with level"),
    "availability": _("hours, shifts and earliest start"),
    "contact": _("a way of contact"),
    "nothing_private": _("nothing about CPR number, age, health, family or nationality"),
    "confirmed": _("confirmed by the citizen within 30 days"),
}
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Checked:
    """One candidate's answers."""

    candidate: int
    home: str
    points: tuple[Point, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes of the principles that do not pass."""
        return cv_principles.missing(self.points)


def checked(people: CandidateQuerySet, *, cv_text: str | None = None, confirmed_on: date | None = None) -> Checked:
    """The one candidate of the queryset; `cv_text`, `confirmed_on` stand in for the profile's, if newer or given."""
    [found] = _read(people)
    pk, home, facts = found
    if cv_text is not None:
        facts = replace(facts, cv_text=cv_text)
    days = [day for day in (facts.confirmed_on, confirmed_on) if day is not None]
    return Checked(pk, home, cv_principles.check(replace(facts, confirmed_on=max(days, default=None))))


def check_all(people: CandidateQuerySet) -> Iterator[Checked]:
    """Everybody of the queryset, in one pass."""
    return (Checked(pk, home, cv_principles.check(facts)) for pk, home, facts in _read(people))


def as_data(found: Checked) -> dict[str, Any]:
    """The checklist as the API and the pages show it."""
    return {
        "version": cv_principles.CURRENT,
        "passed": not found.missing,
        "checked_on": clock.today(),
        "points": [
            {"code": one.code, "label": str(LABELS[one.code]), "passed": one.passed, "gaps": list(one.gaps)}
            for one in found.points
        ],
    }


def in_words(codes: tuple[str, ...]) -> str:
    """The principles by name, in the reader's language."""
    return ", ".join(str(LABELS[code]) for code in codes)


def _of(model: Any, **conditions: Any) -> Exists:
    return Exists(model.objects.filter(candidate=OuterRef("pk"), **conditions))


_CONTACT = (
    Q(identity__contact_way="jobcentre")
    | (Q(identity__contact_way="phone") & ~Q(identity__phone=""))
    | (Q(identity__contact_way="mail") & ~Q(identity__email=""))
)
_BARE = Q(title="") | Q(months=0)


def _read(people: CandidateQuerySet) -> Iterator[tuple[int, str, CvFacts]]:
    known = {name: Q(**{f"{column}__isnull": False}) for name, column in _KNOWN.items()}
    bare = Exists(CandidateOccupation.objects.filter(_BARE, candidate=OuterRef("pk")))
    asked: dict[str, Any] = {
        "has_job_goal": _of(JobGoal),
        "has_occupation": _of(CandidateOccupation),
        "has_bare_occupation": bare,
        "has_undated_certificate": _of(
            CandidateCertificate, valid_through__isnull=True, certificate__validity_years__isnull=False
        ),
        "has_language": _of(CandidateLanguage),
        "contact": _CONTACT,
        **known,
    }
    today = clock.today()
    rows = people.order_by("pk").values_list("pk", "home_id", "cv_text", "confirmed_on", *asked.values())
    for pk, home, cv_text, confirmed_on, *values in rows.iterator(chunk_size=CHUNK):
        facts = dict(zip(asked, map(bool, values), strict=True))
        yield pk, home, CvFacts(today=today, cv_text=cv_text, confirmed_on=confirmed_on, **facts)


_KNOWN = {
    "occupations_reviewed": "occupations_reviewed_on",
    "certificates_reviewed": "certificates_reviewed_on",
    "licences_reviewed": "licences_reviewed_on",
    "transport_known": "own_transport",
    "reach_known": "max_distance_km",
    "hours_known": "hours_min",
    "shifts_known": "shifts",
    "start_known": "available_from",
}
