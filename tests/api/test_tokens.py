"""Tokens are shown once, kept hashed, bound to one membership or company, and end."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import ApiToken
from events import clock

pytestmark = pytest.mark.django_db


def test_the_secret_is_nowhere_in_the_database(member):
    token, secret = tokens.issue(label="x", membership=member().public_id)
    assert tokens.find(secret) == token
    values = " ".join(str(value) for value in ApiToken.objects.values_list().get())
    assert secret not in values and secret.startswith(token.prefix)


def test_unknown_expired_and_revoked_tokens_look_the_same(member):
    token, secret = tokens.issue(label="x", membership=member().public_id, life=timedelta(days=1))
    assert tokens.find(secret + "x") is None and tokens.find("") is None and tokens.find("\udcff") is None
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        assert tokens.find(secret) is None
    tokens.revoke(token)
    assert tokens.find(secret) is None


@pytest.mark.parametrize("wrong", [{}, {"membership": uuid4(), "company": uuid4()},
                                   {"company": uuid4(), "scope": "all"},
                                   {"company": uuid4(), "life": timedelta(0)}])  # fmt: skip
def test_a_token_acts_for_exactly_one_and_ends(wrong):
    with pytest.raises(ValueError):
        tokens.issue(label="x", **wrong)


def test_use_is_noted_at_most_once_a_minute(member, django_assert_num_queries):
    _token, secret = tokens.issue(label="x", membership=member().public_id)
    tokens.find(secret)
    with django_assert_num_queries(1):
        tokens.find(secret)
    with clock.at(clock.now() + timedelta(seconds=61)), django_assert_num_queries(2):
        tokens.find(secret)


def test_a_reading_token_cannot_write(member, client_of, sample):
    client = client_of(member(), scope="read")
    assert client.get("/api/v1/things").status_code == 200
    answer = client.post("/api/v1/things", {"code": "9100", "name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


def test_a_token_dies_with_its_membership(member, client_of, sample):
    membership = member()
    client = client_of(membership)
    membership.ended_on = clock.today()
    membership.save()
    answer = client.get("/api/v1/things")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


def test_a_wrong_token_is_not_rescued_by_a_session(member, sample):
    client = APIClient()
    client.force_login(member().user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/things", HTTP_AUTHORIZATION="Bearer nonsense").status_code == 401


def test_the_command_prints_the_secret_once(member):
    member()
    out, err = StringIO(), StringIO()
    call_command("create_token", user="Ann@nrs.example", municipality="0219", scope="write", stdout=out, stderr=err)
    secret = out.getvalue().strip()
    assert tokens.find(secret).scope == "write"
    assert secret not in err.getvalue()


def test_the_command_does_not_guess_whom_it_acts_for(member):
    member()
    member("caseworker")
    for given in ({"user": "ann@nrs.example"}, {"user": "ann@nrs.example", "role": "admin"}, {"user": "no@x.dk"}):
        with pytest.raises(CommandError):
            call_command("create_token", **given)
    call_command("create_token", user="ann@nrs.example", role="caseworker", stdout=StringIO(), stderr=StringIO())
