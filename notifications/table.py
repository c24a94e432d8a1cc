"""From event to news: one table. Who hears what, in which words, and nothing about a candidate in any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind
from notifications.models import Notice

Target = Notice.Target


class Audience(StrEnum):
    """Who is told. All but COMPANY are people of the nine, who also get a notice."""

    COMPANY = "company"  # the order's contact person, or all of the company's where there is no order; by mail
    RESPONSIBLE = "responsible"  # who has the order, else the company's contact, else all consultants of the lead
    LEAD = "lead"  # the consultants of the lead municipality, and its shared address
    HOME = "home"  # consultants and caseworkers of the candidate's jobcentre, and its shared address
    ASKED = "asked"  # the consultants of the others that may know of the order, and their shared addresses
    COORDINATORS = "coordinators"
    SIGNED_UP = "signed up"  # companies that have said that they come to a meeting, by mail; see gathering_letters
    TOVHOLDER = "tovholder"  # who looks after an agreement at its tovholder, else at the company's lead
    KEEPERS = "keepers"  # the administrators of a municipality, else those of all nine


class Calendar(StrEnum):
    """What a letter does to calendars."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Once(StrEnum):
    """What may happen again without another letter."""

    EVENT = "event"  # candidates presented in one step are one event here
    ORDER = "order"
    LAST_DAY = "last day"  # of an agreement


@dataclass(frozen=True, slots=True)
class Letter:
    """One row. `subject` is also the line on the page of notices and in the digest; %(number)s is the order's.

    `template` names the row; a company's mail has its own words below templates/notifications/mail. `when` holds
    values of the event's data, all of which must fit ("*": there is one).
    """

    event: str
    audience: Audience
    template: str
    subject: str | Promise
    kind: Kind | None = None
    when: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    target: Notice.Target = Target.ORDER
    once: Once = Once.EVENT
    calendar: Calendar | None = None

    def wants(self, data: Mapping[str, Any]) -> bool:
        """Whether the event's data fit."""
        return all(
            data.get(name) is not None if "*" in values else data.get(name) in values
            for name, values in self.when.items()
        )


def _is(**values: Any) -> Mapping[str, frozenset[Any]]:
    return {name: frozenset(value if isinstance(value, tuple) else (value,)) for name, value in values.items()}


_THERE_IS_A_TIME = _is(interview_at="*")
_ENDS = ("nomination.hired", "nomination.declined", "nomination.withdrawn", "nomination.lapsed")
#: Reasons of an end after which nobody is thanked or asked how it went.
_SAID_ENOUGH = ("hired_elsewhere", "no_suitable_candidates", "deadline_expired", "partly_filled", "other", "withdrawn")

_TO_COMPANIES = (
    Letter("joborder.submitted", Audience.COMPANY, "receipt", _("We have received your job order %(number)s")),
    Letter("joborder.link_replaced", Audience.COMPANY, "new_link", _("Your new link to job order %(number)s")),
    Letter("nomination.presented", Audience.COMPANY, "presented", _("Candidates for your job order %(number)s")),
    Letter(
        "joborder.company_reminded",
        Audience.COMPANY,
        "answer_reminder",
        _("Candidates still wait for your answer on job order %(number)s"),
    ),
    Letter(
        "joborder.filled",
        Audience.COMPANY,
        "thank_you",
        _("Thank you for your job order %(number)s: how did it go?"),
        once=Once.ORDER,
    ),
    Letter(
        "joborder.closed",
        Audience.COMPANY,
        "thank_you",
        _("Thank you for your job order %(number)s: how did it go?"),
        when=_is(reason=_SAID_ENOUGH),
        once=Once.ORDER,
    ),
    Letter(
        "joborder.still_needed_asked",
        Audience.COMPANY,
        "still_needed",
        _("Do you still need people for job order %(number)s?"),
    ),
    Letter(
        "joborder.paused",
        Audience.COMPANY,
        "paused_unanswered",
        _("Your job order %(number)s rests until we hear from you"),
        when=_is(unanswered=True),
    ),
    *(
        Letter(
            event,
            Audience.COMPANY,
            "interview",
            _("Interview, job order %(number)s"),
            when=_THERE_IS_A_TIME,
            calendar=Calendar.REQUEST,
        )
        for event in ("nomination.interviewed", "nomination.interview_moved")
    ),
    *(
        Letter(
            event,
            Audience.COMPANY,
            "interview_cancelled",
            _("Interview cancelled, job order %(number)s"),
            calendar=Calendar.CANCEL,
        )
        for event in _ENDS
    ),
)

_OWN = (
    ("joborder.reassigned", "given_to_you", _("Job order %(number)s is yours now")),
    ("joborder.change_proposed", "change_proposed", _("The company proposes a change of job order %(number)s")),
    ("joborder.call_asked", "call_asked", _("The company asks to be called about job order %(number)s")),
    ("joborder.reopen_asked", "reopen_asked", _("The company asks to reopen job order %(number)s")),
    ("joborder.changed", "changed", _("Job order %(number)s was changed")),
    ("joborder.paused", "paused", _("Job order %(number)s rests")),
    ("joborder.resumed", "resumed", _("Job order %(number)s is looked after again")),
    ("joborder.filled", "filled", _("Job order %(number)s is filled")),
    ("joborder.closed", "closed", _("Job order %(number)s is closed")),
    ("joborder.reopened", "reopened", _("Job order %(number)s is open again")),
    ("joborder.supply_answered", "supply_answered", _("A jobcentre has answered about job order %(number)s")),
    ("joborder.company_reminded", "company_reminded", _("The company was reminded to answer on job order %(number)s")),
    ("joborder.still_needed_answered", "still_needed_yes", _("The company still needs people: job order %(number)s")),
    ("nomination.accepted", "accepted", _("A candidate is ready to be presented on job order %(number)s")),
    ("nomination.hire_reported", "hire_reported", _("The company reports a hire on job order %(number)s")),
    ("nomination.declined", "declined", _("No to a candidate on job order %(number)s")),
    ("nomination.withdrawn", "withdrawn", _("A candidate was withdrawn from job order %(number)s")),
    ("nomination.hired_elsewhere", "hired_elsewhere", _("A candidate on job order %(number)s was hired elsewhere")),
)

_OF_HOME = (
    ("nomination.requested", "requested", _("A candidate of ours is asked for on job order %(number)s")),
    ("nomination.presented", "home_presented", _("A candidate of ours was presented on job order %(number)s")),
    ("nomination.interviewed", "home_interview", _("A candidate of ours comes to an interview, job order %(number)s")),
    ("nomination.hired", "home_hired", _("A candidate of ours was hired on job order %(number)s")),
    ("nomination.declined", "home_declined", _("No to a candidate of ours on job order %(number)s")),
    ("nomination.lapsed", "home_lapsed", _("Job order %(number)s ended with a candidate of ours on it")),
)

_LATE = "joborder.overdue"
_PROMISES = (
    (Audience.RESPONSIBLE, "response_overdue", _("The first response to job order %(number)s is overdue")),
    (Audience.COORDINATORS, "response_escalated", _("Still no first response to job order %(number)s")),
    (Audience.RESPONSIBLE, "candidate_asked", _("Nobody is presented yet on job order %(number)s")),
    (Audience.RESPONSIBLE, "candidate_overdue", _("The first candidate for job order %(number)s is overdue")),
    (Audience.COORDINATORS, "candidate_escalated", _("Still nobody is presented on job order %(number)s")),
    (Audience.HOME, "request_reminded", _("A request for a candidate waits for an answer, job order %(number)s")),
    (Audience.COORDINATORS, "request_escalated", _("A request is still unanswered, job order %(number)s")),
)

_TO_PEOPLE = (
    Letter("joborder.submitted", Audience.LEAD, "new_order", _("New job order %(number)s"), Kind.NEW),
    Letter("joborder.handed_over", Audience.LEAD, "handed_over", _("Job order %(number)s was handed to us"), Kind.NEW),
    Letter(
        "joborder.shared", Audience.ASKED, "shared", _("Can you supply? Job order %(number)s is shared"), Kind.ASKED
    ),
    *(Letter(event, Audience.RESPONSIBLE, name, words, Kind.OWN) for event, name, words in _OWN),
    *(
        Letter(
            "joborder.still_needed_asked",
            Audience.RESPONSIBLE,
            name,
            words,
            Kind.OWN,
            when=_is(by_mail=by_mail),
        )
        for by_mail, name, words in (
            (True, "still_needed_asked", _("We have asked the company whether job order %(number)s is still needed")),
            (False, "call_if_needed", _("Call the company: is job order %(number)s still needed?")),
        )
    ),
    *(
        Letter(event, Audience.HOME, name, words, Kind.REQUESTS, target=Target.CANDIDATES)
        for event, name, words in _OF_HOME
    ),
    *(
        Letter(
            _LATE,
            audience,
            name,
            words,
            Kind.PROMISES,
            when=_is(level=name),
            target=Target.CANDIDATES if audience is Audience.HOME else Target.ORDER,
        )
        for audience, name, words in _PROMISES
    ),
    Letter(
        "intake.overdue",
        Audience.RESPONSIBLE,
        "intake_overdue",
        _("A call or mail waits for its first response"),
        Kind.PROMISES,
        when=_is(level="response_overdue"),
        target=Target.INTAKE,
    ),
    Letter(
        "intake.overdue",
        Audience.COORDINATORS,
        "intake_escalated",
        _("A call or mail still has no first response"),
        Kind.PROMISES,
        when=_is(level="response_escalated"),
        target=Target.INTAKE,
    ),
    Letter(
        "agreement.renewal_due",
        Audience.TOVHOLDER,
        "renewal_due",
        _("An agreement of yours runs out on %(number)s: renew it, or let it end?"),
        Kind.AGREEMENTS,
        target=Target.AGREEMENT,
        once=Once.LAST_DAY,
    ),
    *(
        Letter(
            event,
            Audience.RESPONSIBLE,
            "interview_staff",
            _("Interview, job order %(number)s"),
            Kind.OWN,
            when=_THERE_IS_A_TIME,
            calendar=Calendar.REQUEST,
        )
        for event in ("nomination.interviewed", "nomination.interview_moved")
    ),
    *(
        Letter(
            event,
            Audience.RESPONSIBLE,
            "interview_staff_cancelled",
            _("Interview cancelled, job order %(number)s"),
            Kind.OWN,
            calendar=Calendar.CANCEL,
        )
        for event in _ENDS
    ),
)

#: To companies about a meeting; %(title)s is the meeting's. What of it changed is decided by MOVED.
_TO_SIGNED_UP = (
    Letter(
        "gathering.answered",
        Audience.SIGNED_UP,
        "gathering_confirmed",
        _("You are signed up: %(title)s"),
        when=_is(answer="coming"),
        calendar=Calendar.REQUEST,
    ),
    Letter(
        "gathering.changed",
        Audience.SIGNED_UP,
        "gathering_moved",
        _("New time or place: %(title)s"),
        calendar=Calendar.REQUEST,
    ),
    Letter(
        "gathering.cancelled",
        Audience.SIGNED_UP,
        "gathering_cancelled",
        _("Cancelled: %(title)s"),
        calendar=Calendar.CANCEL,
    ),
)
#: Changes of a meeting that those who come must know of.
MOVED = frozenset({"starts_at", "ends_at", "place"})

_OF_MACHINES = tuple(
    Letter(
        "webhook.switched_off",
        audience,
        "webhook_off",
        _("A webhook was switched off: its address has not answered for days"),
        kind,
        target=Target.WEBHOOK,
    )
    for audience, kind in ((Audience.COMPANY, None), (Audience.KEEPERS, Kind.MACHINES))
)

LETTERS: tuple[Letter, ...] = (*_TO_COMPANIES, *_TO_PEOPLE, *_TO_SIGNED_UP, *_OF_MACHINES)
#: Words that no event calls for: a mail to a company that could not be delivered.
UNDELIVERED = Letter(
    "",
    Audience.RESPONSIBLE,
    "undelivered",
    _("Our mail to the company about job order %(number)s did not arrive"),
    Kind.OWN,
)
SUBJECTS: Mapping[str, str | Promise] = MappingProxyType(
    {letter.template: letter.subject for letter in (*LETTERS, UNDELIVERED)}
)


def for_event(event: str, data: Mapping[str, Any]) -> list[Letter]:
    """The rows that an event of this type with these data calls for."""
    return [letter for letter in LETTERS if letter.event == event and letter.wants(data)]


def words_of(notice: Notice) -> str:
    """A notice in the reader's language; news that the table no longer knows are told by the order's number."""
    subject = SUBJECTS.get(notice.template)
    return str(subject) % {"number": notice.number} if subject is not None else notice.number
