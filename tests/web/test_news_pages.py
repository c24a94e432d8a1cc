"""The pages of the news: reading, choosing, following, being away, looking after mails, and a company's one click."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from joborders.models import JobOrder, StillNeeded
from joborders.services import follow, questions, steps
from municipalities.actor import Actor
from notifications import links, services
from notifications.models import Absence, Feedback, Following, Mail, Notice, Preference
from notifications.writing import write
from tests import factories
from tests.browser import news_pages
from tests.web.desk import at_desk, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def desk() -> tuple[Client, User]:
    scene = news_pages.notices()
    client = Client()
    client.force_login(scene.user, backend="municipalities.login.MemberBackend")
    return client, scene.user


def test_notices_are_counted_in_the_menu_of_every_page_opened_and_read(desk: tuple[Client, User]) -> None:
    client, user = desk
    assert "(2 ulæste)" in text_of(client.get("/queue"))
    unread = Notice.objects.filter(user=user, read_at=None).first()
    assert unread is not None
    answer = client.post(f"/notices/{unread.public_id}/open")
    assert answer["Location"] == f"/orders/{unread.target_id}"
    assert "(1 ulæst)" in text_of(client.get("/queue"))
    client.post("/notices/read")
    assert "ulæst" not in text_of(client.get("/queue"))


def test_the_number_is_asked_for_and_304_while_it_is_the_same(desk: tuple[Client, User]) -> None:
    client, _user = desk
    first = client.get("/notices/count")
    again = client.get("/notices/count", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (first.status_code, again.status_code) == (200, 304)
    client.post("/notices/read")
    assert client.get("/notices/count", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_somebody_elses_notice_is_not_there(desk: tuple[Client, User]) -> None:
    notice = Notice.objects.first()
    assert notice is not None
    other = at_desk(factories.consultant())
    assert other.post(f"/notices/{notice.public_id}/open").status_code == 404
    assert other.post("/notices/read", {"notice": notice.public_id}).status_code == 404
    assert other.get(f"/notices/{notice.public_id}/open").status_code == 302, "and a GET writes nothing"


def test_wishes_absence_and_calendar_are_kept(desk: tuple[Client, User]) -> None:
    client, user = desk
    colleague = factories.consultant()
    wishes = {**services.preferences(user), "own": "digest", "language": "en"}
    assert client.post("/notices/settings", wishes).status_code == 302
    assert Preference.objects.get(user=user, kind="own").how == "digest"
    away = {"starts_on": "2026-12-01", "ends_on": "2026-12-24", "substitute": str(colleague.public_id)}
    assert client.post("/notices/away", away).status_code == 302
    assert Absence.objects.get(user=user).substitute_id == colleague.user_id
    assert client.post("/notices/away", away | {"ends_on": "2026-11-01"}).status_code == 422
    client.post("/notices/away", {"do": "back"})
    assert not Absence.objects.exists()
    shown = client.post("/notices/calendar", {"do": "new"}).content.decode()
    [address] = re.findall(r"http://testserver(/calendar/\S+?\.ics)", shown)
    assert Client().get(address).status_code == 200
    assert address not in client.get("/notices/settings").content.decode(), "shown once"


def test_a_stranger_is_no_substitute(desk: tuple[Client, User]) -> None:
    client, _user = desk
    stranger = factories.consultant(factories.GRIBSKOV)
    away = {"starts_on": "2026-12-01", "substitute": str(stranger.public_id)}
    assert client.post("/notices/away", away).status_code == 422


def test_an_order_is_followed_from_its_page(desk: tuple[Client, User]) -> None:
    client, user = desk
    order = JobOrder.objects.get()
    page = f"/orders/{order.public_id}"
    for wish, follows, words in (("follow", True, "Du følger denne ordre"), ("mute", False, "ikke mere om denne")):
        client.post(f"{page}/follow", {"wish": wish})
        assert Following.objects.get(user=user).follows is follows
        assert words in text_of(client.get(page))
    client.post(f"{page}/follow", {"wish": "habit"})
    assert not Following.objects.exists()


def test_an_order_out_of_sight_cannot_be_followed() -> None:
    order = factories.order()
    stranger = at_desk(factories.consultant(factories.GRIBSKOV))
    assert stranger.post(f"/orders/{order.public_id}/follow", {"wish": "follow"}).status_code == 404


def test_only_an_administrator_sees_the_mails_and_no_secret_or_title_in_them() -> None:
    scene = news_pages.mail()
    mail = Mail.objects.get()
    order = JobOrder.objects.get()
    admin = Client()
    admin.force_login(scene.user, backend="municipalities.login.MemberBackend")
    shown = admin.get(scene.path).content.decode()
    assert order.number in shown and order.title not in shown and "/f/" not in shown
    admin.post(f"/mails/{mail.public_id}/again")
    mail.refresh_from_db()
    assert mail.state == "pending"
    for role in (factories.consultant(), factories.coordinator(), factories.member("auditor")):
        assert at_desk(role).get("/mails").status_code == 403
        assert at_desk(role).get(scene.path).status_code == 403


def test_the_outbox_is_there_on_a_laptop_only(client: Client, settings: Any) -> None:
    news_pages.dev_outbox()
    assert "Kirsten" not in text_of(client.get("/dev/outbox"))
    assert "/f/" in client.get("/dev/outbox").content.decode()
    settings.DEV_OUTBOX = False
    assert client.get("/dev/outbox").status_code == 404


@pytest.fixture
def company() -> tuple[Client, JobOrder]:
    """A company's browser, by the link of a mail about an order that was asked about."""
    order = factories.order()
    StillNeeded.objects.create(order=order, asked_at=order.received_at)
    return Client(), order


@pytest.mark.parametrize("word", ["yes", "pause", "no"])
def test_one_click_leads_to_a_page_whose_button_answers(company: tuple[Client, JobOrder], word: str) -> None:
    client, order = company
    came = client.get(f"/f/{follow.secret_for_mail(order)}?to=still-needed&answer={word}", follow=True)
    assert came.redirect_chain[-1][0] == f"/follow/{order.number}/still-needed?answer={word}"
    buttons = re.findall(r'name="answer" value="(\w+)"', came.content.decode())
    assert buttons[0] == word and sorted(buttons) == ["no", "pause", "yes"]
    order.refresh_from_db()
    assert (order.version, StillNeeded.objects.get().answer) == (1, ""), "looking writes nothing"
    client.post(f"/follow/{order.number}/still-needed", {"answer": word, "version": order.version})
    assert StillNeeded.objects.get().answer == word


def test_a_link_leads_nowhere_else(company: tuple[Client, JobOrder]) -> None:
    client, order = company
    answer = client.get(f"/f/{follow.secret_for_mail(order)}?to=//evil.example&answer=%0d%0aX")
    assert answer["Location"] == f"/follow/{order.number}"


def test_an_answer_on_an_order_that_has_changed_is_asked_again(company: tuple[Client, JobOrder]) -> None:
    client, order = company
    client.get(f"/f/{follow.secret_for_mail(order)}")
    steps.claim(order.public_id, factories.consultant(), order.version)
    answer = client.post(f"/follow/{order.number}/still-needed", {"answer": "no", "version": 1}, follow=True)
    assert "mellemtiden" in text_of(answer)
    order.refresh_from_db()
    assert order.state == "open"


def test_without_the_link_there_is_no_page(company: tuple[Client, JobOrder]) -> None:
    _client, order = company
    for page in ("still-needed", "feedback"):
        assert Client().get(f"/follow/{order.number}/{page}").status_code == 404
        assert Client().post(f"/follow/{order.number}/{page}", {"answer": "no", "version": 1}).status_code == 404


def test_two_questions_are_answered_once_and_counted_for_the_nine(company: tuple[Client, JobOrder]) -> None:
    client, order = company
    client.get(f"/f/{follow.secret_for_mail(order)}?to=feedback")
    page = f"/follow/{order.number}/feedback"
    said = {"was_match": "yes", "use_again": "maybe"}
    assert client.post(page, said).status_code == 200 and not Feedback.objects.exists(), "not before its end"
    steps.withdraw(order.public_id, factories.link_of(order), None)
    assert client.post(page, {"was_match": "yes"}).status_code == 422
    for answers in (said, {"was_match": "no", "use_again": "no"}):
        client.post(page, answers)
    kept = Feedback.objects.get()
    assert (kept.was_match, kept.use_again) == ("yes", "maybe")
    coordinator = factories.coordinator()
    counts = services.feedback_counts(coordinator)
    assert counts == {"answers": 1, "match": 1, "partly": 0, "again": 0}
    shown = at_desk(coordinator).get("/figures").content.decode().partition('id="feedback"')[2]
    assert re.findall(r"<td[^>]*>(\d+)</td>", shown.partition("</table>")[0]) == ["1", "1", "0", "0"]
    assert services.feedback_counts(factories.consultant(factories.GRIBSKOV))["answers"] == 0
    assert "et match: Ja" in text_of(at_desk(coordinator).get(f"/orders/{order.public_id}"))


def test_every_address_in_a_mail_or_notice_has_its_page() -> None:
    order = factories.order()
    for target in Notice.Target.values:
        assert resolve(links.path_of(target, order.public_id))
    assert resolve(links.SETTINGS)
    with pytest.raises(Resolver404):
        resolve("/nowhere")


def test_a_mail_that_scanners_open_answers_nothing(company: tuple[Client, JobOrder]) -> None:
    client, order = company
    mail = write("still_needed", order, to="a@b.example", key="k", subject="x", order=order)
    from notifications import rendering

    for address in re.findall(r"https?://\S+", rendering.filled(mail)):
        client.get(address.partition("://")[2].partition("/")[1] + address.partition("://")[2].partition("/")[2])
    order.refresh_from_db()
    assert (order.version, order.state, order.paused_at) == (1, "open", None)
    assert questions.open_question(order) is not None


def test_the_system_pauses_and_a_company_says_yes(company: tuple[Client, JobOrder]) -> None:
    client, order = company
    steps.pause(order.public_id, Actor.system(), order.version)
    client.get(f"/f/{follow.secret_for_mail(order)}")
    order.refresh_from_db()
    client.post(f"/follow/{order.number}/still-needed", {"answer": "yes", "version": order.version})
    order.refresh_from_db()
    assert order.paused_at is None
