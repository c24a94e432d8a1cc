"""A CV that fails the principles is presented with a reason only, and the reason stays where it belongs."""

from __future__ import annotations

import json

import pytest

from candidates.models import Candidate
from events import clock
from events.errors import Invalid
from events.models import Event
from joborders.models import HistoryNote
from joborders.services import nominations
from tests.candidates import build
from tests.candidates.test_cv_principles import COMPLETE
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db
WHY = "Virksomheden vil se hende i morgen."


@pytest.fixture
def accepted():
    build.region()
    return lambda **profile: cases.nomination(cases.order(), "accepted", person=build.candidate(cases.HOME, **profile))


@pytest.fixture
def lead(accepted):
    return build.consultant(cases.LEAD)


def test_a_failing_cv_needs_a_reason_which_says_what_fails(accepted, lead):
    one = accepted()
    with pytest.raises(Invalid) as refused:
        nominations.present(one.public_id, lead, one.version)
    [problem] = refused.value.errors
    assert (problem.pointer, problem.code) == ("/reason", "cv_fails") and "jobmål" in str(problem.detail)
    one.refresh_from_db()
    assert one.state == "accepted"


def test_the_reason_is_kept_with_what_failed_and_is_in_no_event(accepted, lead):
    one = present(accepted(), lead, reason=WHY)
    assert one.cv_principles == "2026.1" and "job_goal" in one.cv_gaps.split(",") and one.cv_reason == WHY
    event = Event.objects.get(type="nomination.presented")
    assert HistoryNote.objects.get(event=event.public_id).text == WHY
    assert WHY not in json.dumps(event.data)


def present(one, lead, **given):
    return nominations.present(one.public_id, lead, one.version, **given).nomination


def test_a_passing_cv_needs_none_and_the_acceptance_is_a_confirmation(accepted, lead):
    one = accepted(**COMPLETE)
    type(one).objects.filter(pk=one.pk).update(acceptance_on=clock.today())
    assert Candidate.objects.get(pk=one.candidate_id).confirmed_on is None
    shown = present(one, lead, reason="Overflødig")
    assert (shown.state, shown.cv_gaps, shown.cv_reason) == ("presented", "", "")


def test_what_counts_is_the_cv_confirmed_for_the_order(accepted, lead):
    one = accepted(**COMPLETE)
    type(one).objects.filter(pk=one.pk).update(acceptance_on=clock.today(), cv_text="Kort.")
    with pytest.raises(Invalid, match="profil"):
        present(one, lead)


def test_a_reason_holds_no_cpr_number(accepted, lead):
    with pytest.raises(Invalid) as refused:
        present(accepted(), lead, reason="Se 010190-1234")
    assert refused.value.errors[0].code == "cpr_number"
