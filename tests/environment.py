"""Loaded before Django's settings (`-p` in pyproject.toml): a bare pytest runs as `./run test` does."""

import os
from pathlib import Path

from tools import messages

REPO = Path(__file__).resolve().parent.parent
os.environ.setdefault("NRS_TEST", "1")
os.environ.setdefault("DATA_DIR", str(REPO / "var" / "test"))
messages.compile_all(REPO)  # .mo files are not committed; Django reads them when it starts
