"""The second wall: on PostgreSQL the database itself shows only the citizens that the present actor may see.

Every table with citizens has row-level security, forced on its owner too (migrations `the_wall`). Its policies read
variables that are set for each transaction here, by a wrapper around every statement that names such a table: a
statement that forgot `visible_to` finds no more than one that did not. Unset variables show no rows. SQLite has no such
wall (`nrs/checks.py` refuses production data of several municipalities on it).

A request begins as nobody and becomes the actor who was proved (`become`). Commands, tasks and the clocks act as the
system. Two doors lead through the wall, both by name: `scoring` reads what a screening may read of all nine, and
`as_system` writes what a rule of the product demands of a row that is not the actor's own, such as ending the other
nominations of somebody who was hired.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db.backends.signals import connection_created

from municipalities.actor import Actor, Kind, Role

A = TypeVar("A", Actor, Actor | None)
F = TypeVar("F", bound=Callable[..., Any])

#: Tables with citizens. A statement that names one sets the variables first.
TABLES = (
    "candidates_identity",
    "candidates_candidate",
    "candidates_candidatelicence",
    "candidates_candidatecertificate",
    "candidates_candidateskill",
    "candidates_candidateoccupation",
    "candidates_candidatelanguage",
    "candidates_jobgoal",
    "candidates_release",
    "candidates_accesslog",
    "candidates_importjob",
    "candidates_importrow",
    "joborders_nomination",
    "screening_verdictrow",
    "screening_pseudonym",
    "screening_coursepass",
    "privacy_legalhold",
    "privacy_erasurenotice",
    "privacy_check",
)
_NAMED = re.compile(
    r"candidates_|joborders_nomination|screening_(verdictrow|pseudonym|coursepass)|privacy_(legalhold|erasurenotice|check)"
)
#: What opens and ends a block must get through, also where the transaction has failed.
BLOCKS = ("SAVEPOINT", "RELEASE", "ROLLBACK")
#: The role that a screening reads through: the columns that count, of all nine, and neither names nor CV texts.
SCREENING_ROLE = "nrs_screening"
APP_ROLE = "nrs_app"


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom the wall is open: the values of its variables. `kind` empty is nobody."""

    kind: str = ""
    municipality: str = ""
    company: str = ""
    order: str = ""

    @classmethod
    def of(cls, actor: Actor | None) -> Scope:
        """What an actor may see (design §6). The released rows follow from the policies."""
        if actor is None:
            return NOBODY
        if actor.kind is Kind.SYSTEM:
            return SYSTEM
        if actor.kind is Kind.MEMBER:
            kind = {Role.CONSULTANT: "consultant", Role.CASEWORKER: "caseworker", Role.AUDITOR: "auditor"}
            return cls(kind.get(actor.role, "region") if actor.role else "", actor.municipality or "")
        company = str(actor.company) if actor.company else ""
        return cls("company" if actor.kind is Kind.COMPANY else "link", "", company, str(actor.order or ""))


NOBODY, SYSTEM, SCORING = Scope(), Scope("system"), Scope("scoring")
_now: ContextVar[Scope] = ContextVar("wall", default=SYSTEM)


def become(actor: A) -> A:
    """From here on, within this request, the wall is open for this actor and nobody else. Returns the actor."""
    _now.set(Scope.of(actor))
    return actor


@contextmanager
def through(scope: Scope) -> Iterator[None]:
    """Another scope for a while."""
    token = _now.set(scope)
    try:
        yield
    finally:
        _now.reset(token)


def as_nobody() -> Any:
    """A request before anybody was proved."""
    return through(NOBODY)


def as_system() -> Any:
    """What a rule of the product demands, whoever set it off. Never to show somebody."""
    return through(SYSTEM)


def by_the_system(work: F) -> F:
    """A function that runs `as_system`: its callers have asked the rule already."""
    return _in(as_system, work)


def to_score(work: F) -> F:
    """A function that reads as a screening does (`scoring`)."""
    return _in(scoring, work)


def _in(door: Callable[[], Any], work: F) -> F:
    @wraps(work)
    def through_the_door(*args: Any, **kwargs: Any) -> Any:
        with door():
            return work(*args, **kwargs)

    return through_the_door  # type: ignore[return-value]


def scoring() -> Any:
    """What a screening may read: of all nine, without names and CV texts. Reads only."""
    return through(SYSTEM if _now.get() == SYSTEM else SCORING)


class _Told:
    """What a connection's transaction has been told: for whom, and in which of Django's atomic blocks."""

    __slots__ = ("blocks", "scope")

    def __init__(self) -> None:
        self.scope: Scope | None = None
        self.blocks: tuple[object, ...] = ()


def put_up(connection: Any, **_: object) -> None:
    """Wrap the statements of a new connection to PostgreSQL."""
    if connection.vendor != "postgresql" or getattr(connection, "_nrs_wall", None) is not None:
        return
    connection._nrs_wall = _Told()
    connection.execute_wrappers.append(_tell_first)


def _tell_first(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    text = sql if isinstance(sql, str) else str(sql)
    connection, scope, told = context["connection"], _now.get(), context["connection"]._nrs_wall
    blocks = connection.atomic_blocks
    if not blocks:
        if not _names_citizens(text):
            return execute(sql, params, many, context)
        # No transaction of Django's: one of the driver's own around this statement.
        with connection.connection.transaction():
            _tell(connection, scope)
            return execute(sql, params, many, context)
    is_within = bool(told.blocks) and told.blocks[0] is blocks[0]
    # A savepoint that is rolled back takes the setting with it: only one made in a block that is still open stands.
    stands = is_within and told.scope == scope and any(told.blocks[-1] is block for block in blocks)
    was_another = is_within and told.scope != scope
    if not stands and (was_another or _names_citizens(text)) and not text.startswith(BLOCKS):
        _tell(connection, scope)
        told.scope, told.blocks = scope, tuple(blocks)
    return execute(sql, params, many, context)


def _tell(connection: Any, scope: Scope) -> None:
    role = _role(connection, scope)
    connection.connection.execute(
        "SELECT set_config('nrs.kind', %s, true), set_config('nrs.municipality', %s, true), "
        "set_config('nrs.company', %s, true), set_config('nrs.order', %s, true)"
        + (", set_config('role', %s, true)" if role else ""),
        [scope.kind, scope.municipality, scope.company, scope.order, *([role] if role else [])],
    )


def _role(connection: Any, scope: Scope) -> str:
    if not settings.DATABASE_ROLES:
        return ""
    if scope == SCORING:
        return SCREENING_ROLE
    return "none" if scope == SYSTEM else APP_ROLE


@lru_cache(maxsize=4096)
def _names_citizens(sql: str) -> bool:
    return _NAMED.search(sql) is not None


def install() -> None:
    """Put up the wall on every connection to come. Called once, when the apps are ready."""
    connection_created.connect(put_up, dispatch_uid="municipalities.wall")


def scope() -> Scope:
    """For whom the wall is open now."""
    return _now.get()
