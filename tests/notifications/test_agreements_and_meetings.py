"""An agreement that runs out is told to its tovholder once; a meeting's companies hear what becomes of it once each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar

from companies import agreements, renewals
from companies import services as companies
from companies.models import Company, Contact
from companies.tasks import tell_of_renewals
from events import clock
from events.delivery import sweep
from events.models import Event
from gatherings import services
from gatherings.models import Gathering, Invitation
from municipalities.actor import Actor
from municipalities.models import Municipality
from notifications import gathering_letters, rendering, table, writing
from notifications.models import Mail, Notice
from tests import factories
from tests.gatherings.test_gatherings import invited, meeting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
LAST = dt.date(2026, 5, 1)


def running_out(ann: Actor, company: Company, **terms: Any) -> Any:
    given = {"kind": "recruitment", "valid_from": dt.date(2026, 1, 1), "valid_to": LAST, **terms}
    return agreements.sign(ann, company, **given)


def told() -> list[tuple[str, int]]:
    return list(Notice.objects.order_by("pk").values_list("template", "user"))


def test_the_tovholder_gets_a_notice_and_a_mail_60_days_before_the_end_once(ann):
    gro = factories.consultant(factories.GRIBSKOV, name="Gro Prøve")
    signed = running_out(ann, factories.company(), tovholder=factories.GRIBSKOV)
    assert renewals.tell_of_renewals(LAST - dt.timedelta(days=61)) == 0
    for _time in range(3):
        tell_of_renewals()
        sweep()
        for event in Event.objects.filter(type="agreement.renewal_due"):
            writing.write_for(event)
    assert told() == [("renewal_due", gro.user_id)]
    notice, mail = Notice.objects.get(), Mail.objects.get()
    assert (notice.kind, notice.target, notice.target_id) == ("agreements", "agreement", signed.public_id)
    assert (
        table.words_of(notice) == "En af jeres aftaler udløber den 01.05.2026: skal den fornys, eller skal den ophøre?"
    )
    assert mail.subject == table.words_of(notice) and f"/agreements/{signed.public_id}" in mail.text
    assert signed.company.name not in mail.text + mail.subject


def test_without_a_tovholder_who_looks_after_the_company_is_told(ann, bo):
    company = factories.company()
    companies.change(ann, company.public_id, company.version, {"contact_user": bo.public_id})
    running_out(ann, company)
    tell_of_renewals()
    sweep()
    assert told() == [("renewal_due", bo.user_id)]


def test_the_contact_of_the_lead_is_not_the_tovholders_and_an_empty_office_has_a_shared_address(ann, bo):
    Municipality.objects.filter(code=factories.GRIBSKOV).update(email="delt@gribskov.example")
    company = factories.company()
    companies.change(ann, company.public_id, company.version, {"contact_user": bo.public_id})
    running_out(ann, company, tovholder=factories.GRIBSKOV)
    tell_of_renewals()
    sweep()
    assert told() == [] and [mail.to for mail in Mail.objects.all()] == ["delt@gribskov.example"]


def test_an_old_reminder_is_history(ann):
    running_out(ann, factories.company())
    tell_of_renewals()
    with clock.at(clock.now() + dt.timedelta(days=8)):
        sweep()
    assert not Notice.objects.exists() and not Mail.objects.exists()


# --- meetings -------------------------------------------------------------------------------------------------------


def mails(template: str) -> list[Mail]:
    return list(Mail.objects.filter(template=template).order_by("pk"))


def entry_of(mail: Mail) -> Any:
    calendar: Any = Calendar.from_ical(mail.calendar)
    [entry] = calendar.walk("VEVENT")
    return calendar, entry


@pytest.fixture
def signed_up(ann):
    """A meeting with three invited companies: one comes with two people, one does not, one has not answered."""
    gathering = meeting(ann)
    first, second, _third = invited(ann, gathering, 3)
    for number, one in enumerate((first, second, _third)):
        Contact.objects.filter(pk=one.contact_id).update(email=f"firma{number}@firma.example")
    services.answer(services.token_of(first), coming=True, people=2)
    services.answer(services.token_of(second), coming=False)
    sweep()
    return gathering, first


def moved(ann: Actor, gathering: Gathering, **changes: Any) -> Gathering:
    return services.change(ann, gathering.public_id, gathering.version, changes)


def test_who_signs_up_gets_an_invitation_for_the_calendar(signed_up):
    gathering, first = signed_up
    [mail] = mails("gathering_confirmed")
    assert mail.to == "firma0@firma.example" and gathering.title in mail.subject and "2 fra jer" in mail.text
    calendar, entry = entry_of(mail)
    assert (calendar["METHOD"], entry["STATUS"], entry["SEQUENCE"]) == ("REQUEST", "CONFIRMED", 1)
    assert entry["DTSTART"].dt == gathering.starts_at and entry["LOCATION"] == "Rådhuset"
    assert f"/sign-up/{services.token_of(first)}" in rendering.filled(mail)


def test_a_moved_meeting_is_told_once_to_those_who_come_and_corrects_their_calendar(signed_up, ann):
    gathering, first = signed_up
    later = gathering.starts_at + dt.timedelta(hours=1)
    gathering = moved(ann, gathering, starts_at=later, ends_at=later + dt.timedelta(hours=2), place="Biblioteket")
    for _time in range(2):
        sweep()
        gathering_letters.write_for(Event.objects.get(type="gathering.changed"))
    [mail] = mails("gathering_moved")
    assert mail.to == "firma0@firma.example" and "Biblioteket" in mail.text
    [confirmed] = mails("gathering_confirmed")
    (calendar, entry), (_old, before) = entry_of(mail), entry_of(confirmed)
    assert (calendar["METHOD"], entry["SEQUENCE"], entry["UID"]) == ("REQUEST", 2, before["UID"])
    assert entry["DTSTART"].dt == later and entry["LOCATION"] == "Biblioteket"
    assert f"/sign-up/{services.token_of(first)}" in rendering.filled(mail)


def test_other_words_about_a_meeting_are_no_news_and_nothing_changed_is_no_event(signed_up, ann):
    gathering, _first = signed_up
    gathering = moved(ann, gathering, text="Der er kaffe.", seats=9)
    assert Event.objects.get(type="gathering.changed").data["fields"] == ["seats", "text"]
    assert moved(ann, gathering, place=gathering.place).version == gathering.version
    sweep()
    assert Event.objects.filter(type="gathering.changed").count() == 1 and not mails("gathering_moved")


def test_two_changes_before_the_mail_is_written_are_one_mail_about_the_last(signed_up, ann):
    gathering, _first = signed_up
    moved(ann, moved(ann, gathering, place="Biblioteket"), place="Kulturhuset")
    sweep()
    [mail] = mails("gathering_moved")
    assert "Kulturhuset" in mail.text


def test_a_cancelled_meeting_is_told_once_to_those_who_come_and_leaves_their_calendar(signed_up, ann):
    gathering, _first = signed_up
    moved(ann, gathering, place="Biblioteket")
    services.cancel(ann, gathering.public_id, 2)
    for _time in range(2):
        sweep()
        gathering_letters.write_for(Event.objects.get(type="gathering.cancelled"))
    [mail] = mails("gathering_cancelled")
    assert mail.to == "firma0@firma.example" and mail.subject == f"Aflyst: {gathering.title}"
    calendar, entry = entry_of(mail)
    assert (calendar["METHOD"], entry["STATUS"], entry["SEQUENCE"]) == ("CANCEL", "CANCELLED", 3)
    assert not mails("gathering_moved"), "it was cancelled before the move was told"


def test_a_meeting_that_has_begun_is_no_news_any_more(signed_up, ann):
    gathering, _first = signed_up
    with clock.at(gathering.starts_at + dt.timedelta(minutes=1)):
        services.cancel(ann, gathering.public_id, 1)
        sweep()
    assert not mails("gathering_cancelled")


def test_whose_contact_is_gone_is_left_out(signed_up, ann):
    gathering, first = signed_up
    Invitation.objects.filter(pk=first.pk).update(contact=None)
    services.cancel(ann, gathering.public_id, 1)
    sweep()
    assert not mails("gathering_cancelled")


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_letters_to_those_who_come_read_well_in_both_languages(signed_up, language):
    gathering, first = signed_up
    for letter in table.LETTERS:
        if letter.audience is not table.Audience.SIGNED_UP:
            continue
        context = {"gathering": gathering, "title": gathering.title, "people": 2, "phone": "48 00 00 00"}
        mail = writing.write(
            letter.template, None, to="a@b.example", key=f"x-{letter.template}:{first.public_id}", language=language,
            subject=letter.subject, **context,
        )  # fmt: skip
        text = rendering.filled(mail)
        assert gathering.title in mail.subject and "[[" not in text and "48 00 00 00" in text
        assert f'<html lang="{language}">' in rendering.html(mail.subject, text, language)
