"""The definition against ESCO: the check itself on a package of three occupations, and a sample of the real one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bench import esco

FILES = {
    "skills_en.csv": "conceptUri,reuseLevel\ns/drive,transversal\ns/load,sector-specific\ns/fell,occupation-specific\n",
    "skillGroups_en.csv": "conceptUri\ng/all\n",
    "occupations_en.csv": "conceptUri,preferredLabel\no/driver,driver\no/loader,loader\no/feller,feller\no/none,idle\n",
    "occupationSkillRelations_en.csv": (
        "occupationUri,relationType,skillUri\no/driver,essential,s/drive\no/driver,essential,s/load\n"
        "o/loader,essential,s/load\no/feller,essential,s/fell\no/feller,optional,s/drive\no/none,optional,s/drive\n"
    ),
    "broaderRelationsSkillPillar_en.csv": "conceptUri,broaderUri\ns/drive,g/all\ns/load,g/all\ns/fell,g/unknown\n",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return packed(tmp_path, FILES)


def packed(folder: Path, files: dict[str, str]) -> Path:
    path = folder / "esco-v0-csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_the_reader_keeps_essential_skills_and_known_steps(package):
    read = esco.read(package)
    assert [(name, len(skills)) for name, skills in read.occupations] == [("driver", 2), ("loader", 1), ("feller", 1)]
    assert read.without == 1 and len(read.skills) == 3
    assert sum(map(len, read.graph.parents.values())) == 2


def test_whoever_has_everything_is_level_with_the_own_person_and_nobody_is_better(package):
    read = esco.read(package)
    outcomes = esco.run(esco.Check(read, esco.exact_people(read)), range(3), processes=1)
    assert [(one.better, one.level, one.unexplained) for one in outcomes] == [(0, 0, 0), (0, 1, 0), (0, 0, 0)]
    assert esco.figures(outcomes)["own person first, %"] == 100


def test_a_tie_with_somebody_who_lacks_a_skill_is_counted_as_unexplained(package):
    read = esco.read(package)
    people = esco.exact_people(read)
    swapped = [people[1], people[2], people[0]]
    [driver] = esco.run(esco.Check(read, swapped), [0], processes=1)
    assert driver.better == 1
    [loader] = esco.run(esco.Check(read, [people[2], people[2], people[2]]), [1], processes=1)
    assert (loader.better, loader.level) == (0, 0)
    [both_half] = esco.run(esco.Check(read, [people[1], people[1], people[2]]), [0], processes=1)
    assert both_half.unexplained == 1


def test_noisy_people_are_the_same_in_every_run(package):
    read = esco.read(package)
    read = esco.Esco(read.occupations[1:], read.graph, read.without)
    draws = [[sorted(person.skills) for person in people(read)] for people in (few_foreign, few_foreign)]
    assert draws[0] == draws[1]


def few_foreign(read):
    """Three skills in all leave room for one foreign one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(esco, "FOREIGN", 1)
        return esco.noisy_people(read)


def test_an_absent_or_incomplete_package_is_said_in_a_sentence(tmp_path, capsys):
    assert esco.main([str(tmp_path)]) == 2
    assert "No ESCO package" in capsys.readouterr().err
    packed(tmp_path, {name: text for name, text in FILES.items() if name != "skillGroups_en.csv"})
    assert esco.main([str(tmp_path)]) == 2
    assert "holds no skillGroups_en.csv" in capsys.readouterr().err


@pytest.mark.skipif(not esco.FOLDER.is_dir(), reason="the ESCO package lies in ../shared/reference")
def test_of_a_sample_of_esco_every_occupation_finds_its_own_person_first():
    read = esco.read(esco.package_in(esco.FOLDER))
    sample = range(0, len(read.occupations), 60)
    exact = esco.figures(esco.run(esco.Check(read, esco.exact_people(read)), sample, processes=1))
    noisy = esco.figures(esco.run(esco.Check(read, esco.noisy_people(read)), sample, processes=1))
    assert exact["own person first, %"] == 100 and exact["… unexplained"] == 0
    assert noisy["mean reciprocal rank"] >= 0.8
