"""`./run test`: the checks, then the suite on every backend that this machine has, then what it ran on."""

from __future__ import annotations

import hashlib
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from tools import backends, checks, environment
from tools.setup import PYTHON, REPO, say

NOTHING_COLLECTED = 5
# Tracing doubles the time of a run: the first lane, which runs nearly everything, is traced.
COVERAGE = ["--cov", "--cov-report="]
PARALLEL = ["-n", "2", "--dist", "loadgroup"]


@dataclass(frozen=True)
class Lane:
    """One pytest run: its name in the summary, what it adds to the environment and to the arguments."""

    name: str
    env: dict[str, str]
    arguments: list[str]


def run(arguments: list[str]) -> int:
    """Checks (unless pytest arguments narrow the run), tests, summary. 0 only when all of it passed."""
    long_lane = "--long" in arguments
    chosen = [argument for argument in arguments if argument != "--long"]
    servers = [backends.find_postgres(), backends.find_rabbitmq(), backends.find_browser()]
    found = [*servers, backends.find_imap()]
    backends.required(*found)
    env = environment.tests() | {"COVERAGE_FILE": str(environment.data_dir() / "test" / "coverage")}
    # What is made up follows from the hash seed: the short lane asks the same each time, the long lane something new.
    env |= {"NRS_TEST_LONG": "1"} if long_lane else {"PYTHONHASHSEED": "0"}
    subprocess.run([str(PYTHON), "-m", "tools.prepare", "messages"], cwd=REPO, env=env, check=True)
    _coverage(["erase"], env)
    checked = None if chosen else checks.run_all()
    results = []
    for lane in lanes(*servers):
        say(f"\n=== {lane.name} ===")
        results.append((lane, *_pytest(lane, chosen, env)))
    return _summary(results, checked, found, env)


def lanes(postgres: backends.Backend, rabbitmq: backends.Backend, browser: backends.Backend) -> list[Lane]:
    """SQLite always; PostgreSQL if it is there; the browser on SQLite; the tests that stop a broker at the end."""
    found = [Lane("SQLite", {}, [*PARALLEL, *COVERAGE, "-m", "not rabbitmq and not postgres and not browser"])]
    on_postgres = {"DATABASE_URL": _own_database(postgres.url)} if postgres.url else {}
    if postgres.url:
        found.append(
            Lane(f"PostgreSQL {postgres.version}", on_postgres, [*PARALLEL, "-m", "not rabbitmq and not browser"])
        )
    if browser.url:
        found.append(Lane(f"Chromium {browser.version}", {}, [*PARALLEL, "-m", "browser"]))
    if rabbitmq.url:
        env = on_postgres | {"TEST_BROKER_URL": rabbitmq.url}
        beside = f" with PostgreSQL {postgres.version}" if postgres.url else " with SQLite"
        found.append(Lane(f"RabbitMQ {rabbitmq.version}{beside}", env, ["-m", "rabbitmq"]))
    return found


def _own_database(url: str) -> str:
    """A database name of this working copy, so that two copies can be tested on one server."""
    name = "nrs_" + hashlib.sha256(str(REPO).encode()).hexdigest()[:8]
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _pytest(lane: Lane, chosen: list[str], env: dict[str, str]) -> tuple[int, float]:
    begun = time.monotonic()
    command = [str(PYTHON), "-m", "pytest", "--create-db"]
    done = subprocess.run([*command, *lane.arguments, *chosen], cwd=REPO, env=env | lane.env)
    return done.returncode, time.monotonic() - begun


def _coverage(arguments: list[str], env: dict[str, str]) -> str:
    command = [str(PYTHON), "-m", "coverage", *arguments]
    return subprocess.run(command, cwd=REPO, env=env, stdout=subprocess.PIPE, text=True).stdout


def _summary(
    results: list[tuple[Lane, int, float]],
    checked: bool | None,
    found: list[backends.Backend],
    env: dict[str, str],
) -> int:
    if checked is not None:
        say("\n" + _coverage(["report", "--skip-covered", "--sort=cover"], env).rstrip())
    say("\n=== Summary ===")
    words = {None: "left out (pytest arguments given)", True: "passed", False: "FAILED"}
    say(f"checks: {words[checked]}")
    for lane, code, seconds in results:
        outcome = {0: "passed", NOTHING_COLLECTED: "no test chosen"}.get(code, f"FAILED (pytest exit code {code})")
        say(f"{lane.name}: {outcome} in {seconds:.0f} s")
    for backend in found:
        if not backend.url:
            say(f"{backend.name}: not there, so its tests were left out ({backend.why})")
    say(f"coverage: {_coverage(['report', '--format=total'], env).strip() or '?'} %")
    codes = {code for _, code, _ in results}
    good = checked is not False and codes <= {0, NOTHING_COLLECTED} and 0 in codes
    say("All passed." if good else "NOT passed.")
    return 0 if good else 1
