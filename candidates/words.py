"""The codes that a profile may use, looked up once per call or batch instead of once per row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from municipalities.models import PostalCode
from vocabulary.models import Certificate, IscoGroup, Language, Licence, Skill

#: Names per lookup of skills; below SQLite's limit of variables in a statement.
SKILLS_AT_ONCE = 400


@dataclass
class Words:
    """Known codes; `skills` maps a public id or URI to the primary key, None for one that does not exist."""

    licences: frozenset[str]
    certificates: frozenset[str]
    languages: frozenset[str]
    isco: frozenset[str]
    postal_codes: frozenset[str]
    skills: dict[str, int | None] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Words:
        """Read the short lists: five queries. Skills are added by `learn`."""
        return cls(
            licences=_codes(Licence.objects.order_by("code").values_list("code", flat=True)),
            certificates=_codes(Certificate.objects.order_by("code").values_list("code", flat=True)),
            languages=_codes(Language.objects.order_by("code").values_list("code", flat=True)),
            isco=_codes(IscoGroup.objects.filter(level=4).order_by("code").values_list("code", flat=True)),
            postal_codes=_codes(PostalCode.objects.order_by("code").values_list("code", flat=True)),
        )

    def learn(self, names: Iterable[str]) -> None:
        """Look up skills that are not known yet, by public id or URI. Groups are no skills."""
        unknown = sorted({skill_key(name) for name in names} - self.skills.keys())
        for start in range(0, len(unknown), SKILLS_AT_ONCE):
            part = unknown[start : start + SKILLS_AT_ONCE]
            self.skills.update(dict.fromkeys(part))
            ids = [key for key in part if _is_uuid(key)]
            found = Skill.objects.filter(Q(public_id__in=ids) | Q(uri__in=part), is_group=False)
            for pk, public_id, uri in found.order_by("pk").values_list("pk", "public_id", "uri"):
                self.skills[str(public_id)] = self.skills[uri] = pk


@lru_cache(maxsize=32_768)
def skill_key(name: str) -> str:
    """The one spelling of a skill's name: URIs as they are, public ids in lower case with dashes."""
    return str(UUID(name)) if _is_uuid(name) else name


def skills_named(profiles: Iterable[object]) -> Iterator[str]:
    """Every skill name in raw profiles, whatever their shape; malformed ones are reported by the reader."""
    for profile in profiles:
        skills = profile.get("skills") if isinstance(profile, dict) else None
        for item in skills if isinstance(skills, list | tuple) else ():
            name = item.get("skill") if isinstance(item, dict) else None
            if isinstance(name, str | UUID) and len(str(name)) <= 200:
                yield str(name)


def _codes(values: Iterable[str]) -> frozenset[str]:
    return frozenset(values)


def _is_uuid(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True
