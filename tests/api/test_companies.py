"""Companies and agreements over HTTP: once per CVR, led by the rule, changed only on the version that was read."""

from __future__ import annotations

from datetime import date

import pytest

from companies.models import Company, ContactLogEntry, LeadPeriod
from municipalities.models import DutyPeriod, PostalCode
from tests.candidates.build import region

pytestmark = pytest.mark.django_db

URL = "/api/v1/companies"


@pytest.fixture(autouse=True)
def places(db):
    region()
    DutyPeriod.objects.get_or_create(valid_from=date(2020, 1, 1), defaults={"municipality_id": "0217"})
    PostalCode.objects.get_or_create(
        code="3230",
        defaults={"town": "G", "latitude": 56.0, "longitude": 12.2, "municipality_codes": "0270 0219"},
    )


@pytest.fixture
def cvr():
    from stdnum.dk import cvr as rule

    return next(str(n) for n in range(90_000_000, 90_000_200) if rule.is_valid(str(n)))


def unit(**given):
    return {"name": "Lager", "street": "Vej 1", "postal_code": "3400", **given}


@pytest.fixture
def company(ann, cvr):
    return ann.post(URL, {"cvr": cvr, "name": "Prøve ApS", "unit": unit()})


def problem(answer, status, code, pointer=None):
    assert answer.status_code == status, answer.content
    body = answer.json()
    if pointer is None:
        assert body["code"] == code
    else:
        assert (pointer, code) in [(one["pointer"], one["code"]) for one in body["errors"]], body


def test_a_company_is_registered_once(ann, company, cvr):
    assert company.status_code == 201 and company["ETag"] == '"1"', company.content
    body = company.json()
    assert body["lead"] == "0219" and [one["municipality"] for one in body["units"]] == ["0219"]
    assert body["lead_history"][0]["why"] == "main_unit" and body["contact"]["name"] == "ann"
    again = ann.post(URL, {"cvr": f"DK {cvr}", "name": "Et andet navn"})
    assert again.status_code == 200 and again.json()["id"] == body["id"] and again.json()["name"] == "Prøve ApS"
    assert Company.objects.count() == 1 and ann.get(company["Location"]).json()["id"] == body["id"]


def test_the_lead_rule_decides_and_the_duty_where_nothing_else_does(member, client_of, cvr):
    coordinator = client_of(member("coordinator", None, "co@nrs.example"))
    answer = coordinator.post(URL, {"cvr": cvr, "name": "Firma", "unit": unit(postal_code="2100", municipality="0101")})
    assert answer.status_code == 201 and answer.json()["lead"] == "0217", answer.content
    assert LeadPeriod.objects.get().why == "duty"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"cvr": "90000005"}, "/cvr", "cvr_invalid"),
        ({"name": "Ring 010190-1234"}, "/name", "cpr_number"),
        ({"industry_code": "999999", "industry_version": "DB25"}, "/industry_code", "unknown_code"),
        ({"colour": "red"}, "/colour", "unknown_field"),
        ({"unit": unit(postal_code="3230")}, "/unit/municipality", "choose_municipality"),
        ({"unit": unit(p_number="12")}, "/unit/p_number", "p_number_invalid"),
    ],
)
def test_a_wrong_company_is_refused_with_the_field_and_nothing_is_written(ann, cvr, body, pointer, code):
    answer = ann.post(URL, {"cvr": cvr, "name": "Firma", **body})
    assert answer.status_code == 400, answer.content
    assert pointer in [one["pointer"] for one in answer.json()["errors"]], answer.content
    if code != "cpr_number":
        problem(answer, 400, code, pointer)
    assert not Company.objects.exists()


def test_the_same_key_registers_once_and_another_body_is_refused(ann, cvr):
    key = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first = ann.post(URL, {"cvr": cvr, "name": "Firma"}, **key)
    assert ann.post(URL, {"cvr": cvr, "name": "Firma"}, **key).content == first.content
    assert ann.post(URL, {"cvr": cvr, "name": "Anden"}, **key).status_code == 422


def test_a_change_needs_the_version_that_was_read(ann, company):
    url = f"{URL}/{company.json()['id']}"
    assert ann.patch(url, {"headcount": 5}).status_code == 428
    changed = ann.patch(url, {"headcount": 5}, HTTP_IF_MATCH='"1"')
    assert changed.status_code == 200 and changed.json()["headcount"] == 5 and changed["ETag"] == '"2"'
    stale = ann.patch(url, {"name": "Ny"}, HTTP_IF_MATCH='"1"')
    problem(stale, 412, "stale")
    assert stale.json()["changed"] == ["headcount"] and stale.json()["changed_by"] == "ann"


def test_the_other_eight_read_and_do_not_write(company, member, client_of):
    bo = client_of(member("consultant", "0270", "bo@nrs.example"))
    url = f"{URL}/{company.json()['id']}"
    assert bo.get(url).status_code == 200 and bo.get(f"{url}/units").json()["count"] == 1
    assert bo.patch(url, {"headcount": 5}, HTTP_IF_MATCH='"1"').status_code == 403
    assert bo.post(f"{url}/units", unit(name="B")).status_code == 403
    assert client_of(member("admin", None, "ad@nrs.example")).get(url).status_code == 404
    assert (
        client_of(member("caseworker", "0219", "ca@nrs.example")).post(URL, {"cvr": "1", "name": "x"}).status_code
        == 403
    )


def test_units_contacts_and_log_are_added_and_listed(ann, company):
    url = f"{URL}/{company.json()['id']}"
    made = ann.post(f"{url}/units", unit(p_number="1000000001", name="Butik"))
    assert made.status_code == 201 and made.json()["is_main"] is False, made.content
    contact = ann.post(f"{url}/contacts", {"name": "Kim", "phone": "49 00 00 00", "unit": made.json()["id"]})
    assert contact.status_code == 201 and contact.json()["unit"] == made.json()["id"], contact.content
    problem(ann.post(f"{url}/contacts", {"name": "Kim"}), 400, "contact_needed", "/phone")
    note = ann.post(f"{url}/contact-log", {"kind": "phone", "about": "Ordre"})
    assert note.status_code == 201 and note.json()["municipality"] == "0219", note.content
    problem(
        ann.post(f"{url}/contact-log", {"kind": "mail", "about": "x", "happened_at": "2999-01-01T00:00:00Z"}),
        400, "in_the_future", "/happened_at",
    )  # fmt: skip
    for part, count in (("units", 2), ("contacts", 1), ("contact-log", 1)):
        assert ann.get(f"{url}/{part}").json()["count"] == count
    assert ContactLogEntry.objects.get().by_name == "ann"


def test_a_company_is_handed_over_with_its_history(ann, company):
    url = f"{URL}/{company.json()['id']}"
    body = {"to": "0270", "reason": "Flyttet", "agreed_with": "0270", "agreed_on": "2026-01-02"}
    answer = ann.post(f"{url}/hand-over", body, HTTP_IF_MATCH='"1"')
    assert answer.status_code == 200, answer.content
    assert answer.json()["lead"] == "0270" and answer.json()["orders_moved"] == 0
    assert [one["municipality"] for one in answer.json()["lead_history"]] == ["0219", "0270"]
    assert answer["ETag"] == '"2"'
    assert ann.post(f"{url}/hand-over", {**body, "to": "0219"}, HTTP_IF_MATCH='"2"').status_code == 403


def test_the_register_is_searched_filtered_and_exported(ann, company, cvr):
    assert ann.get(f"{URL}?q=prøve").json()["count"] == 1
    assert ann.get(f"{URL}?lead=0270").json()["count"] == 0
    assert ann.get(f"{URL}?colour=red").status_code == 400
    lines = b"".join(ann.get(f"{URL}?format=csv").streaming_content).decode().splitlines()
    assert len(lines) == 2 and cvr in lines[1]
