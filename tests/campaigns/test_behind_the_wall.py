"""Figures that hold no personal data are the same for everybody, also where the database shows no citizens."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection

from campaigns.asked import asked
from campaigns.figures import FUNCTIONS, figure
from campaigns.measures import MEASURES
from candidates.models import Candidate
from events import clock
from joborders.models import Nomination
from municipalities import wall
from municipalities.actor import Actor
from tests import factories
from tests.campaigns.scenes import Scene, day

pytestmark = pytest.mark.usefixtures("reference")
needs_wall = pytest.mark.skipif("postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="no wall on SQLite")
ACTORS = [
    Actor.member(role="coordinator"),
    Actor.member(role="auditor"),
    Actor.member(role="consultant", municipality="0217", user_id=1),
    Actor.member(role="caseworker", municipality="0260", user_id=2),
]


def everything() -> list[object]:
    """Every figure and measure, as known now and as known before some of it was registered, whole and in parts."""
    found: list[object] = []
    for known_at in (clock.now(), day(9)):
        for given in ({}, {"municipality": "0219"}, {"industry": "unknown"}):
            found += [figure(name, as_of=dt.date(2026, 3, 30), known_at=known_at, **given) for name in FUNCTIONS]
        question = asked(dt.date(2026, 3, 30), known_at)
        found += [measure(question, None) for measure in MEASURES.values()]
    return found


@needs_wall
@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: f"{actor.role}-{actor.municipality}")
def test_figures_are_the_same_behind_the_wall_as_in_front_of_it(actor: Actor) -> None:
    for number in range(2, 8):
        scene = Scene(number, positions=2)
        scene.answer(number, hour=12)
        scene.hire(number + 3)
        scene.hire(number + 7, factories.HELSINGOER)
    Scene(4).answer(16, happened_at=day(5))
    with clock.at(day(31)):
        in_front = everything()
        with wall.through(wall.Scope.of(actor)):
            assert Candidate.objects.count() < 12 and Nomination.objects.count() < 12, "the wall stands"
            if settings.DATABASE_ROLES:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT current_user")
                    assert cursor.fetchone() == (wall.APP_ROLE,)
            assert everything() == in_front
