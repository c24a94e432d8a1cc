"""The company's own page: the secret leaves the address, names need a code, and every answer reaches the services."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from candidates.models import AccessLog
from events import clock
from events.models import Event
from joborders.models import JobOrder, Nomination
from joborders.services import follow, nominations, steps
from notifications.models import Mail
from tests import factories
from tests.api.order_cases import WHY, offered, shared_order
from web.models import OrderDraft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
PERSON = "Kanariefuglen Prøve"


@pytest.fixture
def order(ann) -> JobOrder:
    """Claimed by Ann, verified, with one presented candidate."""
    company = factories.company()
    order = shared_order(ann, of=company, unit=str(company.units.get().public_id), title="Chauffør")
    made = offered(order, ann, name=PERSON, cv_text="Ti år på lager.")
    nominations.present(made.public_id, ann, made.version, **WHY)
    order.refresh_from_db()
    return order


@pytest.fixture
def company(client: Client, order: JobOrder) -> Client:
    """A browser that came by the link."""
    answer = client.get(f"/f/{follow.create(order)}")
    assert answer.headers["Location"] == f"/follow/{order.number}"
    return client


@pytest.fixture
def insider(company: Client, order: JobOrder) -> Client:
    """The same, after the code."""
    company.post(f"/follow/{order.number}/code")
    code = Mail.objects.get(template="follow_code").secret
    answer = company.post(f"/follow/{order.number}/open", {"code": f"{code[:3]} {code[3:]}"})
    assert answer.status_code == 302
    return company


def page(client: Client, order: JobOrder) -> str:
    return client.get(f"/follow/{order.number}").content.decode()


def answer(client: Client, order: JobOrder, kind: str, **typed: Any) -> Any:
    nomination = Nomination.objects.get(order=order)
    version = typed.pop("version", nomination.version)
    return client.post(
        f"/follow/{order.number}/answer/{nomination.public_id}", {"answer": kind, "version": version, **typed}
    )


def step(client: Client, order: JobOrder, name: str, **typed: Any) -> Any:
    order.refresh_from_db()
    return client.post(f"/follow/{order.number}/{name}", {"version": order.version, **typed})


def test_the_link_alone_shows_how_it_stands_and_nobody(company: Client, order: JobOrder) -> None:
    html = page(company, order)
    for words in (
        order.number,
        "Der er kandidater, som venter på jeres svar",
        "Ann Prøve",
        "1 kandidat er hos jer",
        "0 af 3",
    ):
        assert words in html, words
    assert PERSON not in html and "Ti år" not in html
    assert not AccessLog.objects.filter(company=order.company.public_id).exists()


def test_the_cookie_opens_this_order_only(company: Client, order: JobOrder) -> None:
    other = factories.order()
    assert company.get(f"/follow/{other.number}").status_code == 404
    cookie = company.cookies["nrs_follow"]
    assert cookie["path"] == f"/follow/{order.number}" and cookie["httponly"]
    company.cookies["nrs_follow"]["path"] = "/"  # Django's client sends every cookie everywhere
    assert company.get(f"/follow/{other.number}").status_code == 404


@pytest.mark.parametrize("path", ["/f/hemmelig", "/follow/NRS-2026-00001"])
def test_without_a_right_secret_there_is_nothing(client: Client, order: JobOrder, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "hemmelig" not in answer.content.decode()


def test_the_link_expires_thirty_days_after_the_end(company: Client, order: JobOrder) -> None:
    step(company, order, "withdraw", text="Vi har fundet nogen")
    assert "I har trukket ordren tilbage" in page(company, order)
    with clock.at(factories.MONDAY + dt.timedelta(days=31)):
        assert company.get(f"/follow/{order.number}").status_code == 404


def test_a_code_by_mail_shows_who_it_is_and_is_logged(insider: Client, order: JobOrder) -> None:
    html = page(insider, order)
    for words in (PERSON, "Ti år på lager.", "venter på jeres svar"):
        assert words in html, words
    seen = AccessLog.objects.filter(company=order.company.public_id)
    assert seen.count() == 1 and seen.get().order == order.public_id


def test_a_wrong_code_opens_nothing(company: Client, order: JobOrder) -> None:
    company.post(f"/follow/{order.number}/code")
    answer = company.post(f"/follow/{order.number}/open", {"code": "000000"})
    assert answer.status_code == 422 and "id_code_error" in answer.content.decode()
    assert PERSON not in page(company, order)


def test_a_second_code_within_a_minute_is_not_mailed(company: Client, order: JobOrder) -> None:
    for _time in range(2):
        told = company.post(f"/follow/{order.number}/code", follow=True)
    assert "Vent et minut" in told.content.decode()
    assert Mail.objects.filter(template="follow_code").count() == 1


def test_answers_need_the_code(company: Client, order: JobOrder) -> None:
    assert answer(company, order, "interview").status_code == 302
    assert Nomination.objects.get(order=order).state == "presented"


def test_interview_then_hire_is_told_to_the_jobcentre(insider: Client, order: JobOrder) -> None:
    assert answer(insider, order, "interview").status_code == 302
    assert "indkaldt til samtale" in page(insider, order)
    assert answer(insider, order, "hire").status_code == 422
    assert answer(insider, order, "hire", starts_on="16.3.2026").status_code == 302
    found = Nomination.objects.get(order=order)
    assert (found.state, found.reported_start_on) == ("interview", dt.date(2026, 3, 16))
    assert "16. marts 2026" in page(insider, order)


def test_after_a_reported_hire_nobody_is_asked_for_an_answer(insider: Client, order: JobOrder) -> None:
    assert "venter på jeres svar" in page(insider, order)
    assert answer(insider, order, "hire", starts_on="16.3.2026").status_code == 302
    told = page(insider, order)
    assert "venter på jeres svar" not in told and "venter på svar" not in told
    assert "I har fortalt os, hvem I ansætter." in told
    assert "Inviter til en samtale" not in told
    assert "Der er sket noget nyt" in told  # the way to take it back, closed
    assert answer(insider, order, "decline", reason="position_gone").status_code == 302
    assert Nomination.objects.get(order=order).state == "declined"


def test_no_thanks_needs_a_reason_and_takes_the_person_off_the_page(insider: Client, order: JobOrder) -> None:
    assert answer(insider, order, "decline").status_code == 422
    assert answer(insider, order, "decline", reason="other").status_code == 422
    assert answer(insider, order, "decline", reason="other", text="Bor for langt væk").status_code == 302
    assert Nomination.objects.get(order=order).end_reason == "other"
    assert PERSON not in page(insider, order)


def test_an_answer_on_an_older_version_shows_how_it_is_now(insider: Client, order: JobOrder, ann) -> None:
    nomination = Nomination.objects.get(order=order)
    nominations.interview(nomination.public_id, ann, nomination.version)
    told = answer(insider, order, "decline", reason="experience", version=nomination.version)
    assert told.status_code == 412
    assert "ændrede noget, mens I læste" in told.content.decode()
    assert Nomination.objects.get(order=order).state == "interview"


def test_the_order_rests_and_goes_on(company: Client, order: JobOrder) -> None:
    step(company, order, "pause")
    html = page(company, order)
    assert "Ordren holder pause" in html and f"/follow/{order.number}/pause" not in html
    step(company, order, "resume")
    order.refresh_from_db()
    assert order.paused_at is None


def test_a_wish_for_a_change_and_a_call_reach_the_jobcentre(company: Client, order: JobOrder) -> None:
    assert step(company, order, "change").status_code == 422
    assert step(company, order, "change", text="En til").status_code == 302
    assert step(company, order, "call-me", text="I morgen").status_code == 302
    types = set(Event.objects.filter(subject=order.public_id).values_list("type", flat=True))
    assert {"joborder.change_proposed", "joborder.call_asked"} <= types


def test_a_step_on_an_older_version_is_told_and_writes_nothing(company: Client, order: JobOrder, ann) -> None:
    old = order.version
    steps.respond(order.public_id, ann, old, kind="phone")
    told = company.post(f"/follow/{order.number}/pause", {"version": old})
    assert told.status_code == 412
    assert "Jobcenter Hillerød ændrede noget" in told.content.decode()
    order.refresh_from_db()
    assert order.paused_at is None


def test_an_ended_order_is_ordered_again_from_a_filled_draft(company: Client, order: JobOrder) -> None:
    step(company, order, "withdraw")
    assert step(company, order, "reopen", text="Vi mangler en alligevel").status_code == 302
    again = company.post(f"/follow/{order.number}/again", follow=True)
    assert [address for address, _status in again.redirect_chain][-1] == "/order/check"
    assert order.contact_name in again.content.decode()
    assert OrderDraft.objects.count() == 1
    company.post("/order/send")
    made = JobOrder.objects.latest("id")
    assert made.pk != order.pk
    assert (made.company, made.title, made.occupation_id) == (order.company, order.title, order.occupation_id)


def test_an_ended_order_promises_nothing_more(company: Client, order: JobOrder) -> None:
    company.post(f"/follow/{order.number}/withdraw", {"version": order.version, "text": ""})
    page = company.get(f"/follow/{order.number}").content.decode()
    assert "Ordren er afsluttet, så vi leder ikke længere." in page
    assert "Vi skriver, når der er nogen" not in page and "tager snart jeres ordre" not in page


def test_an_unknown_step_or_answer_is_a_404(insider: Client, order: JobOrder) -> None:
    assert step(insider, order, "claim").status_code == 404
    assert answer(insider, order, "present").status_code == 404


@pytest.mark.parametrize("path", ["pause", "code", "open", "again", f"answer/{'0' * 8}-0000-4000-8000-{'0' * 12}"])
def test_an_address_that_only_takes_answers_leads_back_to_the_page(company: Client, order: JobOrder, path: str) -> None:
    assert company.get(f"/follow/{order.number}/{path}").headers["Location"] == f"/follow/{order.number}"
