"""Who knocks: a client for every role, with the token, the login or the link that such a caller has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.test import Client

from accounts import tokens
from accounts.models import ApiToken
from events import clock
from joborders.services import follow
from municipalities.actor import Actor
from municipalities.models import Membership
from tests import factories
from tests.matrix.world import HOME, World

BACKEND = "municipalities.login.MemberBackend"
MEMBERS = ("consultant", "caseworker", "coordinator", "auditor", "admin")
LOCAL = ("consultant", "caseworker")


@dataclass
class Caller:
    """What a role carries to every door."""

    role: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    secret: str = ""

    def client(self) -> Client:
        """A fresh browser with what the caller carries: no case sees the cookies of another."""
        made = Client(raise_request_exception=False, headers={"accept-language": "en"}, **self.headers)  # type: ignore[arg-type]
        made.handler = handler()
        for name, value in self.cookies.items():
            made.cookies[name] = value
        return made


@cache
def handler() -> Any:
    """The product, its middleware loaded once for all cases."""
    return Client().handler


def everybody(world: World) -> dict[str, Caller]:
    """A caller for each role of the matrix."""
    made = {role: _member(role) for role in MEMBERS}
    made |= {"anonymous": Caller("anonymous"), "nobody": _logged_in("nobody", factories.user())}
    for role, company in (("company_a", world.company_a), ("company_b", world.company_b)):
        made[role] = _bearer(role, tokens.issue(label="x", company=company.public_id, scope="write")[1])
    made |= {role: _dead(role) for role in ("expired", "revoked", "left")}
    reader = _membership("consultant")
    made["reader"] = _bearer("reader", tokens.issue(label="x", membership=reader.public_id, scope="read")[1])
    made |= {"link": _link(world, opened=False), "link_opened": _link(world, opened=True)}
    return made


def _membership(role: str) -> Membership:
    actor: Actor = factories.member(role, HOME if role in LOCAL else None)
    return Membership.objects.get(user_id=actor.user_id)


def _bearer(role: str, secret: str) -> Caller:
    return Caller(role, {"HTTP_AUTHORIZATION": f"Bearer {secret}"})


def _logged_in(role: str, user: Any) -> Caller:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return Caller(role, cookies={name: morsel.value for name, morsel in client.cookies.items()})


def _member(role: str) -> Caller:
    """Somebody at work: logged in on the pages, and with a token for the API. The administrator runs the admin."""
    membership = _membership(role)
    user = membership.user
    if role == "admin":
        user.is_staff = user.is_superuser = True
        user.save()
    caller = _logged_in(role, user)
    caller.headers = _bearer(role, tokens.issue(label="x", membership=membership.public_id, scope="write")[1]).headers
    return caller


def _dead(role: str) -> Caller:
    """A consultant's token that has run out or was withdrawn; or one who left, with token and login still at hand."""
    membership = _membership("consultant")
    token, secret = tokens.issue(label="x", membership=membership.public_id, scope="write")
    caller = _bearer(role, secret)
    if role == "expired":
        ApiToken.objects.filter(pk=token.pk).update(expires_at=clock.now())
    elif role == "revoked":
        tokens.revoke(token)
    else:
        caller.cookies = _logged_in(role, membership.user).cookies
        Membership.objects.filter(pk=membership.pk).update(ended_on=date(2026, 3, 1))
    return caller


def _link(world: World, *, opened: bool) -> Caller:
    """The company at its follow link, before and after the code. The link is that of the `presented` order."""
    target = world.targets["presented"]
    assert target.order is not None
    link = follow.find(target.secret)
    client = Client()
    client.get(f"/f/{target.secret}")
    caller = Caller("link_opened" if opened else "link", secret=target.secret)
    caller.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    caller.cookies["nrs_opened"] = "guessed"
    caller.headers = {"HTTP_X_FOLLOW_OPENED": "guessed"}
    if opened:
        secret = follow.open_with(link, follow.new_code(link))
        caller.cookies["nrs_opened"] = secret
        caller.headers = {"HTTP_X_FOLLOW_OPENED": secret}
    return caller
