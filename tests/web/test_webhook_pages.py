"""Webhooks on pages: registered, watched, sent again, stopped and started by an administrator."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from events.models import Delivery, Event, Webhook
from events.webhooks import services, signing
from municipalities.actor import Actor
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
URL = "https://receiver.example/hook"


def admin_of(client: Client, municipality: str | None = factories.HILLEROED) -> Actor:
    """Logged in."""
    actor = factories.member("admin", municipality)
    client.force_login(User.objects.get(pk=actor.user_id))
    return actor


def delivered(webhook: Webhook, state: str = "given_up") -> Delivery:
    """An event that was tried."""
    factories.order()
    event = Event.objects.latest("id")
    return Delivery.objects.create(
        webhook=webhook, event=event, subject=event.subject, state=state, tries=9, status=500,
        next_try_at=event.recorded_at,
    )  # fmt: skip


def test_a_webhook_is_made_and_its_secret_shown_once(client: Client) -> None:
    admin_of(client)
    answer = client.post("/webhooks/new", {"url": URL, "patterns": "joborder.*, nomination.presented"})
    webhook = Webhook.objects.get()
    assert webhook.municipality == factories.HILLEROED
    assert webhook.patterns == ["joborder.*", "nomination.presented"]
    assert signing.secret(webhook) in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    for address in ("/webhooks", f"/webhooks/{webhook.public_id}"):
        page = client.get(address).content.decode()
        assert URL in page and signing.secret(webhook) not in page


def test_a_wrong_address_is_told_at_its_field(client: Client) -> None:
    admin_of(client)
    answer = client.post("/webhooks/new", {"url": "https://192.168.0.1/", "patterns": "#"})
    assert answer.status_code == 422
    assert "privat" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_an_administrator_of_all_nine_says_for_which(client: Client) -> None:
    admin_of(client, None)
    client.post("/webhooks/new", {"url": URL, "patterns": "#", "municipality": factories.GRIBSKOV})
    assert Webhook.objects.get().municipality == factories.GRIBSKOV


def test_the_log_is_seen_and_what_failed_is_sent_again(client: Client) -> None:
    webhook = services.register(admin_of(client), url=URL, patterns=["#"])
    failed, fine = delivered(webhook), delivered(webhook)
    page = client.get(f"/webhooks/{webhook.public_id}?state=given_up").content.decode()
    assert failed.event.type in page and "svarede 500" in page
    client.post(f"/webhooks/{webhook.public_id}/replay", {"delivery": [str(failed.public_id)]})
    failed.refresh_from_db()
    fine.refresh_from_db()
    assert (failed.state, failed.tries, fine.state) == ("pending", 0, "given_up")
    assert client.post(f"/webhooks/{webhook.public_id}/replay", {"delivery": ["nonsense"]}).status_code == 404


def test_a_webhook_that_was_switched_off_is_told_and_started_again(client: Client) -> None:
    webhook = services.register(admin_of(client), url=URL, patterns=["#"])
    Webhook.objects.update(state="off")
    assert "1 webhook er slået fra" in client.get("/webhooks").content.decode()
    assert "slået fra" in client.get(f"/webhooks/{webhook.public_id}").content.decode()
    client.post(f"/webhooks/{webhook.public_id}/start", {"version": webhook.version})
    webhook.refresh_from_db()
    assert webhook.state == "on"
    stale = client.post(f"/webhooks/{webhook.public_id}/stop", {"version": 1})
    assert stale.status_code == 412
    client.post(f"/webhooks/{webhook.public_id}/stop", {"version": webhook.version})
    webhook.refresh_from_db()
    assert webhook.state == "stopped"


def test_a_new_secret_is_shown_once(client: Client) -> None:
    webhook = services.register(admin_of(client), url=URL, patterns=["#"])
    answer = client.post(f"/webhooks/{webhook.public_id}/rotate", {"version": webhook.version})
    webhook.refresh_from_db()
    assert signing.secret(webhook) in answer.content.decode()
    assert client.post(f"/webhooks/{webhook.public_id}/nonsense", {"version": 2}).status_code == 404


@pytest.mark.parametrize(("role", "municipality", "status"), [
    ("admin", factories.GRIBSKOV, 404), ("consultant", factories.HILLEROED, 403), ("coordinator", None, 403),
])  # fmt: skip
def test_nobody_else_sees_it(client: Client, role: str, municipality: str | None, status: int) -> None:
    webhook = services.register(factories.member("admin", factories.HILLEROED), url=URL, patterns=["#"])
    client.force_login(User.objects.get(pk=factories.member(role, municipality).user_id))
    assert client.get(f"/webhooks/{webhook.public_id}").status_code == status
    assert URL not in client.get("/webhooks").content.decode()
    assert client.post(f"/webhooks/{webhook.public_id}/stop", {"version": 1}).status_code == status
    webhook.refresh_from_db()
    assert webhook.state == "on"
