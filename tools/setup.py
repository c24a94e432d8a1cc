"""The virtual environment: made once, filled from the hash-locked files, known again by its stamps."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
VENV = REPO / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {
    "runtime": REPO / "requirements.txt",
    "dev": REPO / "requirements-dev.txt",
    "node": REPO / "requirements-node.txt",  # only where there is no Node (tools/frontend.py)
}
WITHOUT_PIP = """There is neither pip nor ensurepip for {python}, so nothing can be installed.
On Debian or Ubuntu:  sudo apt-get install python3-venv
On Fedora:            sudo dnf install python3-pip
Then start ./run again."""


class SetupFailed(Exception):
    """The set-up cannot go on; the text says why and what to do."""


def say(text: str) -> None:
    """One line to the person at the terminal."""
    print(text, flush=True)


def ensure(*parts: str) -> None:
    """Make `.venv` hold these lock files' packages (names of LOCKS). Instant when the stamps match."""
    wanted = [part for part in parts if not _is_stamped(part)]
    if not wanted and PYTHON.exists():
        return
    begun = time.monotonic()
    if not PYTHON.exists():
        _create()
    for part in wanted or parts:
        say(f"Installing {LOCKS[part].name} into .venv …")
        _install(LOCKS[part])
        _stamp(part).write_text(_fingerprint(part))
    say(f"Set-up took {time.monotonic() - begun:.0f} s.")


def lock() -> int:
    """Compile the requirement files with hashes. Needs the dev set (it holds uv)."""
    for source in ("requirements.in", "requirements-dev.in", "requirements-node.in"):
        target = source.replace(".in", ".txt")
        command = [
            VENV / "bin" / "uv",
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--python-version",
            "3.11",
        ]
        command += ["--generate-hashes", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
        code = subprocess.run([*map(str, command), source, "-o", target], cwd=REPO).returncode
        if code:
            return code
        say(f"{target} is up to date with {source}.")
    return 0


def _fingerprint(part: str) -> str:
    version = ".".join(map(str, sys.version_info[:2]))
    return hashlib.sha256(LOCKS[part].read_bytes() + version.encode()).hexdigest()


def _stamp(part: str) -> Path:
    return VENV / f".stamp-{part}"


def _is_stamped(part: str) -> bool:
    stamp = _stamp(part)
    return stamp.exists() and stamp.read_text() == _fingerprint(part)


def _create() -> None:
    say(f"Creating .venv with Python {sys.version.split()[0]} …")
    command = [sys.executable, "-m", "venv", str(VENV)]
    if VENV.exists():  # its interpreter is gone: a moved folder, or a Python that was removed
        command.append("--clear")
    if importlib.util.find_spec("ensurepip") is None:
        command.append("--without-pip")
    if subprocess.run(command).returncode:
        raise SetupFailed(f"Could not create {VENV}.")


def _install(lock_file: Path) -> None:
    command = [*_installer(), "install", "--quiet", "--require-hashes", "-r", str(lock_file)]
    if subprocess.run(command, cwd=REPO, env=_quiet_pip()).returncode:
        raise SetupFailed(f"Installing {lock_file.name} failed; the lines above say why.")


def _quiet_pip() -> dict[str, str]:
    return {
        **os.environ,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_NO_INPUT": "1",
    }


def _installer() -> list[str]:
    """A pip for `.venv`: its own, another one told about it, uv, or one fetched from Debian."""
    own = [str(PYTHON), "-m", "pip"]
    if _works(own):
        return own
    beside = [sys.executable, "-m", "pip"]
    if _works(beside):
        return [*beside, "--python", str(PYTHON)]
    if uv := shutil.which("uv"):
        os.environ["VIRTUAL_ENV"] = str(VENV)
        return [uv, "pip"]
    if _works([str(PYTHON), "-m", "ensurepip"]) and _works(own):
        return own
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_install("python3-venv")
        if _works([str(PYTHON), "-m", "ensurepip"]) and _works(own):
            return own
    raise SetupFailed(WITHOUT_PIP.format(python=sys.executable))


def _works(command: list[str]) -> bool:
    extra = ["--version"] if command[-1] == "pip" else []
    return subprocess.run([*command, *extra], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def _apt_install(package: str) -> None:
    say(f"Installing the Debian package {package} …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], env=quiet)
