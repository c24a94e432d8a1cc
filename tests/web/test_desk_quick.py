"""Quick entry for the phone: a draft or an order at once, and what becomes of a draft."""

from __future__ import annotations

from typing import Any

import pytest

from companies.models import Company
from joborders.models import Intake, JobOrder
from joborders.services import intakes
from municipalities.actor import Actor
from tests import factories
from tests.web.desk import at_desk, statements, text_of

pytestmark = pytest.mark.django_db
CALLER = {"contact_name": "Ib Prøve", "contact_phone": "48 00 00 00"}
KNOWN = {
    "title": "Chauffør",
    "occupation": "8332",
    "positions": "2",
    "text": "To chauffører til distribution",
    "do": "submit",
}


def draft(actor: Actor, **given: Any) -> Intake:
    """A call that was written down."""
    contact = {"name": "Ib Prøve", "phone": "48 00 00 00"}
    return intakes.draft(actor, channel="phone", contact=contact, **given)


def send(actor: Actor, intake: Intake, step: str, **given: Any) -> Any:
    """Take a step as the page's form does."""
    sent = {"version": Intake.objects.get(pk=intake.pk).version, **given}
    return at_desk(actor).post(f"/intakes/{intake.public_id}/{step}", sent)


def state(intake: Intake) -> str:
    return Intake.objects.get(pk=intake.pk).state


def test_a_name_and_a_number_are_enough_for_a_draft_with_a_clock(ann: Actor) -> None:
    answer = at_desk(ann).post("/quick", {**CALLER, "do": "draft"})
    made = Intake.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/intakes/{made.public_id}")
    assert (made.channel, made.state, made.municipality_id) == ("phone", "draft", factories.HILLEROED)
    assert made.response_due_at is not None


def test_what_was_typed_beyond_a_drafts_fields_is_kept_in_its_words(ann: Actor) -> None:
    given = {**CALLER, **KNOWN, "company": "Ny Prøve ApS", "do": "draft"}
    at_desk(ann).post("/quick", given)
    words = Intake.objects.get().text
    for line in ("To chauffører til distribution", "Virksomhed: Ny Prøve ApS", "Titel: Chauffør", "Stillinger: 2"):
        assert line in words


def test_a_company_is_found_by_its_name(ann: Actor) -> None:
    firm = factories.company(name="Ærø Prøvefart A/S")
    at_desk(ann).post("/quick", {**CALLER, "company": "ærø prøvefart", "do": "draft"})
    assert Intake.objects.get().cvr == firm.cvr


def test_several_companies_of_one_name_are_offered_to_choose_from(ann: Actor) -> None:
    firms = [factories.company(name=f"Prøvebyg {place}") for place in ("Nord", "Syd")]
    client = at_desk(ann)
    answer = client.post("/quick", {**CALLER, "company": "Prøvebyg", "do": "draft"})
    assert answer.status_code == 422
    assert "Prøvebyg Nord" in text_of(answer) and "Prøvebyg Syd" in text_of(answer)
    assert not Intake.objects.exists()
    client.post("/quick", {**CALLER, "company": "Prøvebyg", "which": firms[1].cvr, "do": "draft"})
    assert Intake.objects.get().cvr == firms[1].cvr


def test_an_order_is_handed_in_at_once_when_enough_is_known(ann: Actor) -> None:
    firm = factories.company()
    answer = at_desk(ann).post("/quick", {**CALLER, **KNOWN, "cvr": firm.cvr})
    order = JobOrder.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{order.public_id}")
    assert (order.company_id, order.channel, order.positions, order.contact_name) == (firm.pk, "phone", 2, "Ib Prøve")
    assert order.intake_by == factories.HILLEROED
    assert Intake.objects.get().state == "submitted"


def test_a_company_that_is_new_is_registered_with_the_order(ann: Actor) -> None:
    number = factories.cvr()
    at_desk(ann).post("/quick", {**CALLER, **KNOWN, "cvr": number, "company": "Ny Prøve ApS"})
    assert JobOrder.objects.get().company == Company.objects.get(cvr=number)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"contact_name": "", "do": "draft"}, "contact_name"),
        ({"contact_phone": "", "do": "draft"}, "contact_phone"),
        ({"contact_phone": "12", "do": "draft"}, "contact_phone"),
        ({"cvr": "12345678", "do": "draft"}, "cvr"),
        ({"text": "Hans CPR er 010190-1234", "do": "draft"}, "text"),
        ({**KNOWN}, "cvr"),
        ({**KNOWN, "cvr": "NEW"}, "company"),
        ({**KNOWN, "cvr": "KNOWN", "title": ""}, "title"),
        ({**KNOWN, "cvr": "KNOWN", "occupation": ""}, "occupation"),
        ({**KNOWN, "cvr": "KNOWN", "occupation": "findes slet ikke"}, "occupation"),
        ({**KNOWN, "cvr": "KNOWN", "text": ""}, "text"),
        ({**KNOWN, "cvr": "KNOWN", "postal_code": "99"}, "postal_code"),
    ],
)
def test_a_mistake_stands_at_its_field_and_nothing_stays_behind(ann: Actor, given: dict[str, str], field: str) -> None:
    numbers = {"NEW": factories.cvr(), "KNOWN": factories.company().cvr}
    sent = {**CALLER, **given}
    sent["cvr"] = numbers.get(sent.get("cvr", ""), sent.get("cvr", ""))
    answer = at_desk(ann).post("/quick", sent)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Intake.objects.exists() and not JobOrder.objects.exists()
    assert Company.objects.count() == 1


def test_occupations_are_suggested_by_danish_words(ann: Actor) -> None:
    client = at_desk(ann)
    assert "8332" in client.get("/quick/occupations?occupation=lastbil").content.decode()
    assert client.get("/quick/occupations?occupation=l").content.decode().strip() == ""


def test_the_page_of_a_call_says_what_was_written_down(ann: Actor) -> None:
    made = draft(ann, text="Ringer igen efter klokken 14")
    text = text_of(at_desk(ann).get(f"/intakes/{made.public_id}"))
    for words in ("Opkald fra Ib Prøve", "48 00 00 00", "Ringer igen", "taget af Ann Prøve", "Det er spam"):
        assert words in text


def test_a_call_is_nobody_elses(ann: Actor, eva: Actor, cas: Actor) -> None:
    made = draft(ann)
    assert at_desk(eva).get(f"/intakes/{made.public_id}").status_code == 404
    assert send(eva, made, "spam").status_code == 404
    assert at_desk(cas).get(f"/intakes/{made.public_id}").status_code == 403


def test_a_call_is_completed_and_becomes_an_order(ann: Actor) -> None:
    firm = factories.company()
    made = draft(ann, cvr=firm.cvr, text="To chauffører")
    page = at_desk(ann).get(f"/intakes/{made.public_id}").content.decode()
    assert f'value="{firm.cvr}"' in page and "To chauffører</textarea>" in page
    answer = send(
        ann, made, "submit", cvr=firm.cvr, text="To chauffører", title="Chauffør", occupation="8332", positions="2"
    )
    order = JobOrder.objects.get()
    assert answer["Location"] == f"/orders/{order.public_id}"
    assert order.received_at == made.received_at
    assert state(made) == "submitted"


def test_what_is_missing_for_an_order_is_told_at_its_field(ann: Actor) -> None:
    made = draft(ann)
    answer = send(ann, made, "submit", cvr=factories.company().cvr, text="x", title="", occupation="8332")
    assert answer.status_code == 422
    assert 'id="id_submit_title_error"' in answer.content.decode()
    assert state(made) == "draft"


def test_is_it_this_one_merges_with_the_open_order(ann: Actor) -> None:
    firm = factories.company()
    order = factories.order(firm)
    made = draft(ann, cvr=firm.cvr)
    page = text_of(at_desk(ann).get(f"/intakes/{made.public_id}"))
    assert "Er det denne?" in page and order.number in page
    answer = send(ann, made, "merge", order=str(order.public_id))
    assert answer["Location"] == f"/orders/{order.public_id}"
    assert (state(made), Intake.objects.get().order_id) == ("merged", order.pk)


@pytest.mark.parametrize(
    ("step", "given", "becomes"), [("enquiry", {"note": "Svaret"}, "enquiry"), ("spam", {}, "spam")]
)
def test_what_is_no_order_leaves_the_queue(ann: Actor, step: str, given: dict[str, str], becomes: str) -> None:
    made = draft(ann)
    answer = send(ann, made, step, **given)
    assert (answer.status_code, answer["Location"]) == (302, "/queue")
    assert state(made) == becomes
    assert "Ib Prøve" not in text_of(at_desk(ann).get("/queue"))


def test_what_was_written_down_is_corrected(ann: Actor) -> None:
    made = draft(ann)
    given = {"contact_name": "Ib Prøve", "contact_phone": "48 11 11 11", "text": "Ringer i morgen"}
    assert send(ann, made, "change", **given).status_code == 302
    assert Intake.objects.get().contact_phone == "48 11 11 11"
    assert send(ann, made, "change", **{**given, "contact_phone": "1"}).status_code == 422


def test_a_colleague_who_was_faster_is_named_and_what_was_typed_stays(ann: Actor, bo: Actor) -> None:
    made = draft(ann)
    intakes.change_draft(made.public_id, bo, made.version, text="Bo var her")
    sent = {"version": made.version, "contact_name": "Ib Prøve", "contact_phone": "48 22 22 22", "text": "Mit"}
    answer = at_desk(ann).post(f"/intakes/{made.public_id}/change", sent)
    html = answer.content.decode()
    assert answer.status_code == 412
    assert "Bo Prøve har ændret det i mellemtiden" in text_of(answer)
    assert 'value="48 22 22 22"' in html and f'name="version" value="{made.version + 1}"' in html


def test_a_step_that_is_over_is_refused_in_words(ann: Actor) -> None:
    made = draft(ann)
    intakes.mark_spam(made.public_id, ann, made.version)
    answer = send(ann, made, "enquiry")
    assert (answer.status_code, answer["Location"]) == (302, f"/intakes/{made.public_id}")
    assert state(made) == "spam"
    assert at_desk(ann).post(f"/intakes/{made.public_id}/explode").status_code == 404


def test_the_pages_take_as_few_queries_as_they_may(ann: Actor) -> None:
    made = draft(ann, cvr=factories.company().cvr)
    client = at_desk(ann)
    for path, most in (("/quick", 3), (f"/intakes/{made.public_id}", 7)):
        with statements() as found:
            client.get(path)
        assert len(found) == most, "\n".join(found)
