"""What happens to intakes, job orders and nominations."""

from companies.models import ContactLogEntry
from events.kinds import CODE, CODES, DAY, ID, MOMENT, MUNICIPALITY, NUMBER, YES_NO, Field, declare, one_of
from joborders.models import JobOrder
from joborders.nomination_workflow import DeclineReason, HireTerms, NotStartedReason, WithdrawReason
from joborders.promises import Promise, Tell
from joborders.workflow import Reason

QUEUE = "the municipality in whose queue the call or mail stands"
NINE = "the lead, intake, workplace and tovholder municipality; all nine once it is shared"
ORDER = f"{NINE}; the company"
PAIR = "the lead municipality and the candidate's home"
SEEN = f"{PAIR}; the company once it has seen the candidate"

OVERDUE = {
    "promise": one_of(*Promise),
    "level": CODE("which level of the escalation was reached"),
    "tells": one_of(*Tell)("who is told, or what is done"),
    "assignee": ID.or_null("who has it"),
    "due_at": MOMENT("until when it was promised"),
}
IN_HAND = {"order": ID("the order that it is about").at_times}

declare("intake.drafted", "A call or mail was written down.", QUEUE, channel=one_of(*JobOrder.Channel.values))
declare("intake.changed", "What was written down was completed or moved.", QUEUE, **IN_HAND)
declare("intake.taken", "Somebody deals with the call or mail.", QUEUE, **IN_HAND)
declare("intake.moved", "The call or mail stands in another queue.", f"{QUEUE}; the one before", **IN_HAND)
declare("intake.submitted", "The call or mail became an order.", QUEUE, **IN_HAND)
declare("intake.merged", "The call or mail is about an order that is there.", QUEUE, **IN_HAND)
declare("intake.enquired", "The call or mail was a question only.", QUEUE, **IN_HAND)
declare("intake.marked_spam", "The call or mail was nothing for us.", QUEUE, **IN_HAND)
declare("intake.overdue", "Nobody has answered a call or mail in time.", QUEUE, **OVERDUE)

declare(
    "joborder.submitted",
    "A company's order is in the queue of its lead municipality. `time` is when it was received.",
    ORDER,
    number=CODE("e.g. NRS-2026-00001"),
    lead=MUNICIPALITY,
    routed_by=CODE("the rule that chose the lead"),
    workplace=MUNICIPALITY("another of the nine where the work is, which may offer from the start").or_null,
    coordinator_looks=YES_NO("the lead was on duty only"),
    channel=one_of(*JobOrder.Channel.values),
    occupation=CODE("ISCO-08").or_null,
    positions=NUMBER,
)
declare("joborder.mail_received", "A mail about the order came.", ORDER, mail=ID("the mail that came in"))
declare("joborder.claimed", "A consultant of the lead municipality took the order.", ORDER, assignee=ID("the user"))
declare(
    "joborder.reassigned",
    "The order went to another consultant.",
    NINE,
    assignee=ID("the user"),
    was=ID("the user before").or_null,
)
declare(
    "joborder.responded",
    "The first contact with the company about this order.",
    ORDER,
    kind=one_of(*ContactLogEntry.Kind.values),
    kept=YES_NO("within the promise"),
)
declare(
    "joborder.contact_verified",
    "The contact was called by a number not taken from the order.",
    ORDER,
    source=CODE("where the number came from"),
)
declare(
    "joborder.link_replaced",
    "The company's secret link may have come into other hands: it leads nowhere any more, and there is a new one.",
    ORDER,
    by_mail=YES_NO("false: there is no address to send the new one to"),
)
declare(
    "joborder.handed_over",
    "Another municipality leads the order.",
    f"{ORDER}; the municipality before",
    was=MUNICIPALITY,
    to=MUNICIPALITY,
)
declare("joborder.shared", "The order is open to all nine.", ORDER, by_clock=YES_NO("shared by the clock at day 4"))
declare(
    "joborder.supply_answered",
    "A municipality said how many people it can supply.",
    NINE,
    home=MUNICIPALITY("who answers"),
    count=NUMBER("0: none"),
    by_date=DAY.or_null,
)
declare("joborder.changed", "What is wanted changed.", ORDER, changed=CODES("fields, by name"), revision=NUMBER)
declare("joborder.change_proposed", "The company asks for a change.", ORDER, fields=CODES("by name"))
declare("joborder.call_asked", "The company asks to be called.", ORDER)
declare("joborder.screened", "Somebody screened candidates for the order.", NINE, run=ID("the screening"))
declare(
    "joborder.paused",
    "The company has enough candidates for now; clocks stand still.",
    ORDER,
    unanswered=YES_NO("the company did not answer whether it is still needed").at_times,
)
declare(
    "joborder.company_reminded",
    "The company was reminded of candidates that it has not answered about for three working days.",
    ORDER,
    count=NUMBER("of these candidates"),
)
declare(
    "joborder.still_needed_asked",
    "Nobody has touched the order for twenty working days: the company was asked whether it is still needed.",
    ORDER,
    due_at=MOMENT("when it is paused without an answer").or_null,
    by_mail=YES_NO("false: there is no address, its jobcentre calls"),
)
declare(
    "joborder.still_needed_answered",
    "The company still needs people.",
    ORDER,
    answer=CODE("yes"),
)
declare("joborder.resumed", "The order goes on.", ORDER)
declare(
    "joborder.overdue",
    "A promise has reached a level of its escalation.",
    f"{NINE}; the home of a request",
    **OVERDUE,
    home=MUNICIPALITY("of a request without an answer").at_times,
    nomination=ID("the request without an answer").at_times,
)
ENDED: dict[str, Field] = {
    "reason": one_of(*Reason),
    "positions": NUMBER.at_times,
    "hires": NUMBER("from the nine").at_times,
    "filled_otherwise": NUMBER.at_times,
    "itself": YES_NO("all positions were taken").at_times,
    "recomputed": YES_NO("it had ended; a hire that did not start changed how").at_times,
}
declare("joborder.filled", "The order ended with at least one hire from the nine.", ORDER, **ENDED)
declare("joborder.closed", "The order ended without a hire from the nine.", ORDER, **ENDED)
declare("joborder.reopen_asked", "The company asks to open an ended order again.", ORDER)
declare("joborder.reopened", "An ended order is open again.", ORDER)

NOMINATION = {"order": ID, "home": MUNICIPALITY("the candidate's")}
declare("nomination.requested", "The lead asks for another municipality's candidate.", PAIR, **NOMINATION)
declare(
    "nomination.accepted",
    "The candidate and the home jobcentre said yes.",
    PAIR,
    **NOMINATION,
    offered=YES_NO("by the home itself, without a request").at_times,
)
declare(
    "nomination.presented",
    "The company sees the candidate.",
    SEEN,
    **NOMINATION,
    together=ID("the same for all that were presented in one step"),
)
declare(
    "nomination.interviewed",
    "The company wants to talk to the candidate.",
    SEEN,
    **NOMINATION,
    interview_at=MOMENT("when they meet").or_null,
)
declare(
    "nomination.interview_moved",
    "The interview has a time, or another one.",
    SEEN,
    **NOMINATION,
    interview_at=MOMENT("when they meet"),
    was=MOMENT("the time before").or_null,
)
declare("nomination.hire_reported", "The company says that it hires; to be confirmed.", SEEN, **NOMINATION)
declare(
    "nomination.hired",
    "The candidate is hired.",
    SEEN,
    **NOMINATION,
    terms=one_of(*HireTerms),
    starts_on=DAY,
)
declare("nomination.hired_elsewhere", "The person was hired on another order.", PAIR, **NOMINATION)
declare("nomination.declined", "The company said no.", SEEN, **NOMINATION, reason=one_of(*DeclineReason))
declare("nomination.withdrawn", "The home jobcentre took it back.", SEEN, **NOMINATION, reason=one_of(*WithdrawReason))
declare("nomination.not_started", "A hire did not begin.", SEEN, **NOMINATION, reason=one_of(*NotStartedReason))
declare("nomination.lapsed", "The order ended before an answer.", SEEN, **NOMINATION)
