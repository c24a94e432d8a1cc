"""The desk's words for codes: the same in list, filter, page and history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from joborders.nomination_workflow import DeclineReason, NotStartedReason, WithdrawReason
from joborders.workflow import Phase, Reason

Words = Mapping[str, Any]

PHASES: Words = {
    Phase.NEW: _("new"),
    Phase.CLAIMED: _("claimed"),
    Phase.SCREENED: _("screened"),
    Phase.PRESENTED: _("presented"),
}
PAUSED, ENDED = _("paused"), {"filled": _("filled"), "closed": _("closed")}

CHANNELS: Words = {
    "web": pgettext_lazy("channel", "the web form"),
    "api": pgettext_lazy("channel", "an API"),
    "mail": pgettext_lazy("channel", "mail"),
    "phone": pgettext_lazy("channel", "phone"),
    "consultant": pgettext_lazy("channel", "a consultant"),
}
CONTACT_KINDS: Words = {
    "phone": _("by phone"),
    "mail": _("by mail"),
    "visit": _("on a visit"),
    "meeting": _("at a meeting"),
}
CONTACT_SOURCES: Words = {
    "cvr_register": _("the CVR register"),
    "website": _("the company's website"),
    "earlier_contact": _("an earlier contact of ours"),
    "other": _("another source, but not the order"),
}
CLOSE_REASONS: Words = {
    Reason.FILLED: _("all positions are filled"),
    Reason.PARTLY_FILLED: _("some positions are filled, no more wanted"),
    Reason.HIRED_ELSEWHERE: _("the company hired in another way"),
    Reason.WITHDRAWN: _("the company withdrew it"),
    Reason.NO_SUITABLE_CANDIDATES: _("no suitable candidates"),
    Reason.DEADLINE_EXPIRED: _("the deadline has passed"),
    Reason.DUPLICATE: _("it is there twice"),
    Reason.LABOUR_CONFLICT: _("labour conflict"),
    Reason.OTHER: _("another reason"),
}
NOMINATION_STATES: Words = {
    "requested": _("requested"),
    "accepted": _("accepted"),
    "presented": _("presented"),
    "interview": _("interview"),
    "hired": _("hired"),
    "declined": _("declined"),
    "withdrawn": _("withdrawn"),
    "lapsed": _("lapsed"),
    "not_started": _("did not start"),
}
DECLINE_REASONS: Words = {
    DeclineReason.QUALIFICATIONS: _("the qualifications do not fit"),
    DeclineReason.EXPERIENCE: _("too little experience"),
    DeclineReason.LANGUAGE: _("the language is not enough for the job"),
    DeclineReason.HOURS: _("the hours do not fit"),
    DeclineReason.NO_SHOW: _("did not turn up"),
    DeclineReason.ANOTHER_CHOSEN: _("another was chosen"),
    DeclineReason.POSITION_GONE: _("the position is gone"),
    DeclineReason.OTHER: _("another reason"),
}
WITHDRAW_REASONS: Words = {
    WithdrawReason.CANDIDATE_DECLINES: _("the candidate says no"),
    WithdrawReason.NOT_REACHED: _("the candidate was not reached"),
    WithdrawReason.NOT_SUITABLE: _("not suitable after all"),
    WithdrawReason.NOT_AVAILABLE: _("not available"),
    WithdrawReason.FOUND_WORK: _("found work elsewhere"),
    WithdrawReason.SPECIAL_TERMS_NOT_MET: _("the special terms do not fit"),
    WithdrawReason.OTHER: _("another reason"),
}
NOT_STARTED_REASONS: Words = {
    NotStartedReason.CANDIDATE_DECLINES: _("the candidate says no"),
    NotStartedReason.COMPANY_DECLINES: _("the company says no"),
    NotStartedReason.NO_SHOW: _("did not turn up"),
    NotStartedReason.OTHER: _("another reason"),
}
END_REASONS: Words = {**NOT_STARTED_REASONS, **WITHDRAW_REASONS, **DECLINE_REASONS}
ACCEPTANCE_CHANNELS: Words = {
    "phone": _("by phone"),
    "meeting": _("at a meeting"),
    "video": _("by video"),
    "mail": _("by mail"),
    "message": _("by message"),
}
HIRE_TERMS: Words = {"ordinary": _("ordinary terms"), "subsidised": _("with a wage subsidy")}
SHIFTS: Words = {"day": _("day"), "evening": _("evening"), "night": _("night"), "weekend": _("weekend")}
#: Names of what a change changed, as the history and a conflict tell it.
FIELDS: Words = {
    "title": _("title"),
    "occupation": _("occupation"),
    "description": _("description"),
    "internal_note": _("internal note"),
    "unit": _("workplace"),
    "workplace": _("workplace"),
    "is_remote": _("work from home"),
    "positions": _("positions"),
    "filled_otherwise": _("filled in another way"),
    "type": _("kind of order"),
    "employment": _("employment"),
    "employment_until": _("last day"),
    "hours_min": _("hours"),
    "hours_max": _("hours"),
    "shifts": _("shifts"),
    "starts_on": _("start"),
    "grace_days": _("days after the start"),
    "max_distance_km": _("distance"),
    "needs_own_transport": _("own transport"),
    "wage": _("wage"),
    "collective_agreement": _("collective agreement"),
    "deadline": _("deadline"),
    "apply_how": _("how to apply"),
    "apply_link": _("how to apply"),
    "is_public": _("publicity"),
    "is_anonymous": _("publicity"),
    "requirements": _("requirements"),
    "contact_name": _("contact person"),
    "contact_phone": _("contact person"),
    "contact_email": _("contact person"),
    "contact_best_time": _("contact person"),
}
WARNINGS: Words = {
    "live_elsewhere": _("The candidate waits for an answer on another order, too."),
    "cv_age": _("The CV mentions age: look at it before the company reads it."),
    "cv_health": _("The CV mentions health: look at it before the company reads it."),
    "cv_family": _("The CV mentions family: look at it before the company reads it."),
    "cv_nationality": _("The CV mentions nationality: look at it before the company reads it."),
}


def choices(words: Words, *first: tuple[str, Any]) -> list[tuple[str, Any]]:
    """For a form's select; `first` come before the others."""
    return [*first, *((str(code), word) for code, word in words.items())]


def phase_of(phase: str | None, *, paused: bool, state: str = "open") -> Any:
    """The one word of an order's badge."""
    if state != "open":
        return ENDED[state]
    return PAUSED if paused else PHASES[phase or Phase.NEW]
