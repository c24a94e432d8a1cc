"""The starter vocabulary of every installation: small facts in fixtures_data/, loaded repeatably."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from vocabulary.models import (
    Certificate,
    CodeList,
    Industry,
    IndustryLevel,
    IndustryVersion,
    IscoGroup,
    Language,
    Licence,
    Occupation,
    OccupationSkill,
    Skill,
    SkillBroader,
    SkillKind,
    public_id_for,
)
from vocabulary.upsert import Counts, replace_links, upsert

DATA = Path(__file__).parent / "fixtures_data"

# This platform's own concepts; the importers leave them alone.
SKILL_URN = "urn:nrs:skill:"
OCCUPATION_URN = "urn:nrs:occupation:"

CONCEPT_FIELDS = ("label_da", "label_en", "alt_labels_da", "alt_labels_en", "retired")


def skill_uri(slug: str) -> str:
    """URI of a starter skill, e.g. `urn:nrs:skill:drive-lorry`."""
    return SKILL_URN + slug


def occupation_uri(slug: str) -> str:
    """URI of a starter occupation, e.g. `urn:nrs:occupation:lorry-driver`."""
    return OCCUPATION_URN + slug


@transaction.atomic
def load() -> list[Counts]:
    """Load or refresh the starter vocabulary, and return what was done per kind; repeatable."""
    return [
        load_isco(),
        load_industries(),
        _load_codes(Licence, "licences.csv"),
        load_certificates(),
        _load_codes(Language, "languages.csv"),
        *load_skills(),
        *load_occupations(),
    ]


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of a fixture file, as text."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def isco_group(code: str, title_da: str, title_en: str) -> IscoGroup:
    """An unsaved ISCO-08 group; level and parent follow from the code."""
    return IscoGroup(code=code, level=len(code), parent_id=code[:-1] or None, title_da=title_da, title_en=title_en)


def load_isco() -> Counts:
    """ISCO-08 groups with their parents."""
    groups = [isco_group(row["code"], row["title_da"], row["title_en"]) for row in rows("isco08.csv")]
    fields = ("level", "parent_id", "title_da", "title_en")
    return upsert(IscoGroup.objects.all(), groups, key=("code",), fields=fields)


def load_industries() -> Counts:
    """DB25 sections, divisions and some activities. Never retires: import_vocabulary brings the full list."""
    entries = []
    for row in rows("db25_divisions.csv"):
        level = IndustryLevel.DIVISION if row["division"] else IndustryLevel.SECTION
        code = row["division"] or row["section"]
        entries.append(_industry(code, level, row["title_da"], row["section"], row["division"]))
    for row in rows("db25_activities.csv"):
        level = IndustryLevel.ACTIVITY
        entries.append(_industry(row["code"], level, row["title_da"], row["section"], row["code"][:2]))
    scope = Industry.objects.version(IndustryVersion.DB25)
    fields = ("level", "title_da", "section", "division")
    return upsert(scope, entries, key=("code", "version"), fields=fields)


def load_certificates() -> Counts:
    """Certificates and mandatory courses (handbook §3.5)."""
    entries = [
        Certificate(
            code=row["code"],
            label_da=row["label_da"],
            label_en=row["label_en"],
            validity_years=int(row["validity_years"]) if row["validity_years"] else None,
            category=row["category"],
        )
        for row in rows("certificates.csv")
    ]
    fields = ("label_da", "label_en", "validity_years", "category")
    return upsert(Certificate.objects.all(), entries, key=("code",), fields=fields)


def load_skills() -> list[Counts]:
    """Starter skills and what is broader than what."""
    source = list(rows("skills.csv"))
    entries = []
    for row in source:
        is_group = row["reuse_level"] == "group"
        uri = skill_uri(row["slug"])
        entries.append(
            Skill(
                uri=uri,
                public_id=public_id_for(uri),
                reuse_level="" if is_group else row["reuse_level"],
                is_group=is_group,
                **_labels(row),
            )
        )
    own = Skill.objects.filter(uri__startswith=SKILL_URN)
    fields = (*CONCEPT_FIELDS, "reuse_level", "is_group")
    skills = upsert(own, entries, key=("uri",), fields=fields)
    ids = dict(own.order_by().values_list("uri", "pk"))
    wanted = {
        (ids[skill_uri(row["slug"])], ids[skill_uri(parent)]): "" for row in source for parent in _split(row["broader"])
    }
    scope = SkillBroader.objects.filter(child__uri__startswith=SKILL_URN)
    return [skills, replace_links(scope, wanted, ends=("child_id", "parent_id"))]


def load_occupations() -> list[Counts]:
    """Starter occupations and the skills that come with them."""
    source = list(rows("occupations.csv"))
    entries = [
        Occupation(
            uri=occupation_uri(row["slug"]),
            public_id=public_id_for(occupation_uri(row["slug"])),
            isco_id=row["isco"],
            **_labels(row),
        )
        for row in source
    ]
    own = Occupation.objects.filter(uri__startswith=OCCUPATION_URN)
    occupations = upsert(own, entries, key=("uri",), fields=(*CONCEPT_FIELDS, "isco_id"))
    ids = dict(own.order_by().values_list("uri", "pk"))
    skills = dict(Skill.objects.filter(uri__startswith=SKILL_URN).order_by().values_list("uri", "pk"))
    wanted = {
        (ids[occupation_uri(row["slug"])], skills[skill_uri(slug)]): kind
        for row in source
        for kind in SkillKind.values
        for slug in _split(row[kind])
    }
    scope = OccupationSkill.objects.filter(occupation__uri__startswith=OCCUPATION_URN)
    return [occupations, replace_links(scope, wanted, ends=("occupation_id", "skill_id"), label="kind")]


def _load_codes(model: type[CodeList], name: str) -> Counts:
    entries = [model(**row) for row in rows(name)]
    return upsert(model.objects.all(), entries, key=("code",), fields=("label_da", "label_en"))


def _industry(code: str, level: str, title_da: str, section: str, division: str) -> Industry:
    return Industry(
        code=code,
        version=IndustryVersion.DB25,
        level=level,
        title_da=title_da,
        section=section,
        division=division,
    )


def _labels(row: dict[str, str]) -> dict[str, str]:
    return {
        "label_da": row["label_da"],
        "label_en": row["label_en"],
        "alt_labels_da": "\n".join(_split(row["alt_labels_da"])),
        "alt_labels_en": "\n".join(_split(row["alt_labels_en"])),
    }


def _split(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]
