"""Every page of the product with what it needs to be looked at: a new page adds a line, or the browser tests fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from accounts import tokens
from accounts.models import User
from campaigns.figures import FUNCTIONS
from candidates import import_jobs
from joborders.services import follow, nominations, steps
from municipalities.models import Membership
from tests import factories
from tests.api import order_cases
from tests.browser import (
    agreement_pages,
    campaign_pages,
    desk,
    gathering_pages,
    mail_pages,
    news_pages,
    people_pages,
    privacy_pages,
    steering_pages,
    stream_pages,
)
from tests.browser.cases import Case, Scene
from tests.campaigns import scenes as march
from web import urls
from web.company import drafts

#: Routes that answer with a redirect or a part of a page, never with a page of their own.
NO_PAGES = {
    "web:logout",
    "web:order",
    "web:order-send",
    "web:order-forget",
    "web:order-resume",
    "web:words-occupations",
    "web:words-skills",
    "web:follow-link",
    "web:follow-code",
    "web:follow-open",
    "web:follow-again",
    "web:follow-answer",
    "web:follow-step",
    "web:jobs-feed",
    "web:sitemap",
    "web:robots",
    *stream_pages.NO_PAGES,
    "web:figures-sheet-pdf",
    *steering_pages.NO_PAGES,
    "web:profile-password",
    "web:profile-place",
    "web:login-code",
    "web:login-with",  # tests/browser/test_identity.py
    "web:login-done",
    "web:profile-login-remove",
    "web:profile-logins-end",
    "web:profile-token-revoke",
    *desk.NO_PAGES,
    *gathering_pages.NO_PAGES,
    *mail_pages.NO_PAGES,
    *people_pages.NO_PAGES,
    *agreement_pages.NO_PAGES,
    *news_pages.NO_PAGES,
    *campaign_pages.NO_PAGES,
    *privacy_pages.NO_PAGES,
}


def routes_of_the_web() -> set[str]:
    """The names of all pages."""
    return {f"web:{pattern.name}" for pattern in urls.urlpatterns} - NO_PAGES


def at(path: str) -> Callable[[], Scene]:
    """A page that needs nothing."""
    return lambda: Scene(path)


def consultant() -> User:
    """Somebody at the desk in Hillerød."""
    return User.objects.get(pk=factories.consultant(factories.HILLEROED, name="Ann Prøve").user_id)


def profile() -> Scene:
    """Somebody with two roles and three tokens: in use, revoked, expired."""
    ann = consultant()
    role = Membership.objects.get(user=ann)
    factories.membership("consultant", factories.HELSINGOER, who=ann)
    for label in ("Fagsystem", "Gammelt fagsystem", "Prøve"):
        token, _secret = tokens.issue(label=label, membership=role.public_id, scope="write")
        tokens.note_use(token.pk)
    tokens.revoke(token)
    return Scene("/profile", ann)


def imported(*, done: bool) -> Scene:
    """A file of candidates that waits for the worker, or that was read: a new one, a faulty one, a row too long."""
    ann = factories.caseworker(name="Ann Prøve")
    rows = "".join(f"SAG-{number},Person {number},{'B' if number % 3 else 'findes-ikke'}\n" for number in range(1, 8))
    content = f"external_reference,name,licences\n{rows}SAG-8\n".encode()
    job = import_jobs.begin(ann, name="liste.csv", content=content)
    if done:
        import_jobs.work()
    return Scene(f"/candidates/import/{job.public_id}", User.objects.get(pk=ann.user_id))


def import_page() -> Scene:
    """The page to send a file from, with an earlier import."""
    return replace(imported(done=True), path="/candidates/import")


def queue_with_orders() -> Scene:
    """Three orders wait, one of them overdue."""
    user, company = consultant(), factories.company()
    factories.order(company, title="Chauffør med et ret langt navn på stillingen til distribution og lager")
    factories.order(company, received_at=factories.MONDAY)
    return Scene("/queue", user)


def draft(**changes: Any) -> str:
    """The link to a draft that is ready to be sent; `changes` by step."""
    typed = {
        "company": {"cvr": [factories.cvr()]},
        "workplace": {"name": ["Prøve Transport ApS"], "street": ["Prøvevej 1"], "postal_code": ["3400"]}
        | {"municipality": ["0219"]},
        "job": {
            "title": ["Lastbilchauffør"],
            "positions": ["3"],
            "description": ["Kørsel med varer i Nordsjælland for en ung mand."],
            "employment": ["permanent"],
        },
        "needs": [
            {"kind": "licence", "code": "CE", "is_must": True},
            {"kind": "language", "code": "da", "is_must": False, "oral": "B1"},
        ],
        "contact": {"name": ["Kirsten Prøve"], "phone": ["48 00 00 00"], "email": ["kirsten@firma.example"]},
    }
    _draft, secret = drafts.begin(typed | changes)
    return f"/order/resume/{secret}"


def step(name: str) -> Callable[[], Scene]:
    """A step of an order that is filled in already."""
    return lambda: Scene(f"/order/{name}", before=[draft()])


def known_company() -> Scene:
    """The workplace of a company with units to choose from."""
    return Scene("/order/workplace", before=[draft(company={"cvr": [factories.company().cvr]})])


def word_unknown() -> Scene:
    """A job title that asks which occupation comes closest."""
    job = {"title": ["Chauffør til distribution"], "positions": ["mange"]}
    return Scene("/order/job", before=[draft(job=job)])


def receipt() -> Scene:
    """An order just sent."""
    link = draft()
    secret = link.rpartition("/")[2]
    found = drafts.find(secret)
    assert found is not None
    drafts.hand_in(found, secret)
    return Scene("/order/receipt", cookies=[{"name": "nrs_draft", "value": secret, "path": "/order"}])


def followed(*, opened: bool = False, ended: bool = False) -> Scene:
    """An order with two presented candidates; `opened` shows who they are."""
    ann = factories.consultant(factories.HILLEROED, name="Ann Prøve")
    order = order_cases.shared_order(ann)
    for _person in range(2):
        made = order_cases.offered(order, ann, cv_text="Ti år på lager. Truckcertifikat. Møder til tiden.")
        nominations.present(made.public_id, ann, made.version, **order_cases.WHY)
    secret, cookies = follow.create(order), []
    if opened:
        value = follow.open_with(order.follow_link, follow.new_code(order.follow_link))
        cookies = [{"name": "nrs_opened", "value": value, "path": f"/follow/{order.number}"}]
    if ended:
        steps.withdraw(order.public_id, follow.actor_of(order.follow_link), None)
    return Scene(f"/follow/{order.number}", before=[f"/f/{secret}"], cookies=cookies)


def figures(path: str) -> Callable[[], Scene]:
    """A figure as the coordinator reads it, of a spring with orders that were filled, closed and left open."""

    def prepare() -> Scene:
        for number in range(2, 7):
            march.Scene(number).answer(number, hour=11).hire(number + 3)
        march.Scene(9).hire(11, factories.HELSINGOER)
        march.Scene(9).take(12, "close", reason="withdrawn")
        march.Scene(10)
        kim = User.objects.get(pk=factories.coordinator(name="Kim Prøve").user_id)
        return Scene(f"/figures{path}", kim)

    return prepare


PAGES = (
    *(Case(f"web:order-{name}", step(name)) for name in ("workplace", "job", "needs", "contact", "check")),
    Case("web:order-company", at("/order/company")),
    Case("web:order-workplace", known_company, "known company"),
    Case("web:order-job", word_unknown, "unknown word"),
    Case("web:order-receipt", receipt),
    Case("web:follow", followed, "closed to names"),
    Case("web:follow", lambda: followed(opened=True), "with names"),
    Case("web:follow", lambda: followed(ended=True), "ended"),
    Case("web:home", at("/")),
    Case("web:accessibility", at("/was")),
    Case("web:login", at("/login")),
    Case("web:login-enrol", lambda: Scene("/login/enrol", consultant())),
    Case("web:candidate-imports", import_page),
    Case("web:candidate-import", lambda: imported(done=False), "waiting"),
    Case("web:candidate-import", lambda: imported(done=True), "done"),
    Case("web:profile", profile),
    Case("web:profile", lambda: Scene("/profile", User.objects.create(email="x@nrs.example", name="X")), "no role"),
    Case("web:queue", queue_with_orders),
    Case("web:queue", lambda: Scene("/queue", consultant()), "empty"),
    Case("web:queue", lambda: Scene("/queue", User.objects.create(email="x@nrs.example", name="X")), "no role", 403),
    *mail_pages.PAGES,
    *people_pages.PAGES,
    *agreement_pages.PAGES,
    *gathering_pages.PAGES,
    *news_pages.PAGES,
    *campaign_pages.PAGES,
    *privacy_pages.PAGES,
    *stream_pages.PAGES,
    *(
        Case(f"web:{route}", lambda make=make: Scene(*make()), about, status)
        for route, about, status, make in desk.CASES
    ),
    Case("web:figures", figures("")),
    Case("web:figures-definitions", figures("/definitions")),
    Case("web:figures-fairness", figures("/fairness?quarter=2026-Q1")),
    Case("web:figures-sheet", figures("/sheet?as_of=2026-03-31")),
    *[Case(f"web:figures-{name}", figures(f"/{name}?as_of=2026-03-31")) for name in FUNCTIONS],
    Case("web:figures-flow", figures("/flow?as_of=2999-01-01"), "a day to come", 422),
    *steering_pages.PAGES,
    Case("web:not-found", at("/findes-ikke"), status=404),
)
