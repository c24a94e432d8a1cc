"""What happens to companies and agreements: the register is common, so all nine read it."""

from companies.models import Agreement
from events.kinds import CODES, DAY, ID, MUNICIPALITY, declare, one_of

ALL = "all nine municipalities, and the company"

declare(
    "company.registered",
    "A company is in the register for the first time.",
    ALL,
    lead=MUNICIPALITY("has the company's contact"),
)
declare("company.changed", "Facts about a company changed.", ALL, fields=CODES("what changed, by name"))
declare(
    "company.lead_changed",
    "Another municipality has the company's contact from now on.",
    ALL,
    lead=MUNICIPALITY("the new one"),
    was=MUNICIPALITY("the one before"),
)
AGREEMENT = {
    "company": ID,
    "kind": one_of(*Agreement.Kind.values),
    "holder": one_of(*Agreement.Holder.values),
}
declare(
    "agreement.signed",
    "A company signed an agreement.",
    ALL,
    **AGREEMENT,
    signed_on=DAY("when it was signed; may lie before the event").at_times,
)
declare("agreement.ended", "An agreement ends, or ended, before its last day.", ALL, **AGREEMENT)
declare("agreement.drafted", "An agreement was drawn up that nobody has signed yet.", ALL, **AGREEMENT)
declare(
    "agreement.changed",
    "Terms, covered units, forecast or documents of an agreement changed.",
    ALL,
    **AGREEMENT,
    fields=CODES("what changed, by name"),
)
declare(
    "agreement.renewal_due",
    "An agreement runs out within 60 days; told once.",
    "all nine municipalities",
    **AGREEMENT,
    valid_to=DAY("its last day"),
)
