"""Names are read in one way: scoped and logged, or not at all."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from candidates.access import named
from candidates.models import AccessLog, Candidate, Release
from events import clock
from municipalities.actor import Actor, Role
from tests.candidates import build

pytestmark = pytest.mark.django_db
ORDER = "11111111-1111-4111-8111-111111111111"
OTHER_ORDER = "22222222-2222-4222-8222-222222222222"
COMPANY = "33333333-3333-4333-8333-333333333333"


@pytest.fixture(autouse=True)
def region(db):
    build.region()


def read(actor, **how):
    how = {"purpose": "candidate.show", "fields": ("name", "phone", "email"), **how}
    return named(Candidate.objects.order_by("-pk"), actor=actor, **how)


def released(candidate, **to):
    return Release.objects.create(candidate=candidate, order=ORDER, started_at=clock.now(), **to)


def test_home_reads_names_and_each_is_logged():
    one, two = build.candidate(), build.candidate(name="Anden Person")
    build.candidate(build.GRIBSKOV)
    ann = build.consultant()
    assert [person.name for person in read(ann)] == ["Anden Person", "Prøve Person"]
    rows = AccessLog.objects.order_by("id")
    assert [row.candidate for row in rows] == [two.public_id, one.public_id]
    assert {(row.actor_id, row.fields, row.purpose) for row in rows} == {
        (ann.public_id, "name,phone,email", "candidate.show")
    }


def test_without_the_log_there_is_no_data(monkeypatch):
    build.candidate()

    def fails(*_args, **_kwargs):
        raise DatabaseError("the log is full")

    monkeypatch.setattr("candidates.access._log", fails)
    with pytest.raises(DatabaseError):
        read(build.consultant())


def test_all_the_people_shown_are_logged_in_one_statement(django_assert_num_queries):
    for _ in range(3):
        build.candidate()
    ann = build.consultant()
    with django_assert_num_queries(5):  # savepoint, page, people, log, release of the savepoint
        assert len(named(Candidate.objects.order_by("pk")[:2], actor=ann, purpose="list", fields=["name"])) == 2
    assert AccessLog.objects.count() == 2


def test_only_the_fields_asked_for_are_shown():
    build.candidate()
    [person] = read(build.consultant(), fields=["name"])
    assert (person.name, person.phone, person.email, person.cv_text) == ("Prøve Person", "", "", "")


@pytest.mark.parametrize(
    "actor",
    [
        Actor.member(role=Role.COORDINATOR),
        Actor.member(role=Role.AUDITOR),
        Actor.member(role=Role.ADMIN),
        Actor.system(),
        Actor.link(ORDER, name="link"),
    ],
    ids=lambda actor: actor.role or actor.kind,
)
def test_nobody_else_sees_a_name(actor):
    released(build.candidate(), to_company=COMPANY)
    assert read(actor) == [] and not AccessLog.objects.exists()


def test_a_release_shows_the_person_to_the_consultants_of_that_municipality_on_that_order_only():
    one = build.candidate()
    released(one, to_municipality=build.GRIBSKOV)
    gribskov = build.consultant(build.GRIBSKOV)
    assert len(read(gribskov, order=ORDER)) == 1 and read(gribskov, order=OTHER_ORDER) == []
    assert read(build.member(Role.CASEWORKER, build.GRIBSKOV), order=ORDER) == []
    assert read(build.consultant(build.HELSINGOER), order=ORDER) == []


def test_an_ended_release_shows_nothing():
    leave = released(build.candidate(), to_municipality=build.GRIBSKOV)
    Release.objects.filter(pk=leave.pk).update(ended_at=clock.now())
    assert read(build.consultant(build.GRIBSKOV), order=ORDER) == []


@pytest.mark.parametrize(("way", "shown"), [("phone", "phone"), ("mail", "email"), ("jobcentre", None)])
def test_a_company_sees_the_contact_way_that_the_citizen_chose(way, shown):
    released(build.candidate(contact_way=way), to_company=COMPANY)
    company = Actor.company_(COMPANY)
    [person] = read(company, fields=("name", "phone", "email", "contact_way", "cv_text"), order=ORDER)
    assert person.name and person.contact_way == way and person.cv_text == ""
    assert {name for name in ("phone", "email") if getattr(person, name)} == ({shown} if shown else set())


def test_the_cv_text_of_an_order_is_shown_for_the_profiles_own_and_logged():
    one = build.candidate(cv_text="Profilens tekst")
    released(one, to_company=COMPANY)
    [person] = read(Actor.company_(COMPANY), order=ORDER, cv_texts={one.pk: "Bekræftet til ordren"})
    assert person.cv_text == "Bekræftet til ordren"
    [person] = read(build.consultant(), fields=("name", "cv_text"), cv_texts={})
    assert person.cv_text == ""
    assert [row.fields.endswith(",cv_text") for row in AccessLog.objects.order_by("id")] == [True, False]


def test_a_follow_link_sees_its_own_order_only():
    released(build.candidate(), to_company=COMPANY)
    assert len(read(Actor.link(ORDER, COMPANY))) == 1
    assert read(Actor.link(OTHER_ORDER, COMPANY)) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE candidates_accesslog SET purpose = 'x'", "DELETE FROM candidates_accesslog"]
)
def test_the_log_is_only_added_to(statement):
    build.candidate()
    read(build.consultant())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AccessLog.objects.get().purpose == "candidate.show"
