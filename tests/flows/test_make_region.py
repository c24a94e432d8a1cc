"""A made-up region is such as the services would have left it: the same every time, and consistent with every rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q
from stdnum.dk import cvr

from accounts.models import User
from campaigns import statistics
from candidates.models import Candidate, CandidateLanguage, CandidateOccupation, CandidateSkill, Identity, Release
from companies.models import Agreement, Company, Contact, ContactLogEntry, LeadPeriod, ProductionUnit
from events import clock
from events.models import Event
from joborders.models import (
    FollowLink,
    Intake,
    JobOrder,
    Nomination,
    NumberSeries,
    OrderSpan,
    Requirement,
    Revision,
    SupplyAnswer,
)  # fmt: skip
from joborders.services import dues, spans
from municipalities.actor import Actor
from municipalities.membership import actor_for_user
from municipalities.models import Membership
from nrs.region import bulk
from screening import loading, services

NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)
SIZES: dict[str, Any] = {"candidates": 300, "orders": 120, "companies": 60, "seed": 7, "verbosity": 0}


@pytest.fixture
def now(reference: None) -> Iterator[datetime]:
    """It is Monday 2 March 2026, noon in Copenhagen."""
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def region(now: datetime) -> None:
    """A small region."""
    call_command("make_region", **SIZES)


def contents() -> list[Any]:
    """What the region says, without primary keys."""
    columns = ("number", "public_id", "company__cvr", "state", "title", "salt")
    orders = JobOrder.objects.order_by("number").values_list(*columns)
    people = Candidate.objects.order_by("external_reference").values_list("public_id", "pseudonym", "identity__name")
    skills = Candidate.objects.order_by("external_reference").values_list("skills__skill__uri", "skills__documented")
    events = Event.objects.order_by("public_id").values_list("public_id", "type", "happened_at", "data")
    told = ("state", "happened_to", "known_to")  # in the order too: what is known from one moment on begins together
    stood = OrderSpan.objects.order_by("order__number", "known_from", "happened_from", *told).values_list(*told)
    return [*orders, *people, *sorted(map(str, skills)), *events, *stood]


def made_and_undone(**changes: Any) -> list[Any]:
    with transaction.atomic():
        call_command("make_region", **{**SIZES, **changes})
        found = contents()
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_region(now: datetime) -> None:
    first = made_and_undone()
    assert made_and_undone() == first
    assert made_and_undone(seed=8) != first


FILLED = (
    User, Membership, Company, ProductionUnit, Contact, LeadPeriod, Agreement, ContactLogEntry, Candidate, Identity,
    CandidateSkill, CandidateOccupation, CandidateLanguage, Release, JobOrder, Requirement, Revision, OrderSpan, Intake,
    FollowLink, Nomination, SupplyAnswer, Event,
)  # fmt: skip


def every_row(**changes: Any) -> dict[str, list[Any]]:
    """All that a region writes, with its keys, counted from 1; undone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for model in FILLED:
                if model._meta.auto_field is not None and not model._default_manager.exists():
                    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), 1, false)")
        call_command("make_region", **{**SIZES, **changes})
        found = {model.__name__: list(model._default_manager.order_by("pk").values()) for model in FILLED}
        for user in found["User"]:
            assert user.pop("date_joined")  # by the system's clock
        transaction.set_rollback(True)
    return found


@pytest.mark.skipif(connection.vendor != "postgresql", reason="COPY is PostgreSQL's")
def test_rows_that_are_copied_in_are_those_that_would_be_inserted(now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr(bulk, "BATCH", 1)
    copied = every_row()
    monkeypatch.setattr(bulk, "BATCH", 2000)
    monkeypatch.setattr(bulk, "_may_copy", lambda model: False)
    inserted = every_row()
    assert {name: len(rows) for name, rows in copied.items()} == {name: len(rows) for name, rows in inserted.items()}
    assert all(copied.values()) and copied == inserted


def test_a_region_can_be_added_to_a_region(region: None) -> None:
    names = set(Identity.objects.order_by().values_list("name", "phone"))
    call_command("make_region", **{**SIZES, "seed": 8, "append": True})
    assert JobOrder.objects.count() == 240
    assert len(set(Identity.objects.order_by().values_list("name", "phone")) - names) > 250


def test_everything_is_of_the_size_asked_for(region: None) -> None:
    assert (Candidate.objects.count(), JobOrder.objects.count(), Company.objects.count()) == (300, 120, 60)
    assert Identity.objects.count() == 300


def test_cvr_numbers_pass_the_check_and_belong_to_nobody(region: None) -> None:
    numbers = Company.objects.order_by().values_list("cvr", flat=True)
    assert all(cvr.is_valid(number) and number.startswith("9") for number in numbers)


def test_every_company_has_a_lead_with_its_history_and_a_main_unit(region: None) -> None:
    assert LeadPeriod.objects.filter(company__lead=F("municipality")).count() == 60
    assert ProductionUnit.objects.filter(is_main=True).count() == 60
    assert not Company.objects.filter(contact_user=None).exists()


def test_counts_on_orders_are_those_of_their_nominations(region: None) -> None:
    counted = JobOrder.objects.order_by("pk").annotate(
        hired=Count("nominations", filter=Q(nominations__state="hired")),
        shown=Count("nominations", filter=Q(nominations__state__in=["presented", "interview"])),
    )
    wrong = [one.number for one in counted if (one.hires, one.with_company) != (one.hired, one.shown)]
    assert wrong == []
    assert {one.state for one in counted} == {"open", "filled", "closed"}


def test_nobody_waits_on_an_order_that_has_ended(region: None) -> None:
    assert not Nomination.objects.unfinished().exclude(order__state="open").exists()


def test_spans_say_what_the_services_would_have_said(region: None) -> None:
    for order in JobOrder.objects.order_by("pk").select_related("lead"):
        present = OrderSpan.objects.get(order=order, happened_to=None, known_to=None)
        assert {name: getattr(present, name) for name in spans.STANDS} == spans.standing(order)
        believed = OrderSpan.objects.filter(order=order, known_to=None).order_by("happened_from")
        edges = list(believed.values_list("happened_from", "happened_to"))
        assert edges[0][0] == order.received_at
        assert [end for _begin, end in edges[:-1]] == [begin for begin, _end in edges[1:]]


def test_the_figures_of_today_are_the_states_of_today(region: None) -> None:
    figures = statistics.status()
    states = dict(JobOrder.objects.order_by().values_list("state").annotate(n=Count("pk")))
    assert {name: figures[name] for name in ("open", "filled", "closed")} == states
    assert figures["received"] == 120


def test_promises_are_due_as_the_clocks_say(region: None) -> None:
    order = JobOrder.objects.open().select_related("lead", "agreement").order_by("pk")[0]
    written = (order.response_due_at, order.candidate_due_at, order.next_due_at)
    dues.promise(order, dues.calendar_of(order.lead_id))
    assert (order.response_due_at, order.candidate_due_at, order.next_due_at) == written


def test_numbers_run_on_after_the_region(region: None) -> None:
    last = dict(NumberSeries.objects.order_by("year").values_list("year", "last"))
    for year, n in last.items():
        assert JobOrder.objects.filter(number__startswith=f"NRS-{year}-").count() == n


def test_nothing_is_left_for_the_relay(region: None) -> None:
    assert not Event.objects.filter(Q(sent_at=None) | Q(handled_at=None)).exists()
    assert Event.objects.filter(type="joborder.submitted").count() == 120


def test_no_event_outside_home_holds_a_candidate(region: None) -> None:
    people = {str(one) for one in Candidate.objects.order_by().values_list("public_id", flat=True)}
    for kind, data in Event.objects.exclude(type__startswith="candidate.").order_by().values_list("type", "data"):
        assert not people & set(map(str, data.values())), kind


def test_the_region_can_be_worked_on(region: None) -> None:
    order = JobOrder.objects.in_queue().filter(occupation__isnull=False).order_by("pk")[0]
    user = User.objects.get(email=f"consultant-{order.lead_id}-1@region.nrs.example")
    actor = actor_for_user(user)
    assert isinstance(actor, Actor)
    run = services.run(order.public_id, actor=actor, scope="own")
    assert run.pool == loading.pool(order, order.lead_id).count()


def test_some_of_what_is_known_of_people_is_unknown(region: None) -> None:
    for name in ("hours_min", "shifts", "own_transport", "skills_reviewed_on", "max_distance_km"):
        unknown = Candidate.objects.filter(**{f"{name}__isnull": True}).count()
        assert 0 < unknown < 150, name


def test_a_region_is_not_made_over_orders_that_exist(region: None) -> None:
    with pytest.raises(CommandError, match="--append"):
        call_command("make_region", **SIZES)


def test_production_needs_to_be_told_that_the_data_is_made_up(now: datetime, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="--yes-made-up-data"):
        call_command("make_region", **SIZES)
    assert not JobOrder.objects.exists()
