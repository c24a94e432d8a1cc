"""One case: a caller at a door with a target; and what is wrong with what came of it."""

from __future__ import annotations

import io
import json
import logging
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from pypdf import PdfReader

from candidates.models import AccessLog
from events import clock
from municipalities import wall
from notifications.models import Mail
from tests.matrix import bodies
from tests.matrix.callers import Caller
from tests.matrix.doors import SAFE, Door, every_door
from tests.matrix.rows import FOLLOWS, Rows, Watch, last_logged, logged_after, subject_of
from tests.matrix.rules import DO, NOT, ROLES, STAND_IN, Rules
from tests.matrix.world import NOTHING, Target, World

#: Doors that answer by more than their subject: lists and pages without a target are asked in these ways.
QUERIES = ("", "?page_size=1", "?format=csv", "?format=xlsx", "?ordering=-nonsense", "?cursor=abc")
#: What is asked of lists about each target: search and filters must not tell that it exists.
FILTERS = (
    "?q={word}", "?order={order}", "?candidate={candidate}", "?company={company}", "?external_reference={case}",
    "?known={candidate}", "?subject={nomination}",
)  # fmt: skip
#: Door, target, address.
Case = tuple[Door, Target, str]
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NUMBER = re.compile(r"NRS-\d{4}-\d{5}")
#: Whose order the callers' secret link leads to.
LINKED = "presented"
#: Texts of the canaries that name somebody: whoever reads one is to stand in the access log.
NAMES_SOMEBODY = "name"
#: A mail says which order it is about; to whom mails go is promised in tests/notifications.
NAMES_THE_ORDER = "title"


@dataclass
class Answer:
    """What came back, and what it left behind."""

    status: int
    text: str
    logged: list[Any] = field(default_factory=list)
    entries: list[AccessLog] = field(default_factory=list)
    #: (table, its subject, new or changed or gone, whose) of every row that is not as it was.
    changed: list[tuple[str, str, str, str]] = field(default_factory=list)
    mails: str = ""
    lines: str = ""
    location: str = ""


@dataclass
class Report:
    """What all cases gave."""

    cases: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    doors: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)


class Lines(logging.Handler):
    """Keeps what the product logs."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(record.getMessage() + str(record.exc_info or ""))


class Matrix:
    """The world, its rows, the rules and the callers; asks and judges."""

    def __init__(self, world: World, callers: dict[str, Caller]) -> None:
        self.world, self.callers = world, callers
        self.rows, self.rules = Rows(world), Rules()
        self._nothing: dict[tuple[str, str, str], Answer] = {}

    # --- asking ---------------------------------------------------------------------------------------------------

    def cases(self, role: str, doors: list[Door] | None = None) -> Iterator[Case]:
        """Every door with every target, by this role: door, target, address."""
        for door in every_door() if doors is None else doors:
            for target in self._targets(role, door):
                target = self._as_link(role, door, target)
                addresses = list(door.addresses(target))
                for address in addresses:
                    yield door, target, address
                if door.method == "get" and door.kind != "admin" and not door.has_target:
                    for query in self._queries(door, target):
                        yield door, target, addresses[0] + query

    def _targets(self, role: str, door: Door) -> list[Target]:
        """Every relation; two where the caller is sent away before anything is looked up, one where nothing is."""
        every = self.world.targets
        if door.kind == "admin" or door.subject in ("public", "register", "figures"):
            return [every["foreign"]]
        if _is_link(door) and "<uuid:" not in door.address:
            return [every[LINKED]]
        if door.method == "get" and not door.has_target:
            return [every["own"], every["requested"], every["foreign"]]
        if door.method == "delete" or STAND_IN.get(role, role) in ("anonymous", "auditor"):
            return [every["own"], every["foreign"]]
        return [target for name, target in every.items() if target.order is not None]

    def _as_link(self, role: str, door: Door, target: Target) -> Target:
        """A secret is known to who has it: the holder of a link tries it with the ids of everybody else."""
        if not _is_link(door):
            return target
        secret = self.callers[role].secret
        order = self.world.targets[LINKED].order if secret else target.order
        return Target(**{**vars(target), "secret": secret or NOTHING.secret, "order": order})

    def _queries(self, door: Door, target: Target) -> list[str]:
        words = {
            "word": f"ANARY-{target.relation}"[1:], "case": f"X-{target.relation}",
            **{name: bodies.id_of(getattr(target, name)) for name in ("order", "candidate", "company", "nomination")},
        }  # fmt: skip
        plain = list(QUERIES) if target.relation == "own" else []
        return plain + [query.format(**words) for query in FILTERS if door.subject == "list"]

    def ask(self, role: str, door: Door, target: Target, address: str) -> Answer:
        """Do it, note everything, and undo it."""
        caller, watch, lines = self.callers[role], Watch(), Lines()
        last = last_logged()
        logging.getLogger().addHandler(lines)
        try:
            with transaction.atomic():
                with connection.execute_wrapper(watch):
                    response = self._send(caller, door, target, address)
                    text = _text_of(response)
                with wall.as_system():
                    answer = self._noted(response, text, watch.tables, last)
                transaction.set_rollback(True)
        finally:
            logging.getLogger().removeHandler(lines)
        answer.lines = "\n".join(lines.kept)
        return answer

    def _send(self, caller: Caller, door: Door, target: Target, address: str) -> Any:
        client, send = caller.client(), door.method
        if send in SAFE:
            return getattr(client, send)(address)
        if door.kind != "api":
            return getattr(client, send)(address, bodies.for_page(address, target))
        headers = {
            "HTTP_IF_MATCH": f'"{bodies.version_of(address, target)}"', "HTTP_IDEMPOTENCY_KEY": str(uuid4()),
        }  # fmt: skip
        body = json.dumps(bodies.for_api(door.name, address, target), default=str)
        return getattr(client, send)(address, data=body, content_type="application/json", **headers)

    def _noted(self, response: Any, text: str, written: set[str], last: int) -> Answer:
        headers = "\n".join(f"{name}: {value}" for name, value in response.items())
        answer = Answer(response.status_code, f"{headers}\n{text}", location=response.get("Location", ""))
        if "candidates_accesslog" in written:
            answer.entries = logged_after(last)
            answer.logged = [entry.candidate for entry in answer.entries]
        serious = {table for table in written if subject_of(table)}
        for table, key, what in self.rows.changed(serious) if serious else ():
            subject = self.rows.subject_of(table, key)
            answer.changed.append((table, subject, what, self.rows.relation_of(table, key)))
        if "notifications_mail" in written:
            answer.mails = "\n".join(f"{one.subject}\n{one.text}" for one in Mail.objects.all())
        return answer

    # --- judging --------------------------------------------------------------------------------------------------

    def wrongs(self, role: str, door: Door, target: Target, answer: Answer) -> Iterator[str]:
        """Everything that is wrong with an answer."""
        if answer.status >= 500:
            yield f"error {answer.status}"
        told = set(self.world.told(answer.text))
        for relation, what in sorted(told):
            if not self.rules.sees(what, relation, role):
                yield f"tells {what} of {relation}"
        for relation, what in self.world.told(answer.mails):
            if what != NAMES_THE_ORDER:
                yield f"mail tells {what} of {relation}"
        for relation, what in self.world.told(answer.lines):
            yield f"log tells {what} of {relation}"
        shown = sorted(relation for relation, what in told if what == NAMES_SOMEBODY)
        logged = sorted(self.world.relation_of(key) for key in answer.logged)
        # The page was read before its step was taken, refused, or the reader sent on: logged, though not shown again.
        # A HEAD is a read without a body.
        acted = door.method == "head" or (door.kind == "web" and (door.method == "post" or answer.status == 302))
        if acted and not shown and len(set(logged)) == len(logged):
            logged = [one for one in logged if not self.rules.sees(NAMES_SOMEBODY, one, role)]
        if shown != logged:
            yield f"shows {'+'.join(shown) or 'nobody'}, logs {'+'.join(logged) or 'nobody'}"
        for entry in answer.entries:
            yield from _gaps_of(entry)
        yield from self._wrong_rows(role, door, answer)
        yield from self._wrong_door(role, door, target, answer)

    def _wrong_rows(self, role: str, door: Door, answer: Answer) -> Iterator[str]:
        if door.method in SAFE and answer.changed:
            yield f"a read changes {answer.changed[0][0]}"
        for table, subject, what, relation in answer.changed:
            if not relation:
                keeps_the_account = role in ("left", "nobody") and door.subject == "account"  # and may end its logins
                if STAND_IN.get(role, role) == "anonymous" and door.subject != "public" and not keeps_the_account:
                    yield f"{what} row of {table}"
                continue
            may = any(self.rules.answer(one, relation, role) == DO for one in (subject, *FOLLOWS.get(subject, ())))
            if not may:
                yield f"{what} {table} of {relation}"

    def _wrong_door(self, role: str, door: Door, target: Target, answer: Answer) -> Iterator[str]:
        """A thing that is not the caller's is as one that does not exist, to the letter."""
        column = STAND_IN.get(role, role)
        if column == "anonymous" and door.kind == "api" and door.subject not in ("public", "follow"):
            is_misspelt = door.method == "get" and answer.status == 400  # said before anything is looked up
            if answer.status != 401 and not is_misspelt and not (role in ("nobody",) and answer.status in (401, 403)):
                yield f"no login asked for ({answer.status})"
            return
        if not door.has_target or door.kind == "admin" or door.subject in ("public", "register"):
            return
        known = (
            "order" if door.thing == "order" else door.subject
        )  # of whom the order is known, its parts may be refused
        if self.rules.answer(known, target.relation, role) != NOT:
            return
        nothing = self._of_nothing(role, door, target)
        if door.kind == "api" and answer.status == 403 and nothing.status != 403:
            yield "another's is 403, not 404"
        elif _shape(answer) != _shape(nothing):
            yield f"another's is {answer.status}, what is not there {nothing.status}"

    def _of_nothing(self, role: str, door: Door, target: Target) -> Answer:
        key = (role, door.address, door.method)
        if key not in self._nothing:
            nothing = self._as_link(role, door, NOTHING)
            self._nothing[key] = self.ask(role, door, nothing, next(door.addresses(nothing)))
        return self._nothing[key]

    def forget_nothing(self) -> None:
        """Ask anew what is answered about nothing: the product has been changed."""
        self._nothing.clear()

    @cached_property
    def size(self) -> int:
        """How many cases there are, of all roles."""
        return sum(1 for role in ROLES for _case in self.cases(role))

    def some(self, role: str, share: float) -> Iterator[Case]:
        """A share of a role's cases, drawn the same each time; over all roles every door is tried at least once."""
        drawn, turn = random.Random(f"matrix {role}"), ROLES.index(role)
        numbers: dict[Door, int] = {}
        for case in self.cases(role):
            is_first = case[0] not in numbers
            number = numbers.setdefault(case[0], len(numbers))
            if drawn.random() < share or (is_first and number % len(ROLES) == turn):
                yield case

    def run(self, role: str, doors: list[Door] | None = None, share: float = 1) -> Report:
        """All cases of a role, or a share of them."""
        report = Report()
        for door, target, address in self.cases(role, doors) if share == 1 else self.some(role, share):
            answer = self.ask(role, door, target, address)
            report.cases += 1
            report.doors.add(f"{door.method} {door.address}")
            if answer.status < 400 and (door.method in SAFE or answer.changed):
                report.done.add(f"{door.method} {door.address}")
            for wrong in self.wrongs(role, door, target, answer):
                report.wrong[
                    f"{role}: {door.method} {door.address} ({door.subject}) on {target.relation}: {wrong}"
                ] += 1
        return report


def _is_link(door: Door) -> bool:
    """Whether the door is behind a company's secret link."""
    return "<str:secret>" in door.address and door.subject == "follow"


def _gaps_of(entry: AccessLog) -> Iterator[str]:
    """What an entry of the access log does not say: who, when, which fields, for what, on which order."""
    if entry.read_at != clock.now():
        yield "logs another time"
    if not (entry.actor_id if entry.actor_kind == "member" else entry.company or entry.order):
        yield "logs nobody as reader"
    if "name" not in entry.fields.split(",") or not entry.purpose:
        yield f"logs no fields or purpose ({entry.fields}, {entry.purpose})"
    if entry.home != entry.actor_municipality and not entry.order:
        yield "logs no order for a reader from elsewhere"


def _shape(answer: Answer) -> tuple[int, str]:
    """Status and problem, without what is the caller's own: ids, and where a page sends its reader."""
    where = NUMBER.sub("…", UUID.sub("…", answer.location))
    found = re.search(r'"code": ?"(\w+)"', answer.text)
    return answer.status, found.group(1) if found else where.split("?")[0]


def _text_of(response: Any) -> str:
    """All the words of an answer, files unpacked."""
    body: bytes = response.getvalue() if response.streaming else response.content
    kind = response.get("Content-Type", "")
    if "spreadsheet" in kind and body:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    if kind.startswith("application/pdf"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return body.decode(errors="replace")
