"""The pages that exist: whom they let in, what they show, and that they ask nobody else for anything."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from joborders.services import steps
from municipalities.models import Membership, Municipality
from tests import factories

pytestmark = pytest.mark.django_db


def member(role: str, code: str | None = "0219") -> User:
    user = User.objects.create_user(f"{role}@nrs.example", "en lang prøve-adgangskode", name="Ann Prøve")
    if code:
        Municipality.objects.get_or_create(code=code, defaults={"name": "Hillerød", "jobcentre": "Jobcenter Hillerød"})
    Membership.objects.create(user=user, role=role, municipality_id=code, started_on=dt.date(2026, 1, 1))
    return user


def test_the_front_page_says_what_the_service_does_in_danish(client: Client, settings) -> None:
    page = client.get("/")
    assert page.status_code == 200
    text = page.content.decode()
    assert 'lang="da"' in text
    assert settings.SHARED_MAILBOX in text
    assert settings.SERVICE_PHONE in text


def test_the_front_page_speaks_english_to_those_who_ask(client: Client) -> None:
    text = client.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert "Do you need people?" in text


def test_no_page_asks_another_host_for_anything(client: Client) -> None:
    client.force_login(member("consultant"))
    for path in ("/", "/login", "/queue"):
        page = client.get(path)
        assert not re.findall(r'(?:src|href|action)="https?://', page.content.decode()), path
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_queue_asks_strangers_to_log_in(client: Client) -> None:
    page = client.get("/queue")
    assert page.status_code == 302
    assert page.headers["Location"].startswith("/login")


def test_a_consultant_logs_in_with_e_mail_and_lands_on_the_queue(client: Client) -> None:
    member("consultant")
    page = client.post(
        "/login?next=/queue",
        {"username": "Consultant@nrs.example", "password": "en lang prøve-adgangskode", "next": "/queue"},
    )
    assert page.status_code == 302
    assert page.headers["Location"] == "/queue"
    assert "Jobcenter Hillerød" in client.get("/queue").content.decode()


@pytest.mark.parametrize(
    ("role", "page"), [("consultant", "/queue"), ("caseworker", "/candidates"), ("coordinator", "/figures")]
)
def test_everybodys_day_begins_on_a_page_of_their_menu(client: Client, role: str, page: str) -> None:
    user = member(role, None if role == "coordinator" else "0219")
    answer = client.post("/login", {"username": user.email, "password": "en lang prøve-adgangskode"})
    assert answer.headers["Location"] == page


@pytest.mark.parametrize(
    ("sent_from", "back"),
    [
        ("http://testserver/candidates/1?q=%C3%A6", "/candidates/1?q=%C3%A6"),
        ("http://testserver//elsewhere.example/x", "/queue"),
        ("https://elsewhere.example/x", "/screenings/1/offer"),
        ("", "/screenings/1/offer"),
    ],
)
def test_who_is_logged_out_is_led_back_and_never_to_another_site(client: Client, sent_from: str, back: str) -> None:
    path = f"/screenings/{UUID(int=1)}/offer"
    to_login = client.post(path, headers={"Referer": sent_from}).headers["Location"]
    [heading_for] = parse_qs(urlsplit(to_login).query)["next"]
    typed = {"username": member("consultant").email, "password": "en lang prøve-adgangskode", "next": heading_for}
    landed = client.post("/login", typed).headers["Location"]
    assert landed.replace(str(UUID(int=1)), "1") == back


def test_a_part_of_a_page_sends_the_whole_page_to_the_login(client: Client) -> None:
    answer = client.get(
        "/queue/counts", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/queue?q=x"}
    )
    assert answer.status_code == 200 and answer.content == b""
    assert answer.headers["HX-Redirect"] == "/login?next=/queue%3Fq%3Dx"


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(client: Client) -> None:
    member("consultant")
    page = client.post("/login", {"username": "consultant@nrs.example", "password": "forkert"})
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()


@pytest.mark.parametrize("role", ["caseworker", "auditor", "admin"])
def test_the_queue_is_for_consultants_and_coordinators(client: Client, role: str) -> None:
    client.force_login(member(role, "0219" if role == "caseworker" else None))
    assert client.get("/queue").status_code == 403


def test_an_ended_membership_lets_nobody_into_the_queue(client: Client) -> None:
    user = member("consultant")
    user.memberships.update(ended_on=dt.date(2026, 2, 1))
    client.force_login(user)
    assert client.get("/queue").status_code == 403


def test_a_mistyped_address_is_answered_with_a_page_and_a_way_out(client: Client) -> None:
    page = client.get("/findes-ikke")
    assert page.status_code == 404
    assert 'href="/"' in page.content.decode()


def test_the_queue_names_the_phase_as_the_workflow_does(client: Client, reference: None) -> None:
    ann, order = factories.consultant(factories.HILLEROED), factories.order()
    client.force_login(User.objects.get(pk=ann.user_id))
    assert '<span class="badge badge-calm">ny</span>' in client.get("/queue").content.decode()
    steps.claim(order.public_id, ann, order.version)
    assert '<span class="badge badge-calm">taget</span>' in client.get("/queue").content.decode()
