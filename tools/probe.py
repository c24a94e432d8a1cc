"""Health of one process, asked from beside it: `python -m tools.probe web` or `… peer 5672`."""

from __future__ import annotations

import http.client
import os
import sys
from collections.abc import Iterable
from pathlib import Path

ESTABLISHED = "01"


def web_problem(port: int, host: str = "localhost", timeout: float = 5) -> str:
    """Empty when /healthz/ready answers 200, else why not. Speaks as the trusted proxy would."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/healthz/ready", headers={"Host": host, "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        body = answer.read(2000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as problem:
        return f"no answer: {problem}"
    finally:
        connection.close()
    return "" if answer.status == 200 else f"{answer.status} {body}"


def probe_host(env: dict[str, str]) -> str:
    """A Host header that the web process accepts: the first name in ALLOWED_HOSTS."""
    first = env.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return first if first not in {"", "*"} else "localhost"


def has_peer(port: int, tables: Iterable[str] = ("/proc/net/tcp", "/proc/net/tcp6")) -> bool:
    """True when this container holds an open connection to that port (the broker's, the database's)."""
    for table in tables:
        for line in Path(table).read_text().splitlines()[1:] if Path(table).exists() else []:
            fields = line.split()
            if fields[3] == ESTABLISHED and int(fields[2].rsplit(":", 1)[1], 16) == port:
                return True
    return False


def main(args: list[str]) -> int:
    """0 when healthy; otherwise 1, with the reason on stderr."""
    if args == ["web"]:
        problem = web_problem(int(os.environ.get("PORT", "8000")), probe_host(dict(os.environ)))
    elif len(args) == 2 and args[0] == "peer" and args[1].isdigit():
        problem = "" if has_peer(int(args[1])) else f"no open connection to port {args[1]}"
    else:
        problem = "usage: python -m tools.probe web | peer PORT"
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
