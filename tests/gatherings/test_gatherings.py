"""The business network and its gatherings: members, promises, needs, invitations, answers, attendance, leads."""

from __future__ import annotations

import datetime as dt

import pytest

from companies import services as companies
from companies.models import ContactLogEntry
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible
from events.models import Event
from gatherings import network, services
from gatherings.models import Gathering, Invitation, NetworkMember
from municipalities.actor import Actor
from notifications import rendering
from notifications.gathering_invitations import write_invitation
from notifications.models import Mail
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]


@pytest.fixture
def ann():
    return factories.consultant()


def builder(**fields):
    """A company of construction with somebody to write to."""
    made = factories.company(industry_code="432100", industry_version="DB25", **fields)
    companies.add_contact(Actor.system(), made, name="Kirsten Prøve", email="kirsten@firma.example")
    return made


def meeting(ann, **changes):
    begins = clock.now() + dt.timedelta(days=20)
    given = {
        "kind": "after_work", "title": "Fyraftensmøde om byggeri", "place": "Rådhuset", "starts_at": begins,
        "ends_at": begins + dt.timedelta(hours=2), "sign_up_until": (begins - dt.timedelta(days=2)).date(), "seats": 5,
    }  # fmt: skip
    return services.plan(ann, **{**given, **changes})


def invited(ann, gathering, count=1):
    for _ in range(count):
        builder()
    services.invite(ann, gathering.public_id, divisions=["43"])
    return list(gathering.invitations.order_by("pk"))


def test_companies_are_invited_by_industry_once_and_those_that_want_no_letters_never(ann):
    gathering, first, other = meeting(ann), builder(), factories.company()
    silent = builder()
    companies.refuse_calls(ann, silent, "no_letters")
    factories.company(industry_code="432100", industry_version="DB25")
    assert services.invite(ann, gathering.public_id, divisions=["99", "43"]) == {
        "invited": 1, "no_address": 1, "known": 0,
    }  # fmt: skip
    assert services.invite(ann, gathering.public_id, divisions=["43"]) == {"invited": 0, "no_address": 1, "known": 1}
    assert list(gathering.invitations.values_list("company", flat=True)) == [first.pk] and other.pk != first.pk
    with pytest.raises(Invalid):
        services.invite(ann, gathering.public_id, divisions=["99"])
    with pytest.raises(Invalid):
        services.invite(ann, gathering.public_id)


def test_an_invitation_is_mailed_once_with_a_link_of_its_own(ann, client):
    [invitation] = invited(ann, meeting(ann))
    event = Event.objects.get(type="gathering.invited")
    write_invitation(event)
    write_invitation(event)
    mail = Mail.objects.get(template="gathering_invitation")
    assert mail.to == "kirsten@firma.example" and "kirsten" not in str(event.data)
    assert "[[sign-up]]" in mail.text  # the row holds no secret: it is put in when the mail is sent
    address = f"/sign-up/{services.token_of(invitation)}"
    assert address in rendering.filled(mail)
    page = client.get(address)
    assert page.status_code == 200 and invitation.company.name in page.content.decode()
    sent = client.post(address, {"coming": "yes", "people": "3"})
    assert sent.status_code == 302
    invitation.refresh_from_db()
    assert (invitation.answer, invitation.people) == ("coming", 3)
    assert client.post(address, {"coming": "yes"}).status_code == 422
    assert client.get(address[:-2]).status_code == 404


def test_no_more_are_taken_than_there_are_seats_and_none_after_the_last_day(ann):
    gathering = meeting(ann, seats=5)
    one, two = (services.token_of(each) for each in invited(ann, gathering, 2))
    services.answer(one, coming=True, people=3)
    with pytest.raises(Conflict) as refused:
        services.answer(two, coming=True, people=3)
    assert refused.value.code == "full" and services.free_seats(gathering) == 2
    services.answer(one, coming=True, people=2)
    services.answer(two, coming=True, people=3)
    services.answer(one, coming=False, people=9)
    assert services.free_seats(gathering) == 2
    with clock.at(gathering.starts_at), pytest.raises(Conflict) as refused:
        services.answer(one, coming=True, people=1)
    assert refused.value.code == "closed"


def test_who_came_is_noted_and_what_was_said_stands_in_the_contact_log_once(ann):
    gathering = meeting(ann)
    [invitation] = invited(ann, gathering)
    with pytest.raises(Conflict):
        services.note_attendance(ann, gathering.public_id, {invitation.public_id: 2})
    with clock.at(gathering.ends_at):
        assert services.note_attendance(ann, gathering.public_id, {invitation.public_id: 2}) == 1
        assert services.note_attendance(ann, gathering.public_id, {invitation.public_id: 2}) == 0
        with pytest.raises(Invalid):
            services.note_attendance(ann, gathering.public_id, {invitation.public_id: 99})
        services.note_lead(ann, invitation.public_id, text="Mangler to murere", next_step="Ring")
        with pytest.raises(Conflict):
            services.note_lead(ann, invitation.public_id)
    entry = ContactLogEntry.objects.get(company=invitation.company)
    assert (entry.kind, entry.about, entry.next_step) == ("meeting", gathering.title, "Ring")


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"sign_up_until": dt.date(2027, 1, 1)},
        {"kind": "party"},
        {"title": ""},
        {"municipality": "0101"},
    ],
)
def test_a_meeting_that_cannot_be_is_refused(ann, wrong):
    with pytest.raises(Invalid):
        meeting(ann, **wrong)
    assert not Gathering.objects.exists()


def test_a_cancelled_meeting_takes_no_answer_and_mails_nobody(ann):
    gathering = meeting(ann)
    [invitation] = invited(ann, gathering)
    services.cancel(ann, gathering.public_id, 1)
    write_invitation(Event.objects.get(type="gathering.invited"))
    assert not Mail.objects.filter(template="gathering_invitation").exists()
    with pytest.raises(Conflict):
        services.answer(services.token_of(invitation), coming=True, people=1)
    with pytest.raises(Conflict):
        services.invite(ann, gathering.public_id, divisions=["43"])


def test_a_company_is_a_member_once_and_may_come_back(ann):
    company = builder()
    member = network.join(ann, company.public_id)
    with pytest.raises(Conflict):
        network.join(ann, company.public_id)
    promised = network.commit(ann, member.public_id, side="company", text="To praktikpladser", due_on=clock.today())
    network.keep(ann, member.public_id, promised.public_id)
    with pytest.raises(Conflict):
        network.keep(ann, member.public_id, promised.public_id)
    network.leave(ann, member.public_id)
    with pytest.raises(NotVisible):
        network.commit(ann, member.public_id, side="nine", text="Ringe")
    assert network.join(ann, company.public_id) != member
    assert services.invitable([], None, network_only=True).get() == company


def test_a_need_stands_for_a_year_unless_the_company_says_otherwise(ann):
    company, today = builder(), clock.today()
    soon = today + dt.timedelta(days=30)
    need = network.state_need(ann, company.public_id, text="Svejsere", needed_by=soon, occupation="7212", people=4)
    assert need.expires_on == today + dt.timedelta(days=365)
    for wrong in (
        {"expires_on": today - dt.timedelta(days=1)},
        {"needed_by": today - dt.timedelta(days=1)},
        {"occupation": "9" * 4},
    ):
        with pytest.raises(Invalid):
            network.state_need(ann, company.public_id, **{"text": "x", "needed_by": soon, **wrong})


def test_only_the_nine_see_it_and_only_consultants_and_the_coordinator_write(ann):
    gathering, company = meeting(ann), builder()
    network.join(ann, company.public_id)
    outsider = Actor.company_(company.public_id)
    for model in (Gathering, NetworkMember):
        assert not model.objects.visible_to(outsider).exists() and not model.objects.visible_to(None).exists()
        assert model.objects.visible_to(factories.caseworker()).exists()
    with pytest.raises(NotAllowed):
        services.invite(factories.caseworker(), gathering.public_id, divisions=["43"])
    with pytest.raises(NotVisible):
        services.invite(outsider, gathering.public_id, divisions=["43"])
    assert Invitation.objects.count() == 0
