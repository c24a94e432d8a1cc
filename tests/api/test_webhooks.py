"""Webhooks over HTTP."""

from __future__ import annotations

import pytest

from events.models import Delivery, Event, Webhook
from events.webhooks import signing
from tests import factories
from tests.api.test_companies import problem

pytestmark = pytest.mark.django_db
URL = "/api/v1/webhooks"
BODY = {"url": "https://receiver.example/hook", "patterns": ["joborder.*"]}


@pytest.fixture
def admin(member, client_of):
    """An administrator of Hillerød."""
    return client_of(member("admin"))


def test_a_webhook_is_registered_read_changed_stopped_and_started(admin):
    made = admin.post(URL, BODY)
    assert made.status_code == 201, made.content
    assert made.json()["municipality"] == "0219"
    assert made.json()["secret"] == signing.secret(Webhook.objects.get())
    url = f"{URL}/{made.json()['id']}"
    assert "secret" not in admin.get(url).json()
    assert [row["id"] for row in admin.get(URL).json()["results"]] == [made.json()["id"]]
    changed = admin.patch(url, {"patterns": ["#"]}, HTTP_IF_MATCH='"1"')
    assert changed.json()["patterns"] == ["#"]
    assert admin.post(f"{url}/stop", HTTP_IF_MATCH='"2"').json()["state"] == "stopped"
    problem(admin.post(f"{url}/stop", HTTP_IF_MATCH='"3"'), 409, "not_on")
    assert admin.post(f"{url}/start", {"skip": True}, HTTP_IF_MATCH='"3"').json()["state"] == "on"
    renewed = admin.post(f"{url}/rotate-secret", HTTP_IF_MATCH='"4"')
    assert renewed.json()["secret"] != made.json()["secret"]


def test_the_log_shows_deliveries_and_sends_them_again(reference, monday, admin):
    hook = Webhook.objects.get(public_id=admin.post(URL, BODY).json()["id"])
    factories.order()
    event = Event.objects.earliest("id")
    sent = Delivery.objects.create(
        webhook=hook,
        event=event,
        subject=event.subject,
        state="given_up",
        tries=9,
        status=500,
        next_try_at=event.recorded_at,
    )
    rows = admin.get(f"{URL}/{hook.public_id}/deliveries?state=given_up").json()["results"]
    assert [(row["event"], row["type"], row["tries"], row["status"]) for row in rows] == [
        (str(event.public_id), event.type, 9, 500)
    ]
    answer = admin.post(f"{URL}/{hook.public_id}/replay", {"deliveries": [str(sent.public_id)]})
    assert answer.json() == {"count": 1}
    sent.refresh_from_db()
    assert sent.state == "pending" and sent.tries == 0


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"url": "http://receiver.example/"}, "/url", "no_tls"),
        ({"url": "https://192.168.0.1/"}, "/url", "private"),
        ({"patterns": ["Joborder.Claimed"]}, "/patterns/0", "malformed"),
        ({"nonsense": 1}, "/nonsense", "unknown_field"),
    ],
)
def test_a_wrong_webhook_is_refused(admin, given, pointer, code):
    problem(admin.post(URL, {**BODY, **given}), 400, code, pointer)
    assert not Webhook.objects.exists()


def test_another_municipality_and_other_roles_know_nothing_of_it(admin, member, client_of):
    url = f"{URL}/{admin.post(URL, BODY).json()['id']}"
    for role, municipality in (("admin", "0270"), ("consultant", "0219"), ("coordinator", None)):
        other = client_of(member(role, municipality, email=f"{role}{municipality}@nrs.example"))
        assert other.get(URL).json()["count"] == 0
        problem(other.get(url), 404, "not_found")
        problem(other.get(f"{url}/deliveries"), 404, "not_found")
        problem(other.post(f"{url}/stop", HTTP_IF_MATCH='"1"'), 404, "not_found")
    problem(client_of(member("consultant", "0219", email="x@nrs.example")).post(URL, BODY), 403, "not_allowed")
