"""Every table with people and every text field of it is declared, and the map in the documents is today's."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from candidates.models import Identity
from privacy import data_map


def test_every_table_and_every_text_field_of_people_is_declared() -> None:
    assert data_map.problems() == []


def test_an_undeclared_field_or_table_is_found(monkeypatch: Any) -> None:
    added = models.TextField()
    added.set_attributes_from_name("nickname")
    monkeypatch.setattr(Identity._meta, "concrete_fields", (*Identity._meta.concrete_fields, added))
    monkeypatch.delitem(data_map.PERSONAL, "candidates.Release")
    assert data_map.problems() == ["candidates.Identity.nickname: not declared", "candidates.Release: in no list"]


def test_the_map_in_the_documents_is_that_of_the_code(monkeypatch: Any) -> None:
    call_command("data_map", "--check")
    monkeypatch.delitem(data_map.PERSONAL["candidates.Identity"].texts, "phone")
    monkeypatch.setattr(data_map, "problems", list)
    with pytest.raises(CommandError, match="Identity"):
        call_command("data_map", "--check")
