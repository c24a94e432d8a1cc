"""Who is listed is judged by the same profile that a pool is judged by, and is kept and shown as judged."""

from __future__ import annotations

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.models import Candidate
from screening import engine, explain, services
from screening.loading import persons
from screening.models import VerdictRow
from screening.profiles import profiles
from screening.ranking import SHOWN
from tests.candidates import build
from tests.joborders import nomination_cases as cases
from tests.screening import stored

pytestmark = pytest.mark.django_db


def test_a_profile_read_by_key_is_the_one_read_with_its_pool():
    chance, skills = Random(7), stored.region()
    keys = stored.people(chance, 60, skills)
    found = profiles(keys)
    whole = {person.candidate: person for person in persons(Candidate.objects.filter(pk__in=keys), None)}
    assert {key: profile.person for key, profile in found.items()} == whole and len(whole) == 60
    homes = dict(Candidate.objects.order_by("pk").values_list("pk", "home_id"))
    assert {key: profile.home for key, profile in found.items()} == homes
    assert profiles([]) == {} and profiles([keys[-1] + 1]) == {}


def test_a_run_keeps_every_verdict_as_judged_and_shows_others_its_card():
    chance, skills = Random(8), stored.region()
    stored.people(chance, 60, skills)
    [order] = stored.orders(chance, 1, skills)
    run = services.run(order.public_id, actor=build.consultant(cases.LEAD), scope="region")
    ready = services.compiled(services.wanted_of([order])[0])
    rows = list(VerdictRow.objects.filter(run=run).order_by("pk"))
    assert len(rows) == run.listed > 5 and len({row.public_id for row in rows}) == len(rows)
    for row in rows:
        verdict = engine.judge(ready, profiles([row.candidate_id])[row.candidate_id].person)
        labels = services.labels_of([verdict])
        assert row.verdict == {"full": services.full_of(verdict, labels)}
        assert (row.outcome, row.fit, row.raw) == (verdict.outcome, verdict.fit, verdict.raw) and row.outcome in SHOWN
        card = explain.card_from(row.verdict["full"])
        assert card == services.card_of(verdict, labels)
        assert card["musts"] == [
            {name: must[name] for name in ("name", "demand", "outcome", "evidence", "ask_for")}
            for must in row.verdict["full"]["musts"]
        ]
        assert not {"metres", "limit_km", "skills", "occupation", "raw"} & card.keys() and "states" not in card["parts"]


def test_a_screening_takes_as_many_statements_for_many_people_as_for_few():
    chance, skills, lead = Random(9), stored.region(), build.consultant(cases.LEAD)
    [order] = stored.orders(chance, 1, skills)
    taken = []
    for people in (30, 70):
        stored.people(chance, people, skills)
        services.run(order.public_id, actor=lead, scope="region")
        with CaptureQueriesContext(connection) as queries:
            services.run(order.public_id, actor=lead, scope="region")
        taken.append(len(queries))
    assert taken[0] == taken[1] <= 22
