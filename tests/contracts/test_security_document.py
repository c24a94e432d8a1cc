"""docs/security.md answers every requirement of level 1 and 2 of ASVS 5.0.0, each once, and what it names is there."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

REPO = Path(__file__).parents[2]
DOCUMENT = REPO / "docs" / "security.md"
#: Chapter → section → how many of its requirements are of level 1 or 2; they are always its first ones.
SECTIONS = {
    1: {1: 2, 2: 9, 3: 11, 4: 3, 5: 2},
    2: {1: 3, 2: 3, 3: 4, 4: 1},
    3: {2: 2, 3: 4, 4: 6, 5: 5, 7: 2},
    4: {1: 3, 2: 1, 3: 2, 4: 4},
    5: {1: 1, 2: 3, 3: 2, 4: 3},
    6: {1: 3, 2: 12, 3: 4, 4: 4, 5: 5, 6: 3, 8: 4},
    7: {1: 3, 2: 4, 3: 2, 4: 5, 5: 2, 6: 2},
    8: {1: 2, 2: 3, 3: 1, 4: 1},
    9: {1: 3, 2: 4},
    10: {1: 2, 2: 2, 3: 4, 4: 11, 5: 5, 6: 2, 7: 3},
    11: {1: 2, 2: 3, 3: 3, 4: 4, 5: 1, 6: 1},
    12: {1: 3, 2: 2, 3: 4},
    13: {1: 1, 2: 5, 3: 2, 4: 5},
    14: {1: 2, 2: 4, 3: 3},
    15: {1: 3, 2: 3, 3: 7},
    16: {1: 1, 2: 5, 3: 4, 4: 3, 5: 3},
    17: {1: 1, 2: 4, 3: 2},
}
WANTED = [
    f"{chapter}.{section}.{number}"
    for chapter, sections in SECTIONS.items()
    for section, count in sections.items()
    for number in range(1, count + 1)
]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| (yes|no|n/a) \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`([a-z_/0-9]+)::([a-z0-9_]+)`")
FILE = re.compile(
    r"`([\w./-]+\.(?:py|md|csv|yml|yaml|txt|json|html|js|in)|Dockerfile|run|deploy/Caddyfile|\.dockerignore)`"
)
HEADING = re.compile(r"§ ([A-Z][^.;,|`)]+?)(?=[.;,|)]|$)")


class Answer(NamedTuple):
    """One row."""

    id: str
    level: str
    asked: str
    answer: str
    where: str


@cache
def answers() -> list[Answer]:
    return [Answer(*(part.strip() for part in found)) for found in ROW.findall(DOCUMENT.read_text())]


def test_there_are_253_requirements() -> None:
    assert len(WANTED) == 253


def test_every_requirement_is_answered_once_in_order() -> None:
    assert [row.id for row in answers()] == WANTED


def test_the_figures_at_the_head_are_those_of_the_tables() -> None:
    found = Counter(row.answer for row in answers())
    said = re.search(r"\*\*(\d+) yes, (\d+) no, (\d+) not applicable\*\*", DOCUMENT.read_text())
    assert said is not None
    assert [int(number) for number in said.groups()] == [found["yes"], found["no"], found["n/a"]]


@pytest.mark.parametrize("row", answers(), ids=lambda row: row.id)
def test_what_an_answer_names_is_there(row: Answer) -> None:
    tests, files, headings = TEST.findall(row.where), FILE.findall(row.where), HEADING.findall(row.where)
    for file, name in tests:
        path = REPO / "tests" / f"{file}.py"
        assert path.exists() and f"def test_{name}(" in path.read_text(), f"{file}::{name}"
    for name in files:
        assert (REPO / name).exists(), name
    for heading in headings:
        assert f"## {heading.strip()}\n" in DOCUMENT.read_text(), heading
    if row.answer == "yes":
        assert tests or files or headings, "a yes names a test, a file or a section"
    else:
        assert len(row.where) >= 8, "a reason"
