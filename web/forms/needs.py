"""What the job needs and what would be nice: added one by one, each a must or a wish."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from joborders.wanted import MAX_REQUIREMENTS
from vocabulary.models import Certificate, Language, Licence, Skill
from vocabulary.scales import CEFR_LEVELS
from web.forms.base import Form
from web.forms.words import label_of, skill_named, skills_like

MUST, WISH = "must", "wish"
LEVELS = [
    ("", _("not needed")),
    ("A1", _("A1: single words")),
    ("A2", _("A2: simple everyday talk (as Prøve i Dansk 1)")),
    ("B1", _("B1: manages most of a working day (as Prøve i Dansk 2)")),
    ("B2", _("B2: follows meetings and longer texts (as Prøve i Dansk 3)")),
    ("C1", _("C1: studies and negotiates in it (as Studieprøven)")),
    ("C2", _("C2: everything, without effort")),
]


class NeedForm(Form):
    """What all of them ask: is it a must?"""

    weight = forms.ChoiceField(
        label=_("How much does it matter?"),
        choices=[(MUST, _("The job cannot be done without it")), (WISH, _("Nice to have"))],
        initial=MUST,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how much it matters.")},
    )

    def rows(self) -> dict[str, Any]:
        """The requirement in the names of the order block."""
        return {"is_must": self.cleaned_data["weight"] == MUST}


class ListedForm(NeedForm):
    """A driving licence or a certificate, from the two short lists."""

    listed = forms.ChoiceField(
        label=_("Licence or certificate"), error_messages={"required": _("Choose a licence or a certificate.")}
    )
    field_order = ("listed", "weight")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Both lists, each under its heading."""
        super().__init__(*args, **kwargs)
        groups = ((_("Driving licence"), "licence", Licence), (_("Certificate"), "certificate", Certificate))
        self.fields["listed"].choices = [
            ("", "–"),
            *(
                (head, [(f"{kind}:{one.code}", _named(kind, one)) for one in model.objects.search("", limit=None)])
                for head, kind, model in groups
            ),
        ]

    def row(self) -> dict[str, Any]:
        """kind and code"""
        kind, _colon, code = self.cleaned_data["listed"].partition(":")
        return {"kind": kind, "code": code, **self.rows()}


def _named(kind: str, entry: Any) -> str:
    return f"{entry.code} · {label_of(entry)}" if kind == "licence" else label_of(entry)


class SkillForm(NeedForm):
    """A skill by its word; where several fit, one is chosen."""

    skill = forms.CharField(
        label=_("Something they can do"),
        max_length=100,
        help_text=_("One at a time, e.g. forklift, welding or cooking."),
        widget=forms.TextInput(
            attrs={
                "list": "id_skill_list",
                "hx-get": "/order/words/skills",
                "hx-trigger": "input changed delay:250ms",
                "hx-target": "#id_skill_list",
                "autocomplete": "off",
            }
        ),
        error_messages={"required": _("Write what they can do.")},
    )
    pick = forms.ChoiceField(label=_("Which of these do you mean?"), required=False, widget=forms.RadioSelect)
    field_order = ("skill", "pick", "weight")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what fits, once a word has been typed that is not just the name of one skill."""
        super().__init__(*args, **kwargs)
        typed = str(self.data.get("skill") or "") if self.is_bound else ""
        self.named = skill_named(typed) if typed else None
        self.like = [] if self.named else skills_like(typed)
        if self.like:
            self.fields["pick"].choices = [(str(one.public_id), label_of(one)) for one in self.like]
            self.fields["pick"].is_conditional = True
        else:
            del self.fields["pick"]

    def clean(self) -> dict[str, Any]:
        """One skill, in the end."""
        typed = super().clean() or {}
        if "skill" not in self.errors and not self.named and not typed.get("pick") and "pick" not in self.errors:
            if self.like:
                self.add_error("pick", _("Choose the one that you mean."))
            else:
                self.add_error("skill", _("We do not know this word. Try another one, or write it in the description."))
        return typed

    def row(self) -> dict[str, Any]:
        """kind and code"""
        code = str(self.named.public_id) if self.named else self.cleaned_data["pick"]
        return {"kind": "skill", "code": code, **self.rows()}


class LanguageForm(NeedForm):
    """A language, spoken and written apart: what the job needs, not what would sound good."""

    language = forms.ChoiceField(label=_("Language"), error_messages={"required": _("Choose a language.")})
    oral = forms.ChoiceField(label=_("Spoken"), choices=LEVELS, required=False)
    written = forms.ChoiceField(label=_("Written"), choices=LEVELS, required=False)
    field_order = ("language", "oral", "written", "weight")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Danish first: it is what is asked for."""
        super().__init__(*args, **kwargs)
        found = sorted(Language.objects.search("", limit=None), key=lambda one: (one.code != "da", label_of(one)))
        self.fields["language"].choices = [("", "–"), *((one.code, label_of(one)) for one in found)]

    def clean(self) -> dict[str, Any]:
        """A level for one of the two at least."""
        typed = super().clean() or {}
        if not typed.get("oral") and not typed.get("written"):
            self.add_error("oral", _("Choose the level that the job needs, spoken or written."))
        return typed

    def row(self) -> dict[str, Any]:
        """kind, code and levels"""
        typed = self.cleaned_data
        levels = {name: typed[name] for name in ("oral", "written") if typed.get(name)}
        return {"kind": "language", "code": typed["language"], **levels, **self.rows()}


FORMS: dict[str, type[ListedForm] | type[SkillForm] | type[LanguageForm]] = {
    "listed": ListedForm,
    "skill": SkillForm,
    "language": LanguageForm,
}


def added(rows: list[dict[str, Any]], row: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows with one more; what stood there already is replaced."""
    others = [one for one in rows if (one["kind"], one["code"]) != (row["kind"], row["code"])]
    return [*others, row][:MAX_REQUIREMENTS]


def removed(rows: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    """The rows without `kind:code`."""
    return [one for one in rows if f"{one['kind']}:{one['code']}" != what]


def in_words(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each row with `id`, `label` and `levels` for people to read. One query for each kind that is asked for."""
    rows = list(rows)
    names: dict[tuple[str, str], str] = {}
    for kind, model in (("licence", Licence), ("certificate", Certificate), ("language", Language)):
        if codes := [row["code"] for row in rows if row["kind"] == kind]:
            found = model.objects.filter(code__in=codes).order_by("code")
            names |= {(kind, one.code): _named(kind, one) for one in found}
    if keys := [row["code"] for row in rows if row["kind"] == "skill"]:
        skills = Skill.objects.filter(public_id__in=keys).order_by("pk")
        names |= {("skill", str(one.public_id)): label_of(one) for one in skills}
    return [
        {
            **row,
            "id": f"{row['kind']}:{row['code']}",
            "label": names.get((row["kind"], row["code"]), row["code"]),
            "levels": {name: row[name] for name in ("oral", "written") if row.get(name) in CEFR_LEVELS[1:]},
        }
        for row in rows
    ]
