"""The second wall: what the database shows when a query forgets to ask whose candidates they are (PostgreSQL)."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import ForeignKey, OneToOneField, Q
from django.db.utils import ProgrammingError

from candidates.models import AccessLog, Candidate, CandidateSkill, Identity, ImportJob, ImportRow, Release
from candidates.querysets import UNSCORED
from candidates.services import register
from events.errors import NotAllowed
from joborders.models import Nomination
from municipalities import roles, wall
from municipalities.actor import Actor
from privacy.models import Check
from screening.models import Course
from tests import factories
from tests.api.order_cases import card_of, client_of, post, shared_order

pytestmark = pytest.mark.django_db
needs_wall = pytest.mark.skipif("postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="no wall on SQLite")
#: They name a candidate's key, not a person: what they say is public within the nine, or read by nobody.
WITHOUT_A_PERSON = {"screening_override"}


def names() -> set[str]:
    """The names that a query without any scope brings."""
    return set(Identity.objects.values_list("name", flat=True))


@pytest.fixture
def two(reference: None) -> tuple[Candidate, Candidate]:
    """One of Hillerød, one of Helsingør."""
    return factories.candidate("0219", name="Egen Prøve"), factories.candidate("0217", name="Fremmed Prøve")


@needs_wall
def test_a_query_without_scope_brings_the_own_people_only(two, ann, eva, cas):
    with wall.through(wall.Scope.of(ann)):
        assert names() == {"Egen Prøve"} and Candidate.objects.count() == 1
    with wall.through(wall.Scope.of(cas)):
        assert names() == {"Egen Prøve"}
    with wall.through(wall.Scope.of(eva)):
        assert names() == {"Fremmed Prøve"}


@needs_wall
@pytest.mark.parametrize("role", ["coordinator", "auditor", "admin"])
def test_who_keeps_no_candidates_finds_none(two, role):
    actor = Actor.member(role=role)
    with wall.through(wall.Scope.of(actor)):
        assert not names() and not Candidate.objects.exists() and not Nomination.objects.exists()


@needs_wall
def test_nobody_and_an_unset_variable_find_nothing(two):
    with wall.as_nobody():
        assert not names() and not Candidate.objects.exists()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('nrs.kind', NULL, true), set_config('role', 'nrs_app', true)")
        raw = connection.connection.execute("SELECT count(*) FROM candidates_candidate").fetchone()
        assert raw[0] == 0
        connection.connection.execute("SELECT set_config('role', 'none', true)")


@needs_wall
def test_a_release_opens_the_wall_for_its_receiver_and_its_end_shuts_it(two, ann, monday):
    _own, foreign = two
    order = shared_order(ann)
    release = Release.objects.create(
        candidate=foreign, order=order.public_id, to_municipality="0219", started_at=monday
    )
    with wall.through(wall.Scope.of(ann)):
        assert names() == {"Egen Prøve", "Fremmed Prøve"}
        assert not Candidate.objects.filter(pk=foreign.pk).update(cv_text="overwritten"), "read, never written"
    Release.objects.filter(pk=release.pk).update(ended_at=monday)
    with wall.through(wall.Scope.of(ann)):
        assert names() == {"Egen Prøve"}


@needs_wall
def test_a_company_finds_whom_it_was_shown_and_a_link_on_its_order_only(two, ann, monday):
    own, foreign = two
    order, other = shared_order(ann), shared_order(ann)
    for person, on in ((own, order), (foreign, other)):
        Release.objects.create(
            candidate=person, order=on.public_id, to_company=order.company.public_id, started_at=monday
        )
    company = order.company.public_id
    with wall.through(wall.Scope.of(Actor.company_(company))):
        assert names() == {"Egen Prøve", "Fremmed Prøve"}
    with wall.through(wall.Scope.of(Actor.link(order.public_id, company))):
        assert names() == {"Egen Prøve"}
    with wall.through(wall.Scope.of(Actor.link(order.public_id))):
        assert not names(), "the link alone names nobody"


@needs_wall
def test_with_the_filter_of_the_code_switched_off_the_api_still_shows_no_stranger(two, ann, monkeypatch):
    monkeypatch.setattr("candidates.querysets.candidate_scope_q", lambda actor, order=None: Q())
    own, foreign = two
    answer = client_of(ann).get("/api/v1/candidates")
    assert [row["id"] for row in answer.json()["results"]] == [str(own.public_id)]
    assert client_of(ann).get(f"/api/v1/candidates/{foreign.public_id}").status_code == 404


@needs_wall
def test_a_screening_reads_what_counts_of_all_nine_and_neither_names_nor_texts(two):
    if not settings.DATABASE_ROLES:
        pytest.skip("the role of these tests may not make roles")
    with wall.through(wall.SCORING):
        assert Candidate.objects.as_scored().count() == 2 and CandidateSkill.objects.count() >= 0
        assert not Candidate.objects.as_scored().filter(pk__gt=0).values_list("cv_text").query.is_empty()
        for forbidden in (
            lambda: list(Candidate.objects.values_list("cv_text", flat=True)),
            lambda: list(Identity.objects.values_list("name", flat=True)),
            lambda: list(AccessLog.objects.values_list("purpose", flat=True)),
            lambda: list(Nomination.objects.values_list("cv_text", flat=True)),
            lambda: Candidate.objects.update(postal_code="3400"),
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                forbidden()


def test_every_column_of_a_candidate_is_either_scored_or_kept_from_screenings():
    columns = {field.column for field in Candidate._meta.concrete_fields}
    assert set(roles.SCORED) | set(UNSCORED) == columns and not set(roles.SCORED) & set(UNSCORED)


def citizens() -> set[str]:
    """Every table that points at a candidate, found through the models."""
    found = {model._meta.db_table for model in (Candidate, AccessLog, ImportJob, ImportRow, Check)}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, (ForeignKey, OneToOneField)) and field.related_model is Candidate:
                found.add(model._meta.db_table)
    return found


@needs_wall
def test_every_table_with_citizens_has_the_wall_forced_and_is_known_to_it():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        walled = {row[0] for row in cursor.fetchall()}
    assert citizens() - WITHOUT_A_PERSON == walled == set(wall.TABLES)


@needs_wall
def test_a_rolled_back_savepoint_does_not_leave_the_wall_open(two, ann):
    with wall.through(wall.Scope.of(ann)), transaction.atomic():
        try:
            with transaction.atomic(), wall.as_system():
                assert len(names()) == 2
                raise LookupError
        except LookupError:
            pass
        assert names() == {"Egen Prøve"}
        with transaction.atomic(), wall.as_system():
            assert len(names()) == 2
        assert names() == {"Egen Prøve"}, "nor does one that was kept"


@needs_wall
def test_a_request_ends_behind_the_wall_that_it_began_at(two, ann):
    before = wall.scope()
    client_of(ann).get("/api/v1/candidates")
    assert wall.scope() == before


@needs_wall
def test_a_requested_person_stays_unseen_by_the_lead_in_the_database_too(two, ann):
    _own, foreign = two
    order = shared_order(ann)
    asked = post(
        client_of(ann), f"job-orders/{order.public_id}/nominations", {"cards": [card_of(order, foreign)]}, order.version
    )
    assert asked.status_code == 201, asked.content
    with wall.through(wall.Scope.of(ann)):
        assert Nomination.objects.count() == 1 and names() == {"Egen Prøve"}


def test_on_sqlite_in_production_only_one_municipality_keeps_candidates(two, settings: Any):
    settings.IS_WITHOUT_WALL = True
    before = Candidate.objects.count()
    with pytest.raises(NotAllowed, match="PostgreSQL"):
        register(factories.caseworker("0219"), {"external_reference": "SAG-X", "name": "Ny Prøve"})
    assert Candidate.objects.count() == before and not Course.objects.exists()
