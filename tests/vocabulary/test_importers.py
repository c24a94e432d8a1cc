"""Reading the publishers' files: small ones made here, and the real ones where they lie beside the repository."""

import csv
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from vocabulary import reference
from vocabulary.importers import UnreadableFile, import_db07, import_db25, import_esco, import_isco
from vocabulary.models import Industry, IscoGroup, Occupation, OccupationSkill, Skill, SkillBroader

pytestmark = pytest.mark.django_db

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
        ],
        "broaderRelationsSkillPillar_en.csv": [
            ["conceptUri", "broaderType", "broaderUri"],
            [f"{ESCO}skill/1", "SkillGroup", f"{ESCO}skill/S8"],
            [f"{ESCO}skill/2", "KnowledgeSkillCompetence", f"{ESCO}skill/1"],
            [f"{ESCO}skill/2", "KnowledgeSkillCompetence", f"{ESCO}skill/unknown"],
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


@pytest.mark.parametrize("packed", [False, True])
def test_esco_is_read_from_a_folder_or_a_zip(tmp_path: Path, packed: bool) -> None:
    package = folder(tmp_path / "esco", esco_tables())
    if packed:
        package = zipped(tmp_path / "esco.zip", package)
    assert summary(import_esco(package)) == {
        "iscogroup": (4, 0, 0, 0),
        "skill": (4, 0, 0, 0),
        "occupation": (1, 0, 0, 0),
        "skillbroader": (2, 0, 0, 0),
        "occupationskill": (2, 0, 0, 0),
    }
    lorry = Skill.objects.get(uri=f"{ESCO}skill/1")
    assert (lorry.label_da, lorry.label_en, lorry.reuse_level) == ("køre lastbil", "drive lorry", "sector-specific")
    assert lorry.alt_labels_en == "operate lorry\nhaul"
    assert Skill.objects.get(uri=f"{ESCO}skill/2").label == "drive tanker", "no Danish label: English"
    assert Skill.objects.get(uri=f"{ESCO}skill/S8").is_group
    assert OccupationSkill.objects.get(skill=lorry).kind == "essential", "essential wins over optional"
    assert Occupation.objects.get().isco.title_da == "Gruppe 8332"
    assert [found.uri for found in Skill.objects.search("koere last")] == [lorry.uri]


def test_a_second_import_updates_retires_and_revives(tmp_path: Path) -> None:
    import_esco(folder(tmp_path / "first", esco_tables()))
    public_id = Skill.objects.get(uri=f"{ESCO}skill/1").public_id
    tables = esco_tables()
    tables["skills_en.csv"][1][3] = "drive lorries"
    del tables["skills_en.csv"][3]
    tables["occupationSkillRelations_en.csv"][2][1] = "essential"
    del tables["broaderRelationsSkillPillar_en.csv"][1]
    counts = summary(import_esco(folder(tmp_path / "second", tables)))
    assert counts["skill"] == (0, 1, 2, 1)
    assert counts["skillbroader"] == (0, 0, 1, 1)
    assert counts["occupationskill"] == (0, 1, 1, 0)
    assert Skill.objects.get(uri=f"{ESCO}skill/3").retired
    changed = Skill.objects.get(uri=f"{ESCO}skill/1")
    assert (changed.label_en, changed.public_id) == ("drive lorries", public_id)
    assert Skill.objects.search("lorries").exists()
    counts = summary(import_esco(tmp_path / "first"))
    assert counts["skill"] == (0, 2, 2, 0)
    assert not Skill.objects.get(uri=f"{ESCO}skill/3").retired
    assert {count[:2] + count[3:] for count in summary(import_esco(tmp_path / "first")).values()} == {(0, 0, 0)}


def test_an_import_leaves_the_starter_vocabulary_alone(tmp_path: Path) -> None:
    reference.load()
    before = Skill.objects.filter(retired=False).count(), SkillBroader.objects.count()
    import_esco(folder(tmp_path / "esco", esco_tables()))
    assert (Skill.objects.filter(retired=False).count() - 4, SkillBroader.objects.count() - 2) == before
    assert all(count.gone == 0 for count in reference.load())


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda tables: tables.pop("occupations_en.csv"), "occupations_en.csv"),
        (lambda tables: tables["skills_en.csv"][0].__setitem__(0, "uri"), "conceptUri"),
        (lambda tables: tables["occupations_en.csv"][1].__setitem__(1, "9999"), "9999"),
        (lambda tables: tables["ISCOGroups_en.csv"].pop(3), "8332"),
    ],
)
def test_a_broken_package_is_refused_whole(tmp_path: Path, spoil: object, told: str) -> None:
    tables = esco_tables()
    spoil(tables)  # type: ignore[operator]
    with pytest.raises(UnreadableFile, match=told):
        import_esco(folder(tmp_path / "esco", tables))
    assert not Skill.objects.exists()
    assert not IscoGroup.objects.exists()


DST: Table = [
    ["SEKVENS", "KODE", "NIVEAU", "TITEL", "GENERELLE_NOTER"],
    ["1", "F", "1", "Bygge og anlæg", ""],
    ["2", "41", "2", "Opførelse af bygninger", "en note; med semikolon\nog linjeskift"],
    ["3", "41.0", "3", "Opførelse af bygninger", ""],
    ["4", "41.00", "4", "Opførelse af bygninger", ""],
    ["5", "41.00.00", "5", "Opførelse af bygninger", ""],
    ["6", "H", "1", "Transport", ""],
    ["7", "49.41.00", "5", "Vejgodstransport", ""],
]


def test_the_classification_file_of_danmarks_statistik_is_read_as_it_is(tmp_path: Path) -> None:
    counts = import_db25(write(tmp_path / "db25.csv", DST, delimiter=";"))
    assert summary(counts) == {"DB25": (5, 0, 0, 0)}
    rows = Industry.objects.values_list("code", "level", "section", "division")
    assert set(rows) == {
        ("F", "section", "F", ""),
        ("41", "division", "F", "41"),
        ("410000", "activity", "F", "41"),
        ("H", "section", "H", ""),
        ("494100", "activity", "H", "49"),
    }


def test_a_file_in_the_old_danish_encoding_is_read(tmp_path: Path) -> None:
    path = tmp_path / "db25.csv"
    path.write_bytes("\n".join(";".join(row) for row in DST[:2]).encode("cp1252"))
    import_db25(path)
    assert Industry.objects.get().title_da == "Bygge og anlæg"


def test_vanished_industries_are_retired_in_their_own_version_only(tmp_path: Path) -> None:
    head = ["code", "title_da", "section", "division"]
    row = ["410000", "Opførelse af bygninger", "F", "41"]
    old = ["439910", "Murere", "F", "43"]
    import_db25(write(tmp_path / "a.csv", [head, row, old]))
    import_db07(write(tmp_path / "a.csv", [head, row, old]))
    counts = import_db25(write(tmp_path / "b.csv", [head, row]))
    assert summary(counts) == {"DB25": (0, 0, 1, 1)}
    assert list(Industry.objects.filter(retired=True).values_list("code", "version")) == [("439910", "DB25")]
    assert Industry.objects.version("DB07").search("murere").exists()
    assert not Industry.objects.version("DB25").search("murere").exists()


def test_isco_is_read_with_parents_and_orphans_are_refused(tmp_path: Path) -> None:
    head = ["code", "level", "parent_code", "title_en", "title_da"]
    rows = [["8", "1", "", "Operators", "Operatører"], ["83", "2", "8", "Drivers", "Chauffører"]]
    path = write(tmp_path / "isco.csv", [head, *rows])
    assert summary(import_isco(path)) == {"iscogroup": (2, 0, 0, 0)}
    assert summary(import_isco(path)) == {"iscogroup": (0, 0, 2, 0)}
    assert IscoGroup.objects.get(code="83").parent_id == "8"
    with pytest.raises(UnreadableFile, match="9112"):
        import_isco(write(tmp_path / "isco.csv", [head, ["9112", "4", "911", "Cleaners", "Rengøring"]]))


def test_the_command_reports_and_refuses_in_plain_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "db25.csv", DST, delimiter=";")
    call_command("import_vocabulary", "db25", str(path))
    assert "DB25: 5 new, 0 changed, 0 unchanged, 0 gone" in capsys.readouterr().out
    with pytest.raises(CommandError, match="There is no"):
        call_command("import_vocabulary", "db25", str(tmp_path / "nothing.csv"))
    with pytest.raises(CommandError, match="expected the columns"):
        call_command("import_vocabulary", "db25", str(write(tmp_path / "x.csv", [["a", "b"], ["1", "2"]])))
    with pytest.raises(CommandError, match="does not hold"):
        call_command("import_vocabulary", "esco", str(path))


@pytest.mark.skipif(not SHARED.exists(), reason="the reference files are not beside the repository")
@pytest.mark.parametrize(("kind", "file", "model", "rows"), [
    ("db25", "db25.csv", Industry, 738), ("db07", "db07.csv", Industry, 847), ("isco", "isco08.csv", IscoGroup, 619),
])  # fmt: skip
def test_the_published_files_are_read_in_full(kind: str, file: str, model: type, rows: int) -> None:
    for _ in range(2):
        call_command("import_vocabulary", kind, str(SHARED / file), verbosity=0)
        assert model.objects.count() == rows
