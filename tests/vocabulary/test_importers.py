"""Reading the publishers' files: small ones made here, and the real ones where they lie beside the repository."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.vocabulary.files import SHARED, Table, summary, write
from vocabulary.importers import import_db07, import_db25, import_isco
from vocabulary.models import Industry, IscoGroup
from vocabulary.packages import UnreadableFile

pytestmark = pytest.mark.django_db

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
    assert Industry.objects.version("DB07").search("murere")
    assert not Industry.objects.version("DB25").search("murere")


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
