"""The map of the nine: drawn from imported outlines, and only from all of them."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from municipalities.actor import Actor
from municipalities.models import Municipality, MunicipalityBoundary
from tests.browser.people_pages import run_of
from tests.web.test_people_screening import reader
from web.people import region_map

CODES = ("0201", "0210", "0217", "0219", "0223", "0240", "0250", "0260", "0270")


def square(at: int) -> dict[str, object]:
    """A municipality of a tenth of a degree, with a corner that no eye would miss."""
    west, south = 12.0 + 0.1 * (at % 3), 55.8 + 0.1 * (at // 3)
    ring = [[west, south], [west + 0.05, south + 0.00001], [west + 0.1, south], [west + 0.1, south + 0.1],
            [west, south + 0.1], [west, south]]  # fmt: skip
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


def test_the_nine_stand_as_they_lie_and_what_no_eye_sees_is_left_out() -> None:
    drawn = region_map.draw({code: square(at) for at, code in enumerate(CODES)})
    first, last = drawn.shapes[0], drawn.shapes[-1]
    assert len(drawn.shapes) == 9
    assert first.x < last.x and first.y > last.y  # the first is in the south-west, the last in the north-east
    assert first.path.count("L") == 4
    assert drawn.height > region_map.WIDTH  # a degree of latitude is longer than one of longitude here


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_the_screening_shows_the_map_once_the_outlines_are_imported(ann: Actor) -> None:
    cache.delete(region_map.KEY)
    run = run_of(ann)
    client = reader(ann)
    for at, code in enumerate(CODES):
        assert 'class="nrs-map"' not in client.get(f"/screenings/{run.public_id}").content.decode()  # not of some
        MunicipalityBoundary.objects.create(municipality=Municipality.objects.get(pk=code), outline=square(at))
    cache.delete(region_map.KEY)
    page = client.get(f"/screenings/{run.public_id}").content.decode()
    cache.delete(region_map.KEY)
    assert page.count('<path class="nrs-map-') == 9
    assert page.count('class="nrs-tile ') == 9  # the tiles stay: they can be chosen
