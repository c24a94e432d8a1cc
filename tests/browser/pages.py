"""Every page of the product with what it needs to be looked at: a new page adds a line, or the browser tests fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from accounts.models import User
from campaigns.figures import FUNCTIONS
from tests import factories
from tests.campaigns import scenes as march
from web import urls

#: Routes that answer with a redirect or a part of a page, never with a page.
NO_PAGES = {"web:logout"}


@dataclass(frozen=True)
class Scene:
    """Where to go, as whom, and which addresses are opened before (a secret link, say)."""

    path: str
    user: User | None = None
    before: Sequence[str] = field(default=())


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


def routes_of_the_web() -> set[str]:
    """The names of all pages."""
    return {f"web:{pattern.name}" for pattern in urls.urlpatterns} - NO_PAGES


def at(path: str) -> Callable[[], Scene]:
    """A page that needs nothing."""
    return lambda: Scene(path)


def consultant() -> User:
    """Somebody at the desk in Hillerød."""
    return User.objects.get(pk=factories.consultant(factories.HILLEROED, name="Ann Prøve").user_id)


def queue_with_orders() -> Scene:
    """Three orders wait, one of them overdue."""
    user, company = consultant(), factories.company()
    factories.order(company, title="Chauffør med et ret langt navn på stillingen til distribution og lager")
    factories.order(company, received_at=factories.MONDAY)
    return Scene("/queue", user)


def figures(path: str) -> Callable[[], Scene]:
    """A figure as the coordinator reads it, of a spring with orders that were filled, closed and left open."""

    def prepare() -> Scene:
        for number in range(2, 7):
            march.Scene(number).answer(number, hour=11).hire(number + 3)
        march.Scene(9).hire(11, factories.HELSINGOER)
        march.Scene(9).take(12, "close", reason="withdrawn")
        march.Scene(10)
        kim = User.objects.get(pk=factories.coordinator(name="Kim Prøve").user_id)
        return Scene(f"/figures{path}", kim)

    return prepare


PAGES = (
    Case("web:home", at("/")),
    Case("web:accessibility", at("/was")),
    Case("web:login", at("/login")),
    Case("web:queue", queue_with_orders),
    Case("web:queue", lambda: Scene("/queue", consultant()), "empty"),
    Case("web:queue", lambda: Scene("/queue", User.objects.create(email="x@nrs.example", name="X")), "no role", 403),
    Case("web:figures", figures("")),
    Case("web:figures-definitions", figures("/definitions")),
    Case("web:figures-sheet", figures("/sheet?as_of=2026-03-31")),
    *[Case(f"web:figures-{name}", figures(f"/{name}?as_of=2026-03-31")) for name in FUNCTIONS],
    Case("web:figures-flow", figures("/flow?as_of=2999-01-01"), "a day to come", 422),
    Case("web:not-found", at("/findes-ikke"), status=404),
)
