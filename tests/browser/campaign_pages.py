"""Campaigns, focus industries and register imports, with the scenes that fill them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from campaigns import contacts, focus, letters
from campaigns.models import Campaign, Letter
from companies import register_jobs
from companies import services as companies
from events import clock
from municipalities.actor import Actor
from tests import factories
from tests.browser.cases import Case, Scene
from tests.browser.people_pages import login
from tests.campaigns import outreach

#: Steps that are only sent to, and the size that is a part of the form's page.
NO_PAGES = frozenset(
    f"web:{name}"
    for name in (
        "campaign-size", "campaign-freeze", "campaign-end", "campaign-share-out", "campaign-chosen", "target-contact",
        "target-assign", "target-order", "register-apply",
    )
)  # fmt: skip
FILE = (
    "CVR;P-nummer;Navn;Adresse;Postnr;Kommunekode;Branchekode;Antal ansatte;Ophørt\n"
    "{cvr};{p};Prøve Byg ApS;Prøvevej 1;3400;219;432100;5-9;\n"
    "12345678;;Prøve Byg ApS;Prøvevej 1;3400;219;432100;5-9;42551\n"
)


def running(kim: Actor) -> Campaign:
    """A campaign of three companies: one talked to, one that called itself something else, one with a letter."""
    ann = factories.consultant(name="Ann Prøve")
    firms = [outreach.firm() for _number in range(2)] + [outreach.firm(factories.HELSINGOER)]
    for one in firms:
        companies.add_contact(ann, one, name="Kirsten Prøve", phone="48 00 00 00", email="kirsten@firma.example")
    campaign = outreach.frozen(kim)
    first, second = (outreach.target_of(campaign, one) for one in firms[:2])
    outreach.talked(ann, first, next_step="Ring igen", next_on=clock.today())
    factories.order(first.company, title="Elektriker")
    letters.write(ann, [second.public_id], subject="Mangler I folk?", text="Kære {kontakt}")
    contacts.assign(ann, first.public_id, first.version, assignee=ann.public_id)
    companies.change(kim, second.company.public_id, second.company.version, {"name": "Et nyt navn A/S"})
    return campaign


def of_campaign(path: str) -> Callable[[], Scene]:
    """A page of a running campaign, for the coordinator."""

    def prepare() -> Scene:
        kim = factories.coordinator(name="Kim Prøve")
        campaign = running(kim)
        targets = "&".join(f"target={one.public_id}" for one in campaign.targets.order_by("pk"))
        first = campaign.targets.order_by("pk")[0].public_id
        return Scene(path.format(id=campaign.public_id, targets=targets, first=first), login(kim))

    return prepare


def draft(path: str) -> Callable[[], Scene]:
    """A page of a campaign that is being drawn up."""

    def prepare() -> Scene:
        kim = factories.coordinator(name="Kim Prøve")
        outreach.firm()
        outreach.firm(headcount=None)
        made = outreach.drawn_up(kim, purpose="Alle får et tilbud om et møde.", needs="orders ads")
        return Scene(path.format(id=made.public_id), login(kim))

    return prepare


def another_jobcentres() -> Scene:
    """Helsingør looks at a company of Hillerød that was talked to today."""
    campaign = running(factories.coordinator(name="Kim Prøve"))
    target = campaign.targets.exclude(last_outcome="").order_by("pk")[0]
    return Scene(f"/targets/{target.public_id}", login(factories.consultant(factories.HELSINGOER)))


def calls() -> Scene:
    """Hillerød's calls of today."""
    running(factories.coordinator(name="Kim Prøve"))
    return Scene("/campaigns/calls?whose=all", login(factories.consultant()))


def in_focus() -> Scene:
    """Three industries at a time."""
    kim = factories.coordinator(name="Kim Prøve")
    for name, code in (("Bygge og anlæg", "41 42 43"), ("Transport", "49"), ("Industri", "10 25")):
        focus.decide(kim, name=name, divisions=code, valid_from=dt.date(2026, 1, 1), decided_by="Styregruppen")
    return Scene("/campaigns/focus", login(kim))


def register(*, looked_at: bool) -> Callable[[], Scene]:
    """A file with one good row and one that is refused."""

    def prepare() -> Scene:
        kim = factories.coordinator(name="Kim Prøve")
        content = FILE.format(cvr=factories.cvr(), p=factories.p_number()).encode("cp1252")
        job = register_jobs.upload(kim, file_name="cvr-udtraek.csv", content=content)
        if looked_at:
            register_jobs.work()
        return Scene(f"/registers/{job.public_id}", login(kim))

    return prepare


def registers() -> Scene:
    """One file so far."""
    scene = register(looked_at=True)()
    return Scene("/registers", scene.user)


def no_more_letters() -> Scene:
    """The link of a letter."""
    running(factories.coordinator(name="Kim Prøve"))
    return Scene(f"/no-more-letters/{letters.no_more_token(Letter.objects.get())}")


PAGES = (
    Case("web:campaigns", of_campaign("/campaigns")),
    Case("web:campaigns", lambda: Scene("/campaigns", login(factories.coordinator())), "empty"),
    Case("web:campaign-new", lambda: Scene("/campaigns/new", login(factories.coordinator()))),
    Case("web:campaign-edit", draft("/campaigns/{id}/edit")),
    Case("web:campaign", draft("/campaigns/{id}"), "draft"),
    Case("web:campaign", of_campaign("/campaigns/{id}")),
    Case("web:campaign-targets", of_campaign("/campaigns/{id}/targets")),
    Case("web:campaign-targets", of_campaign("/campaigns/{id}/targets?q=ingen"), "nobody found"),
    Case("web:campaign-letter", of_campaign("/campaigns/{id}/letter?{targets}")),
    Case("web:target", of_campaign("/targets/{first}")),
    Case("web:target", another_jobcentres, "another jobcentre's"),
    Case("web:campaign-calls", calls),
    Case("web:campaign-focus", in_focus),
    Case("web:registers", registers),
    Case("web:register", register(looked_at=False), "being read"),
    Case("web:register", register(looked_at=True)),
    Case("web:no-more-letters", no_more_letters),
)
