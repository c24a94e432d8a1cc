"""What is not kept goes on its day: dry first, counted, proved, and not while a legal hold stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from candidates import services as candidates
from candidates.models import AccessLog, Candidate, Release
from events import clock
from joborders.models import Nomination
from joborders.services import nominations, steps
from municipalities.actor import Actor
from privacy import erasing, retention
from privacy.models import Erasure, ErasureNotice, RetentionRule, RetentionRun
from screening.models import Pseudonym, VerdictRow
from tests import factories
from tests.api.order_cases import offered, shared_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NOW = factories.MONDAY


def later(days: int) -> Any:
    """So many days after the Monday."""
    return clock.at(NOW + timedelta(days=days))


def counts(*, is_dry: bool = False) -> dict[str, Any]:
    """The result of a run by rule."""
    proof = retention.run(is_dry=is_dry)
    assert proof is not None and proof.ended_at is not None
    return proof.counts  # type: ignore[no-any-return]


@pytest.fixture
def ended(ann: Actor) -> Nomination:
    """A nomination on an order that ended on the Monday."""
    with clock.at(NOW):
        order = shared_order(ann)
        nomination = offered(order, ann)
        nomination.refresh_from_db()
        nomination = nominations.present(nomination.public_id, ann, nomination.version, reason="Kendt").nomination
        assert Release.objects.exists()
        nominations.withdraw(nomination.public_id, ann, nomination.version, reason="found_work")
        order.refresh_from_db()
        steps.close(order.public_id, ann, order.version, reason="no_suitable_candidates")
    return nomination


def test_the_link_to_an_order_is_cut_after_its_days_and_the_states_stay(ended: Nomination) -> None:
    with later(182):
        assert counts()["order_links"]["found"] == 0
    with later(190):
        assert counts(is_dry=True)["order_links"] | {"before": ""} == {
            "days": 183, "before": "", "found": 1, "done": 0, "held": 0,
        }  # fmt: skip
        assert Nomination.objects.get().candidate_id is not None, "dry: nothing was changed"
        assert counts()["order_links"]["done"] == 1
        assert counts()["order_links"]["found"] == 0
    row = Nomination.objects.get()
    assert (row.candidate_id, row.state, row.end_reason, row.cv_text) == (None, "withdrawn", "found_work", "")
    assert not Release.objects.exists() and not Pseudonym.objects.exists() and not VerdictRow.objects.exists()
    assert Candidate.objects.count() == 1, "the person stays with the home jobcentre"


def test_an_order_that_is_open_keeps_its_candidates(ann: Actor) -> None:
    with clock.at(NOW):
        nomination = offered(shared_order(ann), ann)
    with later(4000):
        assert counts()["order_links"]["found"] == 0
    nomination.refresh_from_db()
    assert nomination.candidate_id is not None


def test_a_legal_hold_keeps_the_link_and_the_person(ended: Nomination, cas: Actor) -> None:
    person = Candidate.objects.get()
    with clock.at(NOW):
        candidates.withdraw(person.public_id, cas, person.version)
        erasing.hold(person.public_id, cas, "Klagesag")
    with later(400):
        found = counts()
    assert found["order_links"]["held"] == found["order_links"]["found"] == found["inactive"]["held"] == 1
    assert Nomination.objects.get().candidate_id == person.pk and Release.objects.exists()
    with later(401):
        erasing.end_hold(person.public_id, cas)
        assert counts()["order_links"]["done"] == 1


def test_an_inactive_candidate_goes_after_a_notice_and_not_before(cas: Actor) -> None:
    with clock.at(NOW):
        person = factories.candidate(by=cas)
        stays = factories.candidate(by=cas)
        candidates.withdraw(person.public_id, cas, person.version)
    with later(366):
        found = counts()
        assert found["inactive"]["done"] == 1 and found["notice"]["found"] == 0
    notice = ErasureNotice.objects.visible_to(cas).get()
    assert notice.candidate_id == person.pk and notice.due_on == (NOW + timedelta(days=396)).date()
    with later(390):
        assert counts()["notice"]["done"] == 0
    with later(398):
        assert counts()["notice"]["done"] == 1
    assert list(Candidate.objects.all()) == [stays]
    assert Erasure.objects.get().reason == "inactive" and Erasure.objects.get().by_user_id is None


def test_who_is_taken_up_again_after_the_notice_stays(cas: Actor) -> None:
    with clock.at(NOW):
        person = factories.candidate(by=cas)
        person = candidates.withdraw(person.public_id, cas, person.version)
    with later(366):
        counts()
        candidates.update(person.public_id, cas, person.version, {"status": "available"})
    with later(420):
        assert counts()["notice"]["found"] == 0
    assert Candidate.objects.exists() and not ErasureNotice.objects.exists()


def test_a_rule_counts_from_its_day_on(ended: Nomination) -> None:
    RetentionRule.objects.create(code="order_links", days=30, valid_from=date(2026, 5, 1))
    with later(50):
        assert counts()["order_links"]["days"] == 183
    with later(61):
        assert (counts()["order_links"]["days"], Nomination.objects.get().candidate_id) == (30, None)


def log_row(read_at: datetime) -> AccessLog:
    return AccessLog.objects.create(
        candidate=uuid4(), home="0219", actor_kind="member", purpose="candidate.show", fields="name", read_at=read_at
    )


def test_old_rows_of_the_access_log_go_and_the_database_lets_no_young_one_go() -> None:
    old, young = log_row(clock.now() - timedelta(days=800)), log_row(clock.now() - timedelta(days=300))
    assert counts()["access_log"]["done"] == 1
    assert list(AccessLog.objects.all()) == [young]
    for refused in (young, log_row(clock.now() - timedelta(days=900))):
        with pytest.raises(DatabaseError), transaction.atomic():
            AccessLog.objects.filter(pk=refused.pk).update(purpose="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        young.delete()
    assert not AccessLog.objects.filter(pk=old.pk).exists()


def test_the_command_prints_what_it_would_do_and_each_run_is_a_proof(ended: Nomination, capsys: Any) -> None:
    with later(190):
        call_command("retention", "--dry-run")
        printed = capsys.readouterr().out
        assert "order_links" in printed and "1 found, 0 done, 0 held" in printed and "nothing was changed" in printed
        call_command("retention")
    dry, real = RetentionRun.objects.order_by("pk")
    assert dry.is_dry and not real.is_dry
    assert set(real.counts) == set(RetentionRule.Code.values) == set(retention.RULES)
    assert real.counts["order_links"]["done"] == 1
