"""Every event that the code can write is declared, and the documents say what is declared."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from events import documents, kinds
from events.kinds import CODE, ID, NUMBER, declare, one_of
from events.services import TYPE

REPO = Path(__file__).resolve().parents[2]
APPS = ("accounts", "candidates", "companies", "campaigns", "events", "joborders", "municipalities", "screening")
#: Functions that write events, and tables of steps with the event of each.
WRITERS = {"append", "tell", "_tell", "save_and_tell", "tell_nomination", "Step"}


def written_types() -> set[str]:
    """Every event type that is an argument of a writer, or a value of `type` or `event` in one."""
    found: set[str] = set()
    for path in (file for app in APPS for file in (REPO / app).rglob("*.py") if "migrations" not in file.parts):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in WRITERS:
                values = [*node.args, *(keyword.value for keyword in node.keywords)]
                found |= {value.value for value in values if isinstance(value, ast.Constant) and is_type(value.value)}
    return found


def is_type(value: object) -> bool:
    return isinstance(value, str) and TYPE.fullmatch(value) is not None


def test_every_event_that_the_code_writes_is_declared() -> None:
    types = written_types()
    assert {"joborder.claimed", "nomination.hired", "intake.drafted", "candidate.registered"} <= types
    missing = types - {kind.type for kind in kinds.every()}
    assert not missing, f"declare them in <app>/event_kinds.py: {sorted(missing)}"


def test_the_documents_are_what_is_declared(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("events_docs", "--check")
    named = (REPO / "docs" / "events.md").read_text()
    assert all(f"`{kind.type}`" in named for kind in kinds.every())


def test_a_document_that_fell_behind_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "FOLDER", tmp_path)
    call_command("events_docs")
    (tmp_path / "events.md").write_text("old")
    with pytest.raises(CommandError, match="manage events_docs"):
        call_command("events_docs", "--check")


def test_every_reference_of_the_document_for_machines_leads_somewhere() -> None:
    document = yaml.safe_load((REPO / "docs" / "asyncapi.yaml").read_text())
    assert document["asyncapi"] == "3.0.0"
    references = list(references_in(document))
    assert len(references) > 150
    for reference in references:
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def references_in(value: object) -> list[str]:
    """Every `$ref` below a value."""
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for inner in value.values() for found in references_in(inner)]
    return [found for inner in value for found in references_in(inner)] if isinstance(value, list) else []


def test_a_field_reads_as_it_was_declared() -> None:
    assert one_of("a", "b").or_null.as_schema() == {"type": ["string", "null"], "enum": ["a", "b", None]}
    assert ID("who").as_schema() == {"type": "string", "format": "uuid", "description": "who"}
    kind = kinds.Kind("x.y", "It happened.", "all", {"n": NUMBER, "why": CODE.at_times})
    assert kind.data_schema()["required"] == ["n"]
    assert (kind.subject, kind.verb) == ("x", "y")


def test_a_kind_is_declared_once() -> None:
    claimed = kinds.find("joborder.claimed")
    assert claimed is not None
    declare(claimed.type, claimed.says, claimed.goes_to, **claimed.fields)
    with pytest.raises(ValueError, match="two declarations"):
        declare(claimed.type, claimed.says, "nobody", **claimed.fields)
