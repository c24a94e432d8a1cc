"""Changing what an order asks for. Only what the person changed is sent, so that a colleague's change stands."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from joborders.models import JobOrder
from vocabulary.models import IscoGroup
from vocabulary.scales import shift_codes
from web.desk import words
from web.forms.desk_steps import DayInput, StepForm, text
from web.forms.remembering import Remembering
from web.vocabulary_words import municipality_names

CONTACT = ("contact_name", "contact_phone", "contact_email", "contact_best_time")
PLACE = ("street", "postal_code", "municipality")
ANOTHER_ADDRESS = ""
#: The form in parts, each with its heading.
PARTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("The job"), ("title", "occupation", "positions", "filled_otherwise", "type", "description")),
    (_("Workplace"), ("unit", *PLACE, "is_remote")),
    (
        _("Employment"),
        ("employment", "employment_until", "starts_on", "grace_days", "hours_min", "hours_max", "shifts", "wage",
         "collective_agreement"),
    ),
    (_("Who can come"), ("max_distance_km", "needs_own_transport")),
    (_("Applying and publicity"), ("apply_how", "apply_link", "deadline", "is_public", "is_anonymous")),
    (_("Contact person"), CONTACT),
    (_("Notes"), ("internal_note", "note")),
)  # fmt: skip


class OccupationField(forms.CharField):
    """An occupation by its code or its Danish words; becomes the ISCO-08 code of four digits."""

    default_error_messages = {
        "unknown": _("We do not know this occupation. Try another word."),
        "several": _("Several occupations fit: %(found)s. Write one of them."),
    }

    def __init__(self, **kwargs: Any) -> None:
        """Suggestions come from the list `occupations` where the page has one."""
        super().__init__(max_length=200, **kwargs)
        self.widget.attrs |= {"list": "occupations", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """The code. Raises ValidationError where none or several fit."""
        asked = str(super().clean(value) or "").strip()
        if not asked:
            return ""
        code = asked.split()[0]
        if len(code) == 4 and code.isdigit() and IscoGroup.objects.filter(code=code).exists():
            return code
        found = list(IscoGroup.objects.filter(level=4).search(asked, limit=6))
        exact = [group for group in found if group.title_da.lower() == asked.lower()]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0].code
        if not found:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        listed = "; ".join(str(group) for group in found[:5])
        raise forms.ValidationError(self.error_messages["several"], code="several", params={"found": listed})


class ChangeForm(Remembering, StepForm):
    """The order block without its requirements, and how many were hired in another way."""

    title = forms.CharField(label=_("Title"), max_length=100)
    occupation = OccupationField(label=_("Occupation"), required=False)
    description = text(_("Description"), rows=6, required=True, longest=5000)
    positions = forms.IntegerField(label=_("Positions"), min_value=1, max_value=999)
    filled_otherwise = forms.IntegerField(
        label=_("Filled in another way"),
        min_value=0,
        max_value=999,
        help_text=_("People whom the company found without the nine."),
    )
    type = forms.ChoiceField(
        label=_("Terms"),
        choices=JobOrder.Type.choices,
        help_text=_("Special terms: with a wage subsidy or a traineeship"),
    )
    unit = forms.ChoiceField(label=_("Unit of the company"), required=False)
    street = forms.CharField(label=_("Street and number"), required=False, max_length=200)
    postal_code = forms.CharField(label=_("Postal code"), required=False, max_length=4)
    municipality = forms.ChoiceField(
        label=_("Municipality"), required=False, help_text=_("Needed where several share the postal code.")
    )
    is_remote = forms.BooleanField(label=_("The work is done from home"), required=False)
    employment = forms.ChoiceField(label=_("Employment"), choices=JobOrder.Employment.choices)
    employment_until = forms.DateField(
        label=_("Last day"), required=False, widget=DayInput, help_text=_("Needed for a fixed term.")
    )
    starts_on = forms.DateField(
        label=_("Start"), required=False, widget=DayInput, help_text=_("Empty: as soon as possible")
    )
    hours_min = forms.IntegerField(label=_("Hours a week, at least"), required=False, min_value=0, max_value=60)
    hours_max = forms.IntegerField(label=_("Hours a week, at most"), required=False, min_value=0, max_value=60)
    shifts = forms.MultipleChoiceField(
        label=_("Shifts"),
        required=False,
        choices=words.choices(words.SHIFTS),
        widget=forms.CheckboxSelectMultiple,
    )
    grace_days = forms.IntegerField(
        label=_("Start may be later by, in days"), required=False, min_value=0, max_value=60
    )
    max_distance_km = forms.IntegerField(
        label=_("Longest way to the workplace, in km"),
        required=False,
        min_value=1,
        max_value=200,
        help_text=_("Empty: what each candidate accepts"),
    )
    needs_own_transport = forms.BooleanField(label=_("The job can only be reached with own transport"), required=False)
    wage = forms.CharField(label=_("Wage"), required=False, max_length=200)
    collective_agreement = forms.CharField(label=_("Collective agreement"), required=False, max_length=200)
    apply_how = forms.ChoiceField(label=_("How candidates apply"), choices=JobOrder.Apply.choices)
    apply_link = forms.CharField(
        label=_("Link"), required=False, max_length=200, help_text=_("Needed where candidates apply by it.")
    )
    deadline = forms.DateField(label=_("Deadline"), required=False, widget=DayInput)
    is_public = forms.BooleanField(label=_("Show the job on the open job list"), required=False)
    is_anonymous = forms.BooleanField(label=_("Without the name of the company"), required=False)
    contact_name = forms.CharField(label=_("Contact person"), max_length=120)
    contact_phone = forms.CharField(label=_("Phone"), required=False, max_length=30)
    contact_email = forms.CharField(label=_("E-mail"), required=False, max_length=254)
    contact_best_time = forms.CharField(label=_("Best time to call"), required=False, max_length=120)
    internal_note = text(_("Internal note"), longest=2000, help_text=_("The company does not see it."))
    note = text(_("Why it is changed"))
    pointers: ClassVar[dict[str, str]] = {
        **{f"/contact/{name[8:]}": name for name in CONTACT},
        **{f"/workplace/{name}": name for name in PLACE},
        "/workplace": "street",
    }

    def prepare(self) -> None:
        """The order as it is; each field remembers what the person saw."""
        units = [unit for unit in self.order.company.units.all() if not unit.ceased_on or unit.pk == self.order.unit_id]
        self.fields["unit"].choices = [
            *((str(unit.public_id), _place_of(unit)) for unit in units),
            (ANOTHER_ADDRESS, _("Another address, as below")),
        ]
        self.fields["municipality"].choices = _municipalities(self.order.workplace_municipality)
        self.initial = {**first_values(self.order), **self.initial}
        self.remember("version", "note")

    def clean_grace_days(self) -> int:
        """Empty means none."""
        return self.cleaned_data["grace_days"] or 0

    def clean(self) -> dict[str, Any]:
        """A unit has its own address; another address is no unit's."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("unit") and "unit" not in self.changed_data and set(PLACE) & set(self.changed_data):
            self.add_error("unit", _("Choose another address here if the job is no longer at this unit."))
        return given

    def at_version(self, version: int) -> None:
        """Keep what the person changed; the rest is as a colleague has left it."""
        self.renew(first_values(self.order))
        super().at_version(version)

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The form's fields under their headings."""
        return [(heading, [self[name] for name in names]) for heading, names in PARTS]

    def arguments(self) -> dict[str, Any]:
        """The changed parts of the order block."""
        given = {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}
        note = given.pop("note", "")
        given.pop("version", None)
        if "occupation" in given:
            given["occupation"] = given["occupation"] or None
        place = {name: given.pop(name) for name in PLACE if name in given}
        if not given.get("unit") and ("unit" in given or place):
            given.pop("unit", None)
            given["workplace"] = {name: self.cleaned_data[name] for name in PLACE}
        if set(given) & set(CONTACT):
            given = {name: value for name, value in given.items() if name not in CONTACT} | {
                "contact": {name.removeprefix("contact_"): self.cleaned_data[name] for name in CONTACT}
            }
        return {"changes": given, "note": note}


def first_values(order: JobOrder) -> dict[str, Any]:
    """The order's present values in the form's names."""
    same = ("title", "description", "positions", "filled_otherwise", "starts_on", "hours_min", "hours_max",
            "grace_days", "max_distance_km", "needs_own_transport", "wage", "deadline", "type", "employment",
            "employment_until", "is_remote", "collective_agreement", "apply_how", "apply_link", "is_public",
            "is_anonymous", "internal_note", *CONTACT)  # fmt: skip
    values = {name: getattr(order, name) for name in same}
    values |= {name: getattr(order, f"workplace_{name}") for name in PLACE}
    values["unit"] = str(order.unit.public_id) if order.unit is not None else ANOTHER_ADDRESS
    occupation = str(order.occupation) if order.occupation else ""
    return values | {"occupation": occupation, "shifts": list(shift_codes(order.shifts))}


def _place_of(unit: Any) -> str:
    return ", ".join(filter(None, (unit.name, unit.street, unit.postal_code)))


def _municipalities(present: str) -> list[tuple[str, Any]]:
    """The nine, and the order's own where that is another."""
    nine = municipality_names()
    other = [(present, present)] if present and present not in nine else []
    return [("", "–"), *nine.items(), *other]
