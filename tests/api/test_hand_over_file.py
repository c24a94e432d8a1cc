"""The hand-over file: an order in the field limits of the state's contract, never called synchronised."""

from __future__ import annotations

import csv
import io

import pytest

from joborders.hand_over_file import LIMITS, hand_over_file, problems
from joborders.services import steps
from tests import factories
from tests.api.order_cases import URL, client_of, client_of_company

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
DEMANDS = [
    {"kind": "licence", "code": "CE", "is_must": True},
    {"kind": "language", "code": "da", "is_must": False, "oral": "B1"},
]


@pytest.fixture
def ann():
    """A consultant of Hillerød."""
    return factories.consultant(factories.HILLEROED)


def test_the_file_holds_the_contracts_fields_and_says_that_nothing_is_synchronised(ann):
    company = factories.company()
    order = factories.order(
        company, ann, hours_min=30, hours_max=37, starts_on="2026-03-16", internal_note="Ring først.",
        requirements=DEMANDS, unit=str(company.units.get().public_id),
    )  # fmt: skip
    answer = client_of(ann).get(f"{URL}/job-orders/{order.public_id}/hand-over-file")
    assert answer.status_code == 200
    assert order.number in answer.headers["Content-Disposition"]
    found = answer.json()
    assert found["synchronised"] is False
    assert found["notice"].startswith("Ikke synkroniseret")
    fields = found["fields"]
    assert fields["jobordreId"] == str(order.public_id)
    assert (fields["titel"], fields["jobordreType"], fields["status"]) == (order.title, "ordinær", "under behandling")
    assert (fields["startdato"], fields["cvrNummer"]) == ("2026-03-16", company.cvr)
    assert fields["pNummer"] == company.units.get().p_number
    assert fields["internKommentar"] == "Ring først."
    text = fields["beskrivelse"]
    assert text.startswith(order.description)
    for line in ("Antal: 3", "Timer pr. uge: 30–37", "Arbejdssted: Prøvevej 1 3400", "Krav: Lastbil", "(mundtligt B1)"):
        assert line in text
    assert "Kirsten" not in str(found), "the contact is asked for over NRS"
    assert found["problems"] == []


def test_the_company_does_not_read_the_internal_note_and_others_nothing(ann, eva):
    order = factories.order(factories.company(), ann, internal_note="Ring først.")
    path = f"{URL}/job-orders/{order.public_id}/hand-over-file"
    assert client_of_company(order.company).get(path).json()["fields"]["internKommentar"] == ""
    assert client_of(eva).get(path).status_code == 404


def test_a_field_that_is_too_long_is_named_and_never_cut(ann):
    order = factories.order(by=ann, description="x" * 5000)
    found = client_of(ann).get(f"{URL}/job-orders/{order.public_id}/hand-over-file").json()
    length = len(found["fields"]["beskrivelse"])
    assert length > 5000
    assert found["problems"] == [
        {"pointer": "/fields/beskrivelse", "code": "too_long", "detail": f"beskrivelse: {length} tegn, højst 5000"}
    ]


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_is_kept_at_its_edges(name):
    order = factories.order()
    fields = hand_over_file(order, with_note=True)["fields"]
    limit = LIMITS[name]
    for length, codes in (
        (limit.longest, []), (limit.longest + 1, ["too_long"]), (0, ["too_short"] if limit.shortest else [])
    ):  # fmt: skip
        found = problems({**fields, name: "x" * length})
        assert [(problem.pointer, problem.code) for problem in found] == [(f"/fields/{name}", code) for code in codes]


def test_the_states_of_an_order_are_told_in_the_contracts_words(ann):
    order = factories.order(by=ann)
    order = steps.pause(order.public_id, ann, order.version)
    assert hand_over_file(order, with_note=True)["fields"]["status"] == "inaktiveret"
    order = steps.resume(order.public_id, ann, order.version)
    ended = steps.close(order.public_id, ann, order.version, reason="deadline_expired")
    assert hand_over_file(ended, with_note=True)["fields"]["status"] == "afsluttet, formidlingsfrist udløbet"
    other = factories.order(by=ann)
    other = steps.close(other.public_id, ann, other.version, reason="duplicate")
    found = hand_over_file(other, with_note=True)
    assert found["fields"]["status"] is None
    assert [problem["code"] for problem in found["problems"]] == ["no_status"]


def test_many_orders_are_exported_as_a_list_or_csv(ann):
    orders = [factories.order(by=ann, requirements=DEMANDS), factories.order(by=ann, description="x" * 5000)]
    listed = client_of(ann).get(f"{URL}/hand-over-files?ordering=number").json()["results"]
    assert [row["number"] for row in listed] == sorted(order.number for order in orders)
    assert [bool(row["problems"]) for row in listed] == [False, True]
    assert all(row["synchronised"] is False for row in listed)
    answer = client_of(ann).get(f"{URL}/hand-over-files?format=csv&state=open")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert {row["number"]: row["cvrNummer"] for row in rows} == {order.number: order.company.cvr for order in orders}
    assert {row["synchronised"] for row in rows} == {"false"}
