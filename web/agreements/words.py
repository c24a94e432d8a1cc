"""What the codes of agreements are called, and what an area is in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import areas
from companies.models import Agreement
from events import clock
from vocabulary.models import IscoGroup
from web.vocabulary_words import label

STATES = {
    "draft": gettext_lazy("draft"),
    "active": gettext_lazy("in force"),
    "ended": gettext_lazy("ended"),
}
CHANGED = {
    "parties": gettext_lazy("the parties"),
    "schemes": gettext_lazy("the schemes"),
    "first_response_days": gettext_lazy("the promises"),
    "first_candidate_days": gettext_lazy("the promises"),
    "text": gettext_lazy("the text"),
    "tovholder": gettext_lazy("the tovholder"),
    "kind": gettext_lazy("the kind"),
    "holder": gettext_lazy("the holder"),
    "holder_municipality": gettext_lazy("the holder"),
    "valid_from": gettext_lazy("the period"),
    "valid_to": gettext_lazy("the period"),
    "area": gettext_lazy("the covered units"),
    "units": gettext_lazy("the covered units"),
    "forecast": gettext_lazy("the forecast"),
    "documents": gettext_lazy("the documents"),
    "signed": gettext_lazy("that it is signed"),
    "ended": gettext_lazy("that it has ended"),
}


def state_of(agreement: Agreement) -> str:
    """Draft, in force, ended; a signed one that has not begun is expected."""
    if agreement.state == "draft" and agreement.signed_on is not None:
        return _("expected")
    return str(STATES[agreement.state])


def last_day_of(agreement: Agreement) -> Any:
    """The last day that it holds, None for an open end."""
    return agreement.ended_on or agreement.valid_to


def days_left(agreement: Agreement) -> int | None:
    """Days until it runs out, where it is in force with a last day and nobody has ended it."""
    if agreement.state != "active" or agreement.valid_to is None or agreement.ended_on is not None:
        return None
    return (agreement.valid_to - clock.today()).days


def schemes_of(agreement: Agreement) -> list[str]:
    """The schemes by name."""
    names = dict(Agreement.Scheme.choices)
    return [str(names.get(code, code)) for code in agreement.schemes]


def area_of(agreement: Agreement, places: dict[str, str]) -> str:
    """Municipalities by name where they are of the nine, else by code; ranges of postal codes as they are."""
    area = areas.parse(agreement.area)
    named = [places.get(code) or _("municipality %(code)s") % {"code": code} for code in area.municipalities]
    posts = [first if first == last else f"{first}–{last}" for first, last in area.postal]
    return ", ".join([*named, *posts])


def occupation_of(group: IscoGroup) -> str:
    """The occupation's title in the reader's language."""
    return label(group.title_da, group.title_en)
