"""`./run check`: style, layers, types, migrations, the API's contract, production settings."""

from __future__ import annotations

import difflib
import secrets
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import environment
from tools.setup import REPO, say

CONTRACT = REPO / "api" / "openapi.yaml"
CODE = (
    "accounts",
    "api",
    "campaigns",
    "candidates",
    "companies",
    "events",
    "joborders",
    "municipalities",
    "notifications",
    "nrs",
    "screening",
    "vocabulary",
    "web",
    "tools",
)
Result = tuple[bool, str]


def run_all() -> bool:
    """Run every check, two at a time; prints each one's result and the output of those that failed."""
    env = environment.tests()
    checks: dict[str, Callable[[], Result]] = {
        "types (mypy)": lambda: _command(["mypy"], env),
        "code style (ruff check)": lambda: _command(["ruff", "check", "--output-format", "concise", "."], env),
        "format (ruff format)": lambda: _command(["ruff", "format", "--check", "--output-format", "concise", "."], env),
        "security (bandit)": lambda: _command(["bandit", "-q", "-c", "pyproject.toml", "-ll", "-r", *CODE], env),
        "layers (import-linter)": lambda: _command(["lint-imports", "--no-cache"], env),
        "no missing migration": lambda: _manage(["makemigrations", "--check", "--dry-run"], env),
        "migrations beside running code (nrs/upgrading.py)": lambda: _manage(["check_migrations"], env),
        "API contract (api/openapi.yaml)": lambda: _contract(env),
        "events' documents (docs/events.md, asyncapi.yaml)": lambda: _manage(["events_docs", "--check"], env),
        "map of personal data (docs/privacy.md)": lambda: _manage(["data_map", "--check"], env),
        "production settings (check --deploy)": lambda: _manage(
            ["check", "--deploy", "--fail-level", "WARNING"], _production(env)
        ),
    }
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {name: pool.submit(_timed, check) for name, check in checks.items()}
        passed = [_report(name, *future.result()) for name, future in running.items()]
    return all(passed)


def _timed(check: Callable[[], Result]) -> tuple[Result, float]:
    begun = time.monotonic()
    return check(), time.monotonic() - begun


def _report(name: str, result: Result, seconds: float) -> bool:
    ok, output = result
    say(f"check  {'ok    ' if ok else 'FAILED'}  {name} ({seconds:.1f} s)")
    if not ok:
        say(output.rstrip() + "\n")
    return ok


def _command(command: list[str], env: dict[str, str]) -> Result:
    done = subprocess.run(command, cwd=REPO, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode == 0, done.stdout


def _manage(arguments: list[str], env: dict[str, str]) -> Result:
    return _command(["python", "manage.py", *arguments], env)


def _contract(env: dict[str, str]) -> Result:
    """The committed contract is what the code says, and drf-spectacular warns of nothing."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.yaml"
        ok, output = _manage(["spectacular", "--validate", "--fail-on-warn", "--file", str(fresh)], env)
        if not ok:
            return False, output
        old = CONTRACT.read_text().splitlines() if CONTRACT.exists() else []
        lines = difflib.unified_diff(old, fresh.read_text().splitlines(), "committed", "the code", lineterm="")
        difference = list(lines)
    if not difference:
        return True, ""
    if not old:
        return False, f"{CONTRACT.relative_to(REPO)} is not there."
    hint = "If the change is meant:  ./run manage spectacular --file api/openapi.yaml"
    return False, "\n".join([*difference[:80], "", hint])


def _production(env: dict[str, str]) -> dict[str, str]:
    """As a production server would be set; the database is not asked."""
    return {name: value for name, value in env.items() if name != "NRS_TEST"} | {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "nrs.example",
        "BASE_URL": "https://nrs.example",
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": "postgres://nrs:nrs@127.0.0.1:5432/nrs",
        "BROKER_URL": "amqp://nrs:nrs@127.0.0.1:5672//",
    }
