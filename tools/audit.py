"""`./run audit [--if-reachable]`: are there known vulnerabilities in the locked packages?

pip-audit says "no known vulnerabilities" also about packages that it skipped. Here a skipped package is a failure, and
a service that knows none of them is told apart from a clean answer: exit code 3, and 0 only with --if-reachable.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

from tools import environment
from tools.setup import REPO, say

FILES = ("requirements.txt", "requirements-dev.txt")
CLEAN, FOUND, NOT_ASKED = 0, 1, 3


def run(arguments: list[str]) -> int:
    """0 when every package was looked up and none is vulnerable, 1 when not, 3 when the service was not there."""
    codes = [_file(name) for name in FILES]
    if FOUND in codes:
        return FOUND
    if NOT_ASKED in codes:
        say("audit: NOT DONE. The advisory service did not answer for these packages; nothing is known about them.")
        return CLEAN if "--if-reachable" in arguments else NOT_ASKED
    return CLEAN


def _file(name: str) -> int:
    how = ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    command = ["pip-audit", *how, "-r", name]
    done = subprocess.run(command, cwd=REPO, env=environment.base(), capture_output=True, text=True, timeout=300)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        say(f"audit: {name}: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}")
        return NOT_ASKED
    code, told = judge(found)
    say(f"audit: {name}: {told}")
    return code


def judge(dependencies: list[dict[str, Any]]) -> tuple[int, str]:
    """The code and a sentence for pip-audit's list of packages."""
    skipped = [one["name"] for one in dependencies if "skip_reason" in one]
    bad = [f"{one['name']} {one['version']}: {flaw['id']}" for one in dependencies for flaw in one.get("vulns", ())]
    if bad:
        return FOUND, f"{len(bad)} known vulnerabilities: {'; '.join(bad)}"
    if len(skipped) == len(dependencies):
        return NOT_ASKED, f"none of {len(dependencies)} packages is known to the service"
    if skipped:
        return FOUND, f"skipped, and therefore not audited: {', '.join(skipped)}"
    return CLEAN, f"{len(dependencies)} packages looked up, no known vulnerability"
