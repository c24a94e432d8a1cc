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
from municipalities.actor import Actor
from municipalities.membership import Holder, actor_of, current, holder_of

pytestmark = pytest.mark.django_db


def test_the_secret_is_nowhere_in_the_database(member):
    token, secret = tokens.issue(label="x", membership=member().public_id)
    assert holder_of(secret) is not None
    values = " ".join(str(value) for value in ApiToken.objects.values_list().get())
    assert secret not in values and secret.startswith(token.prefix)


def test_unknown_expired_and_revoked_tokens_look_the_same(member):
    token, secret = tokens.issue(label="x", membership=member().public_id, life=timedelta(days=1))
    assert holder_of(secret + "x") is None and holder_of("") is None and holder_of("\udcff") is None
    with clock.at(clock.now() + timedelta(days=1, seconds=1)):
        assert holder_of(secret) is None
    tokens.revoke(token)
    assert holder_of(secret) is None


@pytest.mark.parametrize("wrong", [{}, {"membership": uuid4(), "company": uuid4()},
                                   {"company": uuid4(), "scope": "all"},
                                   {"company": uuid4(), "life": timedelta(0)}])  # fmt: skip
def test_a_token_acts_for_exactly_one_and_ends(wrong):
    with pytest.raises(ValueError):
        tokens.issue(label="x", **wrong)


def test_use_is_noted_at_most_once_a_minute(member, django_assert_num_queries):
    _token, secret = tokens.issue(label="x", membership=member().public_id)
    holder_of(secret)
    with django_assert_num_queries(1):
        holder_of(secret)
    with clock.at(clock.now() + timedelta(seconds=61)), django_assert_num_queries(2):
        holder_of(secret)


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


@pytest.mark.parametrize("ends", [None, -1, 0, 1])
@pytest.mark.parametrize("starts", [-2, 0, 1])
@pytest.mark.parametrize("is_active", [True, False])
def test_a_token_acts_for_just_the_memberships_that_count_today(member, starts, ends, is_active):
    membership, today = member(), clock.today()
    if ends is not None and ends < starts:
        return
    membership.started_on = today + timedelta(days=starts)
    membership.ended_on = None if ends is None else today + timedelta(days=ends)
    membership.save()
    type(membership.user).objects.update(is_active=is_active)
    _token, secret = tokens.issue(label="x", membership=membership.public_id)
    assert (holder_of(secret) is not None) == current(pk=membership.pk).exists()


def test_the_holder_of_a_token_is_the_member_or_the_company(member):
    membership, company = member(), uuid4()
    _token, secret = tokens.issue(label="x", membership=membership.public_id)
    assert holder_of(secret) == Holder(actor_of(membership), can_write=False)
    _token, secret = tokens.issue(label="Firm", company=company, scope="write")
    assert holder_of(secret) == Holder(Actor.company_(company, name="Firm"), can_write=True)


def test_a_wrong_token_is_not_rescued_by_a_session(member, sample):
    client = APIClient()
    client.force_login(member().user, backend="municipalities.login.MemberBackend")
    assert client.get("/api/v1/things", HTTP_AUTHORIZATION="Bearer nonsense").status_code == 401


def test_the_command_prints_the_secret_once(member):
    member()
    out, err = StringIO(), StringIO()
    call_command("create_token", user="Ann@nrs.example", municipality="0219", scope="write", stdout=out, stderr=err)
    secret = out.getvalue().strip()
    assert holder_of(secret).can_write
    assert secret not in err.getvalue()


def test_the_command_does_not_guess_whom_it_acts_for(member):
    member()
    member("caseworker")
    for given in ({"user": "ann@nrs.example"}, {"user": "ann@nrs.example", "role": "admin"}, {"user": "no@x.dk"}):
        with pytest.raises(CommandError):
            call_command("create_token", **given)
    call_command("create_token", user="ann@nrs.example", role="caseworker", stdout=StringIO(), stderr=StringIO())
