"""The resources that everybody reads: municipalities, vocabulary, the feed; and the schema and docs beside them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core import signing
from django.db import connection, transaction
from django.test import Client

from events import services
from municipalities.actor import Actor
from tests.settled import wait_until_settled
from vocabulary.models import Industry, IscoGroup, Licence, Occupation

pytestmark = pytest.mark.django_db


def test_municipalities_are_listed_and_shown_by_code(ann, member):
    member(municipality="0270", email="bo@nrs.example")
    assert {row["code"] for row in ann.get("/api/v1/municipalities").json()["results"]} >= {"0219", "0270"}
    assert ann.get("/api/v1/municipalities/0219").json()["code"] == "0219"
    assert ann.get("/api/v1/municipalities/0999").status_code == 404


@pytest.fixture
def words(db):
    parent = None
    for code in ("8", "83", "833", "8332"):
        parent, _new = IscoGroup.objects.get_or_create(
            code=code, defaults={"level": len(code), "parent": parent, "title_da": "Chauffører", "title_en": "Drivers"}
        )
    for number, label in enumerate(["zz Lastbilchauffør", "Zz Chauffør", "Anden zz chauffør"]):
        Occupation.objects.create(uri=f"test:{number}", label_da=label, label_en=f"driver {number}", isco=parent)
    Occupation.objects.create(uri="test:9", label_da="Zz chauffør før", isco=parent, retired=True)
    Licence.objects.get_or_create(code="C", defaults={"label_da": "Lastbil", "label_en": "Lorry"})
    Industry.objects.create(code="499999", version="DB25", level="activity", title_da="zz", section="H", division="49")


def test_the_vocabulary_is_ranked_and_leaves_out_what_is_retired(ann, words):
    rows = ann.get("/api/v1/vocabulary/occupations?q=zz chauffør").json()["results"]
    assert [row["label_da"] for row in rows] == ["Zz Chauffør", "Anden zz chauffør", "zz Lastbilchauffør"]
    one = ann.get(f"/api/v1/vocabulary/occupations/{rows[0]['id']}")
    assert one.json() == rows[0] and one.json()["isco"] == "8332"


def test_the_vocabulary_is_filtered(ann, words):
    assert ann.get("/api/v1/vocabulary/occupations?isco=833&q=zz").json()["count"] == 3
    assert ann.get("/api/v1/vocabulary/occupations?isco=9&q=zz").json()["count"] == 0
    assert ann.get("/api/v1/vocabulary/industries?version=DB25&q=zz").json()["count"] == 1
    assert ann.get("/api/v1/vocabulary/industries?version=DB99").status_code == 400


@pytest.mark.parametrize("name", ["skills", "licences", "certificates", "languages"])
def test_every_word_list_answers(ann, words, name):
    assert ann.get(f"/api/v1/vocabulary/{name}?q=lastbil").status_code == 200


@pytest.fixture
def events_as_declared() -> None:
    """The feed is tried with events that say nothing."""


@pytest.fixture
def events(transactional_db):
    """Committed, because the feed shows only what is settled."""

    def one(kind, audience, **given):
        with transaction.atomic():
            return services.append(
                kind, uuid4(), by=Actor.system(), municipality=audience[0], audience=audience, **given
            )

    company = uuid4()
    one("joborder.submitted", ["0219"], company=company)
    one("joborder.shared", ["0219", "0270"])
    one("candidate.updated", ["0270"])
    wait_until_settled()
    return company


def types(answer):
    assert answer.status_code == 200, answer.content
    return [event["type"].removeprefix("dk.nrs.").removesuffix(".v1") for event in answer.json()["results"]]


@pytest.mark.django_db(transaction=True)
def test_the_feed_shows_what_is_meant_for_the_caller(events, member, client_of):
    hers = {
        role: types(client_of(member(role, where, f"{role}@nrs.example")).get("/api/v1/events"))
        for role, where in (
            ("consultant", "0219"), ("caseworker", "0270"), ("coordinator", None), ("auditor", None), ("admin", None)
        )
    }  # fmt: skip
    assert hers == {
        "consultant": ["joborder.submitted", "joborder.shared"],
        "caseworker": ["joborder.shared", "candidate.updated"],
        "coordinator": ["joborder.submitted", "joborder.shared"],
        "auditor": [],
        "admin": [],
    }


@pytest.mark.django_db(transaction=True)
def test_the_feed_goes_on_where_it_was_left(events, member, client_of):
    ann = client_of(member())
    first = ann.get("/api/v1/events?page_size=1").json()
    second = ann.get(f"/api/v1/events?after={first['next_cursor']}")
    assert types(second) == ["joborder.shared"]
    end = second.json()["next_cursor"]
    nothing = ann.get(f"/api/v1/events?after={end}").json()
    assert nothing["results"] == [] and nothing["next_cursor"] == end
    assert ann.get("/api/v1/events?after=1.5").status_code == 400
    assert types(ann.get("/api/v1/events?type=joborder.shared")) == ["joborder.shared"]


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no transaction ids")
@pytest.mark.django_db(transaction=True)
def test_a_cursor_from_before_a_restore_is_refused_instead_of_silent(events, member, client_of):
    ann = client_of(member())
    old = signing.dumps([2**40, 5], salt="nrs.cursor:/api/v1/events")
    answer = ann.get(f"/api/v1/events?after={old}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "bad_cursor"), answer.content


def test_the_schema_is_open_and_knows_the_problem():
    answer = Client().get("/api/v1/schema?format=json")
    assert answer.status_code == 200
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    assert "Problem" in document["components"]["schemas"]
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}


def test_the_docs_have_nothing_inline_and_nothing_from_elsewhere():
    page = Client().get("/api/v1/docs")
    html = page.content.decode()
    assert page.status_code == 200
    assert "<style" not in html and " style=" not in html and "http" not in html.replace("http-equiv", "")
    assert html.count("<script") == html.count("<script src=")
    script = Client().get("/api/v1/docs?script=")
    assert script["Content-Type"].startswith("application/javascript") and "/api/v1/schema" in script.content.decode()


def test_registers_need_a_login():
    for path in ("municipalities", "vocabulary/skills", "events"):
        assert Client().get(f"/api/v1/{path}").status_code == 401


def test_a_slip_of_the_keys_is_answered_with_what_was_meant(ann, words):
    answer = ann.get("/api/v1/vocabulary/occupations?q=chaufør").json()
    assert (answer["count"], answer["results"], answer["did_you_mean"]) == (0, [], "chauffør")
    assert ann.get("/api/v1/vocabulary/occupations?q=chauffør").json()["did_you_mean"] == ""


def test_what_is_retired_is_not_offered_but_can_be_read(ann, words):
    [row] = ann.get("/api/v1/vocabulary/occupations?q=zz chauffør a").json()["results"]
    Occupation.objects.filter(public_id=row["id"]).update(retired=True)
    assert ann.get("/api/v1/vocabulary/occupations?q=zz chauffør a").json()["count"] == 0
    one = ann.get(f"/api/v1/vocabulary/occupations/{row['id']}")
    assert one.status_code == 200 and one.json()["retired"] is True


def test_the_pages_of_a_search_follow_each_other(ann, words):
    whole = ann.get("/api/v1/vocabulary/occupations?q=zz&page_size=200").json()
    pages = [ann.get(f"/api/v1/vocabulary/occupations?q=zz&page_size=1&page={n}").json() for n in (1, 2, 3, 4)]
    assert [row for page in pages for row in page["results"]] == whole["results"]
    assert {page["count"] for page in pages} == {whole["count"]} == {3}


def test_a_search_takes_as_many_queries_for_all_words_as_for_one(ann, words, django_assert_num_queries):
    ann.get("/api/v1/vocabulary/occupations?q=zz")
    for asked in ("q=zz", "q=zz chauffør", "q=z&page_size=200"):
        with django_assert_num_queries(3):
            ann.get(f"/api/v1/vocabulary/occupations?{asked}")
