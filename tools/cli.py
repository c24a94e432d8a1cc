"""The commands of `./run`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools import audit as auditing
from tools import backends, checks, environment, frontend, messages, setup, testing
from tools.processes import PREPARE_DEMO, PREPARE_SERVICES, PREPARE_TOUR
from tools.setup import REPO, SetupFailed, say
from tools.supervisor import Supervisor

HELP = """./run [command]

  (none)          set up, and serve the demo region: SQLite, embedded broker, real worker. Ctrl-C stops it
  setup           the set-up alone
  test [--long]   checks and tests on every backend that is there; further words go to pytest
  check           linters, types, layers, migrations, API contract, production settings
  manage …        manage.py in the same environment (DATABASE_URL if set, else the demo's database)
  drill [FOLDER]  restore a back-up (that of `manage backup`, or one taken now) into an empty database and compare
  tour            start an empty product on a free port and drive the main job through it
  faults [kind]   break servers and processes under load and count what is left; --ci is the short lane
  load [part]     how much it can do, what it does beyond that, and what it needs meanwhile
  matrix          who gets in where: all cases, their table into docs/trust.md (on DATABASE_URL if set, else SQLite)
  audit           known vulnerabilities of the locked packages; fails where one was not looked up
  bench [part]    the benchmarks, as a table; --json FILE keeps them
  screenshots     pictures of the main pages of a fresh demo, into docs/pictures (needs chromium)
  esco-check      the screening's definition against ESCO's occupations; a folder with the package may follow
  services        the same processes against DATABASE_URL and BROKER_URL
  lock            compile requirements*.in to requirements*.txt

DATA_DIR (default: var) is where it writes, PORT (default: 8000) where it serves. See docs/operations.md."""


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code. A failed set-up is told in a sentence, without a traceback."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name in {"help", "-h", "--help"}:
        say(HELP)
        return 0
    if name not in COMMANDS:
        say(f"There is no command {name!r}.\n\n{HELP}")
        return 2
    try:
        return COMMANDS[name](rest)
    except SetupFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def demo(arguments: list[str]) -> int:
    """Serve the demo region until Ctrl-C."""
    _none(arguments)
    port = environment.choose_port()
    _ready("runtime")
    folder = environment.data_dir()
    env = environment.embedded(folder, port)
    if os.environ.get("DATABASE_URL"):
        say("DATABASE_URL is set but not used here: the demo has its own database. ./run services uses it.")
    _prepare(PREPARE_DEMO, env)
    return Supervisor(env, folder / "log").run(lambda: _greet(env, folder))


def services(arguments: list[str]) -> int:
    """The same processes against the database and broker that the environment names."""
    _none(arguments)
    env = environment.services()
    if not environment.is_free(int(env["PORT"]), env.get("HOST", "127.0.0.1")):
        raise SetupFailed(f"PORT {env['PORT']} is taken by another program.")
    _ready("runtime")
    _prepare(PREPARE_SERVICES, env)
    return Supervisor(env).run(lambda: say(f"NRS serves on port {env['PORT']}. Ctrl-C stops it."))


def set_up(arguments: list[str]) -> int:
    """The virtual environment, its packages and the front end, nothing else."""
    _none(arguments)
    _ready("runtime")
    say("Ready. Start with ./run")
    return 0


def test(arguments: list[str]) -> int:
    """Checks and tests."""
    _ready("runtime", "dev")
    return testing.run(arguments)


def check(arguments: list[str]) -> int:
    """The checks alone."""
    _none(arguments)
    _ready("runtime", "dev")
    messages.compile_all(REPO)  # the contract is written with Danish labels
    return 0 if checks.run_all() else 1


def manage(arguments: list[str]) -> int:
    """manage.py with these arguments."""
    _ready("runtime")
    return _call(["python", "manage.py", *arguments], environment.manage())


def drill(arguments: list[str]) -> int:
    """Is a back-up good? Exit 1 where the restored database differs."""
    return manage(["restore_drill", *arguments])


def tour(arguments: list[str]) -> int:
    """An empty product on a free port, driven over HTTP by tools/tour.py."""
    _ready("runtime")
    return _drive(PREPARE_TOUR, lambda base: ["python", "-m", "tools.tour", base, *arguments])


def screenshots(arguments: list[str]) -> int:
    """A fresh demo on a free port, photographed by tools/screenshots.py into docs/pictures."""
    _ready("runtime", "dev")
    return _drive(PREPARE_DEMO, lambda base: ["python", "-m", "tools.screenshots", base, *arguments])


def _drive(prepare: list[str], command: Callable[[str], list[str]]) -> int:
    """Serve from a folder that is thrown away, and run a command against its address."""
    with tempfile.TemporaryDirectory(prefix="nrs-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), environment.any_free_port()
        env = environment.embedded(folder, port) | {"BASE_URL": f"http://127.0.0.1:{port}"}
        _prepare(prepare, env)
        served = Supervisor(env, folder / "log")
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            served.start()
            return _call(command(env["BASE_URL"]), env)
        finally:
            served.stop()


def bench(arguments: list[str]) -> int:
    """The benchmarks on PostgreSQL, found as the tests find it."""
    _ready("runtime", "dev")
    postgres = backends.find_postgres()
    if not postgres.url:
        raise SetupFailed(f"The benchmarks need PostgreSQL, and it is not there: {postgres.why}")
    env = environment.embedded(environment.data_dir() / "bench", environment.any_free_port())
    return _call(["python", "-m", "tools.bench", *arguments], env | {"DATABASE_URL": postgres.url})


def faults(arguments: list[str]) -> int:
    """Faults under load, on servers that it starts itself."""
    _ready("runtime", "dev")
    return _call(["python", "-m", "tests.faults", *arguments], environment.base())


def load(arguments: list[str]) -> int:
    """An open loop against servers and processes that it starts itself."""
    _ready("runtime", "dev")
    return _call(["python", "-m", "tests.load", *arguments], environment.base())


def matrix(arguments: list[str]) -> int:
    """Every door as every role with every relation, and the table of it."""
    _ready("runtime", "dev")
    asked = {name: value for name, value in os.environ.items() if name == "DATABASE_URL"}
    env = environment.tests() | asked | {"NRS_TEST_LONG": "1", "NRS_TRUST": "1"}
    return _call(["python", "-m", "pytest", "-q", "--create-db", "tests/matrix/test_matrix.py", *arguments], env)


def audit(arguments: list[str]) -> int:
    """The locked packages against the public advisories."""
    _ready("runtime", "dev")
    return auditing.run(arguments)


def esco_check(arguments: list[str]) -> int:
    """The pure engine against ESCO: no database, no server."""
    setup.ensure("runtime")
    return _call(["python", "-m", "bench.esco", *arguments], environment.base())


def lock(arguments: list[str]) -> int:
    """Compile the requirement files."""
    _none(arguments)
    setup.ensure("runtime", "dev")
    return setup.lock()


def _ready(*parts: str) -> None:
    """The packages of these lock files, and what the pages need."""
    setup.ensure(*parts)
    frontend.ensure()


def _none(arguments: list[str]) -> None:
    if arguments:
        raise SetupFailed(f"This command takes no arguments: {' '.join(arguments)}. ./run --help lists the commands.")


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _call(command: list[str], env: dict[str, str]) -> int:
    return subprocess.run(command, cwd=REPO, env=env).returncode


def _prepare(command: list[str], env: dict[str, str]) -> None:
    say("Preparing the database …")
    if _call(command, env):
        raise SetupFailed("The database could not be prepared; the lines above say why.")


def _greet(env: dict[str, str], folder: Path) -> None:
    say(f"\nNRS is ready:  http://{env.get('HOST', '127.0.0.1')}:{env['PORT']}/\n")
    _call(["python", "manage.py", "demo_logins"], env)
    say(f"\nData and logs are in {folder}. Ctrl-C stops everything.")


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "": demo,
    "setup": set_up,
    "test": test,
    "check": check,
    "manage": manage,
    "drill": drill,
    "tour": tour,
    "audit": audit,
    "bench": bench,
    "faults": faults,
    "load": load,
    "matrix": matrix,
    "screenshots": screenshots,
    "esco-check": esco_check,
    "services": services,
    "lock": lock,
}
