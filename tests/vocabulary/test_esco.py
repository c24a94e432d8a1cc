"""ESCO packages: small ones made here, spoiled in every way, and the real one where it lies beside the repository."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.vocabulary.files import ESCO, SHARED, Table, esco_tables, folder, summary, zipped
from vocabulary import reference
from vocabulary.esco import import_esco
from vocabulary.models import Occupation, OccupationSkill, Skill, SkillBroader
from vocabulary.packages import UnreadableFile

pytestmark = pytest.mark.django_db

Tables = dict[str, Table]


@pytest.mark.parametrize("packed", [False, True])
def test_esco_is_read_from_a_folder_or_a_zip(tmp_path: Path, packed: bool) -> None:
    package = folder(tmp_path / "esco", esco_tables())
    if packed:
        package = zipped(tmp_path / "esco.zip", package)
    assert summary(import_esco(package)) == {
        "iscogroup": (4, 0, 0, 0),
        "skill": (4, 0, 0, 0),
        "occupation": (2, 0, 0, 0),
        "skillbroader": (2, 0, 0, 0),
        "occupationskill": (2, 0, 0, 0),
    }
    lorry = Skill.objects.get(uri=f"{ESCO}skill/1")
    assert (lorry.label_da, lorry.label_en, lorry.reuse_level) == ("køre lastbil", "drive lorry", "sector-specific")
    assert lorry.alt_labels_en == "operate lorry\nhaul"
    assert Skill.objects.get(uri=f"{ESCO}skill/2").label == "drive tanker", "no Danish label: English"
    assert Skill.objects.get(uri=f"{ESCO}skill/S8").is_group
    assert OccupationSkill.objects.get(skill=lorry).kind == "essential", "essential wins over optional"
    assert Occupation.objects.get(uri=f"{ESCO}occupation/1").isco.title_da == "Gruppe 8332"
    assert Occupation.objects.get(uri=f"{ESCO}occupation/2").broader.label_en == "cargo vehicle driver"
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
    assert Skill.objects.search("lorries")
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


def many_skills(tables: Tables, count: int, language: str = "en") -> None:
    """Skills 100, 101, …, with labels in the language."""
    label = {"en": "handle goods", "da": "løfte gods", "de": "Waren heben"}[language]
    tables["skills_en.csv"] += [
        [f"{ESCO}skill/{n}", "", "cross-sector", f"handle goods {n}", ""] for n in range(100, 100 + count)
    ]
    tables["skills_da.csv"] += [[f"{ESCO}skill/{n}", f"{label} {n}", ""] for n in range(100, 100 + count)]


def name_a_language(tables: Tables, language: str) -> None:
    for name in [name for name in tables if name.endswith(("_en.csv", "_da.csv"))]:
        if name.endswith("_en.csv"):
            tables[name.replace("_en", f"_{language}")] = tables[name]
        del tables[name]


def point_to_nothing(tables: Tables) -> None:
    for n in range(40):
        tables["occupationSkillRelations_en.csv"].append([f"{ESCO}occupation/1", "optional", "", f"{ESCO}skill/x{n}"])


BROKEN: list[tuple[Callable[[Tables], object], str]] = [
    (lambda tables: tables.pop("occupations_en.csv"), "does not hold occupations_"),
    (lambda tables: tables.pop("broaderRelationsOccPillar_en.csv"), "does not hold broaderRelationsOccPillar_"),
    (lambda tables: tables["skills_en.csv"][0].__setitem__(0, "uri"), "skills_en.csv: columns are missing: conceptUri"),
    (lambda tables: tables["occupations_en.csv"][1].__setitem__(1, "9999"), "9999"),
    (lambda tables: tables["ISCOGroups_en.csv"].append([f"{ESCO}isco/C912", "912", "Cleaners"]), "its parent: 912"),
    (lambda tables: tables["skills_en.csv"].append(tables["skills_en.csv"][2]), "row 2 comes twice: http://data.eur"),
    (lambda tables: tables["skills_da.csv"].append(tables["skills_da.csv"][1]), "skills_da.csv: row 1 comes twice"),
    (lambda tables: tables["skillGroups_en.csv"].append([f"{ESCO}skill/1", "twice", ""]), "a skill and a group"),
    (lambda tables: tables["skills_en.csv"][3].pop(), "skills_en.csv: row 3 has 4 cells instead of 5"),
    (lambda tables: tables["skills_en.csv"][2].__setitem__(2, "sometimes"), "no reuse level is called 'sometimes'"),
    (lambda tables: tables["skills_en.csv"][2].__setitem__(3, ""), "skill/2 has no label"),
    (lambda tables: tables["skills_en.csv"][2].__setitem__(3, "x" * 301), "more than 300 characters"),
    (lambda tables: tables["skills_en.csv"][2].__setitem__(0, "urn:nrs:skill:welding"), "no ESCO URI"),
    (lambda tables: name_a_language(tables, "de"), "wrong language: de instead of da or en"),
    (lambda tables: many_skills(tables, 60, "de"), "skills_da.csv is in the wrong language"),
    (lambda tables: point_to_nothing(tables), "name concepts that the package does not hold"),
    (lambda tables: tables["occupationSkillRelations_en.csv"][1].__setitem__(1, "perhaps"), "'perhaps'"),
]


@pytest.mark.parametrize(("spoil", "told"), BROKEN, ids=[told for _, told in BROKEN])
def test_a_broken_package_is_refused_and_the_old_vocabulary_stays(
    tmp_path: Path, spoil: Callable[[Tables], object], told: str
) -> None:
    import_esco(folder(tmp_path / "old", esco_tables()))
    before = list(Skill.objects.order_by("pk").values()), list(Occupation.objects.order_by("pk").values())
    tables = esco_tables()
    tables["skills_en.csv"][1][3] = "changed"
    spoil(tables)
    with pytest.raises(CommandError) as refusal:
        call_command("import_vocabulary", "esco", str(folder(tmp_path / "esco", tables)), verbosity=0)
    assert told in str(refusal.value)
    assert (list(Skill.objects.order_by("pk").values()), list(Occupation.objects.order_by("pk").values())) == before


@pytest.mark.parametrize("cut", [1, 30, 75])
def test_a_csv_cut_off_anywhere_in_its_last_row_is_refused(tmp_path: Path, cut: int) -> None:
    package = folder(tmp_path / "esco", esco_tables())
    file = package / "skills_en.csv"
    file.write_bytes(file.read_bytes().removesuffix(b"\r\n")[:-cut])
    with pytest.raises(UnreadableFile, match=r"skills_en\.csv: .* cut off or damaged"):
        import_esco(package)
    assert not Skill.objects.exists()


def test_a_csv_cut_off_within_quotes_is_refused(tmp_path: Path) -> None:
    package = folder(tmp_path / "esco", esco_tables())
    file = package / "skills_en.csv"
    file.write_bytes(file.read_bytes().split(b"haul")[0])
    with pytest.raises(UnreadableFile, match="cut off"):
        import_esco(package)


def test_a_csv_cut_off_between_two_rows_shows_by_what_would_go(tmp_path: Path) -> None:
    tables = esco_tables()
    many_skills(tables, 100, "da")
    import_esco(folder(tmp_path / "whole", tables))
    tables["skills_en.csv"] = tables["skills_en.csv"][:40]
    cut = folder(tmp_path / "cut", tables)
    with pytest.raises(UnreadableFile, match="64 of 104 skill rows would go"):
        import_esco(cut)
    assert not Skill.objects.filter(retired=True).exists()
    call_command("import_vocabulary", "esco", str(cut), accept_loss=True, verbosity=0)
    assert Skill.objects.filter(retired=True).count() == 64


def test_relations_cut_off_between_two_rows_leave_occupations_without_skills(tmp_path: Path) -> None:
    tables = esco_tables()
    for n in range(3, 33):
        tables["occupations_en.csv"].append([f"{ESCO}occupation/{n}", "8332", f"driver {n}", ""])
    with pytest.raises(UnreadableFile, match="31 occupations have no skill"):
        import_esco(folder(tmp_path / "esco", tables))


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_half_a_zip_is_refused(tmp_path: Path, keep: float) -> None:
    package = zipped(tmp_path / "esco.zip", folder(tmp_path / "esco", esco_tables()))
    package.write_bytes(package.read_bytes()[: int(package.stat().st_size * keep)])
    with pytest.raises(UnreadableFile, match=r"esco\.zip is no zip file, or only a part of one"):
        import_esco(package)


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    package = zipped(tmp_path / "esco.zip", folder(tmp_path / "esco", esco_tables()))
    raw = package.read_bytes()
    package.write_bytes(raw.replace(b"drive lorry", b"drive lorrX"))
    with pytest.raises(UnreadableFile, match=r"skills_en\.csv in the zip is damaged"):
        import_esco(package)


def test_two_versions_at_once_are_refused(tmp_path: Path) -> None:
    package = folder(tmp_path / "esco", esco_tables())
    zipped(package / "other.zip", folder(tmp_path / "other", esco_tables()))
    with pytest.raises(UnreadableFile, match="twice; import one version at a time"):
        import_esco(package)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    package = folder(tmp_path / "esco", esco_tables())
    (package / "skills_da.csv").write_bytes("conceptUri,preferredLabel,altLabels\na,kørsel,\n".encode("cp1252"))
    with pytest.raises(UnreadableFile, match=r"skills_da\.csv is not UTF-8"):
        import_esco(package)


def test_zips_of_several_languages_lie_side_by_side_in_a_folder(tmp_path: Path) -> None:
    tables = esco_tables()
    tables["skills_de.csv"] = [["conceptUri", "preferredLabel", "altLabels"], [f"{ESCO}skill/1", "LKW fahren", ""]]
    languages = tmp_path / "languages"
    languages.mkdir()
    for code in ("en", "da", "de"):
        part = {name: rows for name, rows in tables.items() if name.endswith(f"_{code}.csv")}
        zipped(languages / f"ESCO - {code} - csv.zip", folder(tmp_path / code, part))
    import_esco(languages)
    lorry = Skill.objects.get(uri=f"{ESCO}skill/1")
    assert (lorry.label_da, lorry.label_en) == ("køre lastbil", "drive lorry")


def test_packages_of_one_language_each_may_come_one_after_the_other(tmp_path: Path) -> None:
    english = {name: rows for name, rows in esco_tables().items() if name.endswith("_en.csv")}
    import_esco(folder(tmp_path / "en", english))
    danish = {name.replace("_en", "_da"): [list(row) for row in rows] for name, rows in english.items()}
    danish["skills_da.csv"][1][3] = "køre lastbil"
    danish["skills_da.csv"][1][4] = ""
    import_esco(folder(tmp_path / "da", danish))
    lorry = Skill.objects.get(uri=f"{ESCO}skill/1")
    assert (lorry.label_da, lorry.label_en, lorry.alt_labels_en) == (
        "køre lastbil",
        "drive lorry",
        "operate lorry\nhaul",
    )


def test_the_columns_of_version_1_2_are_read(tmp_path: Path) -> None:
    """The relation files of v1.2 name their ends as well as linking them."""
    tables = esco_tables()
    tables["occupationSkillRelations_en.csv"] = [
        ["occupationUri", "occupationLabel", "relationType", "skillType", "skillUri", "skillLabel"],
        [f"{ESCO}occupation/1", "cargo vehicle driver", "essential", "", f"{ESCO}skill/1", "drive lorry"],
    ]
    for name in ("broaderRelationsSkillPillar_en.csv", "broaderRelationsOccPillar_en.csv"):
        head = ["conceptType", "conceptUri", "conceptLabel", "broaderType", "broaderUri", "broaderLabel"]
        tables[name] = [head, *[["", row[-3], "a", "", row[-1], "b"] for row in tables[name][1:]]]
    import_esco(folder(tmp_path / "esco", tables))
    assert SkillBroader.objects.count() == 2
    assert OccupationSkill.objects.count() == 1


def test_what_is_known_of_a_retired_skill_stays(tmp_path: Path) -> None:
    import_esco(folder(tmp_path / "first", esco_tables()))
    tables = esco_tables()
    del tables["skills_en.csv"][2]
    import_esco(folder(tmp_path / "second", tables))
    tanker = Skill.objects.get(uri=f"{ESCO}skill/2")
    assert tanker.retired
    assert tanker.broader_links.get().parent.uri == f"{ESCO}skill/1"
    assert tanker.occupation_links.get().kind == "optional"


@pytest.mark.skipif(not SHARED.exists(), reason="the reference files are not beside the repository")
def test_the_published_package_is_read_in_full_and_again(capsys: pytest.CaptureFixture[str]) -> None:
    package = str(SHARED / "esco-v1.1.1-en-da-csv.zip")
    call_command("import_vocabulary", "esco", package)
    told = capsys.readouterr()
    assert "skill: 14536 new, 0 changed, 0 unchanged, 0 gone (13379 of 14536 with a Danish label)" in told.out
    assert "occupationskill: 123788 new" in told.out
    assert "123,788 of 123,788" in told.err
    assert Skill.objects.filter(is_group=False).count() == 13_896
    assert Occupation.objects.exclude(broader=None).count() == 1_247
    assert Skill.objects.search("manage musical staff")[0].label == "lede musikalsk personale"
    assert Skill.objects.did_you_mean("musikalks personale") == "musikalsk personale"
    call_command("import_vocabulary", "esco", package)
    assert capsys.readouterr().out.count(" 0 new, 0 changed") == 5
