"""The open loop sends when a call is due and counts from then; what came of a run is counted as it was."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.load.client import PATIENCE_S, Outcome, Run, Shot, _read, drive, written

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n"


@contextmanager
def serving(answer: Callable[[int, bytes], bytes], calls: int) -> Iterator[int]:
    """A server that answers the nth call by `answer`, each in a thread of its own."""

    def one(taken: socket.socket, number: int) -> None:
        with taken:
            raw = b""
            while b"\r\n\r\n" not in raw:
                raw += taken.recv(4096)
            taken.sendall(answer(number, raw))

    def all_of_them() -> None:
        threads = []
        for number in range(calls):
            taken, _address = listener.accept()
            threads.append(threading.Thread(target=one, args=(taken, number)))
            threads[-1].start()
        for thread in threads:
            thread.join()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=all_of_them)
        server.start()
        yield listener.getsockname()[1]
        server.join()


def shot(number: int) -> Shot:
    return Shot("page", written("GET", f"/{number}", {"Cookie": "sessionid=1"}))


def test_a_call_is_sent_though_those_before_it_are_not_answered():
    last = threading.Event()

    def answer(number: int, raw: bytes) -> bytes:
        if number == 9:
            last.set()
        assert last.wait(PATIENCE_S), "the tenth call was never sent"
        return GOOD

    with serving(answer, 10) as port:
        run = drive(port, 200, 0.05, shot)
    assert (len(run.good), run.refused, run.errors.total()) == (10, 0, 0)
    assert [round(one.due_s, 3) for one in run.outcomes] == [number / 200 for number in range(10)]
    assert run.outcomes[0].seconds >= run.outcomes[9].due_s, "the first waited for the tenth, from when it was due"


def test_refusals_errors_and_broken_answers_are_told_apart():
    answers = [GOOD, FULL, b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", GOOD[:-1], b""]
    with serving(lambda number, raw: answers[int(raw.split()[1][1:])], 5) as port:
        run = drive(port, 100, 0.05, shot)
    assert (len(run.good), run.refused, dict(run.errors)) == (1, 1, {500: 1, 0: 2})


def test_nobody_there_is_an_error():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert dict(drive(port, 100, 0.03, shot).errors) == {0: 3}


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (GOOD, (200, "")),
        (FULL, (503, "3")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", (0, "")),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil it closes", (200, "")),
        (b"HTTP/1.1 200", (0, "")),
        (b"", (0, "")),
    ],
)
def test_an_answer_counts_when_it_is_whole(raw, found):
    assert _read(raw) == found


def outcome(due_s: float, milliseconds: float, status: int = 200, retry_after: str = "") -> Outcome:
    return Outcome("page", due_s, milliseconds / 1000, status, retry_after)


def test_quantiles_are_of_the_answered_calls():
    run = Run(10, 10, [outcome(0, ms) for ms in range(1, 101)] + [outcome(1, 9999, 503, "1"), outcome(2, 9999, 500)])
    assert [round(run.quantile(share)) for share in (0.5, 0.95, 0.99)] == [51, 96, 100]
    assert Run(1, 1).quantile(0.95) == 1000 * PATIENCE_S


def test_a_refusal_must_say_when_to_come_again():
    assert outcome(0, 1, 503, "2").is_refusal and outcome(0, 1, 429, "2").is_refusal
    assert not outcome(0, 1, 503).is_refusal and not outcome(0, 1, 200, "2").is_refusal


@pytest.mark.parametrize(
    ("outcomes", "seconds"),
    [
        ([outcome(0, 10), outcome(1, 10)], 0),
        ([outcome(0.2, 501), outcome(1, 10)], 1),
        ([outcome(0, 10), outcome(2.9, 10, 503, "1"), outcome(4, 10)], 3),
        ([outcome(19.9, 10, 503, "1")], 20),
    ],
)
def test_it_is_steady_from_the_second_after_the_last_bad_answer(outcomes, seconds):
    assert Run(1, 20, outcomes).steady_after(500) == seconds
