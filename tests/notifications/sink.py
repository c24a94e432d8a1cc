"""A real SMTP server on a loopback port, which accepts, refuses or drops as it is told.

It speaks enough of RFC 5321 for smtplib, keeps what it accepted, and can be stopped and started on the same port.
"""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

#: What a rule may answer at RCPT or DATA: an SMTP reply, "drop" (close), or None (accept).
Rule = Callable[[str, str, int], str | None]


@dataclass
class Sink:
    """The server's memory: accepted mails in order, and the rule that it follows."""

    accepted: list[EmailMessage] = field(default_factory=list)
    attempts: int = 0
    rule: Rule = lambda verb, address, attempt: None
    port: int = 0
    _server: Any = None

    def start(self) -> None:
        """Listen, on the same port as before if it was stopped."""
        sink = self

        class Handler(_Handler):
            memory = sink

        self._server = _Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        """Listen no more: connections are refused."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def ids(self) -> list[str]:
        """Message-IDs in the order of acceptance."""
        return [str(message["Message-ID"]).strip() for message in self.accepted]  # a long one is folded


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Handler(socketserver.StreamRequestHandler):
    memory: Sink

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 sink ESMTP")
        to = ""
        while line := self.rfile.readline().decode().strip():
            verb, _space, rest = line.partition(" ")
            verb = verb.upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "RCPT":
                to = rest.partition("<")[2].rstrip(">")
                self.memory.attempts += 1
                self.say(self.memory.rule("RCPT", to, self.memory.attempts) or "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                if not self.take(to):
                    return
            else:
                self.say("250 sink" if verb in ("EHLO", "HELO", "MAIL", "RSET", "NOOP") else "502 what?")

    def take(self, to: str) -> bool:
        """The mail up to the dot. False: the connection is dropped."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        answer = self.memory.rule("DATA", to, self.memory.attempts)
        if answer in (None, "accept and drop"):
            message: Any = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            self.memory.accepted.append(message)
        if answer in ("drop", "accept and drop"):
            self.connection.close()
            return False
        self.say(answer or "250 taken")
        return True


@contextmanager
def running(settings: Any) -> Iterator[Sink]:
    """A sink that accepts everything, and gets all mail that is sent meanwhile."""
    sink = Sink()
    sink.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    try:
        yield sink
    finally:
        with suppress(OSError):
            sink.stop()
