"""The own profile: what somebody may change about themselves, and nothing about anybody else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import formats, timezone

from accounts import tokens
from accounts.models import User
from events import clock
from municipalities.models import Membership
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
OLD, NEW = "en lang sætning om vejr", "en anden sætning om vind"


@pytest.fixture
def ann(client: Client) -> User:
    """Somebody at the desk in Hillerød, logged in."""
    user = User.objects.get(pk=factories.consultant(name="Ann Prøve").user_id)
    user.set_password(OLD)
    user.save()
    client.force_login(user, backend="municipalities.login.MemberBackend")
    return user


def typed(user: User, **changes: str) -> dict[str, str]:
    return {"name": user.name, "phone": user.phone, "email": user.email, "password": ""} | changes


def test_a_stranger_is_led_to_the_login(client: Client) -> None:
    assert client.get("/profile").headers["Location"] == "/login?next=/profile"


def test_name_and_phone_are_changed_without_more_ado(client: Client, ann: User) -> None:
    assert client.post("/profile", typed(ann, name="Ann  Nyt Navn", phone="48 11 11 11")).status_code == 302
    ann.refresh_from_db()
    assert (ann.name, ann.phone) == ("Ann Nyt Navn", "48 11 11 11")


def test_another_address_to_log_in_by_takes_the_password(client: Client, ann: User) -> None:
    before = ann.email
    page = client.post("/profile", typed(ann, email="ny@nrs.example"))
    assert page.status_code == 422 and "Skriv din nuværende adgangskode" in page.content.decode()
    ann.refresh_from_db()
    assert ann.email == before
    assert client.post("/profile", typed(ann, email="Ny@nrs.example", password=OLD)).status_code == 302
    ann.refresh_from_db()
    assert ann.email == "ny@nrs.example"


def test_nobody_takes_a_colleagues_address(client: Client, ann: User) -> None:
    bo = User.objects.get(pk=factories.consultant(name="Bo Prøve").user_id)
    page = client.post("/profile", typed(ann, email=bo.email, password=OLD))
    assert page.status_code == 422 and "kan ikke bruges" in page.content.decode()


def test_a_new_password_keeps_this_browser_in_and_puts_the_others_out(client: Client, ann: User) -> None:
    other = Client()
    other.force_login(ann, backend="municipalities.login.MemberBackend")
    answer = client.post("/profile/password", {"present": OLD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    ann.refresh_from_db()
    assert ann.check_password(NEW)
    assert client.get("/profile").status_code == 200
    assert other.get("/profile").status_code == 302


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"present": "forkert", "new": NEW, "again": NEW}, "Det er ikke din nuværende adgangskode."),
        ({"present": OLD, "new": "kort", "again": "kort"}, "12"),
        ({"present": OLD, "new": NEW, "again": NEW + "!"}, "De to er ikke ens."),
    ],
)
def test_a_password_is_not_changed_by_mistake(client: Client, ann: User, sent: dict[str, str], told: str) -> None:
    page = client.post("/profile/password", sent)
    assert page.status_code == 422 and told in page.content.decode()
    assert NEW not in page.content.decode()
    ann.refresh_from_db()
    assert ann.check_password(OLD)


def test_who_has_two_roles_chooses_for_whom_to_work(client: Client, ann: User) -> None:
    other = factories.membership("consultant", factories.HELSINGOER, who=ann)
    assert "Jobcenter Hillerød" in client.get("/queue").content.decode()
    client.post("/profile/place", {"membership": other.pk})
    assert "Jobcenter Helsingør" in client.get("/queue").content.decode()


def test_nobody_works_through_somebody_elses_role(client: Client, ann: User) -> None:
    bo = factories.membership("coordinator")
    assert client.post("/profile/place", {"membership": bo.pk}).status_code == 404


def test_a_tokens_last_use_stands_on_the_profile_and_in_the_administration(client: Client, ann: User) -> None:
    mine, secret = tokens.issue(label="Mit system", membership=Membership.objects.get(user=ann).public_id)
    row = re.compile(r'data-title="Sidst brugt">([^<]*(?:<time[^>]*>[^<]*)?)')
    assert "aldrig" in row.search(client.get("/profile").content.decode())[1]  # type: ignore[index]
    with clock.at(clock.now() - timedelta(hours=2)):
        answer = Client().get("/api/v1/queue?view=own", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    mine.refresh_from_db()
    assert mine.last_used_at is not None
    assert "2 timer" in row.search(client.get("/profile").content.decode())[1]  # type: ignore[index]
    client.force_login(User.objects.create_superuser("root@nrs.example", name="Rod"))
    listed = client.get("/admin/accounts/apitoken/").content.decode()
    shown = formats.localize(timezone.localtime(mine.last_used_at), use_l10n=True)
    assert "field-last_used_at" in listed and shown in listed
    assert secret not in listed


def test_the_own_tokens_are_listed_and_revoked_and_no_others(client: Client, ann: User) -> None:
    mine, _secret = tokens.issue(label="Mit system", membership=Membership.objects.get(user=ann).public_id)
    theirs, _secret = tokens.issue(label="Deres system", membership=factories.membership("coordinator").public_id)
    page = client.get("/profile").content.decode()
    assert "Mit system" in page and "Deres system" not in page
    assert client.post(f"/profile/tokens/{theirs.public_id}/revoke").status_code == 404
    assert client.post(f"/profile/tokens/{mine.public_id}/revoke").status_code == 302
    mine.refresh_from_db(), theirs.refresh_from_db()
    assert mine.revoked_at is not None and theirs.revoked_at is None
