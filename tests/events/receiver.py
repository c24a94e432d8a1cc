"""A receiver of webhooks on the loopback: keeps what arrives, and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """What came in; `answer` gives the status for one message (0: hang up)."""

    url: str = ""
    answer: Callable[[dict[str, Any]], int] = lambda message: 204
    messages: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """Ids of the events that were received with a good answer or a bad one."""
        return [message["id"] for message in self.messages]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that runs until the end of the block."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            message = json.loads(body)
            found.bodies.append(body)
            found.messages.append(message)
            found.headers.append({name.lower(): value for name, value in self.headers.items()})
            status = found.answer(message)
            if status == 0:
                self.connection.close()
                return
            self.send_response(status)
            if status in (301, 302, 307, 308):
                self.send_header("Location", found.url + "elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
