"""The history in sentences: one per event, with who did it, about whom, and its note."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from web.desk import words

Data = Mapping[str, Any]

#: What happened without who did it, for "what happened: claimed, shared".
HAPPENED: Mapping[str, Any] = {
    "joborder.submitted": _("handed in"),
    "joborder.claimed": _("claimed"),
    "joborder.reassigned": _("reassigned"),
    "joborder.responded": _("the company was contacted"),
    "joborder.contact_verified": _("the contact was verified"),
    "joborder.link_replaced": _("the company got a new link"),
    "joborder.handed_over": _("handed over"),
    "joborder.shared": _("shared with all nine"),
    "joborder.supply_answered": _("a jobcentre answered"),
    "joborder.screened": _("screened"),
    "joborder.paused": _("paused"),
    "joborder.resumed": _("resumed"),
    "joborder.changed": _("changed"),
    "joborder.change_proposed": _("the company proposed a change"),
    "joborder.filled": _("filled"),
    "joborder.closed": _("closed"),
    "joborder.reopened": _("reopened"),
    "joborder.reopen_asked": _("the company asked to reopen it"),
    "joborder.call_asked": _("the company asked to be called"),
    "joborder.mail_received": _("a mail came"),
    "joborder.overdue": _("a reminder of a promise"),
    "joborder.company_reminded": _("the company was reminded to answer"),
    "joborder.still_needed_asked": _("the company was asked whether it is still needed"),
    "joborder.still_needed_answered": _("the company still needs people"),
    "nominations": _("something about its candidates"),
    "nomination.requested": _("requested"),
    "nomination.accepted": _("accepted"),
    "nomination.presented": _("presented"),
    "nomination.interviewed": _("called to an interview"),
    "nomination.interview_moved": _("the time of the interview was set"),
    "nomination.hire_reported": _("the company reports a hire"),
    "nomination.hired": _("hired"),
    "nomination.declined": _("declined"),
    "nomination.withdrawn": _("withdrawn"),
    "nomination.not_started": _("did not start"),
    "nomination.lapsed": _("lapsed"),
    "nomination.hired_elsewhere": _("hired on another order"),
    "intake.changed": _("corrected"),
    "intake.taken": _("taken"),
    "intake.moved": _("moved to another queue"),
    "intake.submitted": _("submitted as an order"),
    "intake.merged": _("merged with an order"),
    "intake.enquired": _("kept as an enquiry"),
    "intake.marked_spam": _("marked as spam"),
}
#: The sentence of an event; %(who)s did it, %(person)s is the candidate.
TOLD: Mapping[str, Any] = {
    "joborder.submitted": _("%(who)s handed in the order."),
    "joborder.claimed": _("%(who)s claimed the order."),
    "joborder.reassigned": _("%(who)s gave the order to another consultant."),
    "joborder.responded": _("%(who)s spoke with the company %(how)s."),
    "joborder.contact_verified": _("%(who)s verified the contact by a number from %(source)s."),
    "joborder.link_replaced": _("%(who)s ended the company's link and made a new one."),
    "joborder.handed_over": _("%(who)s handed the order over from %(was)s to %(to)s."),
    "joborder.shared": _("%(who)s shared the order with all nine."),
    "joborder.supply_answered": _("%(who)s answered for %(home)s: %(supply)s."),
    "joborder.screened": _("%(who)s screened candidates."),
    "joborder.paused": _("%(who)s paused the order."),
    "joborder.resumed": _("%(who)s resumed the order."),
    "joborder.changed": _("%(who)s changed: %(fields)s."),
    "joborder.change_proposed": _("%(who)s proposed a change."),
    "joborder.filled": _("The order is filled (%(reason)s)."),
    "joborder.closed": _("The order is closed (%(reason)s)."),
    "joborder.reopened": _("%(who)s reopened the order."),
    "joborder.reopen_asked": _("%(who)s asked to reopen the order."),
    "joborder.call_asked": _("%(who)s asked to be called."),
    "joborder.mail_received": _("A mail about the order came."),
    "joborder.company_reminded": _("The company was reminded to answer about its candidates."),
    "joborder.still_needed_asked": _(
        "Nothing had happened for long: the company was asked whether it is still needed."
    ),
    "joborder.still_needed_answered": _("%(who)s still needs people."),
    "nomination.requested": _("%(who)s requested %(person)s."),
    "nomination.accepted": _("%(who)s accepted %(person)s."),
    "nomination.presented": _("%(who)s presented %(person)s."),
    "nomination.interviewed": _("%(who)s: %(person)s is called to an interview."),
    "nomination.interview_moved": _("%(who)s set the time of the interview with %(person)s."),
    "nomination.hire_reported": _("%(who)s reports that %(person)s is hired."),
    "nomination.hired": _("%(who)s: %(person)s is hired."),
    "nomination.declined": _("%(who)s said no to %(person)s (%(reason)s)."),
    "nomination.withdrawn": _("%(who)s withdrew %(person)s (%(reason)s)."),
    "nomination.not_started": _("%(who)s: %(person)s did not start (%(reason)s)."),
    "nomination.lapsed": _("The nomination of %(person)s lapsed with the order."),
    "nomination.hired_elsewhere": _("%(person)s was hired on another order."),
}
#: A "joborder.overdue", by the level of its promise (joborders.promises.LEVELS): some of them only warn.
CLOCK: Mapping[str, Any] = {
    "response_overdue": _("The company was not contacted by the promised time."),
    "response_escalated": _("The company is still not contacted: the coordinator was told."),
    "candidate_asked": _("No candidate yet, and the promised day is near: the leading jobcentre was told."),
    "candidate_shared": _("No candidate yet: the order goes to all nine."),
    "candidate_overdue": _("No candidate was presented by the promised day."),
    "candidate_escalated": _("Still no candidate presented: the coordinator was told."),
    "request_reminded": _("%(home)s has not answered a request: reminded."),
    "request_escalated": _("%(home)s has still not answered a request: the coordinator was told."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history."""

    at: datetime
    text: str
    note: str


def happened(code: str) -> str:
    """What happened, in a word or two."""
    return str(HAPPENED.get(code, code))


def lines(
    told: Iterable[Mapping[str, Any]], labels: Mapping[str, str], people: Mapping[UUID, str], company: str
) -> list[Line]:
    """Rows of joborders.services.history as sentences, the newest first.

    `labels` are jobcentres by code; `people` what a nomination's candidate is called here, by nomination.
    """
    return [_line(row, labels, people, company) for row in reversed(list(told))]


def _line(row: Mapping[str, Any], labels: Mapping[str, str], people: Mapping[UUID, str], company: str) -> Line:
    data = row["data"]
    values = {
        "who": _who(row["by"], labels, company),
        "person": people.get(row["subject"], gettext("a candidate")),
        "home": labels.get(data.get("home", ""), ""),
        "was": labels.get(data.get("was") or "", ""),
        "to": labels.get(data.get("to", ""), ""),
        **{name: make(data) for name, make in _PARTS.items()},
    }
    sentence = CLOCK[data["level"]] if row["event"] == "joborder.overdue" else TOLD.get(row["event"])
    text = str(sentence) % values if sentence else capfirst(happened(row["event"]))
    return Line(row["happened_at"], text, row["note"])


def _who(by: Mapping[str, Any], labels: Mapping[str, str], company: str) -> str:
    if by["kind"] in ("company", "link"):
        return by["name"] or company
    if by["kind"] == "system":
        return gettext("The system")
    place = labels.get(by["municipality"] or "", "")
    name = by["name"] or gettext("Somebody")
    return f"{name} ({place})" if place and place != name else str(name)


def _supply(data: Data) -> str:
    count, day = data.get("count"), data.get("by_date")
    if not count:
        return gettext("none")
    if not day:
        return str(count)
    return gettext("%(count)s by %(day)s") % {"count": count, "day": formats.date_format(_day(day), "DATE_FORMAT")}


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value[:10])


def _fields(data: Data) -> str:
    return ", ".join(dict.fromkeys(str(words.FIELDS.get(name, name)) for name in data.get("changed", ())))


_PARTS: Mapping[str, Callable[[Data], str]] = {
    "how": lambda data: str(words.CONTACT_KINDS.get(data.get("kind", ""), "")),
    "source": lambda data: str(words.CONTACT_SOURCES.get(data.get("source", ""), "")),
    "supply": _supply,
    "fields": _fields,
    "reason": lambda data: str(
        words.CLOSE_REASONS.get(data.get("reason", "")) or words.END_REASONS.get(data.get("reason", ""), "")
    ),
}
