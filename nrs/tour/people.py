"""Who takes part in the tour, made in the empty database before the first call: people, memberships, tokens."""

from __future__ import annotations

import datetime as dt

from accounts import tokens
from accounts.models import User
from events import clock
from municipalities.models import DutyPeriod, Membership, Municipality
from municipalities.reference import load as load_municipalities
from nrs.scenarios.world import cvr_numbers
from vocabulary.models import Certificate
from vocabulary.reference import load as load_vocabulary

#: Called in the tour: (name of the person, role, municipality code).
PEOPLE = {
    "Hillerød": ("Gorm Kastanjegren", "consultant", "0219"),
    "Gribskov": ("Rikke Bøgehæk", "consultant", "0270"),
    "Helsingør": ("Ebbe Fyrrekogle", "consultant", "0217"),
    "coordinator": ("Tove Nordstjerne", "coordinator", None),
}
LIFE = dt.timedelta(hours=2)


def prepare() -> dict[str, str]:
    """Reference data where it lacks, the people, and a writing token for each, by the name used in the tour."""
    if not Municipality.objects.exists():
        load_municipalities()
    if not Certificate.objects.exists():
        load_vocabulary()
    since = clock.today() - dt.timedelta(days=30)
    DutyPeriod.objects.get_or_create(valid_from=since, defaults={"municipality_id": "0219"})
    secrets: dict[str, str] = {}
    for number, (called, (name, role, code)) in enumerate(PEOPLE.items()):
        user, _new = User.objects.get_or_create(email=f"tour{number}@nrs.example", defaults={"name": name})
        membership, _new = Membership.objects.get_or_create(
            user=user, municipality_id=code, role=role, ended_on=None, defaults={"started_on": since}
        )
        _token, secrets[called] = tokens.issue(label="tour", membership=membership.public_id, scope="write", life=LIFE)
    return secrets


def cvr() -> str:
    """A made-up CVR number."""
    return next(cvr_numbers())
