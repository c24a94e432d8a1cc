"""Somebody with a token, and a client that speaks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import User
from municipalities.models import Membership, Municipality

MakeMember = Callable[..., Membership]


@pytest.fixture
def member(db: None) -> MakeMember:
    """Make a member: `member("consultant", "0219")`."""

    def make(role: str = "consultant", municipality: str | None = "0219", email: str = "ann@nrs.example") -> Membership:
        if municipality is not None:
            Municipality.objects.get_or_create(
                code=municipality, defaults={"name": f"M{municipality}", "jobcentre": "Jobcenter"}
            )
        user, _new = User.objects.get_or_create(email=email, defaults={"name": email.split("@", maxsplit=1)[0]})
        return Membership.objects.create(
            user=user, municipality_id=municipality, role=role, started_on=date(2020, 1, 1)
        )

    return make


@pytest.fixture
def client_of() -> Callable[..., APIClient]:
    """A client with a writing token of the membership."""

    def make(membership: Membership, scope: str = "write", **headers: str) -> APIClient:
        _token, secret = tokens.issue(label="test", membership=membership.public_id, scope=scope)
        client = APIClient(raise_request_exception=False, HTTP_ACCEPT_LANGUAGE="en")
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}", **headers)
        return client

    return make


@pytest.fixture
def ann(member: MakeMember, client_of: Callable[..., APIClient]) -> APIClient:
    """A consultant of Hillerød, by token, reading English."""
    return client_of(member())


@pytest.fixture
def sample(settings) -> None:
    """The throw-away resources instead of the real ones."""
    settings.ROOT_URLCONF = "tests.api.sample"


@pytest.fixture
def nine(db: None) -> None:
    """Twelve municipalities, whatever else there is."""
    for number in range(12):
        Municipality.objects.create(
            code=f"99{number:02}", name=f"Ørby {number:02}", jobcentre="J", phone=f"=cmd{number}" if number else ""
        )
