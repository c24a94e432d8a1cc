"""The steps of an order as the desk offers them: words, form and service of each. Who may take them is the table's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from joborders.services import changes, follow, steps
from web.forms import desk_steps as forms
from web.forms.desk_change import ChangeForm
from web.forms.desk_requirements import RequirementsForm


@dataclass(frozen=True, slots=True)
class StepPage:
    """`rule` is the step of joborders.workflow; `is_direct`: one click is enough, it needs no form."""

    rule: str
    text: Any
    done: Any
    form: type[forms.StepForm]
    take: Callable[..., Any]
    is_direct: bool = False
    about: Any = ""


STEP_PAGES: Mapping[str, StepPage] = MappingProxyType(
    {
        "claim": StepPage("claim", _("Claim"), _("The order is yours."), forms.StepForm, steps.claim, is_direct=True),
        "respond": StepPage(
            "respond",
            _("Note the first contact"),
            _("The contact is noted, and the first promise kept."),
            forms.RespondForm,
            steps.respond,
            about=_("It goes into the company's contact log, which all nine can read."),
        ),
        "verify_contact": StepPage(
            "verify_contact",
            _("Verify the contact"),
            _("The contact is verified."),
            forms.VerifyForm,
            steps.verify_contact,
            about=_("Call a number that you did not take from the order. It is needed before the first candidate."),
        ),
        "answer_supply": StepPage(
            "answer_supply",
            _("Say how many you can supply"),
            _("The answer is sent."),
            forms.SupplyForm,
            steps.answer_supply,
            about=_("The number counts those you have offered already. 0 means none."),
        ),
        "share": StepPage(
            "share",
            _("Share with all nine"),
            _("The order is shared with the other eight."),
            forms.NoteForm,
            steps.share,
            is_direct=True,
        ),
        "resume": StepPage("resume", _("Resume"), _("The clocks run again."), forms.NoteForm, steps.resume, True),
        "reopen": StepPage("reopen", _("Reopen"), _("The order is open again."), forms.ReopenForm, steps.reopen),
        "change": StepPage(
            "change", _("Change the order"), _("The order is changed."), ChangeForm, changes.change
        ),
        "requirements": StepPage(
            "change", _("Change the requirements"), _("The requirements are changed."), RequirementsForm, changes.change
        ),
        "reassign": StepPage(
            "reassign",
            _("Give it to a colleague"),
            _("The order has a new assignee."),
            forms.ReassignForm,
            steps.reassign,
        ),
        "hand_over": StepPage(
            "hand_over",
            _("Hand over to another municipality"),
            _("The order is handed over."),
            forms.HandOverForm,
            steps.hand_over,
            about=_("The other municipality leads from then on. The clocks run on, and nobody is assigned."),
        ),
        "pause": StepPage(
            "pause",
            _("Pause"),
            _("The order is paused."),
            forms.NoteForm,
            steps.pause,
            about=_("Enough candidates for now: the clocks stand still until somebody resumes."),
        ),
        "replace_link": StepPage(
            "replace_link",
            _("End the company's link"),
            _("The old link leads nowhere any more. The contact gets a new one by mail."),
            forms.StepForm,
            follow.replace,
            about=_(
                "If the link has come into other hands: it stops at once, in old mails too. The contact person gets a "
                "new one by mail, so change the contact first if the mail address is wrong."
            ),
        ),
        "close": StepPage(
            "close",
            _("Close the order"),
            _("The order is ended."),
            forms.CloseForm,
            steps.close,
            about=_("With at least one hire from the nine it counts as filled. Unfinished nominations lapse."),
        ),
    }
)  # fmt: skip

#: Offered as buttons, the most sensible first; the rest stands under "more".
NEXT = ("claim", "respond", "answer_supply", "resume", "reopen", "verify_contact", "share")
MORE = ("change", "requirements", "reassign", "pause", "hand_over", "replace_link", "close")
