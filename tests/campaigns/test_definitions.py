"""The definitions are the docstrings: in the documents, in the texts to translate, on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from campaigns import definitions, figures
from campaigns.management.commands.figure_definitions import FILES


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_down_is_what_the_docstrings_say(name):
    assert (Path(settings.BASE_DIR) / name).read_text(encoding="utf-8") == FILES[name](), "run figure_definitions"


@pytest.mark.parametrize("name", figures.FUNCTIONS)
def test_every_definition_is_read_in_danish(name):
    with translation.override("da"):
        danish = definitions.in_words(name)
    assert len(danish) == len(figures.definition(name)) > 0
    assert not set(danish) & set(figures.definition(name))
