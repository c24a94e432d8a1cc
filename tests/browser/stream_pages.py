"""The open job list and the webhooks, with the scenes that fill them."""

from __future__ import annotations

from accounts.models import User
from events.models import Delivery, Event, Webhook
from events.webhooks import services
from joborders.models import JobOrder
from joborders.services import steps
from municipalities.actor import Actor
from tests import factories
from tests.browser.cases import Case, Scene

#: Steps that are only sent to.
NO_PAGES = frozenset({"web:webhook-replay", "web:webhook-step"})


def advertised(**changes: object) -> JobOrder:
    """A job that anybody may read."""
    ann = factories.consultant(factories.HILLEROED, name="Ann Prøve")
    company = factories.company()
    values = {
        "unit": str(company.units.get().public_id),
        "hours_min": 30,
        "hours_max": 37,
        "wage": "Efter overenskomst",
    }
    order = factories.order(company, ann, is_public=True, **(values | changes))
    return steps.verify_contact(order.public_id, ann, order.version, source="website")


def jobs() -> Scene:
    """Three jobs, one of an employer who is not named."""
    for title in ("Chauffør", "Chauffør med et ret langt navn på stillingen til distribution og lager"):
        advertised(title=title)
    advertised(is_anonymous=True)
    return Scene("/jobs")


def job(*, is_gone: bool = False, **changes: object) -> Scene:
    """One job, open or paused."""
    order = advertised(description="Kørsel med varer.\n\n" + "Mange ord om arbejdsdagen. " * 20, **changes)
    if is_gone:
        steps.pause(order.public_id, factories.link_of(order), order.version)
    return Scene(f"/jobs/{order.number}")


def administrator() -> tuple[Actor, User]:
    """Of Hillerød."""
    actor = factories.member("admin", factories.HILLEROED, name="Per Prøve")
    return actor, User.objects.get(pk=actor.user_id)


def webhook(path: str = "", *, is_off: bool = False) -> Scene:
    """A webhook with a log of three deliveries."""
    actor, user = administrator()
    url = "https://receiver.kommune.example/events/from/nrs?and=a-rather-long-address"
    made = services.register(actor, url=url, patterns=["joborder.*", "nomination.presented"])
    factories.order()
    states = ("delivered", "pending", "given_up")
    for event, state in zip(Event.objects.order_by("-id")[:3], states, strict=False):
        Delivery.objects.create(
            webhook=made, event=event, subject=event.subject, state=state, tries=2, milliseconds=31,
            status=204 if state == "delivered" else 503, next_try_at=event.recorded_at,
            delivered_at=event.recorded_at if state == "delivered" else None,
        )  # fmt: skip
    if is_off:
        Webhook.objects.update(state="off", failing_since=made.created_at)
    return Scene(path or f"/webhooks/{made.public_id}", user)


PAGES = (
    Case("web:jobs", jobs),
    Case("web:jobs", lambda: Scene("/jobs"), "empty"),
    Case("web:job", job),
    Case("web:job", lambda: job(is_anonymous=True), "anonymous"),
    Case("web:job", lambda: job(is_gone=True), "gone", 410),
    Case("web:webhooks", lambda: webhook("/webhooks", is_off=True)),
    Case("web:webhooks", lambda: Scene("/webhooks", administrator()[1]), "empty"),
    Case("web:webhook-new", lambda: Scene("/webhooks/new", administrator()[1])),
    Case("web:webhook", webhook),
    Case("web:webhook", lambda: webhook(is_off=True), "off"),
)
