"""Handing in an order on the pages, without JavaScript: nothing is lost, nothing is made twice, nothing given away."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from companies.models import Company
from events import clock
from joborders.models import JobOrder
from tests import factories
from web.company import drafts
from web.models import OrderDraft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]

WORKPLACE = {"name": "Prøve Transport ApS", "street": "Prøvevej 1", "postal_code": "3400", "municipality": "0219"}
JOB = {
    "title": "Lastbilchauffør",
    "positions": "3",
    "description": "Kørsel med varer i Nordsjælland.",
    "employment": "permanent",
    "hours_min": "30",
    "hours_max": "37",
    "shifts": ["day", "evening"],
}
CONTACT = {"name": "Kirsten Prøve", "phone": "48 00 00 00", "email": "kirsten@firma.example"}


def fill(client: Client, cvr: str, **changes: dict) -> None:
    """Every step as somebody types it."""
    steps = {"company": {"cvr": cvr}, "workplace": WORKPLACE, "job": JOB, "contact": CONTACT} | changes
    for step, typed in steps.items():
        answer = client.post(f"/order/{step}", typed)
        assert answer.status_code == 302, (step, text(answer))


def text(answer) -> str:
    return answer.content.decode()


def send(client: Client) -> JobOrder:
    answer = client.post("/order/send")
    assert answer.status_code == 302 and answer.headers["Location"] == "/order/receipt", text(answer)
    return JobOrder.objects.latest("id")


def test_a_new_company_hands_in_an_order_and_gets_its_receipt(client: Client) -> None:
    number = factories.cvr()
    fill(client, f"DK {number[:4]} {number[4:]}", workplace=WORKPLACE | {"industry": "49"})
    client.post("/order/needs", {"add": "listed", "listed": "licence:C", "weight": "must"})
    client.post("/order/needs", {"add": "language", "language": "da", "oral": "B1", "written": "A2", "weight": "wish"})
    check = text(client.get("/order/check"))
    for word in ("Prøve Transport ApS", "Lastbilchauffør", "Kirsten Prøve", "B1", "krav", "ønske"):
        assert word in check, word
    order = send(client)
    assert (order.channel, order.positions, order.occupation_id, order.lead_id) == ("web", 3, "8332", "0219")
    assert order.company.cvr == number and order.company.industry_code == "49"
    assert sorted(order.requirements.values_list("kind", "code", "is_must", "oral", "written")) == [
        ("language", "da", False, 3, 2),
        ("licence", "C", True, None, None),
    ]
    receipt = text(client.get("/order/receipt"))
    assert order.number in receipt and "3. marts 2026 kl. 09.00" in receipt
    link = re.search(r'href="(/f/[\w-]+)">http://127.0.0.1:8000/f/', receipt)
    assert link is not None
    followed = client.get(link[1], follow=True)
    assert followed.redirect_chain == [(f"/follow/{order.number}", 302)]
    assert "Jobcenter Hillerød" in text(followed)


def test_a_known_company_chooses_its_unit_and_learns_nothing_else(client: Client) -> None:
    known = factories.company(name="Kendt A/S")
    order = factories.order(known, title="En tidligere ordre")
    unit = known.units.get()
    assert client.post("/order/company", {"cvr": known.cvr}).headers["Location"] == "/order/workplace"
    page = text(client.get("/order/workplace"))
    assert "Kendt A/S" in page and str(unit.public_id) in page
    for hidden in (order.title, order.contact_name, order.contact_phone, "Jobcenter Hillerød"):
        assert hidden not in page
    fill(client, known.cvr, workplace={"unit": str(unit.public_id)})
    made = send(client)
    assert made.company == known and made.unit == unit
    assert Company.objects.count() == 1


def test_a_known_company_may_name_another_address(client: Client) -> None:
    known = factories.company()
    fill(client, known.cvr, workplace={"unit": "other", "street": "Nyvej 2", "postal_code": "3000"})
    made = send(client)
    assert made.unit is None and made.workplace_street == "Nyvej 2" and made.workplace_municipality == "0217"


def test_sent_twice_it_is_one_order_with_one_link(client: Client) -> None:
    fill(client, factories.cvr())
    first = send(client)
    link = re.findall(r"/f/[\w-]+", text(client.get("/order/receipt")))[0]
    assert send(client) == first
    assert JobOrder.objects.count() == 1
    assert re.findall(r"/f/[\w-]+", text(client.get("/order/receipt")))[0] == link
    assert client.get(link).status_code == 302


def test_going_back_after_sending_shows_the_receipt_and_a_new_order_begins_empty(client: Client) -> None:
    fill(client, factories.cvr())
    order = send(client)
    for step in ("workplace", "job", "needs", "contact", "check"):
        assert client.get(f"/order/{step}").headers["Location"] == "/order/receipt"
    assert order.company.cvr not in text(client.get("/order/company"))
    client.post("/order/company", {"cvr": factories.cvr()})
    assert OrderDraft.objects.filter(order=None).count() == 1


def test_what_was_typed_stays_whether_right_or_wrong(client: Client) -> None:
    fill(client, factories.cvr())
    wrong = client.post("/order/job", JOB | {"positions": "mange", "description": "En lang tekst"})
    assert wrong.status_code == 422
    assert "<title>Fejl:" in text(wrong)
    page = text(client.get("/order/job"))
    assert "En lang tekst" in page and 'value="mange"' in page and "checked" in page
    assert client.get("/order/check").headers["Location"] == "/order/job"
    assert 'value="Prøvevej 1"' in text(client.get("/order/workplace"))


def test_the_link_to_the_draft_works_in_another_browser_and_leaves_the_address(client: Client) -> None:
    fill(client, factories.cvr())
    link = re.findall(r"/order/resume/[\w-]+", text(client.get("/order/contact")))[0]
    other = Client()
    answer = other.get(link, follow=True)
    assert [address for address, _status in answer.redirect_chain] == ["/order", "/order/check"]
    assert "Kirsten Prøve" in text(answer)


def test_a_draft_is_forgotten_after_fourteen_days(client: Client) -> None:
    fill(client, factories.cvr())
    link = re.findall(r"/order/resume/[\w-]+", text(client.get("/order/contact")))[0]
    with clock.at(factories.MONDAY + dt.timedelta(days=15)):
        answer = client.get(link, follow=True)
        assert "ældre end 14 dage" in text(answer) and "Kirsten" not in text(answer)
        assert client.post("/order/send").headers["Location"] == "/order/company"
        assert drafts.forget() == 1
    assert not OrderDraft.objects.exists() and not JobOrder.objects.exists()


def test_what_was_typed_is_not_kept_beside_the_order(client: Client) -> None:
    fill(client, factories.cvr())
    send(client)
    assert OrderDraft.objects.get().data == {}


def test_a_company_may_delete_what_it_has_written(client: Client) -> None:
    fill(client, factories.cvr())
    answer = client.post("/order/forget", follow=True)
    assert not OrderDraft.objects.exists()
    assert "slettet" in text(answer)
    assert client.get("/order/job").headers["Location"] == "/order/company"


@pytest.mark.parametrize(
    ("step", "change", "target"),
    [
        ("company", {"cvr": "12345678"}, "id_cvr"),
        ("company", {"cvr": ""}, "id_cvr"),
        ("workplace", {"name": ""}, "id_name"),
        ("workplace", {"street": ""}, "id_street"),
        ("workplace", {"postal_code": ""}, "id_postal_code"),
        ("workplace", {"postal_code": "34"}, "id_postal_code"),
        ("workplace", {"postal_code": "3400", "municipality": "0217"}, "id_municipality"),
        ("workplace", {"p_number": "123"}, "id_p_number"),
        ("job", {"title": ""}, "id_title"),
        ("job", {"title": "x" * 101}, "id_title"),
        ("job", {"description": "Ring til 010190-1234"}, "id_description"),
        ("job", {"positions": "0"}, "id_positions"),
        ("job", {"starts_on": "1.1.2020"}, "id_starts_on"),
        ("job", {"starts_on": "i morgen"}, "id_starts_on"),
        ("job", {"employment": "fixed_term"}, "id_employment_until"),
        ("job", {"hours_min": "37", "hours_max": "20"}, "id_hours_max"),
        ("contact", {"name": ""}, "id_name"),
        ("contact", {"phone": "", "email": ""}, "id_phone"),
        ("contact", {"phone": "12"}, "id_phone"),
        ("contact", {"email": "kirsten"}, "id_email"),
        ("contact", {"deadline": "2020-01-01"}, "id_deadline"),
    ],
)
def test_a_mistake_is_told_on_top_and_at_its_field(client: Client, step: str, change: dict, target: str) -> None:
    typed = {"company": {"cvr": factories.cvr()}, "workplace": WORKPLACE, "job": JOB, "contact": CONTACT}
    if step != "company":
        client.post("/order/company", typed["company"])
    answer = client.post(f"/order/{step}", typed[step] | change)
    assert answer.status_code == 422
    page = text(answer)
    assert f'<a class="function-link" href="#{target}">' in page
    assert f'id="{target}_error"' in page


def test_a_title_that_is_no_word_of_ours_asks_which_one_comes_closest(client: Client) -> None:
    fill(client, factories.cvr())
    asked = client.post("/order/job", JOB | {"title": "Chauffør til distribution"})
    assert asked.status_code == 422 and "8332" in text(asked)
    assert (
        client.post("/order/job", JOB | {"title": "Chauffør til distribution", "occupation": "8332"}).status_code == 302
    )
    assert send(client).occupation_id == "8332"


@pytest.mark.parametrize(
    "typed",
    [{"title": "Chauffør til distribution", "occupation": "none"}, {"title": "Qwertyist"}],
    ids=["none of those offered", "none to offer"],
)
def test_a_job_that_no_word_fits_becomes_an_enquiry(client: Client, typed: dict[str, str]) -> None:
    fill(client, factories.cvr(), job=JOB | typed)
    order = send(client)
    assert (order.type, order.occupation_id) == ("enquiry", None)


def test_needs_are_added_corrected_and_taken_away(client: Client) -> None:
    client.post("/order/company", {"cvr": factories.cvr()})
    for weight in ("must", "wish"):
        client.post("/order/needs", {"add": "listed", "listed": "licence:CE", "weight": weight})
    page = text(client.get("/order/needs"))
    assert page.count('value="licence:CE"') == 2  # to choose from, and to remove
    assert "ønske</span>" in page
    client.post("/order/needs", {"remove": "licence:CE"})
    assert 'name="remove"' not in text(client.get("/order/needs"))


def test_a_skill_of_several_names_asks_which_one(client: Client) -> None:
    client.post("/order/company", {"cvr": factories.cvr()})
    asked = client.post("/order/needs", {"add": "skill", "skill": "svejs", "weight": "must"})
    assert asked.status_code == 422
    pick = re.findall(r'name="pick" value="([\w-]+)"', text(asked))
    assert len(pick) > 1
    client.post("/order/needs", {"add": "skill", "skill": "svejs", "pick": pick[0], "weight": "must"})
    assert f'value="skill:{pick[0]}"' in text(client.get("/order/needs"))
    assert client.post("/order/needs", {"add": "skill", "skill": "zzzz", "weight": "must"}).status_code == 422
    assert client.post("/order/needs", {"add": "language", "language": "da", "weight": "must"}).status_code == 422


def test_wording_that_the_law_forbids_is_pointed_out_and_does_not_block(client: Client) -> None:
    fill(client, factories.cvr(), job=JOB | {"description": "Vi søger en ung mand med dansk baggrund."})
    page = text(client.get("/order/check"))
    for words in ("“ung”", "“mand”", "“dansk baggrund”", "Forskelsbehandlingsloven § 5", "Ligebehandlingsloven § 6"):
        assert words in page
    assert send(client).description.startswith("Vi søger en ung mand")


def test_a_step_further_on_asks_for_the_company_first(client: Client) -> None:
    assert client.get("/order/job").headers["Location"] == "/order/company"
    client.post("/order/company", {"cvr": "1"})
    assert client.get("/order/job").headers["Location"] == "/order/company"
    assert client.get("/order/receipt").headers["Location"] == "/order/company"


def test_words_are_suggested_while_typing(client: Client) -> None:
    assert 'value="Lastbilchauffør"' in text(client.get("/order/words/occupations", {"title": "lastbil"}))
    assert "<option" in text(client.get("/order/words/skills", {"skill": "svejs"}))
    assert text(client.get("/order/words/skills", {"skill": "s"})).strip() == ""


def test_what_the_rules_refuse_at_last_is_told_on_the_check(client: Client, monkeypatch) -> None:
    fill(client, factories.cvr(), workplace=WORKPLACE | {"p_number": "9900000001"})
    unit = factories.company().units.get()
    type(unit).objects.filter(pk=unit.pk).update(p_number="9900000001")
    answer = client.post("/order/send")
    assert answer.status_code == 422 and "en anden virksomhed" in text(answer)
    assert JobOrder.objects.count() == 0
