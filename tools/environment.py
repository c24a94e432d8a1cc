"""The environments that the processes run in: the embedded demo, services by hand, tests."""

from __future__ import annotations

import errno
import os
import secrets
import socket
from pathlib import Path

from tools.setup import REPO, VENV, SetupFailed, say

# Names that the product reads; tests start without them, so that nobody's shell changes a result.
PRODUCT_NAMES = frozenset(
    """
    DATABASE_URL REPLICA_URL REPLICA_WAIT OVERLOAD_WAIT BROKER_URL SECRET_KEY SECRET_KEY_FALLBACKS
    ALLOWED_HOSTS DATA_DIR HOST PORT DEBUG NRS_DEMO NRS_TEST BASE_URL EMAIL_URL DEFAULT_FROM_EMAIL SHARED_MAILBOX
    SERVICE_PHONE TRUSTED_PROXIES WEB_WORKERS WEBHOOK_PRIVATE_HOSTS DATABASE_ROLES MAILBOX_URL MAILBOX_KEEP_DAYS
    CVR_URL CVR_USER CVR_PASSWORD CVR_TIMEOUT LOG_LEVEL LOG_FORMAT METRICS_TOKEN REQUIRE_TOTP OIDC_PROVIDERS
    OTEL_EXPORTER_OTLP_ENDPOINT
    """.split()  # noqa: SIM905 - reads better than a list of twenty quoted names
)


def data_dir() -> Path:
    """Where this installation keeps what it writes."""
    path = Path(os.environ.get("DATA_DIR") or REPO / "var").resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def base() -> dict[str, str]:
    """The caller's environment with the virtual environment's programs first and Django's settings named."""
    return {
        **os.environ,
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "VIRTUAL_ENV": str(VENV),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "nrs.settings",
    }


def embedded(folder: Path, port: int) -> dict[str, str]:
    """SQLite and the file-system broker in `folder`, whatever DATABASE_URL says."""
    return base() | {
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{folder / 'nrs.sqlite3'}",
        "BROKER_URL": "filesystem://",
        "NRS_DEMO": "1",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or kept_secret(folder),
    }


def services() -> dict[str, str]:
    """PostgreSQL and RabbitMQ as the environment names them. Raises SetupFailed where a name is missing."""
    missing = [name for name in ("DATABASE_URL", "BROKER_URL", "SECRET_KEY") if not os.environ.get(name)]
    if missing:
        raise SetupFailed(
            f"./run services needs {' and '.join(missing)} in the environment, e.g.\n"
            "  DATABASE_URL=postgres://nrs:password@127.0.0.1:5432/nrs\n"
            "  BROKER_URL=amqp://nrs:password@127.0.0.1:5672//\n"
            "  SECRET_KEY=<at least 50 characters>\n"
            "docs/operations.md lists every name. ./run without a word needs none of them."
        )
    return base() | {"DATA_DIR": str(data_dir()), "PORT": os.environ.get("PORT", "8000")}


def manage() -> dict[str, str]:
    """For manage.py by hand: the services if the environment names a database, else the demo."""
    if os.environ.get("DATABASE_URL"):
        return base() | {"DATA_DIR": str(data_dir())}
    return embedded(data_dir(), int(os.environ.get("PORT", "8000")))


def tests() -> dict[str, str]:
    """For tests and checks: nothing of the product's names but NRS_TEST and a folder of its own."""
    folder = data_dir() / "test"
    folder.mkdir(exist_ok=True)
    env = {name: value for name, value in base().items() if name not in PRODUCT_NAMES}
    return env | {"NRS_TEST": "1", "DATA_DIR": str(folder)}


def kept_secret(folder: Path) -> str:
    """The demo's SECRET_KEY: made once, readable by its owner alone."""
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    return path.read_text().strip()


def choose_port() -> int:
    """PORT if it is set (and free), else the first free one from 8000 on; says so when it is not 8000."""
    wanted = os.environ.get("PORT")
    host = os.environ.get("HOST", "127.0.0.1")
    if wanted:
        if not wanted.isdigit() or not 1 <= int(wanted) <= 65535:
            raise SetupFailed(f"PORT is {wanted!r}; it must be a number between 1 and 65535.")
        if not is_free(int(wanted), host):
            raise SetupFailed(f"PORT {wanted} is taken or reserved. Name another one: PORT=8001 ./run")
        return int(wanted)
    for port in range(8000, 8100):
        if is_free(port, host):
            if port != 8000:
                say(f"Port 8000 is taken; using {port}.")
            return port
    raise SetupFailed("Ports 8000 to 8099 are all taken. Name a free one: PORT=9000 ./run")


def any_free_port() -> int:
    """A free port that the system picks."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Can a server listen there? Raises SetupFailed for a host that is not this machine's."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise SetupFailed(f"Cannot listen on HOST={host}: {problem.strerror}.") from problem
    return True
