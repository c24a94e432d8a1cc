"""What the candidate page shows: the profile, the CV principles and the access log in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.models import User
from candidates import cv_check
from candidates.cv_rules import Kind, findings
from candidates.models import (
    AccessLog,
    Candidate,
    CandidateCertificate,
    CandidateLanguage,
    CandidateLicence,
    CandidateOccupation,
    CandidateSkill,
    JobGoal,
)
from companies.models import Company
from joborders.models import JobOrder
from vocabulary.scales import CEFR_LEVELS
from web.vocabulary_words import label, shifts_in_words


def _with(lists: str, model: Any, word: str) -> Prefetch:
    """The rows of a list with the word of each: the order of the list joins it anyway."""
    return Prefetch(lists, model.objects.select_related(word))


def lists() -> tuple[Prefetch, ...]:
    """The lists of a profile, for `prefetch_related`: a query for each."""
    return (
        _with("licences", CandidateLicence, "licence"),
        _with("certificates", CandidateCertificate, "certificate"),
        _with("skills", CandidateSkill, "skill"),
        _with("occupations", CandidateOccupation, "isco"),
        _with("job_goals", JobGoal, "isco"),
        _with("languages", CandidateLanguage, "language"),
    )


READS = 20
GAPS = {
    "three_to_six_lines": gettext_lazy("write a profile of three to six lines at the top of the CV"),
    "job_goal": gettext_lazy("add a job goal"),
    "occupations": gettext_lazy("add the occupations held"),
    "period_and_tasks": gettext_lazy("give months and a title for every occupation"),
    "reviewed": gettext_lazy("go through the certificates"),
    "last_day": gettext_lazy("give the last day of every certificate that lapses"),
    "licences": gettext_lazy("go through the driving licences"),
    "transport": gettext_lazy("say whether there is own transport"),
    "reach": gettext_lazy("say how far the candidate will travel"),
    "languages": gettext_lazy("add languages with level"),
    "hours": gettext_lazy("give the weekly hours"),
    "shifts": gettext_lazy("give the shifts"),
    "available_from": gettext_lazy("give the earliest start"),
    "contact": gettext_lazy("give the number or address for the way of contact"),
    "confirmed": gettext_lazy("go through the CV with the candidate, and confirm it"),
    "cpr": gettext_lazy("take out the CPR number"),
    "age": gettext_lazy("take out what tells the age"),
    "health": gettext_lazy("take out what is about health"),
    "family": gettext_lazy("take out what is about family"),
    "nationality": gettext_lazy("take out what is about nationality"),
}
#: Where a gap is mended: the list of that kind, else the profile form.
MENDED_IN = {
    "job_goal": "job_goals",
    "occupations": "occupations",
    "period_and_tasks": "occupations",
    "reviewed": "certificates",
    "last_day": "certificates",
    "licences": "licences",
    "languages": "languages",
}
PURPOSES = {
    "candidate.show": gettext_lazy("the profile"),
    "candidate.list": gettext_lazy("the list of candidates"),
    "nomination.show": gettext_lazy("the nomination"),
    "candidate.extract": gettext_lazy("the citizen's extract"),
}
FIELDS = {
    "name": pgettext_lazy("of a person", "name"),
    "phone": gettext_lazy("phone"),
    "email": gettext_lazy("e-mail"),
    "contact_way": gettext_lazy("way of contact"),
    "cv_text": gettext_lazy("CV"),
}
MARKS = {
    Kind.CPR: gettext_lazy("CPR number"),
    Kind.AGE: gettext_lazy("age"),
    Kind.HEALTH: gettext_lazy("health"),
    Kind.FAMILY: gettext_lazy("family"),
    Kind.NATIONALITY: gettext_lazy("nationality"),
}


def sections_of(candidate: Candidate) -> list[dict[str, Any]]:
    """The lists of the profile in words, each with when it was gone through; no query where `lists` were prefetched."""
    texts = {
        "job_goals": [_title(row.isco) for row in candidate.job_goals.all()],
        "occupations": [_occupation(row) for row in candidate.occupations.all()],
        "skills": [_skill(_label(row.skill), row) for row in candidate.skills.all()],
        "certificates": [_certificate(_label(row.certificate), row) for row in candidate.certificates.all()],
        "licences": [f"{row.licence_id} ({_label(row.licence)})" for row in candidate.licences.all()],
        "languages": [_language(_label(row.language), row) for row in candidate.languages.all()],
    }
    return [
        {
            "kind": kind,
            "name": NAMES[kind],
            "items": items,
            "reviewed_on": getattr(candidate, f"{kind}_reviewed_on", None),
            "has_review": kind in Candidate.SECTIONS,
        }
        for kind, items in texts.items()
    ]


NAMES = {
    "job_goals": gettext_lazy("Job goals"),
    "occupations": gettext_lazy("Occupations held"),
    "skills": gettext_lazy("Skills"),
    "certificates": gettext_lazy("Certificates"),
    "licences": gettext_lazy("Driving licences"),
    "languages": gettext_lazy("Languages"),
}


def _label(word: Any) -> str:
    return label(word.label_da, word.label_en)


def _title(group: Any) -> str:
    return label(group.title_da, group.title_en)


def _occupation(row: Any) -> str:
    months = ngettext("%(n)s month", "%(n)s months", row.months) % {"n": row.months}
    return f"{row.title or _title(row.isco)}, {months}"


def _skill(name: str, row: Any) -> str:
    return f"{name} ({_('documented')})" if row.documented else name


def _certificate(name: str, row: Any) -> str:
    if row.valid_through is None:
        return name
    return _("%(name)s, valid through %(day)s") % {"name": name, "day": formats.date_format(row.valid_through)}


def _language(name: str, row: Any) -> str:
    levels = {"oral": level(row.oral), "written": level(row.written)}
    return f"{name}: " + _("spoken %(oral)s, written %(written)s") % levels


def level(ordinal: int) -> str:
    """A1 … C2, or "none"."""
    return CEFR_LEVELS[ordinal] if ordinal else str(_("none"))


def facts_of(candidate: Candidate) -> list[tuple[Any, str]]:
    """The single fields that screening asks about, "not recorded" where nothing is known."""
    unknown = str(_("not recorded"))
    hours = unknown
    if candidate.hours_min is not None:
        ends = {"low": candidate.hours_min, "high": candidate.hours_max}
        hours = _("%(low)s–%(high)s hours") % ends
    own = {True: _("yes"), False: _("no"), None: unknown}
    since, start = candidate.unemployed_since, candidate.available_from
    return [
        (_("Available from"), formats.date_format(start) if start else unknown),
        (_("Weekly hours"), hours),
        (_("Shifts"), unknown if candidate.shifts is None else shifts_in_words(candidate.shifts)),
        (_("Postal code"), candidate.postal_code or unknown),
        (_("Will travel"), f"{candidate.max_distance_km} km" if candidate.max_distance_km else unknown),
        (_("Own transport"), own[candidate.own_transport]),
        (_("Unemployed since"), formats.date_format(since, "YEAR_MONTH_FORMAT") if since else unknown),
    ]


def checklist(candidate: Candidate) -> dict[str, Any]:
    """The CV principles: pass or missing, with the way to mend each gap."""
    people: Any = Candidate.objects.filter(pk=candidate.pk)
    found = cv_check.as_data(cv_check.checked(people))
    for point in found["points"]:
        point["gaps"] = [{"text": GAPS[code], "href": _mend(candidate.public_id, code)} for code in point["gaps"]]
    return found


def _mend(candidate: UUID, gap: str) -> str:
    if gap == "confirmed":
        return "#confirm"
    if gap in MENDED_IN:
        return reverse("web:candidate-list", args=[candidate, MENDED_IN[gap]])
    return reverse("web:candidate-edit", args=[candidate])


def marks_in(cv_text: str) -> list[dict[str, Any]]:
    """What a caseworker looks at in a CV before a company does, each with a few words around it."""
    return [
        {
            "kind": MARKS[found.kind],
            "before": cv_text[max(0, found.start - 30) : found.start],
            "word": cv_text[found.start : found.end],
            "after": cv_text[found.end : found.end + 30],
        }
        for found in findings(cv_text)
    ]


def reads_of(candidate: Candidate, places: Mapping[str, str]) -> list[dict[str, Any]]:
    """Who looked at the person last, newest first; three queries whatever the number."""
    entries = list(AccessLog.objects.filter(candidate=candidate.public_id)[:READS])
    people = _named(User, [entry.actor_id for entry in entries])
    firms = _named(Company, [entry.company for entry in entries])
    orders = dict(
        JobOrder.objects.filter(public_id__in=[entry.order for entry in entries if entry.order])
        .order_by()
        .values_list("public_id", "number")
    )
    return [
        {
            "read_at": entry.read_at,
            "who": people.get(entry.actor_id) or firms.get(entry.company) or _("the system"),
            "where": places.get(entry.actor_municipality, ""),
            "order": orders.get(entry.order, ""),
            "purpose": PURPOSES.get(entry.purpose, entry.purpose),
            "fields": ", ".join(str(FIELDS.get(name, name)) for name in entry.fields.split(",") if name),
        }
        for entry in entries
    ]


def _named(model: Any, ids: Sequence[UUID | None]) -> Mapping[UUID | None, str]:
    wanted = {one for one in ids if one is not None}
    found = model.objects.filter(public_id__in=wanted).order_by().values_list("public_id", "name") if wanted else ()
    return dict(found)
