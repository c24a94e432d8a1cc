"""A service's refusal in a sentence, with who was faster and what they did."""

from __future__ import annotations

from django.utils.translation import gettext as _

from events.errors import DomainError, Invalid, Stale
from web.desk.sentences import happened


def in_words(error: DomainError) -> str:
    """What a person reads instead of an error page."""
    if isinstance(error, Invalid):
        return " ".join(str(problem.detail) for problem in error.errors)
    if isinstance(error, Stale):
        return f"{changed_by(error)} {what_changed(error)}".strip()
    # events.errors is pure: its default texts are English and find their translation here.
    return _(str(error.message))


def changed_by(error: Stale) -> str:
    """Who was faster."""
    name = (error.changed_by or {}).get("name") if isinstance(error.changed_by, dict) else error.changed_by
    if not name:
        return _("It was changed in the meantime.")
    return _("%(name)s changed it in the meantime.") % {"name": name}


def what_changed(error: Stale) -> str:
    """The steps since, in words."""
    words = [happened(code) for code in dict.fromkeys(error.changed)]
    return _("What happened: %(steps)s.") % {"steps": ", ".join(words)} if words else ""
