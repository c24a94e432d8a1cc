"""Speaking with an identity provider: the code flow with PKCE, state and nonce, on django-allauth's client.

allauth keeps the state in the session, makes the PKCE pair and trades the code in. What its answer is worth is decided
here (ADR 7): allauth itself takes an id token without a look at its signature, and sends no nonce.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

import requests
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from accounts.identity import tokens
from accounts.identity.config import Provider, is_usable
from accounts.identity.tokens import Refused

KIND = "openid_connect"
WELL_KNOWN = "/.well-known/openid-configuration"
TIMEOUT = 5
LARGEST_ANSWER = 512 * 1024
#: How long a provider's document and keys are kept; an unknown key is looked up anew at most once a minute.
KEPT, KEYS_AGAIN = 600, 60
LOGIN, CONNECT = "login", "connect"


@dataclass(frozen=True, slots=True)
class Answer:
    """A proved answer: the claims, and what the person had set out to do."""

    provider: Provider
    claims: Mapping[str, Any]
    process: str
    next: str
    who: int | None

    @property
    def subject(self) -> str:
        """The person's name at the provider, which is never given to another."""
        return str(self.claims["sub"])

    @property
    def is_strong(self) -> bool:
        """Whether the provider says that the person logged in by two steps, in words that our settings know."""
        methods = self.claims.get("amr")
        amr = {one for one in methods if isinstance(one, str)} if isinstance(methods, list) else set()
        return self.claims.get("acr") in self.provider.strong_acr or bool(amr & self.provider.strong_amr)


class Careful(requests.Session):
    """Follows no redirect, waits five seconds, and takes no answer beyond half a megabyte."""

    def request(self, method: str, url: str, **more: Any) -> requests.Response:  # type: ignore[override]
        """Ask. Raises RequestException."""
        if not is_usable(url, is_production=settings.PRODUCTION):
            raise requests.exceptions.InvalidURL("not an https:// address")
        more |= {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
        answer = super().request(method, url, **more)
        body = answer.raw.read(LARGEST_ANSWER + 1, decode_content=True)
        answer.close()
        if len(body) > LARGEST_ANSWER:
            raise requests.exceptions.ContentDecodingError("too long an answer")
        answer._content, answer._content_consumed = body, True  # type: ignore[attr-defined]
        return answer


class Adapter(DefaultSocialAccountAdapter):
    """allauth's hooks: our careful session, a longer state, and providers from the environment only."""

    def get_requests_session(self) -> requests.Session:
        """For discovery, keys, tokens and user information."""
        return Careful()

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """256 random bits."""
        return secrets.token_urlsafe(32)

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """None: rows of a table could otherwise name a provider."""
        return []


class _Ends(OpenIDConnectOAuth2Adapter):
    """The provider's addresses, from a document that must name the issuer that we know."""

    def __init__(self, request: HttpRequest, provider: Provider) -> None:
        super().__init__(request, provider.id)
        self.known = provider

    def get_provider(self) -> _Client:
        return _Client(self.request, self.known)

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        return discovery(self.known)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return callback_address(self.known)


class _Client(OpenIDConnectProvider):
    """allauth's provider, bound to one of ours; PKCE always."""

    pkce_enabled_default = True

    def __init__(self, request: HttpRequest, provider: Provider) -> None:
        app = SocialApp(provider=KIND, provider_id=provider.id, name=provider.name, client_id=provider.client_id)
        app.secret, app.settings = provider.client_secret, {"scope": provider.scope.split()}
        super().__init__(request, app=app)
        self.known = provider

    def get_oauth2_adapter(self, request: HttpRequest) -> _Ends:
        return _Ends(request, self.known)


def callback_address(provider: Provider) -> str:
    """Where the provider sends the person back to: by our own address, whatever a Host header says."""
    return str(settings.BASE_URL + reverse("web:login-done", args=[provider.id]))


def begin(request: HttpRequest, provider: Provider, *, process: str, next: str, who: int | None) -> str:
    """The provider's address to go to; state, nonce and PKCE are kept in the session. Raises Refused."""
    nonce = secrets.token_urlsafe(32)
    data = {"nonce": nonce, "who": who}
    asked = {"nonce": nonce, "max_age": str(settings.SESSION_LONGEST)}
    try:
        answer = _Client(request, provider).redirect(request, process, next_url=next, data=data, auth_params=asked)
    except (OAuth2Error, requests.RequestException, KeyError, ValueError):
        raise Refused("provider_unreachable") from None
    if not is_usable(answer.url, is_production=settings.PRODUCTION):
        raise Refused("provider_unreachable")
    return str(answer.url)


def finish(request: HttpRequest, provider: Provider) -> Answer:
    """Take the provider's answer, once. Raises Refused."""
    state = statekit.unstash_state(request, provider_id=provider.id, state_id=request.GET.get("state", ""))
    if state is None:
        raise Refused("state")
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise Refused("issuer")  # RFC 9207: another provider's answer
    if "code" not in request.GET:
        raise Refused("cancelled" if request.GET.get("error") == "access_denied" else "provider_error")
    try:
        claims = _claims(request, provider, state)
    except (OAuth2Error, requests.RequestException, KeyError, ValueError):
        raise Refused("provider_error") from None
    return Answer(provider, claims, state["process"], state.get("next") or "", state["data"]["who"])


def _claims(request: HttpRequest, provider: Provider, state: dict[str, Any]) -> dict[str, Any]:
    ends = _Ends(request, provider)
    client = ends.get_client(request, ends.get_provider().app)
    given = client.get_access_token(request.GET["code"], pkce_code_verifier=state["pkce_code_verifier"])
    access_token = given["access_token"]
    if not isinstance(access_token, str) or not isinstance(given.get("id_token"), str):
        raise Refused("invalid_token")
    claims = tokens.read(
        given["id_token"],
        _keys(provider, given["id_token"]),
        issuer=provider.issuer,
        client_id=provider.client_id,
        nonce=state["data"]["nonce"],
        access_token=access_token,
        oldest_login=settings.SESSION_LONGEST,
    )
    if not ends.openid_config.get("userinfo_endpoint"):
        return claims
    told = ends._fetch_user_info(access_token)
    if not isinstance(told, dict) or told.get("sub") != claims["sub"]:
        raise Refused("userinfo")
    return {**told, **claims}


def discovery(provider: Provider) -> dict[str, Any]:
    """The provider's own document. Raises Refused where it names another issuer, RequestException where it is away."""
    found = _kept(_name("document", provider), provider.issuer.rstrip("/") + WELL_KNOWN)
    if found.get("issuer") != provider.issuer:
        raise Refused("issuer")
    return found


def end_address(provider: Provider) -> str:
    """Where a person may end the login at the provider too (RP-initiated logout); empty if there is no such place."""
    try:
        address = str(discovery(provider).get("end_session_endpoint") or "")
    except (Refused, requests.RequestException, ValueError):
        return ""
    if not is_usable(address, is_production=settings.PRODUCTION):
        return ""
    back = {"client_id": provider.client_id, "post_logout_redirect_uri": urljoin(settings.BASE_URL, "/")}
    return requests.Request("GET", address, params=back).prepare().url or ""


def _keys(provider: Provider, token: str) -> dict[str, Any]:
    _algorithm, kid = tokens.needs_key(token)
    address = discovery(provider)["jwks_uri"]
    keys = _kept(_name("keys", provider), address)
    if not tokens.has_key(keys, kid) and cache.add(_name("again", provider), True, KEYS_AGAIN):
        keys = _kept(_name("keys", provider), address, anew=True)
    return keys


def _name(what: str, provider: Provider) -> str:
    return f"identity-{what}-{hashlib.sha256(provider.issuer.encode()).hexdigest()}"


def _kept(name: str, address: str, *, anew: bool = False) -> dict[str, Any]:
    """A JSON object of a provider, kept for ten minutes."""
    found = None if anew else cache.get(name)
    if found is None:
        answer = Careful().request("GET", address)
        if answer.status_code != requests.codes.ok:
            raise requests.HTTPError("no document")
        found = answer.json()
        if not isinstance(found, dict):
            raise Refused("provider_error")
        cache.set(name, found, KEPT)
    return found
