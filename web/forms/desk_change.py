"""Changing what an order asks for. Only what the person changed is sent, so that a colleague's change stands."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from joborders import wanted
from joborders.models import JobOrder, Requirement
from joborders.services.demanded import Demand, demands
from vocabulary.models import Certificate, IscoGroup, Language, Licence, Skill
from vocabulary.scales import CEFR_LEVELS, shift_codes
from web.desk import words
from web.forms.desk_steps import DayInput, StepForm, text

CONTACT = ("contact_name", "contact_phone", "contact_email", "contact_best_time")
KEEP, MUST, WISH, REMOVE = "", "must", "wish", "remove"


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


class ChangeForm(StepForm):
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
    deadline = forms.DateField(label=_("Deadline"), required=False, widget=DayInput)
    contact_name = forms.CharField(label=_("Contact person"), max_length=120)
    contact_phone = forms.CharField(label=_("Phone"), required=False, max_length=30)
    contact_email = forms.CharField(label=_("E-mail"), required=False, max_length=254)
    contact_best_time = forms.CharField(label=_("Best time to call"), required=False, max_length=120)
    internal_note = text(_("Internal note"), longest=2000, help_text=_("The company does not see it."))
    note = text(_("Why it is changed"))
    pointers: ClassVar[dict[str, str]] = {f"/contact/{name[8:]}": name for name in CONTACT}

    def prepare(self) -> None:
        """The order as it is; each field remembers what the person saw."""
        self.initial = {**first_values(self.order), **self.initial}
        for name, field in self.fields.items():
            field.show_hidden_initial = name not in ("version", "note")

    def clean_grace_days(self) -> int:
        """Empty means none."""
        return self.cleaned_data["grace_days"] or 0

    def at_version(self, version: int) -> None:
        """Keep what the person changed; the rest is as a colleague has left it."""
        touched = set(self.changed_data)
        super().at_version(version)
        for name, value in first_values(self.order).items():
            bound = self[name]
            shown = bound.field.prepare_value(value)
            self._put(f"initial-{name}", shown)
            if name not in touched:
                self._put(name, shown)

    def _put(self, name: str, value: Any) -> None:
        if isinstance(value, list):
            self.data.setlist(name, value)
        else:
            self.data[name] = "" if value is None else str(value)

    def arguments(self) -> dict[str, Any]:
        """The changed parts of the order block."""
        given = {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}
        note = given.pop("note", "")
        given.pop("version", None)
        if "occupation" in given:
            given["occupation"] = given["occupation"] or None
        if set(given) & set(CONTACT):
            given = {name: value for name, value in given.items() if name not in CONTACT} | {
                "contact": {name.removeprefix("contact_"): self.cleaned_data[name] for name in CONTACT}
            }
        return {"changes": given, "note": note}


def first_values(order: JobOrder) -> dict[str, Any]:
    """The order's present values in the form's names."""
    same = ("title", "description", "positions", "filled_otherwise", "starts_on", "hours_min", "hours_max",
            "grace_days", "max_distance_km", "needs_own_transport", "wage", "deadline",
            "internal_note", *CONTACT)  # fmt: skip
    values = {name: getattr(order, name) for name in same}
    occupation = str(order.occupation) if order.occupation else ""
    return values | {"occupation": occupation, "shifts": list(shift_codes(order.shifts))}


class RequirementsForm(StepForm):
    """Each requirement is a must, a wish or gone; and one may be added."""

    add_kind = forms.ChoiceField(
        label=_("Add"), required=False, choices=[("", _("Nothing")), *Requirement.Kind.choices]
    )
    add_name = forms.CharField(label=_("Which"), required=False, max_length=160)
    add_as = forms.ChoiceField(label=_("It is"), choices=[(MUST, _("a must")), (WISH, _("a wish"))], initial=MUST)
    add_oral = forms.ChoiceField(label=_("Spoken"), required=False, choices=[("", _("not asked"))])
    add_written = forms.ChoiceField(label=_("Written"), required=False, choices=[("", _("not asked"))])
    pointers: ClassVar[dict[str, str]] = {"/requirements": "add_name"}

    def prepare(self) -> None:
        """A choice for each present requirement, before what may be added."""
        block = wanted.block_of(self.order)
        self.present = demands(block["requirements"])
        options = [(MUST, _("a must")), (WISH, _("a wish")), (REMOVE, _("remove it"))]
        own = {
            _key(one): forms.ChoiceField(
                label=one.name, required=False, choices=options, initial=MUST if one.is_must else WISH
            )
            for one in self.present
        }
        self.fields = {**own, **self.fields}
        for name in ("add_oral", "add_written"):
            self.fields[name].choices = [("", _("not asked")), *((level, level) for level in CEFR_LEVELS[1:])]

    def clean(self) -> dict[str, Any]:
        """Find the code of what is added."""
        given: dict[str, Any] = super().clean() or {}
        self.added: dict[str, Any] | None = None
        kind, name = given.get("add_kind"), (given.get("add_name") or "").strip()
        if kind and not name:
            self.add_error("add_name", _("Write which one."))
        elif name and not kind:
            self.add_error("add_kind", _("Choose what it is."))
        elif kind:
            self.added = self._found(kind, name)
        return given

    def _found(self, kind: str, name: str) -> dict[str, Any] | None:
        model: Any = {"skill": Skill, "licence": Licence, "certificate": Certificate, "language": Language}[kind]
        found = list(model.objects.search(name, limit=6))
        exact = [one for one in found if name.lower() in (one.label.lower(), str(getattr(one, "code", "")).lower())]
        if len(exact) != 1 and len(found) != 1:
            several = _("Several fit: %(found)s. Write one of them.")
            listed = "; ".join(one.label for one in found[:5])
            self.add_error("add_name", several % {"found": listed} if found else _("This value is not known."))
            return None
        chosen = (exact or found)[0]
        row = {"kind": kind, "code": str(chosen.public_id if kind == "skill" else chosen.code)}
        row["is_must"] = self.cleaned_data.get("add_as") != WISH
        if kind == Requirement.Kind.LANGUAGE:
            row |= {name: self.cleaned_data.get(f"add_{name}") or None for name in ("oral", "written")}
        return row

    def arguments(self) -> dict[str, Any]:
        """All requirements as they are to be."""
        kept = []
        for one in self.present:
            chosen = self.cleaned_data.get(_key(one)) or (MUST if one.is_must else WISH)
            if chosen != REMOVE:
                kept.append(_as_row(one, is_must=chosen == MUST))
        return {"changes": {"requirements": [*kept, *([self.added] if self.added else [])]}}


def _key(one: Demand) -> str:
    return f"row-{one.kind}-{one.code}"


def _as_row(one: Demand, *, is_must: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": one.kind, "code": one.code, "is_must": is_must}
    if one.kind == Requirement.Kind.LANGUAGE:
        row |= {"oral": one.oral or None, "written": one.written or None}
    return row
