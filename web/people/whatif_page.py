"""What the company could give way on: each must-have loosened, one at a time, as the funnel shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from joborders import workflow
from joborders.models import JobOrder
from joborders.services import base
from municipalities.actor import Actor
from screening.loosen import LONGEST_GRACE_DAYS
from screening.whatif import what_if
from web.vocabulary_words import Labels, municipality_names

#: How the page says that a must-have is loosened, as `screening.loosen` does it; the rest is taken away.
LOOSENED = {
    "distance": gettext_lazy("With the candidates' own limits only"),
    "start": gettext_lazy("With a start up to %(days)s days later"),
    "skills": gettext_lazy("With %(what)s as a wish"),
}
#: Where in the order's change form (web.forms.desk_change) the must-have stands.
FIELDS = {
    "distance": "max_distance_km",
    "start": "grace_days",
    "hours": "hours_min",
    "shifts": "shifts_0",
    "transport": "needs_own_transport",
}
#: The kind of requirement that holds it, and whose row stands in the form of the requirements.
KINDS = {"licences": "licence", "certificates": "certificate", "languages": "language", "skills": "skill"}


@dataclass(frozen=True)
class More:
    """People who come in addition, in all and by lane; fewer are to check where some of them become qualified."""

    name: str
    total: int
    qualified: int

    @property
    def check(self) -> str:
        """Signed."""
        return signed(self.total - self.qualified)

    @property
    def fully(self) -> str:
        """Those qualified, signed."""
        return signed(self.qualified)

    @property
    def is_any(self) -> bool:
        """The loosening changes something."""
        return bool(self.total or self.qualified)


@dataclass(frozen=True)
class Way:
    """One must-have loosened. `href` leads to where it is saved, "" for those who may not change the order."""

    more: More
    places: Sequence[More]
    href: str


def ways_of(order: JobOrder, actor: Actor) -> dict[str, list[Way]]:
    """Every way to loosen the order, by must-have. Counts anew, once for each. Raises NotVisible or NotAllowed."""
    found = what_if(order.public_id, actor=actor)["results"]
    codes: dict[str, set[str]] = defaultdict(set)
    for each in found:
        if each["must"] in KINDS:
            codes[each["must"]].add(each["demand"])
    labels, names = Labels(**codes), municipality_names()
    may_change = "change" in workflow.allowed(base.facts(order), actor)
    ways: dict[str, list[Way]] = defaultdict(list)
    for each in found:
        more = More(loosened_in_words(each, labels), each["more"], each["qualified"])
        ways[each["must"]].append(Way(more, places_of(each, names), saved_at(order, each) if may_change else ""))
    return dict(ways)


def loosened_in_words(way: Mapping[str, Any], labels: Labels) -> str:
    """Without C (Lorry)."""
    must, demand = way["must"], way["demand"]
    if must not in LOOSENED and must not in KINDS:
        return _("Without this must-have")
    what = labels.of(must, demand) if must in KINDS else ""
    if must == "licences":
        what = f"{demand} ({what})"
    return str(LOOSENED.get(must, _("Without %(what)s"))) % {"what": what, "days": LONGEST_GRACE_DAYS}


def places_of(way: Mapping[str, Any], names: Mapping[str, str]) -> list[More]:
    """The municipalities where it changes something, alphabetically."""
    by = {each["municipality"]: each for each in way["by_municipality"]}
    rows = [More(name, by[code]["more"], by[code]["qualified"]) for code, name in names.items() if code in by]
    return [row for row in rows if row.is_any]


def saved_at(order: JobOrder, way: Mapping[str, Any]) -> str:
    """The field of the form in which the must-have is given up."""
    must = way["must"]
    if must in FIELDS:
        return f"{reverse('web:desk-step', args=[order.public_id, 'change'])}#id_{FIELDS[must]}"
    row = f"row-{KINDS[must]}-{way['demand']}"
    return f"{reverse('web:desk-step', args=[order.public_id, 'requirements'])}#id_{row}"


def signed(n: int) -> str:
    """+5, −3, 0."""
    return f"+{n}" if n > 0 else f"−{-n}" if n else "0"
