"""A call sent twice is done once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from api import idempotency
from api.models import IdempotencyKey
from events import clock
from municipalities.models import Municipality

pytestmark = pytest.mark.usefixtures("sample")
BODY = {"code": "9100", "name": "Nordby"}
KEY = {"HTTP_IDEMPOTENCY_KEY": "3f1c-a"}


@pytest.mark.django_db
def test_the_same_call_gets_the_same_answer_and_is_done_once(ann):
    first = ann.post("/api/v1/things", BODY, **KEY)
    again = ann.post("/api/v1/things", dict(reversed(BODY.items())), **KEY)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first["Location"] == again["Location"] == "http://testserver/api/v1/things/9100"
    assert first["ETag"] == again["ETag"]
    assert again["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    assert Municipality.objects.filter(code="9100").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"code": "9101", "name": "Nordby"}, {"code": "9100", "name": "nordby"}])
def test_the_same_key_with_another_body_is_refused(ann, other):
    ann.post("/api/v1/things", BODY, **KEY)
    answer = ann.post("/api/v1/things", other, **KEY)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert not Municipality.objects.filter(code="9101").exists()


@pytest.mark.django_db
def test_the_same_key_at_another_address_is_refused(ann):
    ann.post("/api/v1/things", BODY, **KEY)
    assert ann.post("/api/v1/required", BODY, **KEY).status_code == 422


@pytest.mark.django_db
def test_a_refused_call_may_be_mended_under_the_same_key(ann):
    assert ann.post("/api/v1/things", {"code": "9100"}, **KEY).status_code == 400
    assert IdempotencyKey.objects.count() == 0
    assert ann.post("/api/v1/things", BODY, **KEY).status_code == 201


@pytest.mark.django_db
def test_a_step_sent_twice_is_answered_twice(ann, nine):
    for _turn in range(2):
        answer = ann.post("/api/v1/things/9901/rename", {"name": "New"}, HTTP_IF_MATCH='"1"', **KEY)
        assert (answer.status_code, answer["ETag"]) == (200, '"2"')


@pytest.mark.django_db
def test_keys_of_two_callers_do_not_meet(ann, member, client_of):
    bo = client_of(member(email="bo@nrs.example"))
    ann.post("/api/v1/things", BODY, **KEY)
    assert bo.post("/api/v1/things", BODY | {"code": "9101", "name": "x"}, **KEY).status_code == 201


@pytest.mark.django_db
def test_a_key_may_be_required(ann):
    answer = ann.post("/api/v1/required", BODY)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_needed")
    assert ann.post("/api/v1/required", BODY, **KEY).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x" * 201, "a b", "æ"])
def test_a_malformed_key_is_refused(ann, key):
    assert ann.post("/api/v1/things", BODY, HTTP_IDEMPOTENCY_KEY=key).status_code == 400


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_day(ann):
    ann.post("/api/v1/things", BODY, **KEY)
    with clock.at(clock.now() + timedelta(hours=23)):
        assert idempotency.forget_old() == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        assert idempotency.forget_old() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_calls_at_the_same_moment_one_works_and_the_other_gets_its_answer(member, client_of):
    ann = member()
    clients = [client_of(ann) for _turn in range(4)]
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        # One shared connection: threads would stand in line anyway. The race is run on PostgreSQL.
        answers = [client.post("/api/v1/things", BODY, **KEY) for client in clients]
    else:
        answers = _at_once(clients)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1


def _at_once(clients):
    start = threading.Barrier(len(clients))
    answers = []

    def call(client):
        start.wait()
        answers.append(client.post("/api/v1/things", BODY, **KEY))
        connections.close_all()

    threads = [threading.Thread(target=call, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
