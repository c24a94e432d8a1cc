"""Changing what an order demands: each demand is a must, a wish or gone, and one may be added."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from joborders import wanted
from joborders.models import Requirement
from joborders.services.demanded import Demand, demands
from vocabulary.models import Certificate, Language, Licence, Skill
from vocabulary.scales import CEFR_LEVELS
from web.forms.desk_steps import StepForm

MUST, WISH, REMOVE = "must", "wish", "remove"


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
