"""How somebody wants their news, when they are away, and what a company answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events import clock
from notifications.kinds import OF_ADMINS, How, Kind
from notifications.models import LANGUAGES, Absence, Feedback
from notifications.services import colleagues
from web.forms.base import Form
from web.forms.desk_steps import DayInput


class WishesForm(Form):
    """One choice for each kind of news, and the language of the mails."""

    language = forms.ChoiceField(label=_("Language of your mails"), choices=LANGUAGES)

    def __init__(self, *args: Any, is_admin: bool, **kwargs: Any) -> None:
        """A field for every kind that the person may hear of."""
        super().__init__(*args, **kwargs)
        self.kinds = [kind for kind in Kind if is_admin or kind not in OF_ADMINS]
        for kind in self.kinds:
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=How.choices)
        self.order_fields([*(kind.value for kind in self.kinds), "language"])

    def wishes(self) -> dict[str, str]:
        """Kind to how."""
        return {kind.value: self.cleaned_data[kind] for kind in self.kinds}


class AwayForm(Form):
    """From when to when, and who gets the news meanwhile."""

    starts_on = forms.DateField(label=_("First day away"), widget=DayInput)
    ends_on = forms.DateField(label=_("Last day away"), widget=DayInput, required=False)
    substitute = forms.ChoiceField(label=_("Who gets your news meanwhile?"), required=False)

    def __init__(self, *args: Any, user: User, absence: Absence | None = None, **kwargs: Any) -> None:
        """The colleagues to choose from."""
        kwargs.setdefault("initial", _initial(absence))
        super().__init__(*args, **kwargs)
        people = [(str(one.public_id), one.name) for one in colleagues(user)]
        self.fields["substitute"].choices = [("", _("The jobcentre's shared address")), *people]


def _initial(absence: Absence | None) -> dict[str, Any]:
    if absence is None:
        return {"starts_on": clock.today()}
    substitute = str(absence.substitute.public_id) if absence.substitute is not None else ""
    return {"starts_on": absence.starts_on, "ends_on": absence.ends_on, "substitute": substitute}


class FeedbackForm(Form):
    """Two questions."""

    was_match = forms.ChoiceField(
        label=_("Did the people fit what you needed?"),
        choices=Feedback.Match.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )
    use_again = forms.ChoiceField(
        label=_("Would you use us again?"),
        choices=Feedback.Again.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )


class StillNeededForm(Form):
    """The order as it was seen; the answer is the button."""

    version = forms.IntegerField(widget=forms.HiddenInput)
