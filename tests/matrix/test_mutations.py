"""The matrix sees: each of these switches removes one guard of the product, and some case of the matrix fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db.models import Q

from candidates.models import Identity
from tests.matrix.doors import every_door
from tests.matrix.running import Matrix

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "postgresql" in settings.DATABASES["default"]["ENGINE"], reason="the second wall stands behind the guards"
    ),
]
Switch = Callable[[pytest.MonkeyPatch], None]


def patch(target: str, value: Any) -> Switch:
    """A switch that puts something else in the place of a guard."""
    return lambda monkeypatch: monkeypatch.setattr(target, value)


def everybody(*_args: Any, **_kwargs: Any) -> Q:
    """A scope that lets all through."""
    return Q()


def all_rows(self: Any, *_args: Any, **_kwargs: Any) -> Any:
    """A `visible_to` that hides nothing."""
    return self


def _unlogged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("candidates.access._log", lambda _entries: None)


def _old_token(monkeypatch: pytest.MonkeyPatch) -> None:
    from municipalities import membership

    monkeypatch.setattr(membership, "_HOLDER", membership._HOLDER.replace("AND t.expires_at > %(now)s", ""))


def _revoked_token(monkeypatch: pytest.MonkeyPatch) -> None:
    from municipalities import membership

    monkeypatch.setattr(membership, "_HOLDER", membership._HOLDER.replace("t.revoked_at IS NULL AND", ""))


def _left_member(monkeypatch: pytest.MonkeyPatch) -> None:
    from municipalities import membership

    late = "AND (m.ended_on IS NULL OR m.ended_on > %(today)s)"
    monkeypatch.setattr(membership, "_HOLDER", membership._HOLDER.replace(late, ""))


def _company_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("candidates.access.COMPANY_FIELDS", frozenset({"name", "contact_way", "phone", "email"}))


def _names_beside_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that takes the name past `candidates.access`."""
    from api.candidates import Candidates

    def represent(self: Any, obj: Any, gives: Any = None) -> Any:
        return {"id": obj.public_id, "version": obj.version, "name": Identity.objects.get(candidate=obj).name}

    monkeypatch.setattr(Candidates, "represent", represent)


#: Name → (the switch, roles, addresses whose cases are run).
SWITCHES: dict[str, tuple[Switch, tuple[str, ...], tuple[str, ...]]] = {
    "scope of nominations": (
        patch("joborders.querysets.nomination_scope_q", everybody), ("consultant",), ("api/v1/nominations",),
    ),
    "scope of one nomination": (
        patch("joborders.querysets.nomination_scope_q", everybody), ("company_a",), ("api/v1/nominations/<uuid:id>",),
    ),
    "scope of orders": (patch("joborders.querysets.order_scope_q", everybody), ("consultant",), ("api/v1/job-orders",)),
    "scope of one order": (
        patch("joborders.querysets.order_scope_q", everybody), ("company_b",), ("api/v1/job-orders/<uuid:id>",),
    ),
    "scope of an order's page": (
        patch("joborders.querysets.order_scope_q", everybody), ("consultant",), ("orders/<uuid:id>",),
    ),
    "scope of intakes": (
        patch("joborders.querysets.intake_scope_q", everybody), ("consultant",), ("api/v1/intakes/<uuid:id>",),
    ),
    "scope of candidates": (
        patch("candidates.querysets.CandidateQuerySet.visible_to", all_rows), ("consultant",),
        ("api/v1/candidates/<uuid:id>/withdraw",),
    ),
    "home of candidates": (
        patch("candidates.querysets.CandidateQuerySet.of", all_rows), ("consultant",), ("candidates/<uuid:id>",),
    ),
    "scope of imports": (
        patch("candidates.querysets.ImportJobQuerySet.visible_to", all_rows), ("caseworker",),
        ("candidates/import/<uuid:id>",),
    ),
    "access log": (_unlogged, ("consultant",), ("api/v1/candidates/<uuid:id>",)),
    "names past the log": (_names_beside_the_log, ("consultant",), ("api/v1/candidates/<uuid:id>",)),
    "fields of a company": (_company_fields, ("company_a",), ("api/v1/nominations/<uuid:id>",)),
    "expiry of tokens": (_old_token, ("expired",), ("api/v1/job-orders",)),
    "revocation of tokens": (_revoked_token, ("revoked",), ("api/v1/job-orders",)),
    "end of memberships": (_left_member, ("left",), ("api/v1/job-orders",)),
    "code of the follow link": (
        patch("joborders.services.follow.is_open", lambda *_a: True), ("link",),
        ("api/v1/intake/follow/<str:secret>",),
    ),
    "login": (
        patch("api.permissions.ActorRequired.has_permission", lambda *_a: True), ("anonymous",),
        ("api/v1/municipalities",),
    ),
    "reading tokens": (
        patch("municipalities.membership.Holder.can_write", True), ("reader",), ("api/v1/job-orders/<uuid:id>/pause",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SWITCHES)
def test_a_guard_that_is_gone_is_missed(matrix: Matrix, name: str, monkeypatch: pytest.MonkeyPatch):
    switch, roles, addresses = SWITCHES[name]
    doors = [door for door in every_door() if door.address in addresses and door.method != "delete"]
    assert {door.address for door in doors} == set(addresses)
    switch(monkeypatch)
    matrix.forget_nothing()
    found = sum(sum(matrix.run(role, doors).wrong.values()) for role in roles)
    matrix.forget_nothing()
    assert found, f"nobody noticed that {name} is gone"


def test_with_all_guards_in_place_the_same_cases_find_nothing(matrix: Matrix):
    addresses = {address for _switch, _roles, some in SWITCHES.values() for address in some}
    roles = {role for _switch, some, _addresses in SWITCHES.values() for role in some}
    doors = [door for door in every_door() if door.address in addresses and door.method == "get"]
    wrong = [text for role in sorted(roles) for text in matrix.run(role, doors).wrong]
    assert not wrong, "\n".join(wrong)
