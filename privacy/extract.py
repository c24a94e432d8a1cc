"""A citizen's extract: all that is held about them, and who looked at it (GDPR art. 15 and 20). Made at home, logged.

It names municipalities and companies as receivers, never employees: the citizen's access to the log does not by
default cover the employee's name (CJEU C-579/21, Datatilsynet 2024-32-0283).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from candidates.access import FIELDS, named
from candidates.models import AccessLog, Candidate
from candidates.services import home_of
from companies.models import Company
from events import clock
from events.errors import NotVisible
from events.models import Event
from joborders.models import JobOrder, Nomination
from municipalities import wall
from municipalities.actor import Actor
from municipalities.models import Municipality
from screening.models import CoursePass, VerdictRow

PURPOSE = "candidate.extract"
_PROFILE = (
    "external_reference", "pseudonym", "postal_code", "status", "status_until", "unemployed_since", "available_from",
    "hours_min", "hours_max", "shifts", "own_transport", "max_distance_km", "confirmed_on", "licences_reviewed_on",
    "certificates_reviewed_on", "languages_reviewed_on", "skills_reviewed_on", "occupations_reviewed_on",
    "hours_reviewed_on", "transport_reviewed_on", "hired_from", "created_at", "changed_at",
)  # fmt: skip
_NOMINATION = (
    "state", "requested_at", "accepted_at", "acceptance_channel", "acceptance_on", "presented_at", "interviewed_at",
    "hired_at", "hire_starts_on", "hire_hours", "hire_terms", "ended_at", "end_reason", "end_text", "cv_text",
    "cv_gaps", "cv_reason", "talk_can_do", "talk_wants_to", "cv_checked", "special_terms_fit", "reported_start_on",
)  # fmt: skip


@transaction.atomic
def made(candidate_id: UUID, actor: Actor) -> dict[str, Any]:
    """Everything about one candidate of the own municipality, as plain data. Raises NotVisible, NotAllowed.

    The read is itself a row of the access log, and on the list.
    """
    home = home_of(actor)
    candidate = Candidate.objects.visible_to(actor).filter(public_id=candidate_id, home=home).first()
    if candidate is None:
        raise NotVisible
    [person] = named([candidate.pk], actor=actor, purpose=PURPOSE, fields=FIELDS)
    with wall.as_system():  # the verdicts of other municipalities' screenings are about this citizen too
        return {
            "made_at": clock.now(),
            "controller": _controller(home),
            "identity": {name: getattr(person, name) for name in FIELDS if name != "cv_text"},
            "cv_text": person.cv_text,
            "profile": {name: getattr(candidate, name) for name in _PROFILE},
            **_lists(candidate),
            "nominations": _nominations(candidate),
            "shared_with": _releases(candidate),
            "screenings": _screenings(candidate),
            "courses_passed": list(
                CoursePass.objects.filter(candidate=candidate).order_by("pk").values("course__title", "passed_on")
            ),
            "changes": list(
                Event.objects.filter(subject=candidate.public_id).order_by("id").values("type", "happened_at")
            ),
            "reads": reads_of(candidate.public_id),
        }


def reads_of(candidate: UUID) -> list[dict[str, Any]]:
    """Who looked, newest first: municipality or company, role, order, purpose and fields; no employee."""
    rows = list(AccessLog.objects.filter(candidate=candidate))
    places = dict(Municipality.objects.order_by().values_list("code", "jobcentre"))
    firms = _by_id(Company, "name", {row.company for row in rows})
    orders = _by_id(JobOrder, "number", {row.order for row in rows})
    return [
        {
            "read_at": row.read_at,
            "who": places.get(row.actor_municipality) or firms.get(row.company, ""),
            "role": row.actor_role or row.actor_kind,
            "order": orders.get(row.order, ""),
            "purpose": row.purpose,
            "fields": [name for name in row.fields.split(",") if name],
        }
        for row in rows
    ]


def _by_id(model: type[Model], column: str, ids: set[UUID | None]) -> Mapping[UUID | None, str]:
    wanted = ids - {None}
    found = model._default_manager.filter(public_id__in=wanted).order_by() if wanted else None
    return dict(found.values_list("public_id", column)) if found is not None else {}


def _controller(home: str) -> dict[str, str]:
    found = Municipality.objects.get(pk=home)
    return {"name": found.name, "jobcentre": found.jobcentre, "email": found.email, "phone": found.phone}


def _lists(candidate: Candidate) -> dict[str, Any]:
    return {
        "licences": list(candidate.licences.values_list("licence_id", flat=True)),
        "certificates": list(candidate.certificates.values("certificate__label_da", "valid_through")),
        "skills": list(candidate.skills.values("skill__label_da", "documented")),
        "occupations": list(candidate.occupations.values("isco__code", "isco__title_da", "title", "months")),
        "languages": list(candidate.languages.values("language__label_da", "oral", "written")),
        "job_goals": list(candidate.job_goals.values("isco__code", "isco__title_da")),
    }


def _nominations(candidate: Candidate) -> list[dict[str, Any]]:
    rows = Nomination.objects.filter(candidate=candidate).select_related("order__company").order_by("pk")
    return [
        {
            "order": row.order.number,
            "title": row.order.title,
            "company": row.order.company.name,
            **{name: getattr(row, name) for name in _NOMINATION},
        }
        for row in rows
    ]


def _releases(candidate: Candidate) -> list[dict[str, Any]]:
    rows = list(candidate.releases.order_by("pk"))
    orders = _by_id(JobOrder, "number", {row.order for row in rows})
    firms = _by_id(Company, "name", {row.to_company for row in rows})
    places = dict(Municipality.objects.order_by().values_list("code", "jobcentre"))
    return [
        {
            "order": orders.get(row.order, ""),
            "receiver": firms.get(row.to_company) or places.get(row.to_municipality, ""),
            "from": row.started_at,
            "until": row.ended_at,
        }
        for row in rows
    ]


def _screenings(candidate: Candidate) -> list[dict[str, Any]]:
    rows = VerdictRow.objects.filter(candidate=candidate).select_related("run__order").order_by("run__created_at", "pk")
    return [
        {
            "at": row.run.created_at,
            "order": row.run.order.number,
            "by": row.run.municipality_code,
            "outcome": row.outcome,
            "rank": row.rank,
            "fit": row.fit,
            "verdict": row.verdict.get("full", row.verdict),
        }
        for row in rows
    ]
