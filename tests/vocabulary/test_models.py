"""What the tables refuse, whoever writes to them."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from vocabulary.models import (
    Certificate,
    Industry,
    IscoGroup,
    Occupation,
    OccupationSkill,
    Skill,
    SkillBroader,
    public_id_for,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def isco() -> IscoGroup:
    parent = None
    for code in ("8", "83", "833", "8332"):
        parent = IscoGroup.objects.create(
            code=code, level=len(code), parent=parent, title_da=f"da {code}", title_en=f"en {code}"
        )
    assert parent is not None
    return parent


def refuses(constraint: str, make: Any, **values: Any) -> None:
    """The database itself says no. SQLite names the columns of a UNIQUE constraint, not the constraint."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make(**values)
    message = str(caught.value)
    assert constraint in message or "UNIQUE constraint failed" in message


def test_an_isco_level_is_the_length_of_its_code(isco: IscoGroup) -> None:
    make = IscoGroup.objects.create
    refuses("isco_level_is_code_length", make, code="84", level=3, parent_id="8", title_da="x", title_en="x")
    rule = "isco_groups_below_the_top_have_a_parent"
    refuses(rule, make, code="84", level=2, title_da="x", title_en="x")
    refuses(rule, make, code="7", level=1, parent_id="8", title_da="x", title_en="x")


def test_concepts_have_a_label_and_one_uri(isco: IscoGroup) -> None:
    refuses("occupations_have_a_label", Occupation.objects.create, uri="urn:x:1", isco=isco)
    refuses("skills_have_a_label", Skill.objects.create, uri="urn:x:1")
    Skill.objects.create(uri="urn:x:1", label_en="weld")
    refuses("uri", Skill.objects.create, uri="urn:x:1", label_en="weld again")


def test_a_skill_has_a_known_reuse_level_or_none() -> None:
    Skill.objects.create(uri="urn:x:1", label_en="weld", reuse_level="")
    rule = "skills_have_a_known_reuse_level"
    refuses(rule, Skill.objects.create, uri="urn:x:2", label_en="cook", reuse_level="rare")


def test_relations_are_stated_once_and_not_to_oneself(isco: IscoGroup) -> None:
    weld = Skill.objects.create(uri="urn:x:1", label_en="weld")
    metal = Skill.objects.create(uri="urn:x:2", label_en="work metal")
    SkillBroader.objects.create(child=weld, parent=metal)
    refuses("a_broader_step_is_stated_once", SkillBroader.objects.create, child=weld, parent=metal)
    refuses("no_skill_is_broader_than_itself", SkillBroader.objects.create, child=weld, parent=weld)
    welder = Occupation.objects.create(uri="urn:x:3", label_da="svejser", isco=isco)
    make = OccupationSkill.objects.create
    make(occupation=welder, skill=weld, kind="essential")
    refuses("an_occupation_has_a_skill_once", make, occupation=welder, skill=weld, kind="optional")
    rule = "occupation_skills_are_essential_or_optional"
    refuses(rule, make, occupation=welder, skill=metal, kind="nice")


@pytest.mark.parametrize(
    ("code", "level", "section", "division"),
    [("F", "section", "F", "41"), ("F", "section", "G", ""), ("41", "division", "F", ""),
     ("4100", "activity", "F", "41"), ("410000", "activity", "F", ""), ("410000", "group", "F", "41")],
)  # fmt: skip
def test_an_industry_code_fits_its_level(code: str, level: str, section: str, division: str) -> None:
    values = {"code": code, "level": level, "section": section, "division": division, "title_da": "x"}
    refuses("industry_level_fits_its_code", Industry.objects.create, version="DB25", **values)


def test_an_industry_code_is_unique_in_its_version() -> None:
    values = {"code": "F", "level": "section", "section": "F", "title_da": "Bygge og anlæg"}
    Industry.objects.create(version="DB25", **values)
    Industry.objects.create(version="DB07", **values)
    refuses("an_industry_code_is_unique_in_its_version", Industry.objects.create, version="DB25", **values)
    refuses("industries_are_of_a_known_version", Industry.objects.create, version="DB03", **values)


def test_a_certificate_lasts_at_least_a_year() -> None:
    Certificate.objects.create(code="a", label_da="a")
    rule = "certificates_last_at_least_a_year"
    refuses(rule, Certificate.objects.create, code="b", label_da="b", validity_years=0)


def test_saving_keeps_the_search_column_and_the_label_falls_back_to_english() -> None:
    skill = Skill.objects.create(uri="urn:x:1", label_en="Weld", alt_labels_da="svejsning\nCO₂-svejsning")
    assert skill.folded == "\nweld\nsvejsning\nco2 svejsning\n"
    assert str(skill) == "Weld"
    skill.label_da = "Svejse"
    skill.save()
    skill.refresh_from_db()
    assert str(skill) == "Svejse"
    assert skill.folded.startswith("\nsvejse\n")


def test_public_ids_of_concepts_are_the_same_in_every_installation() -> None:
    assert str(public_id_for("urn:nrs:skill:welding")) == str(public_id_for("urn:nrs:skill:welding"))
    assert public_id_for("urn:nrs:skill:welding") != public_id_for("urn:nrs:skill:baking")
