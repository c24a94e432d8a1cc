"""Courses over HTTP: who sees and steers them, versions, and the completion of own candidates."""

from __future__ import annotations

import pytest

from tests import factories
from tests.api.order_cases import client_of, post
from vocabulary.models import Certificate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
URL = "/api/v1/courses"


@pytest.fixture
def ann():
    """A consultant of Hillerød."""
    return factories.consultant()


@pytest.fixture
def body():
    code = Certificate.objects.order_by("pk").values_list("pk", flat=True)[0]
    days = {"starts_on": "2026-03-02", "ends_on": "2026-03-02"}
    return {"title": "Kursus", "provider": "Uddannelsesforum", "certificates": [code], **days}


def test_a_course_is_planned_changed_completed_and_read(ann, body):
    hers = client_of(ann)
    seats = [{"municipality": factories.HILLEROED, "seats": 2}]
    made = hers.post(URL, {**body, "seats": seats}, format="json")
    assert made.status_code == 201 and made["ETag"] == '"1"', made.content
    assert made.json()["seats"] == seats and made.json()["passed"] == 0
    path = f"courses/{made.json()['id']}"
    assert hers.patch(f"/api/v1/{path}", {"title": "Nyt"}, format="json").status_code == 428
    changed = hers.patch(f"/api/v1/{path}", {"title": "Nyt"}, format="json", HTTP_IF_MATCH='"1"')
    assert changed.status_code == 200 and changed.json()["title"] == "Nyt", changed.content
    person = factories.candidate()
    assert post(hers, f"{path}/complete", {"candidates": [str(person.public_id)]}, 1).status_code == 412
    done = post(hers, f"{path}/complete", {"candidates": [str(person.public_id)]}, 2)
    assert done.status_code == 200 and done.json()["state"] == "completed" and done.json()["passed"] == 1, done.content
    profile = hers.get(f"/api/v1/candidates/{person.public_id}").json()
    assert [row["code"] for row in profile["certificates"]] == body["certificates"]
    assert profile["cv_check"]["version"] == "2026.1" and not profile["cv_check"]["passed"]


def test_the_others_see_the_course_not_who_passed_nor_hidden_orders(ann, eva, kim, cas, body):
    order = factories.order()
    made = client_of(ann).post(URL, {**body, "orders": [str(order.public_id)]}, format="json").json()
    person = factories.candidate()
    post(client_of(ann), f"courses/{made['id']}/complete", {"candidates": [str(person.public_id)]}, 1)
    [hers] = client_of(eva).get(URL).json()["results"]
    assert hers["orders"] == [] and hers["passed"] == 0
    [kims] = client_of(kim).get(f"{URL}?state=completed&order={order.public_id}").json()["results"]
    assert kims["orders"] == [str(order.public_id)] and kims["passed"] is None
    assert client_of(cas).get(URL).json()["count"] == 0
    assert client_of(cas).get(f"{URL}/{made['id']}").status_code == 404
    assert post(client_of(eva), f"courses/{made['id']}/cancel", {}, 2).status_code == 403
    assert post(client_of(kim), f"courses/{made['id']}/cancel", {}, 2).status_code == 409


def test_what_is_wrong_is_named(ann, body):
    answer = client_of(ann).post(URL, {**body, "certificates": ["nope"], "colour": "red"}, format="json")
    assert answer.status_code == 400
    answer = client_of(ann).post(URL, {**body, "certificates": ["nope"]}, format="json")
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/certificates/0", "unknown_code")]
