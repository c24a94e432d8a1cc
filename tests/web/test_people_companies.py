"""The register of companies: common to the nine, changed by the lead and the coordinator."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from companies import services
from companies.models import Company, ContactLogEntry
from joborders.models import JobOrder
from municipalities.actor import Actor
from tests import factories
from tests.browser.people_pages import login
from tests.web.test_people_screening import reader, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
WRITES = ("/edit", "/hand-over", "/absence", "/contacts/new", "/units/new")


def as_seen(client: Client, path: str) -> dict[str, Any]:
    """What a form that remembers would send as it stands, with what was seen hidden in it."""
    form = client.get(path).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in shown.items()}
    return values | {f"initial-{name}": value for name, value in values.items()}


def hidden_and_typed(answer: Any) -> dict[str, str]:
    """What the form that came back would send."""
    page = answer.content.decode()
    found = dict(re.findall(r'<input type="\w+" name="([\w-]+)" value="([^"]*)"', page))
    return {name: html.unescape(value) for name, value in found.items()}


@pytest.fixture
def company() -> Company:
    """A company that Hillerød leads."""
    return factories.company(name="Vognmand Prøve ApS")


def at(company: Company, path: str = "") -> str:
    """A page of the company."""
    return f"/companies/{company.public_id}{path}"


@pytest.mark.parametrize("role", ["consultant", "caseworker", "coordinator", "auditor"])
def test_the_register_is_common_to_the_nine(company: Company, role: str) -> None:
    home = factories.GRIBSKOV if role in ("consultant", "caseworker") else None
    client = reader(factories.member(role, home))
    assert "Vognmand Prøve ApS" in text_of(client.get("/companies"))
    assert client.get(at(company)).status_code == 200


def test_it_is_not_for_administrators(company: Company) -> None:
    client = reader(factories.member("admin"))
    assert client.get("/companies").status_code == 403
    assert client.get(at(company)).status_code == 403


def test_a_company_is_found_by_name_cvr_p_number_and_lead(company: Company, ann: Actor) -> None:
    other = factories.company(factories.GRIBSKOV, name="Bageri Prøve ApS")
    unit = company.units.get()
    client = reader(ann)
    for query, found in (
        ({"q": "vognmand"}, {company}),
        ({"q": company.cvr}, {company}),
        ({"q": f"{company.cvr[:2]} {company.cvr[2:]}"}, {company}),
        ({"q": unit.p_number}, {company}),
        ({"lead": factories.GRIBSKOV}, {other}),
        ({}, {company, other}),
        ({"q": "findes ikke"}, set()),
    ):
        page = client.get("/companies", query)
        assert {each["row"] for each in page.context["page"].object_list} == found


def test_the_list_says_who_spoke_with_the_company_last(company: Company, ann: Actor, eva: Actor) -> None:
    services.log_contact(ann, company, kind="phone", about="Først")
    services.log_contact(eva, company, kind="visit", about="Senest")
    assert "just now by Eva Prøve" in text_of(reader(ann).get("/companies"))
    assert "Last spoken to just now by Eva Prøve, Helsingør: Senest" in text_of(reader(ann).get(at(company)))


@pytest.mark.parametrize("path", WRITES)
def test_only_the_lead_and_the_coordinator_change_it(company: Company, ann: Actor, kim: Actor, path: str) -> None:
    for actor, status in ((ann, 200), (kim, 200), (factories.consultant(factories.GRIBSKOV), 403)):
        assert reader(actor).get(at(company, path)).status_code == status
    gro = reader(factories.consultant(factories.GRIBSKOV))
    assert gro.post(at(company, path), {"name": "Taget", "version": company.version}).status_code == 403
    assert reader(factories.caseworker()).get(at(company, path)).status_code == 403
    company.refresh_from_db()
    assert company.name == "Vognmand Prøve ApS"


def test_buttons_are_shown_to_those_who_may_use_them(company: Company, ann: Actor, eva: Actor) -> None:
    assert at(company, "/edit") in reader(ann).get(at(company)).content.decode()
    other = reader(eva).get(at(company)).content.decode()
    assert at(company, "/edit") not in other and at(company, "/hand-over") not in other
    assert at(company, "/log") in other
    assert at(company, "/log") not in reader(factories.member("auditor")).get(at(company)).content.decode()


def test_anybody_of_the_nine_notes_a_talk(company: Company, eva: Actor) -> None:
    sent = {
        "kind": "visit",
        "about": "Rundvisning",
        "text": "To nye ruter",
        "next_step": "Ring",
        "next_on": "2026-12-01",
    }
    assert reader(eva).post(at(company, "/log"), sent).status_code == 302
    entry = ContactLogEntry.objects.get()
    assert (entry.kind, entry.about, entry.municipality_code, entry.by_name) == (
        "visit",
        "Rundvisning",
        factories.HELSINGOER,
        "Eva Prøve",
    )


def test_an_auditor_notes_nothing(company: Company) -> None:
    sent = {"kind": "visit", "about": "Rundvisning"}
    assert reader(factories.member("auditor")).post(at(company, "/log"), sent).status_code == 403
    assert not ContactLogEntry.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [({"kind": "visit"}, "This field is required."), ({"kind": "visit", "about": "010190-1234"}, "CPR number")],
)
def test_a_talk_with_a_mistake_keeps_what_was_written(
    company: Company, ann: Actor, sent: dict[str, str], words: str
) -> None:
    answer = reader(ann).post(at(company, "/log"), sent | {"text": "Står her endnu"})
    assert answer.status_code == 422
    assert words in text_of(answer) and "Står her endnu" in answer.content.decode()
    assert not ContactLogEntry.objects.exists()


def test_the_log_shows_the_last_twenty_and_the_rest_on_demand(company: Company, ann: Actor) -> None:
    for number in range(22):
        services.log_contact(ann, company, kind="phone", about=f"Samtale {number:02}")
    client = reader(ann)
    assert "Samtale 01" not in text_of(client.get(at(company)))
    assert "Samtale 01" in text_of(client.get(at(company), {"talks": "all"}))


def test_the_register_and_the_contact_person_are_changed(company: Company, ann: Actor, bo: Actor) -> None:
    client, path = reader(ann), at(company, "/edit")
    sent = as_seen(client, path) | {"version": company.version, "headcount": "40", "contact_user": str(bo.public_id)}
    assert client.post(path, sent).status_code == 302
    company.refresh_from_db()
    assert (company.headcount, company.contact_user_id) == (40, bo.user_id)
    assert "Contact Bo Prøve" in text_of(client.get(at(company)))


def test_the_substitute_has_the_contact_while_it_lasts(company: Company, ann: Actor, bo: Actor) -> None:
    changes = {"contact_user": ann.public_id, "substitute_user": bo.public_id}
    services.change(ann, company.public_id, company.version, changes)
    assert "Contact Bo Prøve substitute" in text_of(reader(ann).get(at(company)))


def test_a_colleague_of_another_municipality_cannot_be_the_contact(company: Company, ann: Actor, eva: Actor) -> None:
    client, path = reader(ann), at(company, "/edit")
    sent = as_seen(client, path) | {"version": company.version, "contact_user": str(eva.public_id)}
    assert client.post(path, sent).status_code == 422


def test_a_change_that_came_first_is_told(company: Company, ann: Actor, bo: Actor) -> None:
    client, path = reader(ann), at(company, "/edit")
    sent = as_seen(client, path) | {"version": company.version, "headcount": "40"}
    services.change(bo, company.public_id, company.version, {"name": "Nyt navn ApS", "headcount": 12})
    answer = client.post(path, sent)
    told = text_of(answer)
    assert answer.status_code == 412
    assert "Bo Prøve changed the company in the meantime." in told
    assert "What was changed: the number of employees, the name." in told
    assert "Employees : it is now 12, you typed 40" in told and "colleague wrote: Name, Employees as of." in told
    company.refresh_from_db()
    assert (company.name, company.headcount) == ("Nyt navn ApS", 12)
    again = hidden_and_typed(answer)
    assert (again["name"], again["headcount"]) == ("Nyt navn ApS", "40")
    assert client.post(path, again).status_code == 302
    company.refresh_from_db()
    assert (company.name, company.headcount) == ("Nyt navn ApS", 40)


def test_a_company_is_registered_without_an_order_and_led_by_its_main_unit(ann: Actor) -> None:
    client = reader(ann)
    assert "/companies/new" in client.get("/companies").content.decode()
    number = factories.cvr()
    sent = {"cvr": number, "name": "Møllen ApS", "street": "Prøvevej 1", "postal_code": "3200", "municipality": "0270"}
    answer = client.post("/companies/new", sent)
    made = Company.objects.get(cvr=number)
    assert answer["Location"] == at(made)
    assert (made.lead_id, made.units.get().street) == (factories.GRIBSKOV, "Prøvevej 1")
    again = client.post("/companies/new", sent | {"name": "En anden"}, follow=True)
    assert "This company is registered already" in text_of(again) and "Møllen ApS" in text_of(again)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"cvr": "12345678"}, "cvr"),
        ({"name": ""}, "name"),
        ({"street": "Vej 1", "postal_code": "9999"}, "municipality"),
    ],
)
def test_what_is_wrong_with_a_new_company_is_told_at_its_field(ann: Actor, changed: dict[str, str], field: str) -> None:
    answer = reader(ann).post("/companies/new", {"cvr": factories.cvr(), "name": "Møllen ApS", **changed})
    assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode()
    assert not Company.objects.exists()


@pytest.mark.parametrize("role", ["caseworker", "auditor", "admin"])
def test_companies_are_registered_by_consultants_and_coordinators(role: str) -> None:
    home = factories.HILLEROED if role == "caseworker" else None
    assert reader(factories.member(role, home)).get("/companies/new").status_code == 403


def test_a_contact_person_is_corrected_and_taken_off(company: Company, ann: Actor, bo: Actor) -> None:
    kirsten = services.add_contact(ann, company, name="Kirsten Prøve", phone="48 00 00 00")
    client, path = reader(ann), at(company, f"/contacts/{kirsten.public_id}")
    sent = as_seen(client, path) | {"version": company.version, "phone": "48 00 00 01"}
    assert client.post(path, sent).status_code == 302
    assert "48 00 00 01" in text_of(client.get(at(company)))
    faster = reader(bo).post(path, sent | {"title": "Chef"})  # Bo had the page open meanwhile
    assert faster.status_code == 412
    assert "What was changed: the contact persons at the company." in text_of(faster)
    company.refresh_from_db()
    assert client.post(f"{path}/end", {"version": company.version - 1}, follow=True).status_code == 200
    kirsten.refresh_from_db()
    assert kirsten.ended_on is None
    assert client.post(f"{path}/end", {"version": company.version}).status_code == 302
    assert "Kirsten Prøve" not in text_of(client.get(at(company), {"x": ""})).replace("Kirsten Prøve is no longer", "")
    assert client.get(path).status_code == 404


def test_a_contact_person_keeps_a_way_to_be_reached(company: Company, ann: Actor) -> None:
    kirsten = services.add_contact(ann, company, name="Kirsten Prøve", phone="48 00 00 00")
    client, path = reader(ann), at(company, f"/contacts/{kirsten.public_id}")
    answer = client.post(path, as_seen(client, path) | {"version": company.version, "phone": ""})
    assert answer.status_code == 422 and 'id="id_phone_error"' in answer.content.decode()


def test_somebody_away_has_a_substitute_until_the_last_day(company: Company, ann: Actor, bo: Actor) -> None:
    services.change(ann, company.public_id, company.version, {"contact_user": ann.public_id})
    company.refresh_from_db()
    client, path = reader(ann), at(company, "/absence")
    sent = {"version": company.version, "substitute_user": str(bo.public_id), "substitute_until": "2999-01-01"}
    assert client.post(path, sent | {"substitute_until": "2020-01-01"}).status_code == 422
    assert client.post(path, sent).status_code == 302
    assert "Contact Bo Prøve substitute until" in text_of(client.get(at(company)))
    company.refresh_from_db()
    assert client.post(path, {"version": company.version, "back": "1"}).status_code == 302
    assert "Contact Ann Prøve" in text_of(client.get(at(company)))


def test_any_of_the_nine_writes_down_its_own_talk_but_only_the_lead_the_register(company: Company, eva: Actor) -> None:
    """docs/adr/0003: the log is common, the register is the lead's."""
    client = reader(eva)
    sent = {"kind": "phone", "about": "Kampagnen", "happened_at": "2020-01-06T10:00"}
    assert client.post(at(company, "/log"), sent).status_code == 302
    entry = ContactLogEntry.objects.get(company=company)
    assert (entry.municipality_code, entry.by_name) == (factories.HELSINGOER, "Eva Prøve")
    assert entry.happened_at.year == 2020
    for path in ("/edit", "/absence", "/contacts/new"):
        assert client.get(at(company, path)).status_code == 403


def test_a_talk_with_one_unit_is_noted_there(company: Company, ann: Actor) -> None:
    shop = services.add_unit(
        ann, company, name="Butikken", street="Gade 1", postal_code="3400", municipality_code="0219"
    )
    client = reader(ann)
    sent = {"kind": "visit", "about": "Besøg", "unit": str(shop.public_id)}
    assert client.post(at(company, "/log"), sent).status_code == 302
    assert ContactLogEntry.objects.get(company=company).unit == shop
    assert "· Butikken" in text_of(client.get(at(company)))


def hand_over(company: Company, **changes: str) -> dict[str, Any]:
    """The form of a hand-over to Gribskov."""
    values = {
        "to": factories.GRIBSKOV,
        "reason": "Flyttet",
        "agreed_with": factories.GRIBSKOV,
        "agreed_on": "2026-03-02",
    }
    return values | {"version": str(company.version)} | changes


def test_a_company_is_handed_over_with_its_open_orders_and_the_history_says_why(company: Company, ann: Actor) -> None:
    factories.order(company)
    client = reader(ann)
    answer = client.post(at(company, "/hand-over"), hand_over(company), follow=True)
    page = text_of(answer)
    assert "The company is handed over. 1 open order moved along." in page
    assert "Flyttet (agreed with Gribskov" in page
    company.refresh_from_db()
    assert company.lead_id == factories.GRIBSKOV
    assert JobOrder.objects.get().lead_id == factories.GRIBSKOV


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"reason": ""}, "reason"), ({"agreed_on": "2099-01-01"}, "agreed_on"), ({"to": factories.HILLEROED}, "to")],
)
def test_a_hand_over_needs_a_reason_and_an_agreement(
    company: Company, ann: Actor, wrong: dict[str, str], field: str
) -> None:
    answer = reader(ann).post(at(company, "/hand-over"), hand_over(company, **wrong))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    company.refresh_from_db()
    assert company.lead_id == factories.HILLEROED


def test_a_contact_person_is_added(company: Company, ann: Actor) -> None:
    client, path = reader(ann), at(company, "/contacts/new")
    assert client.post(path, {"name": "Kirsten Prøve"}).status_code == 422
    assert client.post(path, {"name": "Kirsten Prøve", "phone": "48 00 00 00"}).status_code == 302
    assert "Kirsten Prøve" in text_of(client.get(at(company)))


def test_a_unit_is_added_and_a_shared_postal_code_asks_which_municipality(company: Company, ann: Actor) -> None:
    client, path = reader(ann), at(company, "/units/new")
    sent = {"street": "Nyvej 2", "postal_code": "3400", "name": "Lager"}
    answer = client.post(path, sent)
    assert answer.status_code == 422
    assert "municipality" in answer.context["form"].errors
    assert client.post(path, sent | {"municipality": factories.HILLEROED}).status_code == 302
    assert company.units.filter(name="Lager", municipality_code=factories.HILLEROED).exists()


def test_the_page_shows_agreements_and_the_orders_that_the_reader_may_see(
    company: Company, ann: Actor, eva: Actor
) -> None:
    factories.agreement(company, tovholder=factories.GRIBSKOV)
    order = factories.order(company)
    own = text_of(reader(ann).get(at(company)))
    assert "Recruitment agreement in force" in own and "tovholder Gribskov" in own
    assert order.number in text_of(reader(factories.coordinator()).get(at(company)))
    assert order.number not in text_of(reader(eva).get(at(company)))
    assert order.number not in text_of(reader(factories.caseworker()).get(at(company)))


def test_a_company_that_does_not_exist_is_not_found(ann: Actor) -> None:
    assert reader(ann).get("/companies/00000000-0000-4000-8000-000000000000").status_code == 404


def test_a_stranger_logs_in_first(company: Company) -> None:
    answer = Client().get(at(company))
    assert answer.status_code == 302 and answer["Location"].startswith("/login")


def test_a_login_without_a_role_sees_nothing(company: Company, ann: Actor) -> None:
    user = login(ann)
    user.memberships.update(ended_on="2026-01-01")
    client = Client()
    client.force_login(user)
    assert client.get(at(company)).status_code == 403


def test_an_auditor_reads_no_talk(company: Company, eva: Actor) -> None:
    sent = {"kind": "visit", "about": "Rundvisning", "text": "To nye ruter"}
    assert reader(eva).post(at(company, "/log"), sent).status_code == 302
    assert "Rundvisning" in reader(factories.caseworker()).get(at(company)).content.decode()
    page = reader(factories.member("auditor")).get(at(company)).content.decode()
    assert "Rundvisning" not in page and "To nye ruter" not in page
