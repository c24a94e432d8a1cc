"""The two tables kept by hand in docs/, read as they stand: who may see and do what, and which doors there are."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
MATRIX, DOORS = DOCS / "access-matrix.csv", DOCS / "access-doors.csv"
SEE, DO, NOT = "see", "do", "-"
#: The columns of the matrix.
COLUMNS = (
    "anonymous", "company_a", "company_b", "link", "link_opened",
    "consultant", "caseworker", "coordinator", "auditor", "admin",
)  # fmt: skip
#: Whoever stands in no column: the column that they are held to. A reader sees what a consultant may, and does nothing.
STAND_IN = {
    "expired": "anonymous",
    "revoked": "anonymous",
    "left": "anonymous",
    "nobody": "anonymous",
    "reader": "consultant",
}
ROLES = (*COLUMNS, *STAND_IN)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {name: (value or "").strip() for name, value in row.items() if name}


class Rules:
    """docs/access-matrix.csv."""

    def __init__(self, path: Path = MATRIX) -> None:
        self.cells: dict[tuple[str, str, str], str] = {}
        self.twice: list[str] = []
        for row in _rows(path):
            for relation in row["relations"].split():
                if (row["subject"], relation, COLUMNS[0]) in self.cells:
                    self.twice.append(f"{row['subject']} {relation}")
                for column in COLUMNS:
                    self.cells[row["subject"], relation, column] = row[column]

    def answer(self, subject: str, relation: str, role: str) -> str:
        """`see`, `do` or `-`. What no row names is nobody's."""
        found = self.cells.get((subject, relation, STAND_IN.get(role, role)), NOT)
        return SEE if found == DO and role == "reader" else found

    def sees(self, subject: str, relation: str, role: str) -> bool:
        """Whether it may be told."""
        return self.answer(subject, relation, role) in (SEE, DO)

    @property
    def subjects(self) -> set[str]:
        """All that the table rules over."""
        return {subject for subject, _relation, _role in self.cells}


@dataclass(frozen=True)
class DoorRow:
    """One line of docs/access-doors.csv."""

    kind: str
    door: str
    subject: str
    values: str
    note: str

    def names(self, kind: str, door: str) -> bool:
        """Whether the line is about that door; `*` stands for anything, in the admin only."""
        if self.kind != kind:
            return False
        return fnmatchcase(door, self.door) if kind == "admin" and "*" in self.door else door == self.door

    @property
    def parts(self) -> dict[str, list[str]]:
        """Words of the address that are no ids: `step=claim|share kind=skills` → what each may be."""
        pairs = (pair.partition("=") for pair in self.values.split())
        return {name: words.split("|") for name, _is, words in pairs}


def door_rows(path: Path = DOORS) -> list[DoorRow]:
    """Every line."""
    return [DoorRow(**row) for row in _rows(path)]
