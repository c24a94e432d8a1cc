"""The pages of data protection, each with what fills it."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from candidates.models import AccessLog, Candidate
from events import clock
from municipalities.actor import Actor
from privacy import erasing, retention, sampling
from privacy.models import Check
from tests import factories
from tests.browser.cases import Case, Scene

NO_PAGES = {
    "web:access-log-draw",
    "web:access-check-ask",
    "web:access-check-conclude",
    "web:candidate-extract-json",
    "web:candidate-hold",
}


def login(actor: Actor) -> User:
    """The login behind an actor."""
    return User.objects.get(pk=actor.user_id)


def drawn(*, asked: bool = False) -> tuple[Actor, Actor, list[Check]]:
    """Last month's sample of two municipalities; the first look-up asked about."""
    ann, eva = factories.consultant(name="Ann Prøve"), factories.consultant(factories.HELSINGOER, name="Eva Prøve")
    ida = factories.member("auditor", name="Ida Prøve")
    person = factories.candidate()
    day = clock.now().replace(day=1) - timedelta(days=3)
    AccessLog.objects.bulk_create(
        AccessLog(
            candidate=person.public_id, home="0219", actor_kind="member", actor_role="consultant",
            actor_id=who.public_id, actor_municipality=who.municipality or "", purpose="candidate.show",
            fields="name,phone,cv_text", read_at=day,
        )
        for who in (ann, ann, eva)
    )  # fmt: skip
    sampling.draw_last_month()
    checks = list(Check.objects.filter(actor_id=ann.public_id).order_by("pk"))
    if asked:
        checks[0] = sampling.ask(checks[0].public_id, ida, 1, "Hvorfor slog du denne borger op?")
    return ann, ida, checks


def log() -> Scene:
    """A sample with one question."""
    return Scene("/access-log", login(drawn(asked=True)[1]))


def check() -> Scene:
    """A look-up that nobody has asked about."""
    _ann, ida, checks = drawn()
    return Scene(f"/access-log/{checks[0].public_id}", login(ida))


def questions() -> Scene:
    """One question waits."""
    return Scene("/questions", login(drawn(asked=True)[0]))


def question() -> Scene:
    """The question itself."""
    ann, _ida, checks = drawn(asked=True)
    return Scene(f"/questions/{checks[0].public_id}", login(ann))


def leaving() -> Scene:
    """Two are deleted soon."""
    cas = factories.caseworker()
    for _number in range(2):
        person = factories.candidate()
        long_ago = clock.now() - timedelta(days=700)
        Candidate.objects.filter(pk=person.pk).update(status="inactive", changed_at=long_ago)
    retention.run(is_dry=False)
    return Scene("/candidates/leaving", login(cas))


def extract() -> Scene:
    """Somebody who was presented to a company."""
    from tests.browser.people_pages import presented

    scene = presented()
    person = Candidate.objects.order_by("pk")[0]
    assert scene.user is not None
    return Scene(f"/candidates/{person.public_id}/extract", scene.user)


def erase(*, held: bool = False) -> Scene:
    """Somebody to be deleted, or held."""
    cas, person = factories.caseworker(), factories.candidate()
    if held:
        erasing.hold(person.public_id, cas, "Klagesag hos kommunen")
    return Scene(f"/candidates/{person.public_id}/erase", login(cas))


PAGES = (
    Case("web:access-log", log),
    Case("web:access-log", lambda: Scene("/access-log", login(factories.member("auditor"))), "nothing drawn"),
    Case("web:access-check", check),
    Case("web:questions", questions),
    Case("web:questions", lambda: Scene("/questions", login(factories.consultant())), "none"),
    Case("web:question", question),
    Case("web:candidates-leaving", leaving),
    Case("web:candidates-leaving", lambda: Scene("/candidates/leaving", login(factories.caseworker())), "nobody"),
    Case("web:candidate-extract", extract),
    Case("web:candidate-erase", erase),
    Case("web:candidate-erase", lambda: erase(held=True), "held"),
)
