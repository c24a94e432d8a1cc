"""What a page needs to be looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from accounts.models import User


@dataclass(frozen=True)
class Scene:
    """Where to go, as whom, which addresses are opened before (a secret link, say), and with which cookies."""

    path: str
    user: User | None = None
    before: Sequence[str] = field(default=())
    cookies: Sequence[Mapping[str, str]] = field(default=())


@dataclass(frozen=True)
class Case:
    """A page: its route, how to set the scene, and what status it answers with. `about` tells cases apart."""

    route: str
    prepare: Callable[[], Scene]
    about: str = ""
    status: int = 200

    def __str__(self) -> str:
        """The test's name."""
        return f"{self.route} {self.about}".strip()
