"""docs/trust.md: the figures that commands wrote, each section with its day and machine."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime

from tools.setup import REPO

FILE = REPO / "docs" / "trust.md"
HEAD = """# Trust, in figures

Written by the commands that are named in each section; do not edit by hand. What is promised is in
[security.md](security.md), [privacy.md](privacy.md) and [operations.md](operations.md).
"""


def write(key: str, title: str, text: str) -> None:
    """Replace (or add) the section `key`."""
    before = FILE.read_text() if FILE.exists() else HEAD
    stamp = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine()}, at commit {_commit()}"
    section = f"<!-- {key} -->\n## {title}\n\n{stamp}.\n\n{text.strip()}\n<!-- /{key} -->"
    found = re.compile(rf"<!-- {key} -->.*?<!-- /{key} -->", re.DOTALL)
    after = found.sub(lambda _match: section, before) if found.search(before) else f"{before.rstrip()}\n\n{section}\n"
    FILE.write_text(after)


def machine() -> str:
    """Cores, system and Python: what a figure depends on. No name of a host."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=REPO, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"
