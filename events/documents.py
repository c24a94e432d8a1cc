"""docs/events.md and docs/asyncapi.yaml, written from the declared kinds and the topology."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from events.cloudevents import CONTENT_TYPE, REGION, SOURCE, full_type
from events.kinds import CODE, MUNICIPALITY, Field, Kind, every
from events.topology import DELIVERY_LIMIT, MUNICIPALITY_LENGTH, Topology

FOLDER = Path(__file__).resolve().parent.parent / "docs"
INTRODUCTION = Path(__file__).with_name("events.md.in")

#: What surrounds `data` in every event (CloudEvents 1.0 with NRS's extensions).
ENVELOPE: dict[str, dict[str, Any]] = {
    "specversion": {"const": "1.0"},
    "id": {"type": "string", "format": "uuid", "description": "drop what you know: delivery is at least once"},
    "source": {"const": SOURCE},
    "type": {"type": "string"},
    "subject": {"type": "string", "format": "uuid", "description": "public id of what it happened to"},
    "time": {"type": "string", "format": "date-time", "description": "when it happened"},
    "recordedtime": {"type": "string", "format": "date-time", "description": "when it was written down"},
    "sequence": {"type": "string", "pattern": "^[0-9]+$", "description": "the subject's version"},
    "actorkind": {"enum": ["member", "company", "link", "system"]},
    "datacontenttype": {"const": "application/json"},
    "data": {"type": "object"},
    "municipality": {**MUNICIPALITY.schema, "description": "owns the subject; missing: the region"},
    "actorrole": {**CODE.schema},
    "actormunicipality": {**MUNICIPALITY.schema},
}
SOMETIMES = {"municipality", "actorrole", "actormunicipality"}


def written() -> dict[Path, str]:
    """The documents as they should be, by file."""
    return {FOLDER / "events.md": as_markdown(every()), FOLDER / "asyncapi.yaml": as_yaml(asyncapi(every()))}


def as_yaml(document: dict[str, Any]) -> str:
    """YAML in the order of writing, without anchors."""

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    text = yaml.dump(document, Dumper=Plain, sort_keys=False, allow_unicode=True, width=120)
    return f"# Written by manage.py events_docs from the declared events: do not edit.\n{text}"


def asyncapi(kinds: Sequence[Kind]) -> dict[str, Any]:
    """AsyncAPI 3.0: one channel for each subject, one message for each kind of event."""
    subjects = {subject: list(group) for subject, group in groupby(kinds, key=lambda kind: kind.subject)}
    topology = Topology()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "NRS events",
            "version": "1",
            "description": "Everything that happens in NRS, as CloudEvents 1.0 with ids and codes only. "
            f"Each municipality reads the queue {topology.municipality_queue('CODE').name}; the same events are at "
            "GET /api/v1/events and go to webhooks. See docs/events.md.",
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "broker": {
                "host": "{host}:5671",
                "protocol": "amqps",
                "protocolVersion": "0.9.1",
                "description": "The RabbitMQ of the installation.",
                "variables": {"host": {"default": "localhost"}},
            }
        },
        "channels": {subject: _channel(subject, group, topology) for subject, group in subjects.items()},
        "operations": {
            f"{subject}Happens": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{subject}"},
                "summary": f"NRS tells what happens to each {subject}.",
                "bindings": {"amqp": {"deliveryMode": 2, "mandatory": True, "ack": True, "bindingVersion": "0.3.0"}},
            }
            for subject in subjects
        },
        "components": {
            "messages": {kind.type: _message(kind) for kind in kinds},
            "schemas": {"envelope": _envelope(), **{kind.type: _event(kind) for kind in kinds}},
        },
    }


def _channel(subject: str, kinds: Iterable[Kind], topology: Topology) -> dict[str, Any]:
    verbs = [kind.verb for kind in kinds]
    return {
        "address": f"{subject}.{{verb}}.{{municipality}}",
        "messages": {verb: {"$ref": f"#/components/messages/{subject}.{verb}"} for verb in verbs},
        "parameters": {
            "verb": {"enum": verbs},
            "municipality": {"description": f"code of the one that owns the subject, or `{REGION}`"},
        },
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {"name": topology.events.name, "type": "topic", "durable": True, "autoDelete": False},
                "bindingVersion": "0.3.0",
            }
        },
    }


def _message(kind: Kind) -> dict[str, Any]:
    return {
        "name": full_type(kind.type),
        "summary": kind.says,
        "description": f"Goes to: {kind.goes_to}.",
        "contentType": CONTENT_TYPE,
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-07",
            "schema": {"$ref": f"#/components/schemas/{kind.type}"},
        },
    }


def _envelope() -> dict[str, Any]:
    required = [name for name in ENVELOPE if name not in SOMETIMES]
    return {"type": "object", "properties": ENVELOPE, "required": required}


def _event(kind: Kind) -> dict[str, Any]:
    return {
        "allOf": [{"$ref": "#/components/schemas/envelope"}],
        "properties": {"type": {"const": full_type(kind.type)}, "data": kind.data_schema()},
    }


def as_markdown(kinds: Sequence[Kind]) -> str:
    """The introduction with its names filled in, and a table for each subject."""
    topology = Topology()
    head = INTRODUCTION.read_text().format(
        events=topology.events.name,
        audience=topology.audience.name,
        archive=topology.own_queues()[0].name,
        dead=topology.dead.name,
        queue=topology.municipality_queue("0219").name,
        limit=DELIVERY_LIMIT,
        length=f"{MUNICIPALITY_LENGTH:,}",
    )
    parts = [head.rstrip()]
    for subject, group in groupby(kinds, key=lambda kind: kind.subject):
        parts += [f"## {subject}", _table(list(group))]
    return "\n\n".join(parts) + "\n"


def _table(kinds: Sequence[Kind]) -> str:
    lines = ["| event | what happened | `data` | who may read it |", "|---|---|---|---|"]
    for kind in kinds:
        fields = "<br>".join(_field(name, field) for name, field in kind.fields.items()) or "–"
        lines.append(f"| `{kind.type}` | {kind.says} | {fields} | {kind.goes_to} |")
    return "\n".join(lines)


def _field(name: str, field: Field) -> str:
    schema = field.schema
    form = schema.get("format") or schema["type"]
    if "enum" in schema:
        form = " ".join(f"`{code}`" for code in schema["enum"])
    elif schema == CODE.schema:
        form = "code"
    elif schema == MUNICIPALITY.schema:
        form = "municipality"
    elif schema["type"] == "array":
        form = "list of ids" if "format" in schema["items"] else "list of codes"
    marks = [form, *(["or null"] if field.may_be_null else []), *(["at times"] if field.may_lack else [])]
    return f"`{name}` {', '.join(marks)}{': ' + field.says if field.says else ''}"
