"""Reading the publishers' own files: industries, ISCO-08, ESCO. Repeatable, each in one transaction."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.db import transaction

from vocabulary.models import (
    Industry,
    IndustryLevel,
    IndustryVersion,
    IscoGroup,
    Occupation,
    OccupationSkill,
    Skill,
    SkillBroader,
    SkillKind,
    public_id_for,
)
from vocabulary.reference import CONCEPT_FIELDS, isco_group
from vocabulary.upsert import Counts, replace_links, upsert

ESCO_URI = "http://data.europa.eu/esco/"

Progress = Callable[[str], None]
Row = dict[str, str]

# Danmarks Statistik numbers the levels of its classification files: 1 letter, 2 two digits, … 5 six digits.
_DST_LEVELS = {"1": IndustryLevel.SECTION, "2": IndustryLevel.DIVISION, "5": IndustryLevel.ACTIVITY}


class UnreadableFile(Exception):
    """The file is not what the importer reads; the message says what is missing."""


def import_db25(path: Path, progress: Progress = lambda step: None) -> list[Counts]:
    """Industries of Dansk Branchekode 2025, in CVR since 1 January 2025."""
    return _import_industries(path, IndustryVersion.DB25, progress)


def import_db07(path: Path, progress: Progress = lambda step: None) -> list[Counts]:
    """Industries of Dansk Branchekode 2007."""
    return _import_industries(path, IndustryVersion.DB07, progress)


@transaction.atomic
def import_isco(path: Path, progress: Progress = lambda step: None) -> list[Counts]:
    """ISCO-08 groups from a CSV with code, title_da and title_en, or from an ESCO package."""
    progress("isco")
    package = Package(path)
    if package.has("ISCOGroups_en.csv"):
        return [_esco_isco(package)]
    with _open_text(path) as file:
        groups = [_isco_from(row) for row in _reader(file, {"code", "title_da", "title_en"})]
    return [_upsert_isco(groups)]


@transaction.atomic
def import_esco(path: Path, progress: Progress = lambda step: None) -> list[Counts]:
    """ESCO occupations, skills and relations from the official CSV download: a zip or its unpacked folder.

    English files are needed, Danish ones (`…_da.csv`) are used where present. Concepts are found by URI;
    those that the package no longer holds are retired. This platform's own concepts are not touched.
    """
    package = Package(path)
    counts = []
    for name, step in (
        ("ISCOGroups", _esco_isco),
        ("skills", _esco_skills),
        ("occupations", _esco_occupations),
        ("broaderRelationsSkillPillar", _esco_broader),
        ("occupationSkillRelations", _esco_occupation_skills),
    ):
        progress(name)
        counts.append(step(package))
    return counts


@dataclass(frozen=True)
class Package:
    """A zip or a folder of CSV files, whatever folders lie inside it."""

    path: Path

    def has(self, name: str) -> bool:
        """Whether the package holds the file."""
        return self._find(name) is not None

    def rows(self, name: str, needs: set[str]) -> Iterator[Row]:
        """Stream the rows of a file. Raises UnreadableFile when the file or a column is missing."""
        found = self._find(name)
        if found is None:
            raise UnreadableFile(f"{self.path.name} does not hold {name}")
        if self.path.is_dir():
            with (self.path / found).open(encoding="utf-8-sig", newline="") as file:
                yield from _reader(file, needs)
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(found) as raw:
            yield from _reader(io.TextIOWrapper(raw, encoding="utf-8-sig", newline=""), needs)

    def _find(self, name: str) -> str | None:
        if self.path.is_dir():
            names = sorted(str(file.relative_to(self.path)) for file in self.path.rglob("*.csv"))
        elif zipfile.is_zipfile(self.path):
            with zipfile.ZipFile(self.path) as archive:
                names = archive.namelist()
        else:
            return None
        return next((found for found in names if found.replace("\\", "/").rsplit("/", 1)[-1] == name), None)


def _reader(file: TextIO, needs: set[str]) -> Iterator[Row]:
    """Rows as dictionaries with lower-case-insensitive needs checked; `;` or `,` between the cells."""
    header = file.readline()
    delimiter = ";" if header.count(";") > header.count(",") else ","
    names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]
    missing = needs - set(names)
    if missing:
        raise UnreadableFile(f"columns are missing: {', '.join(sorted(missing))}")
    return csv.DictReader(file, fieldnames=names, delimiter=delimiter, restval="")


@contextmanager
def _open_text(path: Path) -> Iterator[TextIO]:
    """Open a CSV file as UTF-8, or as the Latin-1 that Danish offices still export."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    yield io.StringIO(text, newline="")


@transaction.atomic
def _import_industries(path: Path, version: str, progress: Progress) -> list[Counts]:
    progress(version)
    with _open_text(path) as file:
        source = list(_reader(file, set()))
    columns = set(source[0]) if source else set()
    if {"KODE", "NIVEAU", "TITEL"} <= columns:
        entries = list(_industries_dst(source, version))
    elif {"code", "title_da", "section", "division"} <= columns:
        entries = list(_industries_flat(source, version))
    else:
        raise UnreadableFile("expected the columns KODE;NIVEAU;TITEL or code,title_da,section,division")
    levels = {entry.level for entry in entries}
    scope = Industry.objects.version(version).filter(level__in=levels)
    fields = ("level", "title_da", "section", "division", "retired")
    return [upsert(scope, entries, key=("code", "version"), fields=fields, kind=version)]


def _industries_dst(source: list[Row], version: str) -> Iterator[Industry]:
    """Danmarks Statistik's own layout: one row per group, in order, the levels numbered."""
    section = ""
    for row in source:
        level = _DST_LEVELS.get(row["NIVEAU"].strip())
        code = row["KODE"].replace(".", "").strip()
        if level is None:
            continue
        if level == IndustryLevel.SECTION:
            section = code
        division = "" if level == IndustryLevel.SECTION else code[:2]
        yield _industry(code, version, level, row["TITEL"], section, division)


def _industries_flat(source: list[Row], version: str) -> Iterator[Industry]:
    """One row per six-digit code, with the titles of section and division where the file has them."""
    for row in source:
        section, division = row["section"], row["division"]
        if row.get("section_title_da"):
            yield _industry(section, version, IndustryLevel.SECTION, row["section_title_da"], section, "")
        if row.get("division_title_da"):
            title = row["division_title_da"]
            yield _industry(division, version, IndustryLevel.DIVISION, title, section, division)
        yield _industry(row["code"], version, IndustryLevel.ACTIVITY, row["title_da"], section, division)


def _industry(code: str, version: str, level: str, title: str, section: str, division: str) -> Industry:
    return Industry(code=code, version=version, level=level, title_da=title.strip(), section=section, division=division)


def _isco_from(row: Row) -> IscoGroup:
    return isco_group(row["code"], row["title_da"], row["title_en"])


def _upsert_isco(groups: list[IscoGroup]) -> Counts:
    known = {group.code for group in groups} | set(IscoGroup.objects.order_by().values_list("code", flat=True))
    orphans = sorted(group.code for group in groups if group.parent_id and group.parent_id not in known)
    if orphans or any(not 1 <= len(group.code) <= 4 for group in groups):
        raise UnreadableFile(f"ISCO codes are of 1 to 4 digits, each with its parent: {', '.join(orphans)}")
    fields = ("level", "parent_id", "title_da", "title_en")
    return upsert(IscoGroup.objects.all(), groups, key=("code",), fields=fields)


def _esco_isco(package: Package) -> Counts:
    danish = _danish(package, "ISCOGroups")
    groups = [
        isco_group(row["code"], danish.get(row["conceptUri"], {}).get("preferredLabel", ""), row["preferredLabel"])
        for row in package.rows("ISCOGroups_en.csv", {"conceptUri", "code", "preferredLabel"})
    ]
    return _upsert_isco(groups)


def _esco_skills(package: Package) -> Counts:
    danish = _danish(package, "skills")
    entries = [
        Skill(reuse_level=row["reuseLevel"], is_group=False, **_concept(row, danish))
        for row in package.rows("skills_en.csv", {"conceptUri", "reuseLevel", "preferredLabel", "altLabels"})
    ]
    if package.has("skillGroups_en.csv"):
        danish = _danish(package, "skillGroups")
        entries += [
            Skill(reuse_level="", is_group=True, **_concept(row, danish))
            for row in package.rows("skillGroups_en.csv", {"conceptUri", "preferredLabel", "altLabels"})
        ]
    own = Skill.objects.filter(uri__startswith=ESCO_URI)
    return upsert(own, entries, key=("uri",), fields=(*CONCEPT_FIELDS, "reuse_level", "is_group"))


def _esco_occupations(package: Package) -> Counts:
    danish = _danish(package, "occupations")
    needs = {"conceptUri", "iscoGroup", "preferredLabel", "altLabels"}
    entries = [
        Occupation(isco_id=row["iscoGroup"], **_concept(row, danish))
        for row in package.rows("occupations_en.csv", needs)
    ]
    known = set(IscoGroup.objects.order_by().values_list("code", flat=True))
    strange = sorted({entry.isco_id for entry in entries} - known)
    if strange:
        raise UnreadableFile(f"occupations name ISCO groups that the package does not hold: {', '.join(strange)}")
    own = Occupation.objects.filter(uri__startswith=ESCO_URI)
    return upsert(own, entries, key=("uri",), fields=(*CONCEPT_FIELDS, "isco_id"))


def _esco_broader(package: Package) -> Counts:
    skills = _ids(Skill)
    wanted = {}
    for row in package.rows("broaderRelationsSkillPillar_en.csv", {"conceptUri", "broaderUri"}):
        child, parent = skills.get(row["conceptUri"]), skills.get(row["broaderUri"])
        if child and parent and child != parent:
            wanted[child, parent] = ""
    scope = SkillBroader.objects.filter(child__uri__startswith=ESCO_URI)
    return replace_links(scope, wanted, ends=("child_id", "parent_id"))


def _esco_occupation_skills(package: Package) -> Counts:
    skills, occupations = _ids(Skill), _ids(Occupation)
    wanted: dict[tuple[int, int], str] = {}
    needs = {"occupationUri", "relationType", "skillUri"}
    for row in package.rows("occupationSkillRelations_en.csv", needs):
        occupation, skill = occupations.get(row["occupationUri"]), skills.get(row["skillUri"])
        if not occupation or not skill or row["relationType"] not in SkillKind.values:
            continue
        if wanted.get((occupation, skill)) != SkillKind.ESSENTIAL:
            wanted[occupation, skill] = row["relationType"]
    scope = OccupationSkill.objects.filter(occupation__uri__startswith=ESCO_URI)
    return replace_links(scope, wanted, ends=("occupation_id", "skill_id"), label="kind")


def _danish(package: Package, name: str) -> dict[str, Row]:
    """Danish rows by URI, only the columns that are read; empty where the package has no Danish file."""
    if not package.has(f"{name}_da.csv"):
        return {}
    return {
        row["conceptUri"]: {
            "preferredLabel": row["preferredLabel"],
            "altLabels": row["altLabels"],
        }
        for row in package.rows(f"{name}_da.csv", {"conceptUri", "preferredLabel", "altLabels"})
    }


def _concept(row: Row, danish: dict[str, Row]) -> dict[str, object]:
    da = danish.get(row["conceptUri"], {})
    return {
        "uri": row["conceptUri"],
        "public_id": public_id_for(row["conceptUri"]),
        "label_da": da.get("preferredLabel", ""),
        "label_en": row["preferredLabel"],
        "alt_labels_da": da.get("altLabels", ""),
        "alt_labels_en": row["altLabels"],
    }


def _ids(model: type[Skill] | type[Occupation]) -> dict[str, int]:
    found = model.objects.filter(uri__startswith=ESCO_URI).order_by()
    return dict(found.values_list("uri", "pk"))
