"""Who stood in line too long is refused at once, while others wait behind; nobody else is."""

from __future__ import annotations

import socket
import struct

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nrs import overload


class Told:
    """A connection whose kernel tells this of it."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def getsockopt(self, level: int, name: int, size: int) -> bytes:
        numbers = [0] * 24
        numbers[overload._LAST_DATA_RECEIVED - 8] = self.milliseconds
        return struct.pack("8B24I", *[0] * 8, *numbers)[:size]


class Line:
    """A listener before which so many wait."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting

    def get_backlog(self) -> int:
        return self.waiting


@pytest.fixture(autouse=True)
def after():
    yield
    overload.listen(())


def ask(path: str, milliseconds: int, waiting: int, **headers: str):
    overload.listen([Line(waiting)])
    return Client(headers=headers).get(path, **{"gunicorn.socket": Told(milliseconds)})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("milliseconds", "waiting", "status"),
    [(2001, 9, 503), (2000, 9, 200), (2001, 8, 200), (60_000, 0, 200), (0, 2000, 200), (60_000, 2000, 503)],
)
def test_only_who_waited_too_long_with_others_behind_is_refused(milliseconds, waiting, status):
    assert ask("/was", milliseconds, waiting).status_code == status


@pytest.mark.django_db
def test_a_refusal_says_when_to_come_again_and_costs_no_query():
    ask("/queue", 5000, 100)
    with CaptureQueriesContext(connection) as queries:
        page, program = ask("/queue", 5000, 100), ask("/api/v1/queue", 5000, 100)
    assert not queries.captured_queries
    assert page["Retry-After"] == program["Retry-After"] == "6"
    assert "mere at lave, end vi kan nå" in page.content.decode()
    assert page["Content-Security-Policy"] and page["Cache-Control"] == "no-store"
    assert program["Content-Type"] == "application/problem+json"
    assert (program.json()["code"], program.json()["status"]) == ("overloaded", 503)


@pytest.mark.django_db
def test_it_is_told_in_the_readers_language():
    page = ask("/queue", 5000, 100, accept_language="en")
    assert "There is more to do than can be done now" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz/live", "/healthz/ready"])
def test_the_process_is_always_asked_for_its_health(path):
    assert ask(path, 60_000, 2000).status_code == 200


@pytest.mark.django_db
def test_its_figures_are_told_while_it_refuses_others(settings):
    settings.METRICS_TOKEN = "t" * 40
    assert ask("/metrics", 60_000, 2000, authorization=f"Bearer {settings.METRICS_TOKEN}").status_code == 200


@pytest.mark.django_db
def test_it_can_be_switched_off(settings):
    settings.OVERLOAD_WAIT = 0
    assert ask("/was", 60_000, 2000).status_code == 200


def test_no_secret_of_an_address_is_repeated():
    answer = ask("/api/v1/intake/follow/abcdef0123456789", 5000, 100)
    assert answer.status_code == 503
    assert b"abcdef0123456789" not in answer.content


@pytest.mark.skipif(not hasattr(socket, "TCP_INFO"), reason="only Linux tells")
def test_the_kernel_tells_how_long_a_call_waited_and_how_many_wait():
    from gunicorn.config import Config
    from gunicorn.sock import TCPSocket

    listener = TCPSocket(("127.0.0.1", 0), Config(), None)
    with listener.sock, socket.create_connection(listener.sock.getsockname()) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\n\r\n")
        overload.listen([listener])
        assert overload.in_line() == 1
        taken, _address = listener.sock.accept()
        with taken:
            assert taken.recv(100)
            assert 0 <= overload.waited_seconds(taken) < 60
            told = taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    assert struct.unpack("8B24I", told)[overload._LAST_DATA_RECEIVED] < 60_000
    assert overload.waited_seconds(taken) == overload.waited_seconds(None) == 0
