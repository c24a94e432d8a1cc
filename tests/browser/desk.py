"""The desk's pages for the browser: each with what fills it, as (address, who looks)."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import User
from joborders.services import intakes, nominations, steps
from municipalities.actor import Actor
from tests import factories
from tests.web.desk import chosen, offered, presented, shared

Where = tuple[str, User]
NO_PAGES = {"web:queue-counts", "web:queue-keep-view", "web:queue-forget-view", "web:queue-claim",
            "web:quick-occupations", "web:desk-intake-step", "web:desk-offer-people"}  # fmt: skip
NEEDS = [
    {"kind": "licence", "code": "CE", "is_must": True},
    {"kind": "language", "code": "da", "is_must": False, "oral": "B1", "written": None},
]


def login(actor: Actor) -> User:
    """The user behind an actor."""
    return User.objects.get(pk=actor.user_id)


def full_order() -> tuple[str, Actor]:
    """A shared order with people in every state, answers and a history."""
    ann, eva = factories.consultant(name="Ann Prøve"), factories.consultant(factories.HELSINGOER, name="Eva Prøve")
    order = shared(ann, requirements=NEEDS, title="Chauffør med et ret langt navn på stillingen til distribution")
    presented(order, ann)
    offered(order, eva)
    gone = presented(order, ann)
    nominations.decline(gone.public_id, ann, gone.version, reason="experience")
    path = f"/orders/{order.public_id}"
    return path, ann


def queue_asked() -> Where:
    """Orders of another municipality, and one of our answers."""
    ann, eva = factories.consultant(name="Ann Prøve"), factories.consultant(factories.HELSINGOER)
    for _ in range(2):
        shared(eva)
    return "/queue?view=asked", login(ann)


def queue_filtered() -> Where:
    """Filters on, a call beside."""
    ann = factories.consultant(name="Ann Prøve")
    factories.order()
    intakes.draft(ann, channel="phone", contact={"name": "Ib Prøve", "phone": "48 00 00 00"})
    return "/queue?view=own&phase=new&q=chauffør", login(ann)


def order_page() -> Where:
    """The page of a full order."""
    path, ann = full_order()
    return path, login(ann)


def order_board() -> Where:
    """The same with its candidates on a board."""
    path, ann = full_order()
    return f"{path}?people=board", login(ann)


def step(name: str) -> Callable[[], Where]:
    """The page with the form of one step."""

    def make() -> Where:
        path, ann = full_order()
        return f"{path}/steps/{name}", login(ann)

    return make


def nomination_step() -> Where:
    """Two people to present, whose CVs fail a principle."""
    ann = factories.consultant(name="Ann Prøve")
    order = shared(ann)
    steps.verify_contact(order.public_id, ann, order.version, source="website")
    made = [offered(order, ann) for _ in range(2)]
    asked = "&".join(f"n={value}" for value in chosen(*made))
    return f"/orders/{order.public_id}/nominations/present?{asked}", login(ann)


def offer() -> Where:
    """Somebody asked offers one of theirs."""
    eva = factories.consultant(factories.HELSINGOER)
    order = shared(factories.consultant())
    return f"/orders/{order.public_id}/offer", login(eva)


def quick() -> Where:
    """The empty form."""
    return "/quick", login(factories.consultant())


def intake() -> Where:
    """A call of a company that has an open order."""
    ann, firm = factories.consultant(name="Ann Prøve"), factories.company()
    factories.order(firm)
    contact = {"name": "Ib Prøve", "phone": "48 00 00 00", "email": "ib@firma.example"}
    made = intakes.draft(ann, channel="phone", contact=contact, cvr=firm.cvr, text="To mand til lageret")
    return f"/intakes/{made.public_id}", login(ann)


#: (route, about, status, what fills it)
CASES: tuple[tuple[str, str, int, Callable[[], Where]], ...] = (
    ("queue", "asked", 200, queue_asked),
    ("queue", "filtered", 200, queue_filtered),
    ("desk-order", "", 200, order_page),
    ("desk-order", "board", 200, order_board),
    ("desk-step", "change", 200, step("change")),
    ("desk-step", "requirements", 200, step("requirements")),
    ("desk-step", "close", 200, step("close")),
    ("desk-nominations", "", 200, nomination_step),
    ("desk-offer", "", 200, offer),
    ("quick", "", 200, quick),
    ("desk-intake", "", 200, intake),
)
