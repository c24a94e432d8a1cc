"""Goals and estimates in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Goal
from web.figures import words

Names = Mapping[str, str]
STATES: Mapping[str | None, Any] = {
    "not_begun": gettext_lazy("Not begun"),
    "on_track": gettext_lazy("On track"),
    "off_track": gettext_lazy("Behind"),
    "reached": gettext_lazy("Reached"),
    "missed": gettext_lazy("Not reached"),
    None: gettext_lazy("Too few to tell"),
}


def place(code: str | None, names: Names) -> str:
    """The municipality's name, or that it is all nine."""
    return names.get(code, code) if code else _("All nine municipalities")


def amount(value: float | None, *, is_share: bool) -> str:
    """45, 62,5 %, or a dash."""
    if is_share or value is None:
        return words.percent(value)
    return words.number(int(value) if value == int(value) else value)


def kroner(value: int | None) -> str:
    """475.000 kr., or a dash. Thousands apart as in Danish."""
    return (
        "–"
        if value is None
        else _("%(n)s kr.") % {"n": formats.number_format(value, use_l10n=True, force_grouping=True)}
    )


def goal(found: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A goal's progress as a template and a document write it down."""
    is_share = found["is_share"]
    value = amount(found["value"], is_share=is_share)
    return {
        "id": found["id"],
        "name": found["name"],
        "measure": Goal.Measure(found["measure"]).label,
        "place": place(found["municipality"], names),
        "from": found["from"],
        "to": found["to"],
        "goal": amount(found["goal"], is_share=is_share),
        "value": value,
        "parts": _("%(n)s of %(all)s") % {"n": found["numerator"], "all": found["denominator"]}
        if is_share and found["numerator"] is not None
        else "",
        "expected": amount(found["expected"], is_share=is_share),
        "state": STATES[found["state"]],
        "is_behind": found["state"] in ("off_track", "missed"),
        "pace": pace(found),
        "baseline": amount(found["baseline"], is_share=is_share) if found["baseline"] is not None else "",
        "baseline_from": found["baseline_from"],
        "look_back": _("New: no cooperation for %(n)s months.") % {"n": found["look_back_months"]}
        if found["look_back_months"]
        else "",
        "compared": [
            f"{place(one['municipality'], names)}: {amount(one['value'], is_share=is_share)}"
            for one in found["compared"]
        ],
        "assumptions": found["assumptions"],
    }


def pace(found: Mapping[str, Any]) -> str:
    """What the rest of the period must bring."""
    if found["needed_per_month"] is None:
        return ""
    return _("%(n)s more each month of the rest are needed.") % {"n": words.number(found["needed_per_month"])}


def saving(found: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """An estimate in sentences that never say more than an estimate does."""
    due, weeks = found["due_percent"], found["weeks"]
    counted = {"n": found["placements"], "cost": kroner(found["cost"]), "weeks": found["weeks_to_pay"]}
    said = [_("The post has cost %(cost)s so far in the test period.") % counted]
    if found["placements"] is None:
        said.append(_("Fewer than five people were placed: the number and a range are not shown."))
    else:
        said.append(_("%(n)s people of the municipality were hired on the orders that it has as tovholder.") % counted)
        low, high = kroner(found["saved_low"]), kroner(found["saved_high"])
        said.append(
            _("Estimate: between %(low)s and %(high)s may have been saved. It is an estimate, not a proven effect.")
            % {"low": low, "high": high}
        )
    if found["weeks_to_pay"] is not None:
        said.append(_("%(weeks)s weeks without benefit in all would pay the cost so far.") % counted)
    return {
        "name": found["name"],
        "place": place(found["municipality"], names),
        "from": found["from"],
        "to": found["to"],
        "report_due": found["report_due"],
        "said": said,
        "assumed": [
            _("A week without benefit saves %(n)s.") % {"n": kroner(found["weekly_saving"])},
            _("Each placement saves %(low)s to %(high)s weeks.") % {"low": weeks[0], "high": weeks[1]},
            _("%(low)s to %(high)s percent of the placements are due to the post.") % {"low": due[0], "high": due[1]},
            found["assumptions"],
        ],
        "rows": [
            (_("Cost"), kroner(found["cost"]), kroner(found["cost"])),
            (_("May have been saved"), kroner(found["saved_low"]), kroner(found["saved_high"])),
            (_("Saved less cost"), kroner(found["balance_low"]), kroner(found["balance_high"])),
        ],
    }
