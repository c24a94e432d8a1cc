"""The steering group's decisions about focus industries."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns.models import FocusIndustry
from campaigns.rules import USUAL_FOCUS, codes_of, most_at_once
from events import clock
from events.errors import Invalid, NotAllowed
from municipalities.actor import Actor
from vocabulary.models import Industry, IndustryVersion
from vocabulary.text import clean_text

#: As many codes as fit into the column, six digits each.
MOST_CODES = 28


@transaction.atomic
def decide(
    actor: Actor,
    *,
    name: str,
    divisions: str,
    valid_from: dt.date,
    decided_by: str,
    valid_to: dt.date | None = None,
    decided_on: dt.date | None = None,
    industry_version: str = "DB25",
) -> tuple[FocusIndustry, int]:
    """Write a decision down; also how many are in focus at once then, at most (more than USUAL_FOCUS: say so).

    `divisions` are divisions or six-digit codes of `industry_version`, with spaces between. The coordinator's and the
    system's; raises NotAllowed, or Invalid.
    """
    if not (actor.is_coordinator or actor.is_system):
        raise NotAllowed
    decided_on = decided_on or clock.today()
    codes = known_codes(divisions, industry_version)
    if not codes:
        raise Invalid.field("divisions", "required", _("Name at least one industry."))
    if valid_to is not None and valid_to < valid_from:
        raise Invalid.field("valid_to", "before_start", _("The period ends before it begins."))
    if decided_on > clock.today():
        raise Invalid.field("decided_on", "in_the_future", _("This lies in the future."))
    made = FocusIndustry.objects.create(
        name=clean_text(name, field="name", max_length=120, min_length=1, multiline=False),
        divisions=" ".join(codes),
        industry_version=industry_version,
        valid_from=valid_from,
        valid_to=valid_to,
        decided_by=clean_text(decided_by, field="decided_by", max_length=200, min_length=1, multiline=False),
        decided_on=decided_on,
    )
    return made, at_once(valid_from, valid_to)


def at_once(first: dt.date, last: dt.date | None) -> int:
    """How many industries are in focus on the same day, at most, between the two days (None: for ever after)."""
    end = last or dt.date.max - dt.timedelta(days=1)
    periods = FocusIndustry.objects.in_force(first, end).order_by().values_list("valid_from", "valid_to")
    return most_at_once((max(begun, first), min(ended or end, end)) for begun, ended in periods)


def is_unusual(count: int) -> bool:
    """Whether so many at a time are more than the steering group usually chooses; it is told, never refused."""
    return count > USUAL_FOCUS


def known_codes(text: str, version: str, field: str = "divisions") -> tuple[str, ...]:
    """The codes of a text, in order. Raises Invalid for one that the classification does not have, or too many."""
    if version not in IndustryVersion.values:
        raise Invalid.field("industry_version", "unknown_code", _("DB25 or DB07."))
    codes = codes_of(text)
    if len(codes) > MOST_CODES:
        raise Invalid.field(field, "too_many", _("These are too many industries: name their divisions instead."))
    known = set(Industry.objects.filter(code__in=codes, version__in=_versions(version)).values_list("code", flat=True))
    wrong = [code for code in codes if code not in known or not code.isdecimal()]
    if wrong:
        text = _("This industry is not known: %(code)s. Give two-digit divisions or six-digit codes.")
        raise Invalid.field(field, "unknown_code", text % {"code": wrong[0][:10]})
    return codes


def _versions(version: str) -> list[str]:
    """The starter vocabulary holds DB25 alone; its divisions serve for DB07 until that is imported."""
    has_it = Industry.objects.filter(version=version).exists()
    return [version] if has_it else list(IndustryVersion.values)
