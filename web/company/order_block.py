"""From what was typed on the steps to what the single entry takes (joborders.services.submitting.submit_public)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.http import QueryDict

from companies.models import Company
from web.forms.base import Form
from web.forms.order import CompanyForm, ContactForm, JobForm, WorkplaceForm

Typed = Mapping[str, Any]


class Step(StrEnum):
    """The steps in their order. The last one is only read."""

    COMPANY = "company"
    WORKPLACE = "workplace"
    JOB = "job"
    NEEDS = "needs"
    CONTACT = "contact"
    CHECK = "check"


ORDER = tuple(Step)
#: The steps that are one form each.
FORMS = (Step.COMPANY, Step.WORKPLACE, Step.JOB, Step.CONTACT)


def after(step: Step) -> Step:
    """The next step."""
    return ORDER[min(ORDER.index(step) + 1, len(ORDER) - 1)]


def before(step: Step) -> Step | None:
    """The step before, None for the first."""
    place = ORDER.index(step)
    return ORDER[place - 1] if place else None


def form_of(step: Step, data: Typed, typed: Any = None) -> Form:
    """The form of a step, bound to `typed`; without it to nothing, showing what was typed before."""
    form = {
        Step.COMPANY: lambda **given: CompanyForm(**given),
        Step.WORKPLACE: lambda **given: WorkplaceForm(company=company_of(data), **given),
        Step.JOB: lambda **given: JobForm(**given),
        Step.CONTACT: lambda **given: ContactForm(**given),
    }[step]
    if typed is not None:
        return form(data=typed)
    return form(initial=_initial(data.get(step.value) or {}))


def _initial(kept: Mapping[str, list[str]]) -> dict[str, Any]:
    several = {"shifts"}
    return {name: values if name in several else (values[-1] if values else "") for name, values in kept.items()}


def company_of(data: Typed) -> Company | None:
    """The registered company of the CVR number that was typed."""
    form = CompanyForm(_initial(data.get(Step.COMPANY.value) or {}))
    return Company.objects.with_cvr(form.cleaned_data["cvr"]).first() if form.is_valid() else None


class Answers:
    """What a draft holds, read and checked once however often it is asked for: each step's rules cost queries."""

    def __init__(self, data: Typed) -> None:
        """Nothing is read yet."""
        self.data = data
        self._forms: dict[Step, Any] = {}

    def form(self, step: Step) -> Any:
        """The form of a step as it was sent, bound; a step never sent is bound to nothing and not valid."""
        if step not in self._forms:
            query = QueryDict(mutable=True)
            for name, values in (self.data.get(step.value) or {}).items():
                query.setlist(name, values)
            self._forms[step] = form_of(step, self.data, query)
        return self._forms[step]

    def is_ready(self, step: Step) -> bool:
        """Whether the step was sent and is right."""
        return step.value in self.data and bool(self.form(step).is_valid())

    def first_unready(self) -> Step | None:
        """The first step that still misses something; None when the order can be sent."""
        return next((step for step in FORMS if not self.is_ready(step)), None)

    def block(self) -> dict[str, Any]:
        """Company, order and contact, out of steps that are all ready. Raises KeyError for one that is not."""
        if unready := self.first_unready():
            raise KeyError(unready)
        blocks = {step: self.form(step).block() for step in FORMS}
        place, contact = blocks[Step.WORKPLACE], blocks[Step.CONTACT]
        order = blocks[Step.JOB] | place.get("order", {}) | contact["order"]
        order["requirements"] = [dict(row) for row in self.data.get(Step.NEEDS.value) or []]
        return {
            "company": blocks[Step.COMPANY] | place.get("company", {}),
            "order": order,
            "contact": contact["contact"],
        }


def industry_of(data: Typed) -> str:
    """The DB25 division that a new company chose, '' if it did not."""
    return str(_initial(data.get(Step.WORKPLACE.value) or {}).get("industry") or "")
