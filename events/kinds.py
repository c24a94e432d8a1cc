"""The kinds of events as data: what each tells, to whom, and which fields it carries. Pure Python.

Each app declares its own in `event_kinds.py`, which is read when the apps are ready:

    declare("joborder.claimed", "A consultant of the lead municipality took the order.", ORDER, assignee=ID)

docs/events.md and docs/asyncapi.yaml are written from here (`manage.py events_docs`), and a guard of the tests
compares every event that any test writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """One value of an event's data as JSON Schema; `may_lack` says that some events of the kind leave it out."""

    schema: Mapping[str, Any]
    says: str = ""
    may_be_null: bool = False
    may_lack: bool = False

    def __call__(self, says: str) -> Field:
        """The same form with a meaning in words."""
        return replace(self, says=says)

    @property
    def or_null(self) -> Field:
        """The same, and null where there is none."""
        return replace(self, may_be_null=True)

    @property
    def at_times(self) -> Field:
        """The same, left out where it does not apply."""
        return replace(self, may_lack=True)

    def as_schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        found = dict(self.schema)
        if self.may_be_null:
            found["type"] = [found["type"], "null"]
            if "enum" in found:
                found["enum"] = [*found["enum"], None]
        return {**found, **({"description": self.says} if self.says else {})}


ID = Field({"type": "string", "format": "uuid"})
CODE = Field({"type": "string", "pattern": "^[A-Za-z0-9_.:+-]{1,64}$"})
MUNICIPALITY = Field({"type": "string", "pattern": "^[0-9]{4}$"})
NUMBER = Field({"type": "integer", "minimum": 0})
YES_NO = Field({"type": "boolean"})
DAY = Field({"type": "string", "format": "date"})
MOMENT = Field({"type": "string", "format": "date-time"})
CODES = Field({"type": "array", "items": CODE.schema})
IDS = Field({"type": "array", "items": ID.schema})


def one_of(*codes: str) -> Field:
    """A code of a closed list."""
    return Field({"type": "string", "enum": [str(code) for code in codes]})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event. `goes_to` says in words who may read it."""

    type: str
    says: str
    goes_to: str
    fields: Mapping[str, Field]

    @property
    def subject(self) -> str:
        """`joborder` of `joborder.claimed`."""
        return self.type.partition(".")[0]

    @property
    def verb(self) -> str:
        """`claimed` of `joborder.claimed`."""
        return self.type.partition(".")[2]

    def data_schema(self) -> dict[str, Any]:
        """JSON Schema of `data`. New fields may come, so that readers must bear others."""
        return {
            "type": "object",
            "properties": {name: field.as_schema() for name, field in self.fields.items()},
            "required": [name for name, field in self.fields.items() if not field.may_lack],
        }


_kinds: dict[str, Kind] = {}


def declare(type: str, says: str, goes_to: str, /, **fields: Field) -> Kind:
    """Make a kind known. Raises ValueError if it is known already and means something else."""
    kind = Kind(type, says, goes_to, MappingProxyType(fields))
    known = _kinds.setdefault(type, kind)
    if (known.says, known.goes_to, dict(known.fields)) != (says, goes_to, fields):
        raise ValueError(f"two declarations of the event {type}")
    return known


def every() -> list[Kind]:
    """All that is declared, by type."""
    return [_kinds[type] for type in sorted(_kinds)]


def find(type: str) -> Kind | None:
    """The declaration of a type, None where there is none."""
    return _kinds.get(type)
