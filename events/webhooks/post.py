"""One POST to one checked address: no redirect, no proxy, nothing read but the status, at most ten seconds in all."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading

from events.webhooks.address import Target

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 10.0


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked, speaks as to the host that was asked for."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self._target, self._address = target, address

    def connect(self) -> None:
        """TCP to the checked address; TLS with the host's name."""
        self.sock = socket.create_connection((self._address, self._target.port), timeout=CONNECT_SECONDS)
        if self._target.is_secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self._target.host)


def post(target: Target, address: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer. Raises OSError or http.client.HTTPException.

    A receiver that drips its answer byte by byte is cut off: a clock closes the connection under it.
    """
    connection = _Pinned(target, address)
    clock = threading.Timer(WHOLE_SECONDS, _cut, [connection])
    clock.daemon = True
    clock.start()
    try:
        connection.request("POST", target.path, body, {"Host": target.authority, **headers})
        return connection.getresponse().status
    finally:
        clock.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            connection.sock.close()
