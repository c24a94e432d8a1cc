"""The queue's filters, as they stand in the address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from web.desk import words
from web.desk.work import MINE, NOBODY, Wish
from web.forms.base import Form


class Filters(Form):
    """Every part may be empty. What the address holds beyond the offered choices counts as empty."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100, help_text=_("Job, company, number"))
    phase = forms.ChoiceField(label=_("Phase"), required=False, choices=words.choices(words.PHASES, ("", _("All"))))
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[("", _("All")), ("overdue", _("overdue")), ("today", _("today")), ("week", _("within 7 days"))],
    )
    assignee = forms.ChoiceField(label=_("Assignee"), required=False)
    municipality = forms.ChoiceField(label=_("Lead municipality"), required=False)
    industry = forms.CharField(
        label=_("Industry"), required=False, max_length=60, help_text=_("A word, or first digits")
    )

    def __init__(self, *args: Any, own: bool = False, **kwargs: Any) -> None:
        """Municipalities and colleagues are offered once they are read (`offer`); `own`: there is but one."""
        super().__init__(*args, **kwargs)
        self.fields["assignee"].choices = [("", _("All")), (MINE, _("Me")), (NOBODY, _("Nobody"))]
        chosen = str(self.data.get("municipality") or "")
        self.fields["municipality"].choices = [("", _("All")), *([(chosen, chosen)] if _is_code(chosen) else [])]
        somebody = str(self.data.get("assignee") or "")
        if _is_uuid(somebody):
            self.fields["assignee"].choices += [(somebody, _("the chosen colleague"))]
        if own:
            del self.fields["municipality"]

    @property
    def wish(self) -> Wish:
        """The filters that make sense."""
        self.is_valid()
        return Wish(**{name: str(self.cleaned_data.get(name) or "").strip() for name in self.fields})

    def offer(self, leads: Iterable[tuple[str, str, int]], colleagues: dict[str, str]) -> None:
        """The municipalities that lead something, with how much, and the colleagues on the page."""
        offered = [(code, f"{name} ({n})") for code, name, n in leads]
        chosen = str(self.data.get("municipality") or "")
        if _is_code(chosen) and chosen not in dict(offered):
            offered.append((chosen, chosen))
        if "municipality" in self.fields:
            self.fields["municipality"].choices = [("", _("All")), *offered]
        chosen = str(self.data.get("assignee") or "")
        if _is_uuid(chosen) and chosen not in colleagues:
            colleagues = {chosen: str(_("the chosen colleague")), **colleagues}
        self.fields["assignee"].choices = [
            ("", _("All")),
            (MINE, _("Me")),
            (NOBODY, _("Nobody")),
            *sorted(colleagues.items(), key=lambda item: item[1]),
        ]


def _is_code(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
