"""Everything that a person reads is there in Danish. Read from the sources with Python alone: gettext's own tools
(`xgettext`) are not on a bare machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from django.utils import translation
from django.utils.translation.template import templatize

from tests.contracts.test_source_guards import PACKAGES, REPO, sources
from tools.messages import Entry, compile_text, entries

PO = REPO / "locale" / "da" / "LC_MESSAGES" / "django.po"
#: Function name to (places of the texts, place of the context).
KEYWORDS: dict[str, tuple[tuple[int, ...], int | None]] = {
    "_": ((0,), None),
    "gettext": ((0,), None),
    "ngettext": ((0, 1), None),
    "pgettext": ((1,), 0),
    "npgettext": ((1, 2), 0),
}
LITERAL = r"u?(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
TEMPLATE_CALL = re.compile(
    rf"(?<!\w)(_|gettext|ngettext|pgettext|npgettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.S
)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


class Message(NamedTuple):
    """One text of the code: its context, English, and English plural."""

    context: str | None
    text: str
    plural: str | None


def keyword(name: str) -> tuple[tuple[int, ...], int | None] | None:
    """What a function name asks for: gettext, gettext_lazy and gettext_noop are one."""
    return KEYWORDS.get(re.sub(r"_(lazy|noop)$", "", name))


def message(name: str, words: list[str | None]) -> Message | None:
    """A call's texts, None when they are no plain texts."""
    asked = keyword(name)
    if asked is None:
        return None
    places, context = asked
    picked = [words[place] if place < len(words) else None for place in places]
    if not picked or not all(picked):
        return None
    about = None if context is None else words[context]
    return Message(about, picked[0] or "", picked[1] if len(picked) > 1 else None)


def of_python(text: str) -> Iterator[Message]:
    """The texts that Python code asks for."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            words = [plain(argument) for argument in node.args]
            if found := message(name, words):
                yield found


def plain(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def of_template(text: str) -> Iterator[Message]:
    """The texts that a template asks for, by the same reader as makemessages has."""
    for name, arguments in TEMPLATE_CALL.findall(templatize(text)):
        words = [ast.literal_eval(literal) for literal in re.findall(LITERAL, arguments, re.S)]
        if found := message(name, words):
            yield found


def templates() -> list[Path]:
    return sorted(path for name in PACKAGES for path in (REPO / name).rglob("templates/**/*") if path.is_file())


@cache
def messages() -> frozenset[Message]:
    """Every text of the product."""
    code = sources(*[name for name in PACKAGES if name not in {"tests", "tools"}])
    found = {each for path in code for each in of_python(path.read_text())}
    return frozenset(found | {each for path in templates() for each in of_template(path.read_text())})


@cache
def danish() -> dict[tuple[str | None, str], Entry]:
    """The file's messages by context and English."""
    read = [entry for entry in entries(PO.read_text()) if entry.parts.get("msgid")]
    return {(entry.parts.get("msgctxt"), entry.parts["msgid"]): entry for entry in read}


def forms(entry: Entry) -> list[str]:
    return [text for name, text in sorted(entry.parts.items()) if name.startswith("msgstr")]


def test_every_text_of_the_code_is_in_the_danish_file() -> None:
    missing = sorted(each.text for each in messages() if (each.context, each.text) not in danish())
    assert missing == [], "run `makemessages -l da --no-location` and translate"


def test_a_text_with_a_plural_has_two_danish_forms() -> None:
    wrong = [
        each.text
        for each in messages()
        if each.plural is not None and danish()[each.context, each.text].parts.get("msgid_plural") != each.plural
    ]
    assert wrong == []
    plurals = [entry for entry in danish().values() if "msgid_plural" in entry.parts]
    assert [entry.parts["msgid"] for entry in plurals if len(forms(entry)) != 2] == []


def test_every_text_is_translated_and_none_is_a_guess() -> None:
    assert [key for key, entry in danish().items() if not all(forms(entry)) or entry.is_fuzzy] == []


def test_no_translation_is_left_over() -> None:
    known = {(each.context, each.text) for each in messages()}
    assert sorted(text for context, text in danish() if (context, text) not in known) == []
    assert "#~" not in PO.read_text()


@pytest.mark.parametrize("entry", danish().values(), ids=lambda entry: entry.parts["msgid"][:40])
def test_placeholders_are_the_same_in_both_languages(entry: Entry) -> None:
    english = [entry.parts[name] for name in ("msgid", "msgid_plural") if name in entry.parts]
    wanted = sorted(set().union(*(PLACEHOLDER.findall(text) for text in english)))
    for text in forms(entry):
        assert sorted(set(PLACEHOLDER.findall(text))) == wanted
        assert text.endswith("\n") == english[0].endswith("\n")
        assert text.startswith("\n") == english[0].startswith("\n")


def test_the_extraction_reads_what_it_should() -> None:
    code = '_("a"); gettext_lazy("b" "c"); ngettext("one", "many", n); pgettext("where", "d"); _(name); other("e")'
    assert set(of_python(code)) == {
        Message(None, "a", None),
        Message(None, "bc", None),
        Message(None, "one", "many"),
        Message("where", "d", None),
    }
    page = (
        "{% load i18n %}{% translate 'It''s' as x %}{% translate \"f\" %}{% blocktranslate count n=n %}{{ n }} g"
        "{% plural %}{{ n }} gs{% endblocktranslate %}{{ _('h') }}"
        "{% blocktranslate trimmed %}\n  i\n  j{% endblocktranslate %}"
    )
    assert {"f", "%(n)s g", "h", "i j"} <= {each.text for each in of_template(page)}


def test_the_tests_see_danish_as_people_do() -> None:
    with translation.override("da"):
        assert translation.gettext("Queue") == "Kø"
        assert translation.ngettext("%(n)s open job order", "%(n)s open job orders", 2) == "%(n)s åbne jobordrer"
    with translation.override("en"):
        assert translation.gettext("Queue") == "Queue"
    assert compile_text(PO.read_text())[:4] == b"\xde\x12\x04\x95"
