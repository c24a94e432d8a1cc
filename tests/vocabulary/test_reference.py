"""The starter vocabulary: complete, consistent, and the same however often it is loaded."""

import re
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from vocabulary import reference
from vocabulary.models import (
    Certificate,
    Industry,
    IscoGroup,
    Language,
    Licence,
    Occupation,
    OccupationSkill,
    Skill,
    SkillBroader,
)

pytestmark = pytest.mark.django_db

MODELS = (IscoGroup, Industry, Licence, Certificate, Language, Skill, SkillBroader, Occupation, OccupationSkill)

# The unit groups of the four focus industries, handbook §3.4.
FOCUS_ISCO = [
    "7112",
    "7114",
    "7115",
    "7126",
    "7131",
    "7411",
    "9312",
    "9313",
    "8342",
    "8343",
    "8322",
    "8331",
    "8332",
    "8344",
    "4321",
    "9333",
    "5120",
    "5131",
    "5132",
    "9412",
    "9112",
    "7212",
    "7223",
    "8160",
    "9329",
]


def snapshot() -> list[list[dict[str, object]]]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def test_loading_twice_changes_nothing_and_writes_nothing() -> None:
    reference.load()
    before = snapshot()
    with CaptureQueriesContext(connection) as queries:
        counts = reference.load()
    assert snapshot() == before
    assert {(count.created, count.updated, count.gone) for count in counts} == {(0, 0, 0)}
    writes = [entry["sql"] for entry in queries if re.match("INSERT|UPDATE|DELETE", entry["sql"])]
    assert writes == []


def test_loading_takes_less_than_two_seconds() -> None:
    started = time.perf_counter()
    reference.load()
    assert time.perf_counter() - started < 2


def test_loading_mends_what_was_changed_by_hand() -> None:
    reference.load()
    Certificate.objects.filter(code="adr").update(validity_years=99)
    Skill.objects.filter(uri=reference.skill_uri("welding")).update(label_da="x", retired=True)
    OccupationSkill.objects.filter(occupation__uri=reference.occupation_uri("welder")).update(kind="optional")
    public_id = Skill.objects.get(uri=reference.skill_uri("welding")).public_id
    reference.load()
    assert Certificate.objects.get(code="adr").validity_years == 5
    welding = Skill.objects.get(uri=reference.skill_uri("welding"))
    assert (welding.label_da, welding.retired, welding.public_id) == ("svejse", False, public_id)
    assert OccupationSkill.objects.filter(occupation__uri=reference.occupation_uri("welder"), kind="essential").exists()


def test_the_starter_vocabulary_has_what_the_design_asks_for() -> None:
    reference.load()
    assert Skill.objects.current().count() >= 150
    assert Occupation.objects.count() >= 40
    assert Certificate.objects.count() >= 30
    assert Licence.objects.count() == 20
    assert Language.objects.count() >= 15
    assert Industry.objects.filter(level="section").count() == 22
    assert Industry.objects.filter(level="division").count() == 87
    assert Industry.objects.activities().count() >= 40
    assert set(FOCUS_ISCO) <= set(IscoGroup.objects.values_list("code", flat=True))
    assert set(FOCUS_ISCO) <= set(Occupation.objects.values_list("isco_id", flat=True))


def test_every_starter_concept_has_both_labels_and_every_skill_hangs_somewhere() -> None:
    reference.load()
    for model in (Skill, Occupation, Certificate, Licence, Language):
        assert not model.objects.filter(label_da="").exists()
        assert not model.objects.filter(label_en="").exists()
    assert not Skill.objects.current().filter(broader_links=None).exists()
    assert not Skill.objects.current().filter(reuse_level="").exists()
    assert not Occupation.objects.exclude(skill_links__kind="essential").exists()
    labels = list(Skill.objects.values_list("label_da", flat=True))
    assert len(labels) == len(set(labels))


def test_the_command_runs_every_loader_in_settings(settings: object, capsys: pytest.CaptureFixture[str]) -> None:
    settings.REFERENCE_LOADERS = ["vocabulary.reference.load"]  # type: ignore[attr-defined]
    call_command("load_reference", verbosity=2)
    told = capsys.readouterr().out
    assert "vocabulary.reference.load: done" in told
    assert "skill: " in told
    assert Skill.objects.exists()


def test_the_divisions_are_those_of_the_published_classification() -> None:
    path = Path(__file__).resolve().parents[3] / "shared" / "reference" / "db25.csv"
    if not path.exists():
        pytest.skip("the reference files are not beside the repository")
    import csv

    with path.open(encoding="utf-8") as file:
        published = {(row["section"], row["division"]) for row in csv.DictReader(file)}
    reference.load()
    ours = set(Industry.objects.filter(level="division").values_list("section", "division"))
    assert ours == published
