"""The forms of an order's steps. They read; what is right is the services' to say."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from joborders.models import JobOrder
from joborders.workflow import REASONS_WITH_HIRE
from municipalities.actor import Actor
from municipalities.membership import current
from municipalities.models import Municipality
from web.desk import words
from web.forms.base import Form


class DayInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Browsers read and send ISO dates only."""
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Browsers read and send ISO moments only."""
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def text(
    label: Any,
    *,
    rows: int = 3,
    required: bool = False,
    help_text: Any = "",
    longest: int = 1000,
    at_times: bool = False,
) -> Any:
    """A text of several lines; `at_times`: needed sometimes, as its help says, so it is not called optional."""
    field: Any = forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )
    field.is_conditional = at_times
    return field


class StepForm(Form):
    """A step on an order, decided on a version of it. `needs_labels` forms are given the jobcentres by code."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    #: JSON pointers of the service's problems: the field that each stands at.
    pointers: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, order: JobOrder, actor: Actor, **kwargs: Any) -> None:
        """`order` as it is now."""
        super().__init__(*args, **kwargs)
        self.order, self.actor = order, actor
        self.fields["version"].initial = order.version
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values from the order."""

    def arguments(self) -> dict[str, Any]:
        """What the service takes beside order, actor and version; what was left empty is left out."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {name: value for name, value in given.items() if value not in (None, "")}

    def places(self) -> dict[str, str]:
        """Where problems belong."""
        return {f"/{name}": name for name in self.fields} | self.pointers

    def at_version(self, version: int) -> None:
        """Keep what was typed, and decide on the newer version next time."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class NoteForm(StepForm):
    """A step that may have a note."""

    note = text(_("Note"))


class RespondForm(StepForm):
    """The first contact with the company."""

    kind = forms.ChoiceField(
        label=_("How"), choices=words.choices(words.CONTACT_KINDS), widget=forms.RadioSelect, initial="phone"
    )
    text = text(_("What was said"), longest=2000)
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=200)
    happened_at = forms.DateTimeField(
        label=_("When, if not now"), required=False, widget=MomentInput, input_formats=["%Y-%m-%dT%H:%M"]
    )


class VerifyForm(StepForm):
    """Where the number that was called came from."""

    source = forms.ChoiceField(
        label=_("Where did you find the number?"),
        choices=words.choices(words.CONTACT_SOURCES),
        widget=forms.RadioSelect,
    )


class SupplyForm(StepForm):
    """n by a date, or none."""

    count = forms.IntegerField(label=_("We can supply"), min_value=0, max_value=999, help_text=_("0 means none"))
    by_date = forms.DateField(label=_("by"), required=False, widget=DayInput)
    note = text(_("Note"), longest=500)


class ReassignForm(StepForm):
    """To which colleague."""

    assignee = forms.ChoiceField(label=_("Colleague"))
    reason = text(_("Reason"))

    def prepare(self) -> None:
        """The consultants of the lead municipality, without the present one."""
        found = current(municipality=self.order.lead_id, role="consultant").exclude(user=self.order.assignee_id)
        people = {str(one.user.public_id): one.user.name for one in found}
        self.fields["assignee"].choices = [
            ("", _("Choose")),
            *sorted(people.items(), key=lambda item: item[1]),
        ]


class HandOverForm(StepForm):
    """To which municipality, why, and who there agreed."""

    to = forms.ChoiceField(label=_("New lead municipality"))
    reason = text(_("Reason"), required=True)
    agreed_by = forms.CharField(label=_("Who there agreed?"), max_length=120)

    def prepare(self) -> None:
        """The other eight."""
        found = Municipality.objects.exclude(code=self.order.lead_id).order_by("name")
        self.fields["to"].choices = [("", _("Choose")), *found.values_list("code", "name")]


class CloseForm(StepForm):
    """Why it ends."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    text = text(_("Explain it"), help_text=_("Needed for another reason."), at_times=True)

    def prepare(self) -> None:
        """Reasons that claim a hire are offered where there is one."""
        without = set() if self.order.hires else {str(reason) for reason in REASONS_WITH_HIRE}
        self.fields["reason"].choices = [
            choice for choice in words.choices(words.CLOSE_REASONS) if choice[0] not in without
        ]


class ReopenForm(StepForm):
    """Why, and with how many positions."""

    reason = text(_("Reason"), required=True)
    positions = forms.IntegerField(
        label=_("Positions"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("Needed if all positions are taken."),
    )
