"""Three writers whose transactions stay open while others commit, and a reader: nothing that is committed is missed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from django.db import OperationalError, close_old_connections, connection, connections, transaction

from candidates.models import Candidate
from screening.live import marks
from screening.live.holder import INDEX
from screening.live.state import State, rows_of
from tests.screening import stored
from tests.screening.test_fresh import check

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 3
TRANSACTIONS = (11_700 if os.environ.get("NRS_TEST_LONG") else 1_050) // WRITERS
HELD_OPEN_SECONDS = 0.02
NEVER = 2**30
"""Tie seeds from here on are written by transactions that are rolled back."""


class Truth:
    """What was committed: the last tie seed of everybody, raised once its transaction is over."""

    def __init__(self) -> None:
        self.moved = threading.Condition()
        self.committed: dict[int, int] = {}
        self.commits = 0
        self.writing = WRITERS
        self.problems: list[BaseException] = []

    def tell(self, candidates: list[int], seed: int) -> None:
        with self.moved:
            for candidate in candidates:
                self.committed[candidate] = max(seed, self.committed.get(candidate, 0))
            self.commits += 1
            self.moved.notify_all()

    def wait_for_another(self) -> None:
        """Hold the transaction open until somebody else commits, or for 20 ms."""
        with self.moved:
            before = self.commits
            self.moved.wait_for(lambda: self.commits > before, HELD_OPEN_SECONDS)


@contextmanager
def passed_over() -> Iterator[None]:
    """SQLite keeps no queue for its lock: busy writers may pass a transaction over until it gives up, unwritten."""
    try:
        yield
    except OperationalError as problem:
        if connection.vendor != "sqlite" or "locked" not in str(problem):
            raise


def writer(truth: Truth, number: int, people: list[int], skills: list[int]) -> None:
    """Each writer has people of its own, whose tie seeds only rise; lists change along with them."""
    chance, mine = Random(number), people[number::WRITERS]
    try:
        close_old_connections()
        for seed in range(1, TRANSACTIONS + 1):
            chosen = chance.sample(mine, chance.randint(1, 3))
            is_lost = chance.random() < 0.1
            with passed_over(), transaction.atomic():
                stored.write(chance, chosen[0], skills)
                Candidate.objects.filter(pk__in=chosen).update(tie_seed=seed + NEVER if is_lost else seed)
                if chance.random() < 0.3:
                    truth.wait_for_another()
                transaction.set_rollback(is_lost)
                transaction.on_commit(lambda chosen=chosen, seed=seed: truth.tell(chosen, seed))
    except BaseException as problem:
        truth.problems.append(problem)
        raise
    finally:
        connections.close_all()
        with truth.moved:
            truth.writing -= 1
            truth.moved.notify_all()


def seeds(state: State, candidates: list[int]) -> dict[int, int]:
    """The tie seeds that the index holds; who is in no list is left out."""
    found: dict[int, int] = {}
    for candidate in candidates:
        columns = state.overlay if candidate in state.changed else state.base
        for row in [] if columns is None else rows_of(columns, stored.keys([candidate])).tolist():
            found[candidate] = int(columns.tie_seed[row])
    return found


def prune() -> None:
    """As the daily task does."""
    with passed_over(), transaction.atomic():
        marks.prune(connection)


def test_no_committed_change_is_missed(db, tally):
    skills, chance, truth = stored.region(), Random(1), Truth()
    people = stored.people(chance, 90, skills)
    Candidate.objects.update(tie_seed=0)
    orders = stored.orders(chance, 3, skills)
    INDEX.forget()
    threads = [
        threading.Thread(target=writer, args=(truth, number, people, skills), daemon=True) for number in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    looks = 0
    while truth.writing:
        with truth.moved:
            promised = dict(truth.committed)
        state = INDEX.current()
        held = seeds(state, list(promised))
        missed = {who: (seed, held[who]) for who, seed in promised.items() if who in held and held[who] < seed}
        assert not missed, f"committed and not seen: {missed}"
        assert max(held.values(), default=0) < NEVER, "a change that was rolled back was seen"
        looks += 1
        if looks % 20 == 0:
            prune()
    for thread in threads:
        thread.join()
    assert not truth.problems and truth.commits > 0.8 * WRITERS * TRANSACTIONS and looks > 10
    INDEX.wait()
    check(orders)
    everybody = dict(Candidate.objects.order_by("pk").values_list("pk", "tie_seed"))
    held = seeds(INDEX.current(), people)
    assert held == {who: everybody[who] for who in held}
    tally(f"committed transactions of {WRITERS} writers on {connection.vendor}, none missed", truth.commits)
    tally("looks of their reader", looks)
