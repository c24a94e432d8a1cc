"""Screening, candidates and companies, with the scenes that fill them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from accounts.models import User
from candidates.models import Candidate
from events import clock
from joborders.models import JobOrder
from joborders.services import nominations, steps
from municipalities.actor import Actor
from screening import services
from screening.models import Pseudonym, Run
from tests import factories
from tests.browser.cases import Case, Scene

#: Steps that are only sent to: they answer with a redirect, or with the page that they were sent from.
NO_PAGES = frozenset(
    {
        "web:screening-request",
        "web:screening-offer",
        "web:candidate-confirm",
        "web:candidate-withdraw",
        "web:company-log",
        "web:screening-pdf",
        "web:company-contact-end",
    }
)
FIT = {
    "licences": ["CE"],
    "available_from": "2026-01-01",
    "max_distance_km": 60,
    "hours_min": 20,
    "hours_max": 37,
    "shifts": ["day", "evening"],
    "own_transport": True,
    "occupations": [{"isco": "8332", "title": "Lastbilchauffør", "months": 30}],
    "job_goals": ["8332"],
    "languages": [{"code": "da", "oral": 4, "written": 3}],
    "certificates": [{"code": "chauffoer-gods", "valid_through": "2099-01-01"}],
    "cv_text": "Har kørt distribution i mange år.\n\nKan lide at møde kunder.",
}
DEMANDS = [
    {"kind": "licence", "code": "C", "is_must": True},
    {"kind": "certificate", "code": "chauffoer-gods", "is_must": True},
    {"kind": "language", "code": "da", "oral": "B1", "is_must": True},
]
YES = {"channel": "phone", "talk_can_do": True, "talk_wants_to": True, "cv_checked": True}


def login(actor: Actor) -> User:
    """The login behind an actor."""
    return User.objects.get(pk=actor.user_id)


def people() -> list[Candidate]:
    """One who fits and one who may, in Hillerød and in Gribskov."""
    made = []
    for home in (factories.HILLEROED, factories.GRIBSKOV):
        made.append(factories.candidate(home, **FIT))
        made.append(factories.candidate(home, available_from="2026-01-01", licences=["CE"]))
    return made


def shared_order(lead: Actor, **changes: Any) -> JobOrder:
    """A shared order of Hillerød that asks for something, its contact verified."""
    order = factories.order(
        requirements=DEMANDS,
        hours_min=30,
        hours_max=37,
        workplace={"street": "Prøvevej 1", "postal_code": "3400", "municipality": factories.HILLEROED},
        **changes,
    )
    order = steps.claim(order.public_id, lead, order.version)
    order = steps.verify_contact(order.public_id, lead, order.version, source="cvr_register")
    return steps.share(order.public_id, lead, order.version)


def run_of(lead: Actor, scope: str = "region") -> Run:
    """A stored screening of such an order over four people."""
    people()
    return services.run(shared_order(lead).public_id, actor=lead, scope=scope)


def cards_of(run: Run) -> str:
    """The cards of everybody listed, as an address asks for them."""
    return "&".join(f"card={one.public_id}" for one in Pseudonym.objects.filter(order=run.order).order_by("pk"))


def screened(path: str) -> Callable[[], Scene]:
    """A page of a stored run."""

    def prepare() -> Scene:
        ann = factories.consultant(name="Ann Prøve")
        run = run_of(ann)
        return Scene(path.format(run=run.public_id, order=run.order.public_id, cards=cards_of(run)), login(ann))

    return prepare


def not_screened() -> Scene:
    """An order that nobody has screened for."""
    return Scene(f"/orders/{factories.order().public_id}/screening", login(factories.consultant()))


def asked_why() -> Scene:
    """One who lacks a licence is asked about."""
    ann = factories.consultant(name="Ann Prøve")
    person = factories.candidate(**{**FIT, "licences": []})
    return Scene(f"/orders/{shared_order(ann).public_id}/screening/why?q={person.external_reference}", login(ann))


def presented() -> Scene:
    """The company has one candidate."""
    ann = factories.consultant(name="Ann Prøve")
    order = shared_order(ann)
    offered(order, ann)
    return Scene(f"/orders/{order.public_id}/screening/print", login(ann))


def offered(order: JobOrder, home: Actor) -> Candidate:
    """An own candidate who is presented on the order."""
    person = factories.candidate(home.municipality or "", **FIT)
    order.refresh_from_db()
    acceptance = {**YES, "accepted_on": clock.today()}
    done = nominations.offer(order.public_id, home, order.version, candidate=person.public_id, acceptance=acceptance)
    nominations.present(done.nomination.public_id, home, done.nomination.version, reason="Virksomheden vil se den nu.")
    return person


def candidate(path: str = "", **profile: Any) -> Callable[[], Scene]:
    """A page of one candidate."""

    def prepare() -> Scene:
        cas = factories.caseworker(name="Cas Prøve")
        person = factories.candidate(**{**FIT, **profile})
        return Scene(f"/candidates/{person.public_id}{path}", login(cas))

    return prepare


def matched() -> Scene:
    """An open order fits the candidate."""
    ann, person = factories.consultant(), factories.candidate(**FIT)
    factories.order()
    return Scene(f"/candidates/{person.public_id}/matches", login(ann))


def requested() -> Scene:
    """Hillerød asks for a candidate of Gribskov, whose CV holds a word to look at; Gribskov's consultant reads it."""
    gro = factories.consultant(factories.GRIBSKOV)
    person = factories.candidate(factories.GRIBSKOV, **{**FIT, "cv_text": "Jeg er 54 år gammel og har kørt meget."})
    ann = factories.consultant()
    order = shared_order(ann)
    [done] = nominations.request(order.public_id, ann, order.version, candidates=[person.public_id])
    return Scene(f"/candidates/{person.public_id}/nominations/{done.nomination.public_id}", login(gro))


def several_candidates() -> Scene:
    """A list with one in a course."""
    factories.candidate(**FIT)
    factories.candidate(status="in_course", status_until=(clock.today() + dt.timedelta(days=30)).isoformat())
    return Scene("/candidates", login(factories.caseworker()))


def company(path: str = "") -> Callable[[], Scene]:
    """A page of a company with a log, an agreement and an order."""

    def prepare() -> Scene:
        from companies import services as companies

        ann, made = factories.consultant(name="Ann Prøve"), factories.company()
        companies.log_contact(ann, made, kind="visit", about="Besøg på lageret", text="To nye ruter.", next_step="Ring")
        companies.add_contact(ann, made, name="Kirsten Prøve", phone="48 00 00 00", email="kirsten@firma.example")
        factories.agreement(made, tovholder=factories.GRIBSKOV)
        factories.order(made)
        return Scene(f"/companies/{made.public_id}{path}", login(ann))

    return prepare


def company_contact() -> Scene:
    """Somebody at a company, to be corrected."""
    from companies import services as companies

    ann, made = factories.consultant(name="Ann Prøve"), factories.company()
    kirsten = companies.add_contact(ann, made, name="Kirsten Prøve", phone="48 00 00 00")
    return Scene(f"/companies/{made.public_id}/contacts/{kirsten.public_id}", login(ann))


def companies_listed() -> Scene:
    """The register with one company."""
    factories.company(name="Vognmand Prøve med et temmelig langt navn ApS")
    return Scene("/companies", login(factories.coordinator()))


PAGES = (
    Case("web:order-screening", not_screened, "nobody has screened"),
    Case("web:order-screening", screened("/orders/{order}/screening")),
    Case("web:order-screening", screened("/orders/{order}/screening?whatif=1"), "what if"),
    Case("web:screening", screened("/screenings/{run}?municipality=0270")),
    Case("web:screening-compare", screened("/screenings/{run}/compare?{cards}")),
    Case("web:screening-compare", screened("/screenings/{run}/compare"), "nobody ticked"),
    Case("web:screening-nominate", screened("/screenings/{run}/nominate?{cards}")),
    Case("web:screening-why", asked_why),
    Case("web:screening-print", presented),
    Case("web:candidates", several_candidates),
    Case("web:candidates", lambda: Scene("/candidates?q=ingen", login(factories.caseworker())), "nobody found"),
    Case("web:candidate-new", lambda: Scene("/candidates/new", login(factories.caseworker()))),
    Case("web:candidate", candidate()),
    Case("web:candidate", candidate(licences=None, cv_text=""), "bare"),
    Case("web:candidate-edit", candidate("/edit")),
    Case("web:candidate-matches", matched),
    *(
        Case("web:candidate-list", candidate(f"/list/{kind}"), kind)
        for kind in ("skills", "occupations", "certificates", "languages")
    ),
    Case("web:candidate-nomination", requested),
    Case("web:companies", companies_listed),
    Case("web:company", company()),
    Case("web:company-edit", company("/edit")),
    Case("web:company-hand-over", company("/hand-over")),
    Case("web:company-contact-new", company("/contacts/new")),
    Case("web:company-contact", company_contact),
    Case("web:company-absence", company("/absence")),
    Case("web:company-new", lambda: Scene("/companies/new", login(factories.consultant()))),
    Case("web:company-unit-new", company("/units/new")),
)
