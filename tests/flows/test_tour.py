"""The tour of the main job ends well against a product that is running (issue 2, item 8)."""

from __future__ import annotations

import pytest

from joborders.models import JobOrder
from nrs.tour.run import take


@pytest.mark.django_db(transaction=True)
def test_the_tour_ends_well_on_an_empty_region(live_server, capsys):
    code = take(live_server.url)
    told = capsys.readouterr().out
    assert code == 0, told
    assert "0 failed" in told
    assert sorted(JobOrder.objects.values_list("state", flat=True)) == ["closed", "filled"]


@pytest.mark.django_db(transaction=True)
def test_a_tour_that_is_answered_wrongly_says_so_and_fails(live_server, capsys):
    assert take(live_server.url + "/nowhere") == 1
    assert "cannot go on" in capsys.readouterr().out
