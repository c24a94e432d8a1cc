"""Agreements over HTTP."""

from __future__ import annotations

import pytest

from events.models import Event
from tests.api.test_companies import company, cvr, places, problem  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
URL = "/api/v1/agreements"


def body(signed, **given):  # noqa: F811
    return {"company": signed.json()["id"], "kind": "recruitment", "valid_from": "2026-01-01", **given}


def test_an_agreement_is_signed_read_listed_and_ended(ann, company):  # noqa: F811
    unit = company.json()["units"][0]["id"]
    made = ann.post(URL, body(company, units=[unit], tovholder="0270", first_candidate_days=3))
    assert made.status_code == 201 and made.json()["units"] == [unit], made.content
    assert made.json()["covers_all_units"] is False and made["ETag"] == '"1"'
    url = f"{URL}/{made.json()['id']}"
    assert ann.get(f"{URL}?in_force_on=2026-02-01").json()["count"] == 1
    assert ann.post(f"{url}/end", {"ended_on": "2026-06-01"}).status_code == 428
    ended = ann.post(f"{url}/end", {"ended_on": "2026-06-01"}, HTTP_IF_MATCH='"1"')
    assert ended.status_code == 200 and ended.json()["ended_on"] == "2026-06-01"
    problem(ann.post(f"{url}/end", {"ended_on": "2026-06-01"}, HTTP_IF_MATCH='"1"'), 412, "stale")
    problem(ann.post(f"{url}/end", {"ended_on": "2026-06-01"}, HTTP_IF_MATCH='"2"'), 409, "ended")
    assert ann.get(f"{URL}?in_force_on=2026-06-01").json()["count"] == 0
    assert ann.get(f"{URL}?in_force_on=2026-05-31").json()["count"] == 1
    assert set(Event.objects.values_list("type", flat=True)) >= {"agreement.signed", "agreement.ended"}


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"kind": "friendship"}, "/kind", "invalid_choice"),
        ({"holder": "municipality"}, "/holder_municipality", "required"),
        ({"tovholder": "0101"}, "/tovholder", "unknown_code"),
        ({"valid_to": "2025-01-01"}, "/valid_to", "before_start"),
        ({"units": []}, "/units", "required"),
        ({"company": "00000000-0000-4000-8000-000000000000"}, "/company", "unknown"),
    ],
)
def test_a_wrong_agreement_is_refused(ann, company, given, pointer, code):  # noqa: F811
    problem(ann.post(URL, body(company, **given)), 400, code, pointer)


def test_only_the_lead_signs(company, member, client_of):  # noqa: F811
    bo = client_of(member("consultant", "0270", "bo@nrs.example"))
    assert bo.post(URL, body(company)).status_code == 403
    assert bo.get(URL).json()["count"] == 0 and bo.get(f"{URL}?bad=1").status_code == 400


def test_a_draft_is_changed_and_signed(ann, company):  # noqa: F811
    made = ann.post(URL, body(company, draft=True, area=["0219"], valid_to="2026-12-31"))
    assert made.status_code == 201 and made.json()["state"] == "draft" and made.json()["signed_on"] is None
    url = f"{URL}/{made.json()['id']}"
    forecast = [{"month": "2026-09-01", "occupation": "8332", "positions": 4}]
    given = {"schemes": ["mentor"], "valid_to": "2027-12-31", "forecast": forecast}
    assert ann.patch(url, given).status_code == 428
    changed = ann.patch(url, given, HTTP_IF_MATCH='"1"')
    assert changed.status_code == 200 and changed["ETag"] == '"2"', changed.content
    assert changed.json()["forecast"] == forecast and changed.json()["area"] == ["0219"]
    signed = ann.post(f"{url}/sign", {}, HTTP_IF_MATCH='"2"')
    assert signed.status_code == 200 and signed.json()["signed_on"]
    problem(ann.patch(url, {"valid_to": "2028-12-31"}, HTTP_IF_MATCH='"3"'), 409, "signed")
    [unit] = ann.get(f"{url}/units").json()["results"]
    assert unit["municipality"] == "0219"
    assert ann.get(f"{URL}?state=ended").json()["count"] == 0
    [row] = ann.get(f"{URL}?state={signed.json()['state']}").json()["results"]
    assert row["state"] == signed.json()["state"]
    lines = b"".join(ann.get(f"{URL}?format=csv")).decode().splitlines()
    assert len(lines) == 2 and ",state," in lines[0]


def test_two_tovholders_of_one_unit_are_a_conflict(ann, company):  # noqa: F811
    assert ann.post(URL, body(company, tovholder="0270")).status_code == 201
    problem(ann.post(URL, body(company, tovholder="0219")), 409, "tovholder_overlap")
    problem(ann.post(URL, body(company, area=["0219", "x"])), 400, "unknown_area", "/area")
    assert ann.get(URL).json()["count"] == 1
