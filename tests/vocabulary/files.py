"""Made-up files of the publishers, as small as they can be."""

import csv
import zipfile
from pathlib import Path

ESCO = "http://data.europa.eu/esco/"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "reference"

Table = list[list[str]]


def write(path: Path, rows: Table, delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def esco_tables() -> dict[str, Table]:
    isco = ["8", "83", "833", "8332"]
    return {
        "ISCOGroups_en.csv": [
            ["conceptUri", "code", "preferredLabel"],
            *[[f"{ESCO}isco/C{code}", code, f"Group {code}"] for code in isco],
        ],
        "ISCOGroups_da.csv": [
            ["conceptUri", "code", "preferredLabel", "altLabels"],
            *[[f"{ESCO}isco/C{code}", code, f"Gruppe {code}", ""] for code in isco],
        ],
        "skills_en.csv": [
            ["conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels"],
            [f"{ESCO}skill/1", "skill/competence", "sector-specific", "drive lorry", "operate lorry\nhaul"],
            [f"{ESCO}skill/2", "skill/competence", "occupation-specific", "drive tanker", ""],
            [f"{ESCO}skill/3", "knowledge", "", "road rules", ""],
        ],
        "skills_da.csv": [
            ["conceptUri", "preferredLabel", "altLabels"],
            [f"{ESCO}skill/1", "køre lastbil", ""],
        ],
        "skillGroups_en.csv": [
            ["conceptUri", "preferredLabel", "altLabels"],
            [f"{ESCO}skill/S8", "driving", ""],
        ],
        "occupations_en.csv": [
            ["conceptUri", "iscoGroup", "preferredLabel", "altLabels"],
            [f"{ESCO}occupation/1", "8332", "cargo vehicle driver", "trucker"],
            [f"{ESCO}occupation/2", "8332", "tanker driver", ""],
        ],
        "broaderRelationsSkillPillar_en.csv": [
            ["conceptUri", "broaderType", "broaderUri"],
            [f"{ESCO}skill/1", "SkillGroup", f"{ESCO}skill/S8"],
            [f"{ESCO}skill/2", "KnowledgeSkillCompetence", f"{ESCO}skill/1"],
            [f"{ESCO}skill/2", "KnowledgeSkillCompetence", f"{ESCO}skill/unknown"],
        ],
        "broaderRelationsOccPillar_en.csv": [
            ["conceptType", "conceptUri", "broaderType", "broaderUri"],
            ["Occupation", f"{ESCO}occupation/1", "ISCOGroup", f"{ESCO}isco/C8332"],
            ["Occupation", f"{ESCO}occupation/2", "Occupation", f"{ESCO}occupation/1"],
        ],
        "occupationSkillRelations_en.csv": [
            ["occupationUri", "relationType", "skillType", "skillUri"],
            [f"{ESCO}occupation/1", "essential", "", f"{ESCO}skill/1"],
            [f"{ESCO}occupation/1", "optional", "", f"{ESCO}skill/2"],
            [f"{ESCO}occupation/1", "optional", "", f"{ESCO}skill/1"],
            [f"{ESCO}occupation/gone", "essential", "", f"{ESCO}skill/1"],
        ],
    }


def folder(path: Path, tables: dict[str, Table]) -> Path:
    path.mkdir()
    for name, rows in tables.items():
        write(path / name, rows)
    return path


def zipped(path: Path, source: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in source.iterdir():
            archive.write(file, f"ESCO dataset/{file.name}")
    return path


def summary(counts: list[object]) -> dict[str, tuple[int, int, int, int]]:
    return {c.kind: (c.created, c.updated, c.unchanged, c.gone) for c in counts}  # type: ignore[attr-defined]
