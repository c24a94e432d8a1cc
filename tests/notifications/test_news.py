"""From events to mails and notices: the right people, once, in their language, as they chose, and nobody's name."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar

from accounts.models import User
from events import clock
from events.delivery import sweep
from events.models import Event
from events.services import append, handle_once
from joborders import promises
from joborders.models import JobOrder
from joborders.services import changes, nominations, steps, submitting
from joborders.services.base import tell
from municipalities.actor import Actor
from municipalities.models import Membership, Municipality
from notifications import links, rendering, services, table, writing
from notifications.models import Mail, Notice
from tests import factories
from tests.candidates import build
from tests.joborders import nomination_cases as cases

pytestmark = pytest.mark.django_db
SHARED = "delt@kommune.example"


@pytest.fixture(autouse=True)
def region(db: None) -> None:
    factories.load_reference()
    Municipality.objects.update(email=SHARED)


def hear(*kinds: str) -> None:
    """Let the news hear these events, in order."""
    for event in Event.objects.filter(type__in=kinds).order_by("id"):
        writing.write_for(event)


def user_of(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id)


def happens(order: JobOrder, event: str, **data: Any) -> None:
    """An event of the order, and the news of it."""
    from django.db import transaction

    with transaction.atomic():
        writing.write_for(tell(order, event, Actor.system(), **data))


def late(level: str, **data: Any) -> dict[str, Any]:
    """The data of an overdue promise at that level."""
    found = next(one for one in promises.LEVELS if one.name == level)
    told = {"promise": found.promise, "level": level, "tells": found.tells, "assignee": None}
    return told | {"due_at": clock.now()} | data


def claimed(by: Actor, **changed: Any) -> JobOrder:
    order = factories.order(**changed)
    return steps.claim(order.public_id, by, order.version)


def test_an_order_makes_a_receipt_and_news_for_its_jobcentre_once_however_often_it_is_heard() -> None:
    actor = factories.consultant()
    order = factories.order()
    for _time in range(3):
        sweep()
        hear("joborder.submitted")
    assert sorted(Mail.objects.values_list("template", "to")) == [
        ("news", SHARED),
        ("receipt", "kirsten@firma.example"),
    ]
    assert list(Notice.objects.values_list("user", "template", "number")) == [
        (actor.user_id, "new_order", order.number)
    ]
    assert user_of(actor).unread_notices == 1


def test_no_row_names_the_candidate_the_contact_or_the_title() -> None:
    factories.consultant(cases.HOME), factories.consultant()
    order = cases.order(contact_email="kontakt@firma.example", contact_name="Kirsten Kontakt", title="Hemmelig titel")
    for state in ("requested", "interview", "hired", "withdrawn"):
        cases.nomination(order, state)
    hear(*{letter.event for letter in table.LETTERS})
    person = build.profile()
    hidden = (person["name"], person["email"], person["phone"], "Kirsten", "Hemmelig")
    assert Mail.objects.count() > 5
    for mail in Mail.objects.all():
        assert order.number in mail.subject
        assert not [word for word in hidden if word in mail.subject + mail.text + mail.calendar]


def test_candidates_presented_in_one_step_make_one_mail_and_in_two_steps_two() -> None:
    order = cases.order(contact_email="kontakt@firma.example")
    made = [cases.nomination(order, "accepted") for _number in range(2)]
    items = [{"id": one.public_id, "version": one.version, **cases.WHY} for one in made]
    nominations.present_many(items, actor=build.consultant(order.lead_id))
    hear("nomination.presented")
    presented = Mail.objects.filter(template="presented")
    assert [mail.to for mail in presented] == ["kontakt@firma.example"]
    cases.nomination(order, "presented")
    hear("nomination.presented")
    assert presented.all().count() == 2


def test_without_an_address_there_is_no_mail() -> None:
    factories.order(contact={"name": "Kirsten", "phone": "48 00 00 00"})
    hear("joborder.submitted")
    assert not Mail.objects.filter(template="receipt").exists()


@pytest.mark.parametrize(("language", "words"), [("da", "Vi har modtaget"), ("en", "We have received")])
def test_a_company_is_written_to_in_the_language_that_it_ordered_in(language: str, words: str) -> None:
    data = {"company": {"cvr": factories.company().cvr}, "order": factories.block(), "contact": None}
    data["contact"] = data["order"].pop("contact")  # type: ignore[attr-defined]
    submitting.submit_public(data, language=language)
    hear("joborder.submitted")
    mail = Mail.objects.get(template="receipt")
    assert mail.language == language and words in mail.subject


def test_people_are_written_to_in_their_own_language() -> None:
    actor = factories.consultant()
    services.prefer(user_of(actor), {}, language="en")
    happens(claimed(actor), "joborder.call_asked")
    assert Mail.objects.get().subject.startswith("The company asks to be called")


def test_each_kind_comes_at_once_once_a_day_or_only_on_the_page() -> None:
    actor = factories.consultant()
    order = claimed(actor)
    for how, mails, digest in (("at_once", 1, False), ("digest", 0, True), ("none", 0, False)):
        Mail.objects.all().delete()
        services.prefer(user_of(actor), {"own": how}, language="da")
        happens(order, "joborder.call_asked")
        assert Mail.objects.count() == mails
        assert Notice.objects.latest("id").for_digest is digest
    assert user_of(actor).unread_notices == 3


def test_nobody_hears_of_what_they_did_themselves() -> None:
    actor, other = factories.consultant(), factories.consultant()
    order = claimed(actor)
    changes.change(order.public_id, actor, order.version, {"positions": 4})
    hear("joborder.changed")
    assert not Notice.objects.exists()
    changes.change(order.public_id, other, order.version + 1, {"positions": 5})
    hear("joborder.changed")
    assert [notice.user_id for notice in Notice.objects.all()] == [actor.user_id]


def test_the_substitute_hears_while_somebody_is_away_and_the_shared_address_when_nobody_is_left() -> None:
    actor, stand_in = factories.consultant(), factories.consultant()
    order, today = claimed(actor), clock.today()
    services.be_away(user_of(actor), today, None, stand_in.public_id)
    happens(order, "joborder.call_asked")
    assert [notice.user_id for notice in Notice.objects.all()] == [stand_in.user_id]
    services.be_away(user_of(stand_in), today, today, actor.public_id)  # each for the other: nobody is there
    Mail.objects.all().delete()
    happens(order, "joborder.call_asked")
    assert [mail.to for mail in Mail.objects.all()] == [SHARED]
    services.be_back(user_of(actor))
    happens(order, "joborder.call_asked")
    assert Notice.objects.latest("id").user_id == actor.user_id


def test_the_companys_substitute_stands_in_for_its_contact_person() -> None:
    actor, stand_in = factories.consultant(), factories.consultant()
    order = claimed(actor)
    company = order.company
    company.contact_user_id, company.substitute_user_id = actor.user_id, stand_in.user_id
    company.substitute_until = clock.today()
    company.save()
    happens(order, "joborder.call_asked")
    assert [notice.user_id for notice in Notice.objects.all()] == [stand_in.user_id]


def test_who_has_left_is_followed_by_colleagues_and_then_by_the_shared_address() -> None:
    actor = factories.consultant()
    order = claimed(actor)
    Membership.objects.filter(user=actor.user_id).update(ended_on=clock.today())
    happens(order, "joborder.call_asked")
    assert [mail.to for mail in Mail.objects.all()] == [SHARED]
    colleague = factories.consultant()
    happens(order, "joborder.call_asked")
    assert [notice.user_id for notice in Notice.objects.all()] == [colleague.user_id]


def test_a_promise_in_danger_reaches_the_one_whom_the_level_names() -> None:
    actor, coordinator = factories.consultant(), factories.coordinator()
    home, caseworker = factories.consultant(factories.HELSINGOER), factories.caseworker(factories.HELSINGOER)
    order = claimed(actor)
    for level, told in (
        ("response_overdue", {actor.user_id}),
        ("response_escalated", {coordinator.user_id}),
        ("request_reminded", {home.user_id, caseworker.user_id}),
    ):
        Notice.objects.all().delete()
        happens(order, "joborder.overdue", **late(level, home=factories.HELSINGOER))
        assert set(Notice.objects.values_list("user", flat=True)) == told


def test_following_an_order_brings_its_news_and_unfollowing_ends_them_but_not_its_promises() -> None:
    actor, follower = factories.consultant(), factories.consultant(factories.HELSINGOER)
    order = claimed(actor)
    steps.share(order.public_id, actor, order.version)
    order.refresh_from_db()
    services.follow(follower, user_of(follower), order.public_id, True)
    services.follow(actor, user_of(actor), order.public_id, False)
    happens(order, "joborder.call_asked")
    assert list(Notice.objects.values_list("user", "kind")) == [(follower.user_id, "followed")]
    happens(order, "joborder.overdue", **late("candidate_overdue"))
    assert Notice.objects.filter(user=actor.user_id, kind="promises").exists()
    services.follow(follower, user_of(follower), order.public_id, None)
    Notice.objects.all().delete()
    happens(order, "joborder.call_asked")
    assert not Notice.objects.exists()


def test_a_follower_hears_only_what_their_jobcentre_may_know() -> None:
    actor, follower = factories.consultant(), factories.consultant(factories.GRIBSKOV)
    order = cases.order()
    services.follow(follower, user_of(follower), order.public_id, True)
    cases.nomination(order, "accepted")  # between lead and home
    hear("nomination.accepted")
    assert set(Notice.objects.values_list("user", flat=True)) == {actor.user_id}


def test_old_news_are_no_news() -> None:
    with clock.at(clock.now() - writing.TOO_OLD - dt.timedelta(minutes=1)):
        factories.order()
    hear("joborder.submitted")
    assert not Mail.objects.exists() and not Notice.objects.exists()


def test_the_inbox_writes_news_and_mark_together() -> None:
    factories.order()
    event = Event.objects.get(type="joborder.submitted")

    def dies() -> None:
        writing.write_for(event)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        handle_once("notifications.mail", event.public_id, dies)
    assert not Mail.objects.exists()


def invitation(mail: Mail) -> Any:
    calendar = Calendar.from_ical(mail.calendar)
    [event] = calendar.walk("VEVENT")
    return calendar["METHOD"], event


def test_an_interview_is_an_invitation_its_move_an_update_and_its_end_a_cancellation() -> None:
    actor = factories.consultant()
    order = cases.order(contact_email="kontakt@firma.example", assignee_id=actor.user_id)
    one = cases.nomination(order, "presented")
    at = (clock.now() + dt.timedelta(days=3)).replace(microsecond=0)
    company = Actor.company_(order.company.public_id)
    nominations.interview(one.public_id, company, one.version, interview_at=at)
    nominations.move_interview(one.public_id, company, one.version + 1, interview_at=at + dt.timedelta(hours=2))
    nominations.decline(one.public_id, company, one.version + 2, reason="experience")
    hear("nomination.interviewed", "nomination.interview_moved", "nomination.declined")
    for to in ("kontakt@firma.example", user_of(actor).email):
        sent = [invitation(mail) for mail in Mail.objects.filter(to=to).exclude(calendar="").order_by("id")]
        assert [method for method, _event in sent] == ["REQUEST", "REQUEST", "CANCEL"]
        assert len({event["UID"] for _method, event in sent}) == 1
        numbers = [event["SEQUENCE"] for _method, event in sent]
        assert numbers == sorted(set(numbers))
        starts = [event.decoded("DTSTART") for _method, event in sent]
        assert starts == [at, at + dt.timedelta(hours=2), at + dt.timedelta(hours=2)]


def test_an_interview_without_a_time_and_an_end_without_an_interview_touch_no_calendar() -> None:
    factories.consultant()
    order = cases.order(contact_email="kontakt@firma.example")
    cases.nomination(order, "interview")
    cases.nomination(order, "declined")
    hear("nomination.interviewed", "nomination.declined")
    assert not Mail.objects.exclude(calendar="").exists()


def test_the_end_of_an_order_thanks_once_and_not_for_a_duplicate() -> None:
    order = factories.order()
    for reason in ("no_suitable_candidates", "no_suitable_candidates"):
        happens(order, "joborder.closed", reason=reason)
    assert Mail.objects.filter(template="thank_you").count() == 1
    happens(factories.order(), "joborder.closed", reason="duplicate")
    assert Mail.objects.filter(template="thank_you").count() == 1


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    "template", sorted({letter.template for letter in table.LETTERS if letter.audience is table.Audience.COMPANY})
)
def test_every_mail_to_a_company_is_words_and_links_in_both_languages_and_forms(template: str, language: str) -> None:
    order = factories.order()
    mail = writing.write(
        template,
        order,
        to="kirsten@firma.example",
        key=str(uuid4()),
        subject=table.SUBJECTS[template],
        language=language,
        order=order,
        data={"count": 2},
        interview_at=clock.now(),
        subject_id=uuid4(),
        manual=links.full(links.MANUAL),
    )
    text = rendering.filled(mail)
    page = rendering.html(mail.subject, text, language)
    assert "[[" not in text and "=>" not in rendering.plain(text) and f'<html lang="{language}">' in page
    told = [part for part in rendering.parts(text) if part.address]
    assert told and all(f'href="{part.address.replace("&", "&amp;")}"' in page for part in told)
    assert page.count("<h1") == 1
    assert not [part for part in rendering.previewed(mail) if "/f/" in part.address or "[[" in part.address + part.text]


def switched_off(**owner: Any) -> Event:
    return append("webhook.switched_off", uuid4(), by=Actor.system(), version=2, **owner)


def test_a_webhook_that_was_switched_off_is_told_to_the_administrators_of_its_municipality_once() -> None:
    own, of_all = factories.member("admin", "0219"), factories.member("admin")
    event = switched_off(municipality="0219", audience=["0219"])
    for _time in range(2):
        hear("webhook.switched_off")
    notice = Notice.objects.get()
    assert (notice.user_id, notice.kind, notice.target_id) == (own.user_id, "machines", event.subject)
    mail = Mail.objects.get()
    assert mail.user_id == own.user_id and f"/webhooks/{event.subject}" in mail.text
    switched_off(municipality="0217", audience=["0217"])
    hear("webhook.switched_off")
    assert set(Notice.objects.exclude(pk=notice.pk).values_list("user_id", flat=True)) == {of_all.user_id}


def test_a_companys_webhook_is_told_to_its_contacts_and_to_nobody_of_the_nine() -> None:
    factories.member("admin")
    order = factories.order()
    company = order.company
    company.contacts.create(name="Kirsten", email="it@firma.example")
    company.contacts.create(name="Gone", email="gone@firma.example", ended_on=clock.today())
    event = switched_off(municipality="", company=company.public_id)
    hear("webhook.switched_off")
    mails = {mail.to: mail for mail in Mail.objects.filter(template="webhook_off")}
    assert "it@firma.example" in mails and "gone@firma.example" not in mails
    assert str(event.subject) in mails["it@firma.example"].text
    assert not Notice.objects.filter(kind="machines").exists()


def test_words_that_a_company_wrote_cannot_become_markup() -> None:
    order = factories.order(title="<b>Chauffør</b> & co")
    mail = writing.write("receipt", order, to="a@b.example", key="k", subject="x", order=order)
    text = rendering.filled(mail)
    assert "<b>Chauffør</b> & co" in text
    assert "&lt;b&gt;Chauffør&lt;/b&gt; &amp; co" in rendering.html("x", text, "da")


def test_a_call_that_waits_is_told_to_who_took_it() -> None:
    from django.db import transaction

    actor = factories.consultant()
    with transaction.atomic():
        event = append(
            "intake.overdue",
            uuid4(),
            by=Actor.system(),
            municipality=factories.HILLEROED,
            audience=[factories.HILLEROED],
            data=late("response_overdue"),
        )
    writing.write_for(event)
    notice = Notice.objects.get()
    assert (notice.user_id, notice.target, notice.target_id) == (actor.user_id, "intake", event.subject)
