"""What comes before the processes, in one interpreter: `python -m tools.prepare demo|services|tour|messages`.

Every step may be repeated; what is done already is left alone. Runs inside the virtual environment.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from pathlib import Path

from tools import messages

REPO = Path(__file__).resolve().parent.parent
STEPS = {
    "services": ["migrate", "database_roles --if-set", "load_reference", "declare_topology", "collectstatic"],
    "demo": ["migrate", "load_reference", "load_scenario demo --if-empty", "collectstatic"],
    "tour": ["migrate", "load_reference", "collectstatic"],
    "messages": [],
}
LOCK_SECONDS, PAUSE_SECONDS, MIGRATION_TRIES = 2, 3, 60
LOCK_NOT_AVAILABLE = "55P03"
QUIET = {
    "migrate": {"verbosity": 0, "interactive": False},
    "collectstatic": {"verbosity": 0, "interactive": False},
}


def prepare(kind: str) -> None:
    """Translations, then the management commands of that kind, in order. Raises what they raise."""
    for written in messages.compile_all(REPO):
        print(f"Compiled {written.relative_to(REPO)}.", flush=True)
    if not STEPS[kind]:
        return
    import django
    from django.core.management import call_command

    django.setup()
    for step in STEPS[kind]:
        name, *rest = step.split()
        if name == "collectstatic" and _static_is_fresh():
            continue
        if name == "declare_topology":
            _declare_topology()
        elif name == "migrate":
            _migrate()
        else:
            call_command(name, *rest, **QUIET.get(name, {}))
        if name == "collectstatic":
            _static_stamp().write_text(_static_fingerprint())


def _migrate() -> None:
    """Migrate, also while an older version serves: wait for a table in use no longer than the requests that queue up
    behind may wait, let them through, and try again. Each migration is a transaction: those done are done.
    """
    from django.core.management import call_command
    from django.db import OperationalError, connection

    for tries_left in reversed(range(MIGRATION_TRIES)):
        try:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:  # and an index may take longer to build than a request may last
                    cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'; SET statement_timeout = 0")
            call_command("migrate", **QUIET["migrate"])
            return
        except OperationalError as problem:
            if getattr(problem.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE or not tries_left:
                raise
            print(f"A table is in use; migrating goes on in {PAUSE_SECONDS} s.", flush=True)
            time.sleep(PAUSE_SECONDS)
        finally:
            connection.close()


def _declare_topology() -> None:
    """Queues on the broker. It may be away: the outbox waits, and the relay declares them when it comes."""
    from django.core.management import call_command

    try:
        call_command("declare_topology")
    except OSError as problem:
        print(f"The broker does not answer ({problem}); events wait until it does.", flush=True)


def _static_stamp() -> Path:
    from django.conf import settings

    return Path(settings.STATIC_ROOT) / ".stamp"


def _static_is_fresh() -> bool:
    stamp = _static_stamp()
    return stamp.exists() and stamp.read_text() == _static_fingerprint()


def _static_fingerprint() -> str:
    """Changes with any static file of the repository, the front end, the locked packages and the way of storing."""
    from django.conf import settings

    seen = hashlib.sha256((REPO / "requirements.txt").read_bytes())
    seen.update(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    seen.update((REPO / "web" / "vendor" / ".stamp").read_bytes())
    for path in sorted(REPO.glob("*/static/**/*")):
        if path.is_file():
            stat = path.stat()
            seen.update(f"{path.relative_to(REPO)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in STEPS:
        sys.exit(f"usage: python -m tools.prepare {'|'.join(STEPS)}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nrs.settings")
    prepare(sys.argv[1])
