"""Publishers' files: CSV as text, alone or in a package (a zip, or a folder of files and zips), read strictly.

A file that was cut off, damaged, or is not what its name says is refused with a sentence that names it.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, TextIO

Row = dict[str, str]


class UnreadableFile(Exception):
    """The file is not what the importer reads; the message says what is wrong with it."""


class Package:
    """The CSV files of a zip or a folder by their names, whatever folders lie inside; zips in a folder count too."""

    def __init__(self, path: Path) -> None:
        """Raises UnreadableFile on reading, not here."""
        self.path = path

    def has(self, name: str) -> bool:
        """Whether the package holds the file."""
        return name in self._files

    def languages(self, name: str) -> list[str]:
        """Languages in which there is a `name_xx.csv`: Danish and English first, then by code."""
        found = {file[len(name) + 1 : -4] for file in self._files if file.startswith(f"{name}_")}
        return sorted(found, key=lambda code: ({"en": 0, "da": 1}.get(code, 2), code))

    def rows(self, name: str, needs: set[str], unique: str = "") -> Iterator[Row]:
        """Stream the rows of a file; no two may have the same value in the column `unique`.

        Raises UnreadableFile, naming the file, when it or a column is missing, or a row is broken or comes twice.
        """
        if not self.has(name):
            raise UnreadableFile(f"{self.path.name} does not hold {name}")
        first_rows: dict[str, int] = {}
        try:
            with self._open(name) as file:
                for number, row in enumerate(reader(file, needs), 1):
                    if unique and (first := first_rows.setdefault(row[unique], number)) != number:
                        raise UnreadableFile(f"row {first} comes twice: {row[unique]}")
                    yield row
        except UnicodeDecodeError as problem:
            raise UnreadableFile(f"{name} is not UTF-8 text") from problem
        except (zipfile.BadZipFile, zlib.error, EOFError) as problem:
            raise UnreadableFile(f"{name} in the zip is damaged: {problem}") from problem
        except UnreadableFile as problem:
            raise UnreadableFile(f"{name}: {problem}") from problem

    @contextmanager
    def _open(self, name: str) -> Iterator[TextIO]:
        holder, member = self._files[name]
        if not member:
            with holder.open(encoding="utf-8-sig", newline="") as file:
                yield file
            return
        with zipfile.ZipFile(holder) as archive, archive.open(member) as raw:
            yield _as_text(raw)

    @cached_property
    def _files(self) -> dict[str, tuple[Path, str]]:
        """File name → the file, or the zip and the name in it. Raises UnreadableFile for two of one name."""
        found: dict[str, tuple[Path, str]] = {}
        for name, place in self._contents():
            if not name.endswith(".csv") or name.startswith("._"):
                continue
            if name in found:
                raise UnreadableFile(f"{self.path.name} holds {name} twice; import one version at a time")
            found[name] = place
        return found

    def _contents(self) -> Iterator[tuple[str, tuple[Path, str]]]:
        files = sorted(self.path.rglob("*")) if self.path.is_dir() else [self.path]
        for file in files:
            if file.suffix.lower() == ".zip":
                for member in _members(file):
                    yield PurePosixPath(member.replace("\\", "/")).name, (file, member)
            elif self.path.is_dir():
                yield file.name, (file, "")


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError) as problem:
        raise UnreadableFile(f"{path.name} is no zip file, or only a part of one") from problem


def _as_text(raw: IO[bytes]) -> TextIO:
    return io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")


def reader(file: TextIO, needs: set[str]) -> Iterator[Row]:
    """Rows as dictionaries; `;` or `,` between the cells. Raises UnreadableFile for a missing column or a broken row.

    A file cut off in the middle of a row shows by that row's cells.
    """
    header = file.readline()
    delimiter = ";" if header.count(";") > header.count(",") else ","
    names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]
    if missing := needs - set(names):
        raise UnreadableFile(f"columns are missing: {', '.join(sorted(missing))}")
    rows = csv.reader(file, delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(rows, 1):
            if cells and len(cells) != len(names):
                text = f"row {number} has {len(cells)} cells instead of {len(names)}: the file is cut off or damaged"
                raise UnreadableFile(text)
            if cells:
                yield dict(zip(names, cells, strict=True))
    except csv.Error as problem:
        raise UnreadableFile(f"line {rows.line_num + 1}: the file is cut off or damaged ({problem})") from problem


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a CSV file as UTF-8, or as the Latin-1 that Danish offices still export."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    yield io.StringIO(text, newline="")
