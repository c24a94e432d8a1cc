"""Somebody with several memberships acts through the one that they chose."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from api.authentication import MEMBERSHIP_KEY as READ_BY_THE_API
from events import clock
from events.errors import NotVisible
from municipalities.choosing import MEMBERSHIP_KEY, acting, choose
from municipalities.login import MemberBackend
from municipalities.membership import actor_for_user
from municipalities.models import Membership
from tests import factories

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def pia():
    return factories.user("Pia Prøve")


@pytest.fixture
def first(pia):
    return factories.membership("consultant", "0219", who=pia)


@pytest.fixture
def second(pia, first):
    return factories.membership("consultant", "0217", who=pia)


def test_without_a_choice_the_first_counts(pia, second):
    assert acting({}, pia).municipality == "0219"


def test_the_chosen_membership_counts_from_then_on(pia, second):
    session = {}
    assert choose(session, pia, second.public_id) == acting(session, pia)
    assert acting(session, pia).municipality == "0217"


def test_a_membership_of_somebody_else_or_of_the_past_is_not_there(pia, first, second):
    session = {}
    second.ended_on = clock.today()
    second.save()
    for wrong in (second, factories.membership("consultant", "0270")):
        with pytest.raises(NotVisible):
            choose(session, pia, wrong.public_id)
    assert session == {}


def test_a_chosen_membership_that_ends_gives_way_to_one_that_is_left(pia, second):
    session = {}
    choose(session, pia, second.public_id)
    second.ended_on = clock.today()
    second.save()
    assert acting(session, pia).municipality == "0219"
    pia.memberships.update(ended_on=clock.today())
    assert acting(session, pia) is None


def test_the_api_acts_by_the_choice_of_the_session(pia, second):
    assert READ_BY_THE_API == MEMBERSHIP_KEY
    order = factories.order(of=factories.company("0217"))
    client = Client()
    client.force_login(pia)
    address = f"/api/v1/job-orders/{order.public_id}"
    assert client.get(address).status_code == 404
    session = client.session
    choose(session, pia, second.public_id)
    session.save()
    assert client.get(address).status_code == 200


def test_the_user_of_a_session_comes_with_the_memberships_of_today_in_one_statement(
    django_assert_num_queries: Any,
) -> None:
    ann = factories.membership("consultant", "0219")
    backend = MemberBackend()
    with django_assert_num_queries(1):
        user = backend.get_user(ann.user_id)
        actor = actor_for_user(user)
        assert actor.municipality == "0219"
    Membership.objects.filter(pk=ann.pk).update(ended_on=clock.today())
    left = backend.get_user(ann.user_id)
    assert left == ann.user and actor_for_user(left) is None
    User.objects.filter(pk=ann.user_id).update(is_active=False)
    assert backend.get_user(ann.user_id) is None
