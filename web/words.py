"""Codes of the domain in the words that a company reads."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from joborders.nomination_workflow import DeclineReason
from joborders.nomination_workflow import State as NominationState
from joborders.workflow import Phase, Reason

#: How an open order stands, for the company.
STANDS = {
    Phase.NEW: _("We have your order, and somebody takes it soon."),
    Phase.CLAIMED: _("Your contact person is at work on it."),
    Phase.SCREENED: _("We have found people who may fit, and are asking them."),
    Phase.PRESENTED: _("There are candidates who wait for your answer."),
}
PAUSED = _("The order rests. We look for nobody until you say so.")
ENDINGS = {
    Reason.FILLED: _("All places are filled."),
    Reason.PARTLY_FILLED: _("Some of the places are filled, and the order is closed."),
    Reason.HIRED_ELSEWHERE: _("You found people elsewhere, and the order is closed."),
    Reason.WITHDRAWN: _("You took the order back."),
    Reason.NO_SUITABLE_CANDIDATES: _("We found nobody who fits, and the order is closed."),
    Reason.DEADLINE_EXPIRED: _("The time ran out, and the order is closed."),
    Reason.DUPLICATE: _("It was the same as another order of yours."),
    Reason.LABOUR_CONFLICT: _("We may not find people for a workplace in conflict, so the order is closed."),
    Reason.OTHER: _("The order is closed."),
}
DECLINES: dict[DeclineReason, Any] = {
    DeclineReason.QUALIFICATIONS: _("Lacks training or papers that the job needs"),
    DeclineReason.EXPERIENCE: _("Lacks experience"),
    DeclineReason.LANGUAGE: _("Lacks the language that the job needs"),
    DeclineReason.HOURS: _("Cannot work at the times of the job"),
    DeclineReason.NO_SHOW: _("Did not come to the talk"),
    DeclineReason.ANOTHER_CHOSEN: _("We chose somebody else"),
    DeclineReason.POSITION_GONE: _("We do not need anybody for it any more"),
    DeclineReason.OTHER: _("Something else (write what)"),
}
WITH_COMPANY = {
    NominationState.PRESENTED: _("waits for your answer"),
    NominationState.INTERVIEW: _("called in for a talk"),
    NominationState.HIRED: _("hired"),
}
#: After the company's word that it hires, until the consultant has confirmed the start.
REPORTED = _("you hire, we confirm it")
HIRE_REPORTED = _("You have told us whom you hire. Your contact person confirms it.")
#: The must-haves of a screening, as a company reads them.
MUSTS = {
    "distance": _("lives near enough"),
    "start": _("can start in time"),
    "hours": _("can work the hours"),
    "shifts": _("can work the shifts"),
    "licences": _("has the driving licence"),
    "certificates": _("has the certificates"),
    "languages": _("speaks the language well enough"),
    "transport": _("has own transport"),
    "skills": _("has the skills"),
}
