"""Logging in through an identity provider: who gets in, as what, and when it ends."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import second_factor, tokens
from accounts.models import ExternalLogin, User
from events import clock
from municipalities import claims
from municipalities.actor import Actor
from municipalities.models import ClaimRule, Membership
from tests import factories
from tests.factories import ALLEROED, HELSINGOER
from tests.identity.conftest import LogIn, address_of, go_there, rule_for
from tests.identity.provider import IdentityProvider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def current(user: User) -> set[tuple[str | None, str]]:
    return set(claims._not_ended(user.memberships).values_list("municipality_id", "role"))


def test_somebody_new_whom_a_rule_lets_in_works_at_once(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    answer = log_in(next="/queue?mine=1")
    assert answer.url == "/queue?mine=1"
    user = User.objects.get(email="ny@kommune.example")
    assert (user.name, user.has_usable_password(), current(user)) == (
        "Ny Medarbejder", False, {(HELSINGOER, "consultant")},
    )  # fmt: skip
    assert user.memberships.get().granted_by == rule
    assert client.get("/queue").status_code == 200
    tie = ExternalLogin.objects.get()
    assert (tie.issuer, tie.subject, tie.user) == (idp.issuer, "person-1", user) and tie.last_used_at


def test_the_same_person_has_the_same_account_whatever_the_address_says_later(
    idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    log_in()
    idp.person |= {"email": "gift@kommune.example", "name": "Nyt Navn"}
    assert log_in().status_code == 302
    assert User.objects.count() == 1


def test_what_is_asked_of_the_provider_has_state_nonce_and_pkce_and_never_a_secret(
    client: Client, idp: IdentityProvider
) -> None:
    twice = [address_of(client.post("/login/with/helsingoer")) for _ in range(2)]
    first, second = ({k: v[0] for k, v in parse_qs(urlsplit(one).query).items()} for one in twice)
    assert first["response_type"] == "code" and first["code_challenge_method"] == "S256"
    assert "secret" not in twice[0] and first["redirect_uri"].endswith("/login/with/helsingoer/done")
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 43 and first[name] != second[name]


def test_the_callers_address_cannot_add_to_what_is_asked(client: Client, idp: IdentityProvider) -> None:
    page = client.post("/login/with/helsingoer?scope=admin&auth_params=prompt%3Dnone&process=connect")
    asked = parse_qs(urlsplit(address_of(page)).query)
    assert "prompt" not in asked and "admin" not in asked["scope"][0]


def test_no_rule_no_account_and_it_is_said_plainly(client: Client, idp: IdentityProvider, log_in: LogIn) -> None:
    answer = log_in()
    assert answer.status_code == 403 and "ingen regel" in answer.content.decode()
    assert not User.objects.exists() and "_auth_user_id" not in client.session


def test_leaving_the_group_ends_access_at_the_next_login_in_every_browser(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    log_in()
    membership = Membership.objects.get()
    _token, secret = tokens.issue(label="maskine", membership=membership.public_id)
    machine = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert client.get("/queue").status_code == 200 and client.get("/api/v1/queue", **machine).status_code == 200
    idp.person["groups"] = ["alle"]
    other = Client()
    refused = log_in(browser=other)
    assert refused.status_code == 403 and "_auth_user_id" not in other.session
    assert client.get("/queue").status_code == 403, "the first browser, still logged in"
    assert Client().get("/api/v1/queue", **machine).status_code == 401
    idp.person["groups"] = ["nrs-konsulent"]
    assert log_in(browser=other).status_code == 302 and other.get("/queue").status_code == 200


def test_leaving_the_municipality_ends_access_at_once(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    log_in()
    Membership.objects.update(ended_on=clock.today())
    assert client.get("/queue").status_code == 403


def test_memberships_given_by_hand_stay(idp: IdentityProvider, rule: ClaimRule, log_in: LogIn) -> None:
    log_in()
    user = User.objects.get()
    factories.membership("caseworker", ALLEROED, who=user)
    idp.person["groups"] = []
    assert log_in().status_code == 302
    assert current(user) == {(ALLEROED, "caseworker")}


def test_one_given_by_hand_is_not_given_again_by_a_rule(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    log_in()
    user = User.objects.get()
    Membership.objects.all().delete()
    own = factories.membership("consultant", HELSINGOER, who=user)
    log_in()
    assert Membership.objects.get() == own
    idp.person["groups"] = []
    assert log_in().status_code == 302 and current(user) == {(HELSINGOER, "consultant")}


def test_every_rule_that_fits_counts_and_another_providers_do_not(
    idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    rule_for("alle", municipality_id=None, role="auditor")
    rule_for("nrs-konsulent", municipality_id=ALLEROED, provider="anden")
    rule_for("nrs-konsulent", municipality_id=ALLEROED, valid_until=clock.today())
    rule_for("nrs-konsulent", municipality_id=ALLEROED, valid_from=clock.today() + timedelta(days=1))
    log_in()
    assert current(User.objects.get()) == {(HELSINGOER, "consultant"), (None, "auditor")}


def test_what_one_provider_gave_another_does_not_take(
    idp: IdentityProvider, foreign: IdentityProvider, rule: ClaimRule, log_in: LogIn, client: Client
) -> None:
    log_in()
    user = User.objects.get()
    client.get(go_there(client.post("/login/with/anden", {"process": "connect"})))
    assert user.external_logins.count() == 2
    assert log_in("anden").status_code == 302
    assert current(user) == {(HELSINGOER, "consultant")}


def test_who_is_not_seen_for_45_days_has_left(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    log_in()
    _token, secret = tokens.issue(label="maskine", membership=Membership.objects.get().public_id)
    with clock.at(clock.now() + timedelta(days=45)):
        assert client.get("/queue").status_code == 403
        assert client.get("/api/v1/queue", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 401


def test_a_rule_ends_for_all_on_its_day(client: Client, idp: IdentityProvider, log_in: LogIn) -> None:
    rule_for("nrs-konsulent", valid_until=clock.today() + timedelta(days=3))
    log_in()
    assert client.get("/queue").status_code == 200
    with clock.at(clock.now() + timedelta(days=3)):
        assert client.get("/queue").status_code == 403


def test_a_rule_changed_in_the_admin_ends_at_once_what_it_gave(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    log_in()
    root = Client()
    root.force_login(User.objects.create_superuser("root@nrs.example", name="Rod"))
    typed = {"provider": "helsingoer", "claim": "groups", "value": "en anden", "role": "consultant"}
    typed |= {"municipality": HELSINGOER, "valid_from": "2020-01-01", "valid_until": ""}
    change = reverse("admin:municipalities_claimrule_change", args=[rule.pk])
    assert root.post(change, typed).status_code == 302
    assert client.get("/queue").status_code == 403
    delete = reverse("admin:municipalities_claimrule_delete", args=[rule.pk])
    root.post(delete, {"post": "yes"})
    assert ClaimRule.objects.filter(pk=rule.pk).exists(), "who came in by what stays known"


@pytest.mark.parametrize(
    ("claim", "value", "said", "fits"),
    [
        ("groups", "a", {"groups": ["b", "a"]}, True),
        ("groups", "a", {"groups": "a"}, True),
        ("groups", "A", {"groups": ["a"]}, False),
        ("groups", "nrs-*", {"groups": ["nrs-219"]}, True),
        ("groups", "n*s", {"groups": ["nrs"]}, False),
        ("groups", "a", {"groups": ["aa", "ba"]}, False),
        ("realm.roles", "a", {"realm": {"roles": ["a"]}}, True),
        ("https://x.example/groups", "a", {"https://x.example/groups": ["a"]}, True),
        ("https://x.example/y.roles", "a", {"https://x.example/y": {"roles": ["a"]}}, True),
        ("employee", "true", {"employee": True}, True),
        ("employee", "1", {"employee": True}, False),
        ("unit", "219", {"unit": 219}, True),
        ("realm.roles.x", "a", {"realm": {"roles": ["a"]}}, False),
        ("groups", "*", {"groups": []}, False),
        ("groups", "a", {"groups": {"a": 1}}, False),
        ("groups", "None", {"groups": None}, False),
        ("groups", "a", {"groups": [["a"]]}, False),
    ],
)
def test_when_a_claim_fits_a_rule(claim: str, value: str, said: dict[str, Any], fits: bool) -> None:
    assert claims.fits(claim, value, said) is fits


# --- the second step ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "is_asked"),
    [
        ({}, True),
        ({"acr": "weak", "amr": ["pwd"]}, True),
        ({"amr": "mfa"}, True),
        ({"acr": "strong"}, False),
        ({"amr": ["pwd", "mfa"]}, False),
    ],
)
def test_our_second_step_is_left_out_only_where_the_provider_says_two(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn, settings: Any, said: Any, is_asked: bool
) -> None:
    settings.REQUIRE_TOTP = True
    idp.person |= said
    answer = log_in(next="/queue")
    assert answer.url == ("/login/code" if is_asked else "/queue")
    assert client.get("/queue").status_code == (302 if is_asked else 200)


def test_who_has_enrolled_gives_a_code_after_a_weak_login(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    log_in()
    step = second_factor.step_now()
    nonce = "0" * 64
    second_factor.enrol(User.objects.get(), nonce, second_factor.code_at(second_factor.secret_of(nonce), step - 1))
    assert log_in(next="/queue").url == "/login/code"
    code = second_factor.code_at(second_factor.secret_of(nonce), second_factor.step_now())
    assert client.post("/login/code", {"code": code}).url == "/queue"


# --- tying, logging out, the pages -----------------------------------------------------------------------------------


def test_an_account_with_a_password_is_tied_by_its_owner_on_the_profile(
    client: Client, idp: IdentityProvider, ann: Actor, log_in: LogIn
) -> None:
    client.force_login(User.objects.get(pk=ann.user_id))
    assert "Helsingoer Kommune" in client.get("/profile").content.decode()
    back = go_there(client.post("/login/with/helsingoer", {"process": "connect"}))
    assert client.get(back).url == "/profile"
    other = Client()
    assert log_in(browser=other).status_code == 302
    assert int(other.session["_auth_user_id"]) == ann.user_id


def test_tying_needs_a_fresh_login_and_the_same_one_to_the_end(
    client: Client, idp: IdentityProvider, ann: Actor, eva: Actor
) -> None:
    client.force_login(User.objects.get(pk=ann.user_id))
    back = go_there(client.post("/login/with/helsingoer", {"process": "connect"}))
    session = client.session
    states = session["socialaccount_states"]
    client.force_login(User.objects.get(pk=eva.user_id))
    session = client.session
    session["socialaccount_states"] = states
    session.save()
    assert client.get(back).status_code == 403 and not ExternalLogin.objects.exists()
    session = client.session
    session["began"] -= 16 * 60
    session.save()
    assert client.post("/login/with/helsingoer", {"process": "connect"}).status_code == 403
    assert Client().post("/login/with/helsingoer", {"process": "connect"}).status_code == 403


def test_a_person_of_a_provider_belongs_to_one_account(
    client: Client, idp: IdentityProvider, ann: Actor, eva: Actor
) -> None:
    for who, status in ((ann, 302), (eva, 403)):
        browser = Client()
        browser.force_login(User.objects.get(pk=who.user_id))
        assert (
            browser.get(go_there(browser.post("/login/with/helsingoer", {"process": "connect"}))).status_code == status
        )
    assert ExternalLogin.objects.get().user_id == ann.user_id


def test_a_tie_is_undone_by_its_owner_unless_it_is_the_only_way_in(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn, eva: Actor
) -> None:
    log_in()
    tie = ExternalLogin.objects.get()
    stranger = Client()
    stranger.force_login(User.objects.get(pk=eva.user_id))
    for browser in (stranger, client):
        browser.post(f"/profile/logins/{tie.pk}/remove")
        assert ExternalLogin.objects.exists()
    user = tie.user
    user.set_password("et langt og godt kodeord")
    user.save()
    client.force_login(user)
    client.post(f"/profile/logins/{tie.pk}/remove")
    assert not ExternalLogin.objects.exists()


def test_who_logs_out_is_told_how_to_log_out_there_too(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    log_in()
    page = client.post("/logout")
    assert f"{idp.issuer}/logout?client_id=nrs" in page.content.decode()
    assert "_auth_user_id" not in client.session and client.get("/queue").status_code == 302


def test_a_provider_that_is_away_holds_nobody_logged_in(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    log_in()
    idp.document["issuer"] = "https://en-anden.example"
    cache.clear()
    assert client.post("/logout").status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_login_page_shows_the_providers_only_where_there_are_any(
    client: Client, idp: IdentityProvider, settings: Any
) -> None:
    page = client.get("/login?next=/queue").content.decode()
    assert "Log ind gennem Helsingoer Kommune" in page and "/login/with/helsingoer" in page
    settings.OIDC_PROVIDERS = {}
    assert "/login/with" not in client.get("/login").content.decode()
    assert client.post("/login/with/helsingoer").status_code == 404


def test_the_page_on_the_way_keeps_the_strict_policy(client: Client, idp: IdentityProvider) -> None:
    page = client.post("/login/with/helsingoer")
    assert "form-action 'self'" in page["Content-Security-Policy"] and idp.issuer not in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store" and page["Referrer-Policy"] == "same-origin"


def test_logs_name_the_account_by_its_number_and_the_reason_by_a_word(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        log_in()
        idp.lies["nonce"] = "x"
        log_in()
    text = caplog.text
    assert str(User.objects.get().public_id) in text and "why=nonce" in text
    assert "ny@kommune" not in text and "Ny Medarbejder" not in text and "person-1" not in text
