"""A small region for the tests of candidates and nominations: municipalities, a vocabulary, people who act."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import User
from candidates import services
from candidates.models import Candidate
from municipalities.actor import Actor, Role
from municipalities.models import Municipality, PostalCode
from vocabulary.models import Certificate, IscoGroup, Language, Licence, Skill

HILLEROED, HELSINGOER, GRIBSKOV = "0219", "0217", "0270"
NAMES = {HILLEROED: "Hillerød", HELSINGOER: "Helsingør", GRIBSKOV: "Gribskov"}
SKILL = "https://nrs.example/skill/truck"
_numbers = count(1)


def region() -> None:
    """Three municipalities and the codes that the tests use."""
    for code, name in NAMES.items():
        Municipality.objects.get_or_create(code=code, defaults={"name": name, "jobcentre": f"Jobcenter {name}"})
    for code in ("3400", "3000"):
        PostalCode.objects.get_or_create(
            code=code,
            defaults={"town": "By", "latitude": 55.9, "longitude": 12.3, "municipality_codes": "0219"},
        )
    for code in ("B", "C", "CE"):
        Licence.objects.get_or_create(code=code, defaults={"label_da": code})
    for code in ("adr", "truck"):
        Certificate.objects.get_or_create(code=code, defaults={"label_da": code})
    for code in ("da", "en"):
        Language.objects.get_or_create(code=code, defaults={"label_da": code})
    parent = None
    for code in ("8", "83", "833", "8332"):
        parent, _made = IscoGroup.objects.get_or_create(
            code=code,
            defaults={"level": len(code), "parent": parent, "title_da": "chauffør", "title_en": "driver"},
        )
    Skill.objects.get_or_create(uri=SKILL, defaults={"label_da": "køre truck"})


def member(role: Role | str, municipality: str | None) -> Actor:
    """A new user acting in that role."""
    number = next(_numbers)
    name = f"{role} {number}"
    user = User.objects.create_user(f"builder{number}@kommune.example", "not-used-anywhere", name=name)
    return Actor.member(role=role, municipality=municipality, user_id=user.pk, public_id=user.public_id, name=name)


def consultant(municipality: str = HILLEROED) -> Actor:
    """A consultant there."""
    return member(Role.CONSULTANT, municipality)


def profile(**changes: Any) -> dict[str, Any]:
    """A new profile as the API takes it."""
    return {
        "external_reference": f"SAG-{next(_numbers)}",
        "name": "Prøve Person",
        "phone": "49 00 00 00",
        "email": "person@example.dk",
        "contact_way": "phone",
        "postal_code": "3400",
        **changes,
    }


def candidate(municipality: str = HILLEROED, **changes: Any) -> Candidate:
    """A registered candidate of that municipality."""
    return services.register(consultant(municipality), profile(**changes))
