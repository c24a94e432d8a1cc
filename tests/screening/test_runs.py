"""Runs can be replayed and defended: the same verdicts, or what changed; and what was decided against the list."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from candidates.models import Candidate, CandidateLicence
from events import clock
from events.errors import Invalid
from joborders.models import Requirement
from municipalities import reference
from municipalities.models import PostalDistance
from screening import judging, overrides, services, sqlexec
from screening.loading import pool
from screening.models import Override, Run
from screening.replay import replay
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from tests.screening.test_services import FIT
from vocabulary.models import Skill, SkillBroader

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    build.region()
    reference.compute_distances()
    made = cases.order(occupation_id="8332", workplace_postal_code="3400", hours_min=30, hours_max=37)
    Requirement.objects.create(order=made, kind="licence", code="C")
    Requirement.objects.create(order=made, kind="skill", code=str(Skill.objects.get(uri=build.SKILL).public_id))
    return made


@pytest.fixture
def lead():
    return build.consultant(cases.LEAD)


def replayed(run):
    out = StringIO()
    call_command("replay_screening", str(run.public_id), stdout=out)
    return out.getvalue()


def test_a_run_says_who_asked_by_what_and_comes_out_the_same(order, lead):
    build.candidate(**FIT), build.candidate(cases.HOME, licences=["CE"])
    run = services.run(order.public_id, actor=lead, scope="region")
    assert (run.by_user_id, run.executor, run.listed) == (lead.user_id, "index", 2)
    assert "2 of 2 verdicts are the same" in replayed(run) and replay(run).is_same


def test_a_run_is_replayed_on_the_day_that_it_was_made(order, lead):
    build.candidate(**FIT)
    run = services.run(order.public_id, actor=lead, scope="own")
    with clock.at(clock.now().replace(year=clock.now().year + 3)):
        assert replay(Run.objects.get(pk=run.pk)).is_same


def test_what_has_changed_since_is_named(order, lead):
    person, other = build.candidate(**FIT), build.candidate(**FIT)
    run = services.run(order.public_id, actor=lead, scope="own")
    CandidateLicence.objects.filter(candidate=person).delete()
    Candidate.objects.filter(pk=other.pk).update(cv_text="Nyt CV")
    name = order.pseudonyms.get(candidate=person).name
    assert replay(run).differing == {name: ("licences",)}
    with pytest.raises(CommandError):
        replayed(run)


def test_a_changed_vocabulary_or_distance_is_named(order, lead):
    person = build.candidate(**{**FIT, "postal_code": "3000"})
    run = services.run(order.public_id, actor=lead, scope="own")
    PostalDistance.objects.filter(origin="3400", target="3000").update(metres=77_000)
    assert replay(run).changed == ("distances",)
    skill, parent = Skill.objects.get(uri=build.SKILL), Skill.objects.create(uri="test:parent", label_da="forælder")
    SkillBroader.objects.create(child=skill, parent=parent)
    found = replay(run)
    assert found.changed == ("skills", "distances")
    assert found.differing == {order.pseudonyms.get(candidate=person).name: ("skills", "distances")}


def test_an_erased_candidate_is_said_to_be_gone(order, lead):
    build.candidate(**FIT)
    run = services.run(order.public_id, actor=lead, scope="own")
    Candidate.objects.all().delete()
    assert replay(run).erased == 1 and not replay(run).is_same


def test_an_unknown_run_or_table_is_refused_with_a_sentence(order, lead):
    run = services.run(order.public_id, actor=lead, scope="own")
    Run.objects.filter(pk=run.pk).update(table_version="1999.1")
    with pytest.raises(CommandError, match=r"1999\.1"):
        replayed(run)
    with pytest.raises(CommandError, match="no such"):
        call_command("replay_screening", "00000000-0000-4000-8000-000000000000")


def test_who_changed_between_ranking_and_judging_is_not_shown_as_ranked(order, lead):
    stays, changes = build.candidate(**FIT), build.candidate(**FIT)
    ready = services.compiled(services.wanted_of([order])[0])
    ranking = sqlexec.screen(ready, pool(order, None))
    assert judging.in_full(ready, ranking).is_as_ranked
    CandidateLicence.objects.filter(candidate=changes).delete()
    judged = judging.in_full(ready, ranking)
    assert not judged.is_as_ranked and [one.candidate for one in judged.lanes["qualified"]] == [stays.pk]


def two_listed(order):
    """Somebody first on the list, and somebody after them; both of another municipality."""
    first = build.candidate(cases.HOME, **FIT)
    second = build.candidate(cases.HOME, **{**FIT, "job_goals": []})
    return first, second


def test_a_request_past_somebody_is_recorded_with_its_reason(order, lead):
    first, second = two_listed(order)
    run = services.run(order.public_id, actor=lead, scope="region")
    order.refresh_from_db()
    [done] = overrides.request(
        order.public_id, lead, order.version, candidates=[second.public_id], reason="Kender maskinen"
    )
    assert "against_the_list" in done.warnings
    [row] = overrides.of_run(run)
    assert (row["rank"], row["outcome"], row["passed_over"], row["reason"]) == (2, "qualified", 1, "Kender maskinen")
    assert row["decided_by"] == lead.name and row["nomination"] == done.nomination.public_id
    order.refresh_from_db()
    [done] = overrides.request(order.public_id, lead, order.version, candidates=[first.public_id])
    assert done.warnings == () and Override.objects.count() == 1


def test_asking_for_the_first_ones_together_passes_nobody_over(order, lead):
    first, second = two_listed(order)
    services.run(order.public_id, actor=lead, scope="region")
    order.refresh_from_db()
    overrides.request(order.public_id, lead, order.version, candidates=[second.public_id, first.public_id])
    assert not Override.objects.exists()


def test_an_offer_of_somebody_who_was_not_listed_is_recorded(order):
    home = build.consultant(cases.HOME)
    build.candidate(cases.HOME, **FIT)
    run = services.run(order.public_id, actor=home, scope="own")
    late = build.candidate(cases.HOME)
    order.refresh_from_db()
    overrides.offer(order.public_id, home, order.version, candidate=late.public_id, acceptance=cases.YES)
    [row] = overrides.of_run(run)
    assert row["rank"] is None and row["outcome"] is None and row["passed_over"] == 1


def test_without_a_list_there_is_nothing_to_go_against(order, lead):
    _first, second = two_listed(order)
    overrides.request(order.public_id, lead, order.version, candidates=[second.public_id], reason="Hurtigt")
    assert not Override.objects.exists()


def test_a_reason_with_a_cpr_number_is_refused_and_nothing_is_done(order, lead):
    _first, second = two_listed(order)
    services.run(order.public_id, actor=lead, scope="region")
    order.refresh_from_db()
    with pytest.raises(Invalid):
        overrides.request(order.public_id, lead, order.version, candidates=[second.public_id], reason="Se 010190-1234")
    assert not order.nominations.exists() and not Override.objects.exists()


@pytest.mark.parametrize("values", [{"passed_over": 0}, {"outcome": "", "rank": 1}, {"outcome": "check", "rank": None}])
def test_the_database_keeps_the_rules_of_overrides(order, lead, values):
    run = services.run(order.public_id, actor=lead, scope="own")
    good = {"outcome": "check", "rank": 2, "passed_over": 1, "decided_at": clock.now()}
    nomination = cases.nomination(order, "requested")
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.create(run=run, nomination=nomination, **{**good, **values})
