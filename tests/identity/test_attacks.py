"""What a provider, a network or a stranger could try: nobody is logged in, and nothing is written."""

from __future__ import annotations

import json
import time
import warnings
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.identity import tokens
from accounts.identity.protocol import Careful
from accounts.models import ExternalLogin, User
from municipalities.models import ClaimRule, Membership
from nrs import env
from tests.identity.conftest import LogIn, address_of, go_there, rule_for
from tests.identity.provider import CLIENT, IdentityProvider, key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NOW = int(time.time())


def nobody_came_in(client: Client, answer: Any, users: int = 0) -> None:
    assert answer.status_code == 403, answer
    assert "_auth_user_id" not in client.session
    assert User.objects.count() == users and not Membership.objects.exists() and not ExternalLogin.objects.exists()


@pytest.mark.parametrize(
    ("lies", "why"),
    [
        ({"nonce": "another login's"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ["a"]}, "nonce"),
        ({"aud": "another client"}, "audience"),
        ({"aud": [CLIENT, "another client"]}, "audience"),
        ({"aud": [CLIENT, "another client"], "azp": "another client"}, "audience"),
        ({"aud": None}, "missing_claim"),
        ({"azp": "another client"}, "audience"),
        ({"exp": NOW - 3600}, "expired"),
        ({"exp": None}, "missing_claim"),
        ({"iat": NOW + 7200, "exp": NOW + 7300}, "not_yet"),
        ({"nbf": NOW + 7200}, "not_yet"),
        ({"iss": "https://fremmed.example"}, "issuer"),
        ({"iss": None}, "missing_claim"),
        ({"sub": None}, "missing_claim"),
        ({"sub": ""}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"sub": "person-2"}, "userinfo"),
        ({"at_hash": "of another access token"}, "at_hash"),
        ({"auth_time": NOW - 11 * 3600}, "logged_in_too_long_ago"),
    ],
)
def test_an_id_token_that_is_not_for_us_now_and_this_login_is_worth_nothing(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn, lies: Any, why: str, caplog: Any
) -> None:
    idp.lies = lies
    nobody_came_in(client, log_in())
    assert f"why={why}" in caplog.text


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"algorithm": "none"}, "algorithm"),
        ({"algorithm": "HS256"}, "algorithm"),
        ({"signs_with": "a stranger's key"}, "signature"),
        ({"signs_with": "a stranger's key", "more_headers": {"kid": "unknown"}}, "key"),
        ({"signs_with": "a stranger's key", "more_headers": {"kid": "x", "jku": "http://127.0.0.1:1/jwks"}}, "key"),
        ({"algorithm": "PS256"}, "key"),
    ],
)
def test_a_token_that_the_providers_key_has_not_signed_is_worth_nothing(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn, how: dict[str, Any], why: str, caplog: Any
) -> None:
    for name, value in how.items():
        setattr(idp, name, value)
    nobody_came_in(client, log_in())
    assert f"why={why}" in caplog.text


def test_a_key_that_a_token_brings_along_is_not_looked_at(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    idp.signs_with = "a stranger's key"
    own = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key("a stranger's key").public_key()))
    idp.more_headers = {"jwk": own}
    nobody_came_in(client, log_in())


def test_a_short_key_is_not_taken() -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(short.public_key()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        token = jwt.encode({"iss": "i", "sub": "s", "aud": "a", "exp": NOW + 60, "iat": NOW}, short, "RS256")
    with pytest.raises(tokens.Refused, match="key"):
        tokens.read(token, {"keys": [public]}, issuer="i", client_id="a", nonce="n")


def test_a_new_key_is_fetched_and_nobody_can_make_us_fetch_it_again_and_again(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    assert log_in().status_code == 302
    idp.kid = idp.signs_with = "second"
    assert log_in().status_code == 302
    idp.more_headers = {"kid": "unknown"}
    before = idp.calls.count("/jwks")
    for _try in range(3):
        assert log_in().status_code == 403
    assert idp.calls.count("/jwks") == before


def test_an_answer_is_taken_once(client: Client, idp: IdentityProvider, rule: ClaimRule) -> None:
    back = go_there(client.post("/login/with/helsingoer"))
    assert client.get(back).status_code == 302
    client.post("/logout")
    assert client.get(back).status_code == 403 and "_auth_user_id" not in client.session
    code = parse_qs(urlsplit(back).query)["code"][0]
    fresh = parse_qs(urlsplit(address_of(client.post("/login/with/helsingoer"))).query)["state"][0]
    again = client.get(f"/login/with/helsingoer/done?{urlencode({'code': code, 'state': fresh})}")
    assert again.status_code == 403, "a code under another state: the proof key does not fit"


def test_another_browser_cannot_take_up_a_login(client: Client, idp: IdentityProvider, rule: ClaimRule) -> None:
    back = go_there(client.post("/login/with/helsingoer"))
    victim = Client()
    nobody_came_in(victim, victim.get(back))
    other = Client()
    other.post("/login/with/helsingoer")
    nobody_came_in(other, other.get(back))


@pytest.mark.parametrize(
    "query", ["", "state=", "code=x", "state=x&code=y", "error=access_denied", "state=%00&code=%0d%0a"]
)
def test_an_answer_to_no_question_is_refused(client: Client, idp: IdentityProvider, query: str) -> None:
    nobody_came_in(client, client.get(f"/login/with/helsingoer/done?{query}"))


def test_an_answer_at_the_other_providers_door_is_refused(
    client: Client, idp: IdentityProvider, foreign: IdentityProvider, rule: ClaimRule
) -> None:
    back = go_there(client.post("/login/with/helsingoer"))
    nobody_came_in(client, client.get(back.replace("helsingoer", "anden")))
    back = go_there(client.post("/login/with/helsingoer"))
    nobody_came_in(client, client.get(back.replace(urlencode({"iss": idp.issuer}), urlencode({"iss": foreign.issuer}))))


def test_a_provider_whose_document_names_another_issuer_is_not_asked(
    client: Client, idp: IdentityProvider, foreign: IdentityProvider, rule: ClaimRule
) -> None:
    idp.document["issuer"] = foreign.issuer
    assert client.post("/login/with/helsingoer").status_code == 403
    assert idp.asked == []


@pytest.mark.parametrize(
    "wrong", ["http://intern.example/token", "file:///etc/passwd", "http://127.0.0.1@evil.example/"]
)
def test_a_document_cannot_send_our_secret_in_the_clear_or_elsewhere(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn, wrong: str
) -> None:
    idp.document["token_endpoint"] = wrong
    nobody_came_in(client, log_in())


def test_redirects_and_endless_answers_of_a_provider_are_not_followed(client: Client, idp: IdentityProvider) -> None:
    moved = Careful().request("GET", address_of(client.post("/login/with/helsingoer")))
    assert moved.status_code == 302 and not moved.history
    idp.document["x"] = "x" * 600_000
    with pytest.raises(requests.RequestException):
        Careful().request("GET", f"{idp.issuer}/.well-known/openid-configuration")


def test_another_provider_naming_a_colleagues_address_does_not_become_the_colleague(
    client: Client, idp: IdentityProvider, foreign: IdentityProvider, log_in: LogIn
) -> None:
    boss = User.objects.create_superuser("chef@kommune.example", "et langt og godt kodeord", name="Chef")
    rule_for("nrs", provider="anden")
    foreign.person |= {"email": "CHEF@kommune.example", "email_verified": True, "groups": ["nrs"]}
    answer = log_in("anden")
    nobody_came_in(client, answer, users=1)
    assert "konto med din mailadresse" in answer.content.decode()
    boss.refresh_from_db()
    assert boss.last_login is None


def test_the_same_subject_of_another_issuer_is_another_person(
    client: Client, idp: IdentityProvider, foreign: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    log_in()
    foreign.person |= {"sub": "person-1", "email": "en@anden.example", "groups": ["nrs-konsulent"]}
    other = Client()
    assert log_in("anden", browser=other).status_code == 403
    rule_for("nrs-konsulent", provider="anden")
    assert log_in("anden", browser=other).status_code == 302
    assert other.session["_auth_user_id"] != client.session["_auth_user_id"]


@pytest.mark.parametrize(
    "said", [{"email": None}, {"email": "ingen adresse"}, {"email": ["a@b.example"]}, {"email_verified": False}]
)
def test_no_account_is_made_with_an_address_that_nobody_has_proved(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn, said: Any
) -> None:
    idp.person |= said
    nobody_came_in(client, log_in())


@pytest.mark.parametrize("sub", ["0101701234", "010170-1234"])
def test_a_cpr_number_is_never_kept_as_a_name(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn, sub: str
) -> None:
    idp.person["sub"] = sub
    nobody_came_in(client, log_in())


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\r\nX: 1",
    ],
)
def test_nobody_is_led_elsewhere_after_a_login(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn, wanted: str
) -> None:
    assert log_in(next=wanted).url == "/queue"


def test_a_switched_off_account_stays_out(
    client: Client, idp: IdentityProvider, rule: ClaimRule, log_in: LogIn
) -> None:
    log_in()
    User.objects.update(is_active=False)
    assert log_in(browser=(other := Client())).status_code == 403 and "_auth_user_id" not in other.session
    assert client.get("/queue").status_code == 302


def test_another_site_cannot_begin_a_login(idp: IdentityProvider) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/login/with/helsingoer").status_code == 403
    assert strict.get("/login/with/helsingoer").status_code == 405


def test_the_session_gets_a_new_name_at_the_login(client: Client, idp: IdentityProvider, rule: ClaimRule) -> None:
    back = go_there(client.post("/login/with/helsingoer"))
    before = client.session.session_key
    client.get(back)
    assert client.session.session_key != before


def test_the_way_back_is_ours_whatever_the_host_header_says(
    client: Client, idp: IdentityProvider, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    page = client.post("/login/with/helsingoer", HTTP_HOST="evil.example")
    asked = parse_qs(urlsplit(address_of(page)).query)
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/login/with/helsingoer/done"]


def test_no_page_of_allauth_has_an_address() -> None:
    for name in ("account_login", "account_signup", "account_reset_password", "socialaccount_connections"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    assert not any("allauth" in str(getattr(one, "callback", "")) for one in get_resolver().url_patterns)


def test_allauths_own_tables_stay_empty(idp: IdentityProvider, rule: ClaimRule, log_in: LogIn) -> None:
    assert log_in().status_code == 302
    tables = [*apps.get_app_config("account").get_models(), *apps.get_app_config("socialaccount").get_models()]
    assert [model.__name__ for model in tables if model._default_manager.exists()] == []


GOOD = {"id": "a", "name": "A", "issuer": "https://a.example", "client_id": "nrs", "client_secret": "hemmelig"}


@pytest.mark.parametrize(
    "wrong",
    [
        "no json",
        "{}",
        json.dumps([{**GOOD, "issuer": "http://a.example"}]),
        json.dumps([{**GOOD, "issuer": "http://127.0.0.1:1"}]),
        json.dumps([{**GOOD, "issuer": "https://user:pw@a.example"}]),
        json.dumps([{**GOOD, "client_secret": ""}]),
        json.dumps([{**GOOD, "id": "A/B"}]),
        json.dumps([{**GOOD, "scope": "profile"}]),
        json.dumps([{**GOOD, "verify": False}]),
        json.dumps([{**GOOD, "strong_acr": "high"}]),
        json.dumps([GOOD, {**GOOD, "id": "b"}]),
        json.dumps([GOOD, {**GOOD, "issuer": "https://b.example"}]),
    ],
)
def test_a_nonsensical_provider_stops_the_start_and_the_message_holds_no_secret(wrong: str, tmp_path: Any) -> None:
    values = {"SECRET_KEY": "k" * 60, "DATA_DIR": str(tmp_path), "OIDC_PROVIDERS": wrong}
    with pytest.raises(ImproperlyConfigured, match="OIDC_PROVIDERS") as refused:
        env.read(values)
    assert "hemmelig" not in str(refused.value)


def test_a_good_provider_is_read_and_its_secret_is_not_printed(tmp_path: Any) -> None:
    values = {"SECRET_KEY": "k" * 60, "DATA_DIR": str(tmp_path)}
    found = env.read(values | {"OIDC_PROVIDERS": json.dumps([{**GOOD, "strong_acr": ["high"]}])})
    assert found.oidc_providers["a"].strong_acr == {"high"} and "hemmelig" not in repr(found)
    assert env.read(values).oidc_providers == {}
    cache.clear()
