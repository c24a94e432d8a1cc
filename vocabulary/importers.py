"""Reading the publishers' own files: industries and ISCO-08. Repeatable, each in one transaction."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from vocabulary.esco import import_isco_groups, upsert_isco
from vocabulary.models import Industry, IndustryLevel, IndustryVersion
from vocabulary.packages import Package, Row, UnreadableFile, open_text, reader
from vocabulary.progress import Progress, silent
from vocabulary.reference import isco_group
from vocabulary.upsert import Counts, plausible, upsert

# Danmarks Statistik numbers the levels of its classification files: 1 letter, 2 two digits, … 5 six digits.
_DST_LEVELS = {"1": IndustryLevel.SECTION, "2": IndustryLevel.DIVISION, "5": IndustryLevel.ACTIVITY}


def import_db25(path: Path, progress: Progress = silent, *, accepts_loss: bool = False) -> list[Counts]:
    """Industries of Dansk Branchekode 2025, in CVR since 1 January 2025."""
    return _import_industries(path, IndustryVersion.DB25, progress, accepts_loss)


def import_db07(path: Path, progress: Progress = silent, *, accepts_loss: bool = False) -> list[Counts]:
    """Industries of Dansk Branchekode 2007."""
    return _import_industries(path, IndustryVersion.DB07, progress, accepts_loss)


@transaction.atomic
def import_isco(path: Path, progress: Progress = silent, *, accepts_loss: bool = False) -> list[Counts]:
    """ISCO-08 groups from a CSV with code, title_da and title_en, or from an ESCO package. Groups are never retired."""
    if path.is_dir() or path.suffix.lower() == ".zip":
        package = Package(path)
        if not package.languages("ISCOGroups"):
            raise UnreadableFile(f"{path.name} does not hold ISCOGroups_…csv")
        return [import_isco_groups(package, progress)]
    with open_text(path) as file:
        rows = list(reader(file, {"code", "title_da", "title_en"}))
    _refuse_twice(row["code"] for row in rows)
    return [upsert_isco([isco_group(row["code"], row["title_da"], row["title_en"]) for row in rows], progress)]


def _refuse_twice(codes: Iterator[str]) -> None:
    twice = sorted(code for code, count in Counter(codes).items() if count > 1)
    if twice:
        raise UnreadableFile(f"codes come twice: {', '.join(twice[:5])}")


@transaction.atomic
def _import_industries(path: Path, version: str, progress: Progress, accepts_loss: bool) -> list[Counts]:
    with open_text(path) as file:
        source = list(reader(file, set()))
    columns = set(source[0]) if source else set()
    if {"KODE", "NIVEAU", "TITEL"} <= columns:
        entries = list(_industries_dst(source, version))
    elif {"code", "title_da", "section", "division"} <= columns:
        entries = list(_industries_flat(source, version))
    else:
        raise UnreadableFile("expected the columns KODE;NIVEAU;TITEL or code,title_da,section,division")
    _refuse_twice(entry.code for entry in entries if entry.level == IndustryLevel.ACTIVITY)
    _refuse_malformed(entries)
    levels = {entry.level for entry in entries}
    scope = Industry.objects.version(version).filter(level__in=levels)
    fields = ("level", "title_da", "section", "division", "retired")
    counts = upsert(scope, entries, key=("code", "version"), fields=fields, kind=version, progress=progress)
    return [counts if accepts_loss else plausible(counts)]


def _refuse_malformed(entries: list[Industry]) -> None:
    """Raises UnreadableFile for a code that does not fit its level, or a title that is missing or too long."""
    for entry in entries:
        fits = {
            IndustryLevel.SECTION: len(entry.code) == 1 and entry.code.isalpha(),
            IndustryLevel.DIVISION: len(entry.code) == 2 and entry.code.isdigit(),
            IndustryLevel.ACTIVITY: len(entry.code) == 6 and entry.code.isdigit() and entry.code[:2] == entry.division,
        }[IndustryLevel(entry.level)]
        if not fits or not entry.title_da or len(entry.title_da) > 300 or len(entry.section) != 1:
            raise UnreadableFile(f"this is no industry of {entry.version}: {entry.code[:20]!r} {entry.title_da[:40]!r}")


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
