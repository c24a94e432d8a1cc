"""PostgreSQL: the reading part of the matrix once with the code's own filters off. The database stands alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db.models import Q

from tests.matrix.doors import every_door
from tests.matrix.running import Matrix

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.skipif("postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="no wall on SQLite"),
]
#: What only a citizen's own rows hold.
OF_CITIZENS = ("name", "phone", "mail", "cv", "cv_order", "case", "employer", "cv_reason", "accepted_by", "reason")
ROLES = ("company_a", "company_b", "link", "consultant", "caseworker", "coordinator", "auditor", "admin", "reader")
#: A consultant reads the nomination of a released citizen, whom the wall shows it: what is told of those is right.
AREA = ("candidates", "nominations", "screenings", "job-orders", "intake/follow", "orders/", "follow/")


@pytest.mark.parametrize("role", ROLES)
def test_with_the_filters_of_the_code_off_the_database_shows_no_stranger(
    matrix: Matrix, role: str, monkeypatch: pytest.MonkeyPatch, record_property: Any
):
    def everybody(*_args: Any, **_kwargs: Any) -> Q:
        return Q()

    monkeypatch.setattr("candidates.querysets.candidate_scope_q", everybody)
    monkeypatch.setattr("candidates.querysets.CandidateQuerySet.of", lambda self, _code: self)
    monkeypatch.setattr("candidates.querysets.ImportJobQuerySet.visible_to", lambda self, _actor: self)
    doors = [door for door in every_door() if door.method == "get" and any(word in door.address for word in AREA)]
    leaks, cases = [], 0
    for door, target, address in matrix.cases(role, doors):
        answer = matrix.ask(role, door, target, address)
        cases += 1
        for relation, what in matrix.world.told(answer.text):
            if what in OF_CITIZENS and not matrix.rules.sees(what, relation, role):
                leaks.append(f"{role} {address}: {what} of {relation}")
    record_property("looked at", (f"cases with the filters off ({len(leaks)} leaks)", cases))
    assert not leaks, "\n".join(leaks[:50])
