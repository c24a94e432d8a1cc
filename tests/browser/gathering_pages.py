"""The business network and its gatherings, with the scenes that fill them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from companies import services as companies
from companies.models import Company
from events import clock
from gatherings import network, services
from gatherings.models import Gathering
from municipalities.actor import Actor
from tests import factories
from tests.browser.cases import Case, Scene
from tests.browser.people_pages import login

#: Steps that are only sent to.
NO_PAGES = frozenset(
    {
        "web:network-leave",
        "web:network-kept",
        "web:gathering-cancel",
        "web:gathering-invite",
        "web:gathering-attendance",
    }
)


def builders(ann: Actor) -> list[Company]:
    """Three companies of construction with somebody to write to."""
    made = [factories.company(industry_code="432100", industry_version="DB25") for _number in range(3)]
    for one in made:
        companies.add_contact(ann, one, name="Kirsten Prøve", email="kirsten@firma.example")
    return made


def meeting(ann: Actor, days: int = 20) -> Gathering:
    """An after-work meeting with three invited companies, one of which comes."""
    builders(ann)
    begins = clock.now() + dt.timedelta(days=max(days, 1))
    gathering = services.plan(
        ann, kind="after_work", title="Fyraftensmøde om byggeriet i Nordsjælland", place="Rådhuset i Hillerød",
        starts_at=begins, ends_at=begins + dt.timedelta(hours=2), sign_up_until=begins.date(), seats=30,
        text="Kaffe og tre korte oplæg.",
    )  # fmt: skip
    services.invite(ann, gathering.public_id, divisions=["43"])
    first = gathering.invitations.order_by("pk")[0]
    services.answer(services.token_of(first), coming=True, people=2)
    if days < 1:
        past = clock.now() - dt.timedelta(hours=3)
        Gathering.objects.filter(pk=gathering.pk).update(starts_at=past, ends_at=past + dt.timedelta(hours=2))
    return gathering


def of_meeting(path: str, days: int = 20) -> Callable[[], Scene]:
    """A page of a meeting."""

    def prepare() -> Scene:
        ann = factories.consultant(name="Ann Prøve")
        gathering = meeting(ann, days)
        first = gathering.invitations.order_by("pk")[0]
        return Scene(path.format(id=gathering.public_id, first=first.public_id), login(ann))

    return prepare


def signing_up() -> Scene:
    """The company's own link."""
    gathering = meeting(factories.consultant(name="Ann Prøve"))
    return Scene(f"/sign-up/{services.token_of(gathering.invitations.order_by('pk')[1])}")


def in_the_network(path: str) -> Callable[[], Scene]:
    """A page of the network with members, promises and needs."""

    def prepare() -> Scene:
        ann = factories.consultant(name="Ann Prøve")
        today = clock.today()
        for company in builders(ann):
            member = network.join(ann, company.public_id)
            network.commit(ann, member.public_id, side="company", text="To pladser i praktik", due_on=today)
            need = {"text": "Svejsere til vindmølletårne", "needed_by": today, "occupation": "7212", "people": 4}
            network.state_need(ann, company.public_id, **need)
        return Scene(path.format(id=member.public_id), login(ann))

    return prepare


PAGES = (
    Case("web:network", in_the_network("/network")),
    Case("web:network-member", in_the_network("/network/{id}")),
    Case("web:network-need", in_the_network("/network/needs/new")),
    Case("web:gatherings", of_meeting("/gatherings")),
    Case("web:gathering-new", of_meeting("/gatherings/new")),
    Case("web:gathering", of_meeting("/gatherings/{id}")),
    Case("web:gathering", of_meeting("/gatherings/{id}", 0), "held"),
    Case("web:gathering-edit", of_meeting("/gatherings/{id}/edit")),
    Case("web:gathering-lead", of_meeting("/invitations/{first}/lead", 0)),
    Case("web:sign-up", signing_up),
)
