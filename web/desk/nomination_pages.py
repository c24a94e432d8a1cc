"""The steps of nominations as the desk offers them: words, form and services of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from joborders.services import nominations
from joborders.services.nominations import Done
from municipalities.actor import Actor
from web.forms import desk_nominations as forms


@dataclass(frozen=True, slots=True)
class NominationPage:
    """`one` and `many` are the services of the step."""

    text: Any
    done: Any
    form: type[forms.NominationForm]
    one: Callable[..., Done]
    many: Callable[..., list[Done]]

    def take(self, chosen: Sequence[tuple[Any, int]], actor: Actor, given: Mapping[str, Any]) -> list[Done]:
        """The step on the nominations chosen, each by its id and the version decided on."""
        if len(chosen) == 1:
            [(public_id, version)] = chosen
            return [self.one(public_id, actor, version, **given)]
        return self.many([{"id": public_id, "version": version, **given} for public_id, version in chosen], actor)


NOMINATION_PAGES: Mapping[str, NominationPage] = MappingProxyType(
    {
        "accept": NominationPage(
            _("Accept"),
            ngettext_lazy("%(n)s candidate is accepted.", "%(n)s candidates are accepted.", "n"),
            forms.AcceptForm,
            nominations.accept,
            nominations.accept_many,
        ),
        "present": NominationPage(
            _("Present"),
            ngettext_lazy(
                "%(n)s candidate is presented; the company gets a mail.",
                "%(n)s candidates are presented; the company gets one mail.",
                "n",
            ),
            forms.PresentForm,
            nominations.present,
            nominations.present_many,
        ),
        "interview": NominationPage(
            _("Interview"),
            ngettext_lazy(
                "%(n)s candidate is called to an interview.", "%(n)s candidates are called to interviews.", "n"
            ),
            forms.InterviewForm,
            nominations.interview,
            nominations.interview_many,
        ),
        "move_interview": NominationPage(
            _("Time of the interview"),
            ngettext_lazy("The time of %(n)s interview is kept.", "The time of %(n)s interviews is kept.", "n"),
            forms.MoveInterviewForm,
            nominations.move_interview,
            nominations.move_interview_many,
        ),
        "hire": NominationPage(
            _("Hire"),
            ngettext_lazy("%(n)s candidate is hired.", "%(n)s candidates are hired.", "n"),
            forms.HireForm,
            nominations.hire,
            nominations.hire_many,
        ),
        "decline": NominationPage(
            _("Decline"),
            ngettext_lazy("%(n)s candidate is declined.", "%(n)s candidates are declined.", "n"),
            forms.DeclineForm,
            nominations.decline,
            nominations.decline_many,
        ),
        "withdraw": NominationPage(
            _("Withdraw"),
            ngettext_lazy("%(n)s candidate is withdrawn.", "%(n)s candidates are withdrawn.", "n"),
            forms.WithdrawForm,
            nominations.withdraw,
            nominations.withdraw_many,
        ),
        "not_started": NominationPage(
            _("Did not start"),
            ngettext_lazy("%(n)s candidate did not start.", "%(n)s candidates did not start.", "n"),
            forms.NotStartedForm,
            nominations.not_started,
            nominations.not_started_many,
        ),
    }
)  # fmt: skip
