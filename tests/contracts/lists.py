"""For every list of the API: who asks for it, and how ten rows come to be in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from campaigns import focus, goals
from companies import agreements
from companies import services as companies
from companies.models import AgreementDocument, Company
from events import clock
from events.models import Delivery, Event, Webhook
from gatherings import network
from gatherings import services as gatherings
from gatherings.models import Gathering, Invitation
from joborders.services import intakes, steps
from municipalities.actor import Actor
from screening import courses
from screening import services as screening
from screening.models import Notice
from tests import factories
from tests.api.order_cases import offered, shared_order
from tests.campaigns import outreach
from vocabulary.models import Skill

Kwargs = dict[str, Any]


class ListCase(NamedTuple):
    """`fill` makes the rows and gives the arguments of the address."""

    fill: Callable[[], Kwargs] = dict
    role: str = "consultant"
    rows: int = 10


def times(make: Callable[[], Any], count: int = 10) -> Callable[[], Kwargs]:
    """Make that many, for an address without arguments."""

    def fill() -> Kwargs:
        for _ in range(count):
            make()
        return {}

    return fill


def company_with(make: Callable[[Any], Any]) -> Callable[[], Kwargs]:
    """One company with ten of something."""

    def fill() -> Kwargs:
        company = factories.company()
        for _ in range(10):
            make(company)
        return {"company": company.public_id}

    return fill


def covered() -> Kwargs:
    """An agreement of a company with ten units."""
    company = factories.company()
    for _ in range(9):
        factories.unit(company)
    return {"agreement": factories.agreement(company).public_id}


def contact(company: Company) -> None:
    """Somebody to call, at a unit of their own."""
    unit = factories.unit(company)
    companies.add_contact(factories.consultant(), company, name="Kirsten Prøve", phone="48 00 00 00", unit=unit)


def log_entry(company: Company) -> None:
    """One contact with the company, by a consultant of its own."""
    companies.log_contact(factories.consultant(), company, kind="phone", about="Behov", unit=factories.unit(company))


def claimed_order() -> None:
    """An order of a company and a consultant of its own, with an agreement."""
    company = factories.company()
    factories.agreement(company)
    order = factories.order(company)
    steps.claim(order.public_id, factories.consultant(), order.version)


def call() -> None:
    """A call that became an order of a company of its own."""
    ann, company = factories.consultant(), factories.company()
    made = intakes.draft(ann, channel="phone", contact={"name": "Kirsten Prøve", "phone": "48 00 00 00"})
    intakes.submit_draft(made.public_id, ann, 1, factories.block(), company=company.public_id)


def nomination() -> None:
    """Another municipality's candidate on a shared order, each with people of its own."""
    offered(shared_order(factories.consultant()), factories.consultant(factories.HELSINGOER))


def notice() -> None:
    """News about the list of an order of its own."""
    now = clock.now()
    Notice.objects.create(order=factories.order(), hour=now, changed_at=now, came=1)


def course() -> None:
    """A planned course with seats, a skill and an order."""
    given = {
        "title": "Truckcertifikat",
        "provider": "Uddannelsesforum",
        "starts_on": clock.today(),
        "ends_on": clock.today(),
        "certificates": ["adr"],
        "skills": [Skill.objects.filter(is_group=False).order_by("pk")[0].public_id],
        "seats": [{"municipality": factories.HILLEROED, "seats": 4}],
        "orders": [factories.order().public_id],
    }
    courses.plan(factories.consultant(), given)


def history() -> Kwargs:
    """Ten events on one order, by people of their own."""
    order = shared_order(factories.consultant(), by=factories.consultant())
    for _ in range(4):
        order = steps.pause(order.public_id, factories.consultant(), order.version)
        order = steps.resume(order.public_id, factories.consultant(), order.version)
    return {"id": order.public_id}


def screenings() -> Kwargs:
    """Ten runs on one order."""
    order = factories.order()
    for _ in range(10):
        screening.run(order.public_id, actor=factories.consultant(), scope="own")
    return {"order": order.public_id}


def webhook() -> Webhook:
    """A webhook of Hillerød."""
    return Webhook.objects.create(
        municipality=factories.HILLEROED, url="https://receiver.example/", patterns=["#"], created_at=clock.now()
    )


def deliveries() -> Kwargs:
    """Ten deliveries of one webhook, about ten orders."""
    hook = webhook()
    for _ in range(10):
        factories.order()
    now = clock.now()
    for event in Event.objects.filter(type="joborder.submitted")[:10]:
        Delivery.objects.create(webhook=hook, event=event, subject=event.subject, next_try_at=now)
    return {"webhook": hook.public_id}


def goal() -> None:
    """A goal of the steering group's."""
    year = {"valid_from": clock.today(), "valid_to": clock.today()}
    goals.set_goal(Actor.system(), name="Mål", measure="partnerships", value=10, **year)


def focus_industry() -> None:
    """A decision of the steering group."""
    focus.decide(Actor.system(), name="Bygge", divisions="41", valid_from=clock.today(), decided_by="Styregruppen")


def campaign() -> None:
    """A running campaign of its own companies, the coordinator another one each time."""
    outreach.firm()
    outreach.frozen(factories.coordinator())


def targets() -> Kwargs:
    """Ten targets of one campaign, each called by a consultant of its own."""
    for _ in range(10):
        outreach.firm()
    made = outreach.frozen(factories.coordinator())
    for target in made.targets.all():
        outreach.talked(factories.consultant(), target)
    return {"campaign": made.public_id}


def to_call() -> Kwargs:
    """Ten targets of Hillerød that nobody has called."""
    for _ in range(10):
        outreach.firm()
    outreach.frozen(factories.coordinator())
    return {}


def planned(**changes: Any) -> Gathering:
    """A meeting in three weeks."""
    begins = clock.now() + timedelta(days=20)
    given = {
        "kind": "growth", "title": "Vækstmøde", "place": "Rådhuset", "starts_at": begins,
        "ends_at": begins + timedelta(hours=2), "sign_up_until": begins.date(),
    }  # fmt: skip
    return gatherings.plan(factories.consultant(), **{**given, **changes})


def invited(gathering: Gathering) -> Invitation:
    """A company of its own that is invited, and comes with two people."""
    return Invitation.objects.create(
        gathering=gathering, company=factories.company(), invited_at=clock.now(), answer="coming", people=2
    )


def meeting() -> None:
    """A meeting with two invited companies, planned by a consultant of its own."""
    made = planned()
    invited(made), invited(made)


def invitations() -> Kwargs:
    """Ten companies invited to one meeting."""
    made = planned()
    for _ in range(10):
        invited(made)
    return {"gathering": made.public_id}


def member() -> None:
    """A member of the network with a promise, added by a consultant of its own."""
    ann = factories.consultant()
    made = network.join(ann, factories.company().public_id)
    network.commit(ann, made.public_id, side="nine", text="Vi ringer hver måned")


def need() -> None:
    """A statement of a need."""
    soon = clock.today() + timedelta(days=90)
    network.state_need(
        factories.consultant(), factories.company().public_id, text="Svejsere", needed_by=soon, occupation="7212"
    )


def forecast() -> None:
    """An agreement that foresees a need."""
    lines = [{"month": clock.today(), "occupation": "8332", "positions": 3}]
    day = clock.today()
    agreements.sign(factories.consultant(), factories.company(), kind="recruitment", valid_from=day, forecast=lines)


def papers() -> Kwargs:
    """Ten papers of one agreement."""
    agreement = factories.agreement(factories.company())
    for number in range(10):
        AgreementDocument.objects.create(
            agreement=agreement, name=f"{number}.pdf", stored_as=str(number), size=1, sha256=str(number),
            uploaded_at=clock.now(), by_name="Ann",
        )  # fmt: skip
    return {"agreement": agreement.public_id}


ROWS: dict[str, ListCase] = {
    "api:municipalities-list": ListCase(rows=9),
    "api:occupations-list": ListCase(),
    "api:skills-list": ListCase(),
    "api:industries-list": ListCase(),
    "api:licences-list": ListCase(),
    "api:certificates-list": ListCase(),
    "api:languages-list": ListCase(),
    "api:events-list": ListCase(times(factories.order)),
    "api:candidates-list": ListCase(times(factories.candidate)),
    "api:courses-list": ListCase(times(course)),
    "api:goals-list": ListCase(times(goal)),
    "api:agreements-list": ListCase(times(lambda: factories.agreement(factories.company()))),
    "api:agreement-units-list": ListCase(covered),
    "api:agreement-documents-list": ListCase(papers),
    "api:agreement-forecasts-list": ListCase(times(forecast)),
    "api:gatherings-list": ListCase(times(meeting)),
    "api:gathering-invitations-list": ListCase(invitations),
    "api:network-members-list": ListCase(times(member)),
    "api:network-commitments-list": ListCase(times(member)),
    "api:competence-needs-list": ListCase(times(need)),
    "api:focus-industries-list": ListCase(times(focus_industry)),
    "api:campaigns-list": ListCase(times(campaign)),
    "api:campaign-targets-list": ListCase(targets),
    "api:campaign-calls-list": ListCase(to_call),
    "api:companies-list": ListCase(times(factories.company)),
    "api:company-units-list": ListCase(company_with(factories.unit)),
    "api:company-contacts-list": ListCase(company_with(contact)),
    "api:company-contact-log-list": ListCase(company_with(log_entry)),
    "api:job-orders-list": ListCase(times(claimed_order)),
    "api:notices-list": ListCase(times(notice)),
    "api:hand-over-files-list": ListCase(times(claimed_order)),
    "api:queue-list": ListCase(times(claimed_order)),
    "api:job-orders-history": ListCase(history),
    "api:intakes-list": ListCase(times(call)),
    "api:nominations-list": ListCase(times(nomination)),
    "api:job-order-screenings-list": ListCase(screenings),
    "api:webhooks-list": ListCase(times(webhook), role="admin"),
    "api:webhook-deliveries-list": ListCase(deliveries, role="admin"),
}
