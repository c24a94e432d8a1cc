"""The only exceptions that are raised for business reasons. Pure Python: no Django, no HTTP.

Messages are given by the caller, usually lazily translated strings; they are turned into text only when shown
(`str(error)`), in the reader's language. A message never holds personal data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

#: Text, or something that becomes text when it is shown (gettext_lazy).
Message = Any


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong with one field. `pointer` is a JSON pointer, e.g. `/requirements/0/code`."""

    pointer: str
    code: str
    detail: Message


class DomainError(Exception):
    """A refusal with a stable code. `extra` becomes members of the problem document."""

    status: ClassVar[int] = 400

    def __init__(self, code: str, message: Message, **extra: Any) -> None:
        """Keep code, message and whatever else the caller of the API needs to go on."""
        super().__init__(code)
        self.code = code
        self.message = message
        self.extra: dict[str, Any] = extra

    def __str__(self) -> str:
        """The message, in the language that is active now."""
        return str(self.message)


class Invalid(DomainError):
    """The input is wrong; every problem found is listed, not only the first."""

    status = 400

    def __init__(
        self,
        errors: Iterable[FieldProblem] | FieldProblem,
        code: str = "invalid",
        message: Message = "The input has errors.",
    ) -> None:
        """Take one problem or several."""
        self.errors: Sequence[FieldProblem] = (errors,) if isinstance(errors, FieldProblem) else tuple(errors)
        super().__init__(code, message)

    @classmethod
    def field(cls, pointer: str, code: str, detail: Message) -> Invalid:
        """The common case: one field, one problem. The leading slash may be left out."""
        return cls(FieldProblem(pointer if pointer.startswith("/") else f"/{pointer}", code, detail))

    def __str__(self) -> str:
        """The details, one per line, for logs of commands and imports."""
        return "\n".join(f"{problem.pointer}: {problem.detail}" for problem in self.errors)


class NotVisible(DomainError):
    """It does not exist, or not for this actor: nobody may learn which."""

    status = 404

    def __init__(self, code: str = "not_found", message: Message = "Not found.", **extra: Any) -> None:
        """Both arguments may be left out; the answer must not tell what was looked for."""
        super().__init__(code, message, **extra)


class NotAllowed(DomainError):
    """Visible to this actor, but not theirs to do."""

    status = 403

    def __init__(
        self,
        code: str = "not_allowed",
        message: Message = "You are not allowed to do this.",
        **extra: Any,
    ) -> None:
        """Both arguments may be left out."""
        super().__init__(code, message, **extra)


class StepRefused(DomainError):
    """The step does not exist in this state, for this actor. `allowed` names those that do."""

    status = 409

    def __init__(
        self,
        code: str = "step_refused",
        message: Message = "This step is not possible now.",
        *,
        allowed: Iterable[str] = (),
        **extra: Any,
    ) -> None:
        """Name the steps that are possible instead."""
        self.allowed = tuple(allowed)
        super().__init__(code, message, allowed=list(self.allowed), **extra)


class Stale(DomainError):
    """The decision was made on an older version. Says what changed since, and who did it."""

    status = 412

    def __init__(
        self,
        code: str = "stale",
        message: Message = "It was changed by somebody else in the meantime.",
        *,
        version: int,
        changed: Iterable[str] = (),
        changed_by: Any = None,
        allowed: Iterable[str] = (),
        **extra: Any,
    ) -> None:
        """`version` is the current one; `changed` names the fields or steps since the caller's version."""
        self.version = version
        self.changed = tuple(changed)
        self.changed_by = changed_by
        self.allowed = tuple(allowed)
        super().__init__(
            code,
            message,
            version=version,
            changed=list(self.changed),
            changed_by=changed_by,
            allowed=list(self.allowed),
            **extra,
        )


class Conflict(DomainError):
    """Right in itself, but in conflict with what is already there (taken, doubled, used up)."""

    status = 409
