"""Reading the business network, meetings, papers and forecasts: scoped, paged, filtered, and as a workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from companies import agreements
from companies.models import AgreementDocument
from events import clock
from gatherings import network, services
from municipalities.actor import Actor
from tests import factories
from tests.api.order_cases import client_of, client_of_company
from tests.gatherings.test_gatherings import builder, invited, meeting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
API = "/api/v1"
FORECAST = [
    {"month": dt.date(2026, 4, 1), "occupation": "8332", "positions": 3},
    {"month": dt.date(2026, 6, 1), "occupation": "5223", "positions": 5},
]


@pytest.fixture
def ann() -> Actor:
    """A consultant of Hillerød, who acts through the services too."""
    return factories.consultant()


def results(actor: Actor, path: str) -> list[dict[str, Any]]:
    answer = client_of(actor).get(f"{API}/{path}")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert {"count", "page", "page_size", "next", "previous", "results"} == found.keys()
    return list(found["results"])


@pytest.fixture
def gathering(ann):
    made = meeting(ann, municipality=factories.HILLEROED)
    first, second = invited(ann, made, 2)
    services.answer(services.token_of(first), coming=True, people=3)
    services.answer(services.token_of(second), coming=False)
    return made


def test_a_meeting_is_read_with_its_numbers_and_who_was_asked(ann, gathering):
    [row] = results(factories.caseworker(), "gatherings")
    assert (row["invited"], row["coming"], row["came"], row["municipality"]) == (2, 3, None, "0219")
    whole = client_of(ann).get(f"{API}/gatherings/{row['id']}")
    assert whole.json()["title"] == gathering.title and whole.headers["ETag"] == '"1"'
    asked = results(ann, f"gatherings/{row['id']}/invitations?ordering=-company_name")
    assert sorted((one["answer"], one["people"]) for one in asked) == [("coming", 3), ("not_coming", 0)]
    assert len(results(ann, f"gatherings/{row['id']}/invitations?answer=coming")) == 1
    assert "firma.example" not in str(asked), "who is written to is no business of a list"


def test_meetings_are_found_by_kind_place_and_whether_they_are_to_come(ann, gathering):
    services.cancel(ann, meeting(ann, title="Aflyst møde", kind="growth").public_id, 1)
    for query, titles in (
        ("kind=growth", ["Aflyst møde"]),
        ("cancelled=false", [gathering.title]),
        ("municipality=0219", [gathering.title]),
        ("q=aflyst", ["Aflyst møde"]),
        ("to_come=true&cancelled=false", [gathering.title]),
        ("to_come=false", []),
    ):
        assert [row["title"] for row in results(ann, f"gatherings?{query}")] == titles, query
    assert client_of(ann).get(f"{API}/gatherings?colour=red").status_code == 400


def test_members_are_read_with_what_was_promised(ann):
    company = builder()
    member = network.join(ann, company.public_id)
    kept = network.commit(ann, member.public_id, side="company", text="To praktikpladser", due_on=clock.today())
    network.commit(ann, member.public_id, side="nine", text="Ring hver måned")
    network.keep(ann, member.public_id, kept.public_id)
    gone = network.join(ann, builder().public_id)
    network.leave(ann, gone.public_id)
    [row] = results(ann, "network-members?is_member=true")
    assert (row["company_name"], row["open_promises"], row["lead"]) == (company.name, 1, "0219")
    assert len(results(ann, "network-members")) == 2
    whole = client_of(ann).get(f"{API}/network-members/{row['id']}").json()
    assert {one["text"] for one in whole["commitments"]} == {"To praktikpladser", "Ring hver måned"}
    assert [one["text"] for one in results(ann, "network-commitments?kept=true")] == ["To praktikpladser"]
    assert [one["text"] for one in results(ann, f"network-commitments?side=nine&company={company.public_id}")] == [
        "Ring hver måned"
    ]


def test_needs_are_read_by_the_day_on_which_they_stand(ann):
    company, soon = builder(), clock.today() + dt.timedelta(days=30)
    network.state_need(ann, company.public_id, text="Svejsere", needed_by=soon, occupation="7212", people=4)
    [row] = results(ann, "competence-needs?occupation=72&standing_on=2026-03-02")
    assert (row["text"], row["people"], row["occupation"]) == ("Svejsere", 4, "7212")
    assert results(ann, "competence-needs?standing_on=2028-03-02") == []


def test_forecasts_are_read_by_month_occupation_and_the_day_in_force(ann):
    company = builder()
    terms = {"kind": "recruitment", "valid_from": dt.date(2026, 1, 1), "forecast": FORECAST}
    agreements.sign(ann, company, tovholder=factories.GRIBSKOV, **terms)
    agreements.draft(ann, builder(), **terms)
    [april, june] = results(ann, "agreement-forecasts?in_force_on=2026-03-02&ordering=month")
    assert (april["occupation"], april["positions"], april["tovholder"]) == ("8332", 3, "0270")
    assert (june["month"], june["title"]) == ("2026-06-01", "Salgsarbejde i butik")
    assert len(results(ann, "agreement-forecasts")) == 4
    for query in ("month_to=2026-04-30", "occupation=83", f"company={company.public_id}&month_from=2026-06-15"):
        assert len(results(ann, f"agreement-forecasts?in_force_on=2026-03-02&{query}")) == 1, query


def test_papers_are_listed_without_their_content(ann):
    signed = agreements.sign(ann, builder(), kind="recruitment", valid_from=dt.date(2026, 1, 1))
    AgreementDocument.objects.create(
        agreement=signed, name="aftale.pdf", stored_as="ab/secret", size=9, sha256="f" * 64, uploaded_at=clock.now(),
        by_name="Ann",
    )  # fmt: skip
    [row] = results(ann, f"agreements/{signed.public_id}/documents")
    assert (row["name"], row["size"], row["sha256"]) == ("aftale.pdf", 9, "f" * 64) and "secret" not in str(row)


@pytest.fixture
def everything(ann, gathering):
    """Addresses of each list, with rows of another company and one own company of the caller."""
    other, own = builder(name="=HYPERLINK(0)"), builder()
    for company in (other, own):
        member = network.join(ann, company.public_id)
        network.commit(ann, member.public_id, side="nine", text="Ring")
        soon = clock.today() + dt.timedelta(days=30)
        network.state_need(ann, company.public_id, text="Svejsere", needed_by=soon)
        signed = agreements.sign(
            ann, company, kind="recruitment", valid_from=dt.date(2026, 1, 1), forecast=FORECAST[:1]
        )
    lists = ("gatherings", "network-members", "network-commitments", "competence-needs", "agreement-forecasts")
    return own, [*lists, f"gatherings/{gathering.public_id}/invitations", f"agreements/{signed.public_id}/documents"]


def test_a_company_reads_its_own_forecasts_and_papers_and_nothing_of_the_network(everything):
    own, paths = everything
    company = client_of_company(own)
    found = {path.rsplit("/", maxsplit=1)[-1]: company.get(f"{API}/{path}") for path in paths}
    assert found["invitations"].status_code == 404
    assert found["agreement-forecasts"].json()["count"] == 1 and found["documents"].status_code == 200
    for name in ("gatherings", "network-members", "network-commitments", "competence-needs"):
        answer = found[name]
        assert answer.status_code in (403, 404) or answer.json()["count"] == 0, name


def test_every_list_is_a_workbook_and_a_csv_without_formulas(ann, everything):
    _own, paths = everything
    for path in paths[:-1]:
        sheet = client_of(ann).get(f"{API}/{path}?format=xlsx")
        assert sheet.status_code == 200, path
        book = openpyxl.load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))
        cells = [cell for row in book.active.iter_rows() for cell in row]
        assert len(cells) > 1 and all(cell.data_type != "f" for cell in cells), path
        table = client_of(ann).get(f"{API}/{path}?format=csv")
        text = b"".join(table.streaming_content).decode("utf-8-sig")
        assert not [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell.startswith("=")], path
