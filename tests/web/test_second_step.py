"""The login: a second step, an end by idle time and age, brakes, and no access once somebody has left."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import second_factor, sessions
from accounts.models import SecondFactor, User
from events import clock
from municipalities.actor import Actor
from municipalities.models import Membership
from tests.api.order_cases import client_of
from web.account.second_step import NONCE as NONCE_KEY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PASSWORD = "et langt og godt kodeord"


@pytest.fixture
def user(ann: Actor) -> User:
    """Ann, with a password."""
    found = User.objects.get(pk=ann.user_id)
    found.set_password(PASSWORD)
    found.save()
    return found


def log_in(client: Client, user: User, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login", {"username": user.email, "password": password, **more})


NONCE = "0" * 64


def code_now(steps: int = 0, nonce: str = NONCE) -> str:
    return second_factor.code_at(second_factor.secret_of(nonce), second_factor.step_now() + steps)


@pytest.mark.parametrize(
    ("moment", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_codes_are_those_of_rfc_6238(moment: int, code: str) -> None:
    assert second_factor.code_at(b"12345678901234567890", moment // 30) == code


def test_in_production_nobody_works_before_the_second_step(client: Client, user: User, settings: Any) -> None:
    settings.REQUIRE_TOTP = True
    assert log_in(client, user, next="/queue?mine=1").url == "/login/code"
    for path in ("/queue", "/candidates", "/profile", "/admin/", "/findes-ikke"):
        assert client.get(path).url == "/login/code", path
    assert client.get("/api/v1/queue").status_code == 403
    page = client.get("/login/code", follow=True)
    assert "otpauth://totp/" in page.content.decode() and page["Cache-Control"] == "no-store"
    assert client.post("/login/enrol", {"code": "000000"}).status_code == 422
    codes = client.post("/login/enrol", {"code": code_now(nonce=client.session[NONCE_KEY])})
    assert codes.content.decode().count("-") >= second_factor.RECOVERY_CODES and "/queue?mine=1" in str(codes.content)
    assert client.get("/queue").status_code == 200


def test_who_has_enrolled_is_asked_at_every_login_and_a_code_is_taken_once(client: Client, user: User) -> None:
    written = second_factor.enrol(user, NONCE, code_now(-1))
    assert len(set(written)) == 10
    log_in(client, user)
    assert client.get("/queue").url == "/login/code"
    assert client.post("/login/code", {"code": code_now(-1)}).status_code == 422, "that one has been used"
    key = client.session.session_key
    assert client.post("/login/code", {"code": code_now()}).status_code == 302
    assert client.session.session_key != key
    assert client.get("/queue").status_code == 200
    client.get("/logout")
    for expected in (302, 422):
        other = Client()
        log_in(other, user)
        assert other.post("/login/code", {"code": written[0]}).status_code == expected, "written down: once"


def test_five_wrong_codes_lock_the_step_for_a_while(client: Client, user: User) -> None:
    second_factor.enrol(user, NONCE, code_now(-1))
    for _try in range(5):
        assert not second_factor.check(user, "000000")
    assert second_factor.is_locked(user) and not second_factor.check(user, code_now())
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert second_factor.check(user, code_now())


def test_neither_secret_nor_codes_are_stored(user: User) -> None:
    written = second_factor.enrol(user, NONCE, code_now())
    row = str(SecondFactor.objects.values().get())
    assert second_factor.as_text(NONCE).replace(" ", "") not in row
    assert not any(code.replace("-", "") in row or code in row for code in written)


def test_the_admins_own_login_is_no_second_door(client: Client) -> None:
    assert client.get("/admin/login/?next=/admin/").url == "/login?next=/admin/"


@pytest.mark.parametrize(("stamp", "age"), [(sessions.SEEN, 31 * 60), (sessions.BEGAN, 10 * 3600 + 60)])
def test_a_login_ends_by_idle_time_and_by_its_age(client: Client, user: User, stamp: str, age: int) -> None:
    client.force_login(user)
    assert client.get("/queue").status_code == 200
    session = client.session
    session[stamp] = int(time.time()) - age
    session.save()
    assert client.get("/queue").url == "/login?next=/queue"
    assert sessions.SEEN not in client.session, "the session itself is gone"


def test_who_works_stays_logged_in_and_a_session_without_stamps_does_not(client: Client, user: User) -> None:
    client.force_login(user)
    session = client.session
    session[sessions.SEEN] = int(time.time()) - 20 * 60
    session.save()
    assert client.get("/queue").status_code == 200
    assert time.time() - client.session[sessions.SEEN] < 60
    session = client.session
    del session[sessions.BEGAN]
    session.save()
    assert client.get("/queue").status_code == 302


def test_leaving_the_municipality_ends_pages_and_tokens_at_once(client: Client, user: User, ann: Actor) -> None:
    client.force_login(user)
    machine = client_of(ann)
    assert client.get("/queue").status_code == 200 and machine.get("/api/v1/queue").status_code == 200
    Membership.objects.filter(user=user).update(ended_on=clock.today())
    assert client.get("/queue").status_code == 403 and machine.get("/api/v1/queue").status_code in (401, 403)
    assert client.get("/api/v1/queue").status_code in (401, 403)


def test_a_user_who_is_switched_off_is_out_at_the_next_request(client: Client, user: User) -> None:
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/queue").url == "/login?next=/queue"


def test_another_role_counts_from_the_next_request_on(client: Client, user: User) -> None:
    client.force_login(user)
    Membership.objects.filter(user=user).update(role="caseworker")
    assert client.get("/queue").status_code == 403


def test_five_wrong_passwords_shut_the_door_for_the_right_one_too(client: Client, user: User, settings: Any) -> None:
    settings.AXES_ENABLED = True
    cache.clear()
    other = User.objects.create_user("anden@kommune.example", PASSWORD, name="Anden")
    for _try in range(5):
        answer = log_in(client, user, "forkert kodeord")
    assert answer.status_code == 429
    assert log_in(client, user).status_code == 429
    assert log_in(Client(REMOTE_ADDR="10.1.2.3"), other).status_code == 302, "others are let in"
