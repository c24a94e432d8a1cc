"""Forms that remember what the person saw: only what they changed is written, and a colleague's change stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from web.forms.base import Form


class Remembering(Form):
    """A form of a thing that exists. Each field carries hidden what was seen; `changed_data` compares with that."""

    #: What both changed: the field's label, what a colleague wrote, what this person typed. Filled by `renew`.
    clashes: tuple[tuple[str, str, str], ...] = ()
    #: Labels of what only a colleague changed. Filled by `renew`.
    theirs: tuple[str, ...] = ()

    def remember(self, *but: str) -> None:
        """Let every field carry what the person sees, except these."""
        for name, field in self.fields.items():
            field.show_hidden_initial = name not in but

    def renew(self, present: Mapping[str, Any]) -> None:
        """Keep what the person changed; the rest is as a colleague has left it. Note what both, or they, changed.

        `present` are the values of now, in the form's names. Call on a valid form.
        """
        touched, clashes, theirs = set(self.changed_data), [], []
        self.data = self.data.copy()
        for name in [name for name in self.fields if name in present]:
            bound, value = self[name], present[name]
            shown, seen = bound.field.prepare_value(value), self._seen(name)
            self._put(f"initial-{name}", shown)
            is_changed = seen != self._seen(name)
            if name not in touched:
                self._put(name, shown)
                theirs += [str(bound.label)] if is_changed else []
            elif is_changed and value != self.cleaned_data.get(name):
                told = (in_words(bound.field, each) for each in (value, self.cleaned_data.get(name)))
                clashes.append((str(bound.label), *told))
        self.clashes, self.theirs = tuple(clashes), tuple(theirs)

    def _seen(self, name: str) -> list[str]:
        """What the page remembers that the person saw in a field."""
        return [value.replace("\r\n", "\n") for value in self.data.getlist(f"initial-{name}")]

    def _put(self, name: str, value: Any) -> None:
        if isinstance(value, list):
            self.data.setlist(name, value)
        else:
            self.data[name] = "" if value is None else str(value)


def in_words(field: forms.Field, value: Any) -> str:
    """A field's value as a person reads it."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    known = {str(code): str(word) for code, word in getattr(field, "choices", ())}
    values = value if isinstance(value, list) else [value]
    return ", ".join(known.get(str(one), localize(one)) for one in values if one not in (None, "")) or "–"
