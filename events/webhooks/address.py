"""Where a webhook may point: to the open internet over TLS, and nowhere inside a private network.

The name is resolved anew for each delivery and the connection goes to the very address that was checked, so that
a name which changes its mind in between (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST_CHARACTERS = 500
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """The address is none to send to; `code` says why."""

    def __init__(self, code: str) -> None:
        """Keep the code; it holds nothing of the address."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL in its parts; `path` with the query."""

    host: str
    port: int
    path: str
    is_secure: bool

    @property
    def authority(self) -> str:
        """Host and port as the Host header says them."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.is_secure else 80) else f"{name}:{self.port}"


def parse(url: str, allowed: Collection[str] = ()) -> Target:
    """The parts of a URL. Raises Refused: no TLS, a login in it, a private address written out, nonsense.

    `allowed` are host names or addresses, set by the operator, for which neither rule holds.
    """
    if len(url) > MOST_CHARACTERS or any(ord(letter) <= 32 or ord(letter) >= 127 for letter in url):
        raise Refused("malformed")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Refused("malformed") from None
    if parts.scheme not in ("https", "http") or not host or port == 0:
        raise Refused("malformed")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("credentials")
    is_secure = parts.scheme == "https"
    if host not in allowed:
        if not is_secure:
            raise Refused("no_tls")
        written_out = _written_out(host)
        if written_out is not None and not is_public(written_out):
            raise Refused("private")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(host, port or (443 if is_secure else 80), path, is_secure)


def resolve(target: Target, allowed: Collection[str] = ()) -> str:
    """An address of the target to connect to. Raises Refused if any of its addresses is private, OSError if none."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if target.host not in allowed and not all(is_public(address) for address in addresses):
        raise Refused("private")
    return str(addresses[0])


def is_public(address: Address) -> bool:
    """Whether it lies in the open internet, also when an IPv4 address is wrapped into an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if wrapped is None and address in NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
    return address.is_global and not (address.is_multicast or address.is_reserved)


NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _written_out(host: str) -> Address | None:
    """The host as an address, also in the short and octal forms that systems still understand."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
