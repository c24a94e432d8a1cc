"""Loaded before Django's settings (`-p` in pyproject.toml): a bare pytest runs as `./run test` does."""

import os
from pathlib import Path

os.environ.setdefault("NRS_TEST", "1")
os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parent.parent / "var" / "test"))
