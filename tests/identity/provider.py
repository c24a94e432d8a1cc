"""An identity provider on the loopback: discovery, keys, authorize, token and userinfo, as OpenID Connect Core says.

It keeps the rules of the code flow itself (redirect address registered, PKCE S256, a code good once, client secret),
signs with a real RSA key, and can be told to lie in the ways that `lies` names.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "nrs", "a secret that only the two know"
_keys: dict[str, rsa.RSAPrivateKey] = {}


def key(name: str) -> rsa.RSAPrivateKey:
    """A key, made once per test run."""
    if name not in _keys:
        _keys[name] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return _keys[name]


class IdentityProvider(ThreadingHTTPServer):
    """One provider with one person at its desk."""

    daemon_threads = True

    def __init__(self, redirect_uri: str) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.redirect_uri = redirect_uri
        self.kid = "first"
        self.person: dict[str, Any] = {"sub": "person-1", "email": "ny@kommune.example", "name": "Ny Medarbejder"}
        self.userinfo: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, str] = {}
        self.asked: list[dict[str, str]] = []
        self.calls: list[str] = []
        #: Changes of the id token's claims (None takes one out), and what signs it.
        self.lies: dict[str, Any] = {}
        self.signs_with = "first"
        self.algorithm = "RS256"
        self.document: dict[str, Any] = {}
        self.more_headers: dict[str, Any] = {}

    def discovery(self) -> dict[str, Any]:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }
        return found | self.document

    def jwks(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key(self.kid).public_key()))
        return {"keys": [{"kid": self.kid, "use": "sig", "alg": "RS256", **public}]}

    def authorize(self, query: dict[str, str]) -> tuple[int, str]:
        """The person has logged in here; gives the address to go back to."""
        self.asked.append(query)
        wanted = {"client_id": CLIENT, "response_type": "code", "code_challenge_method": "S256"}
        if query.get("redirect_uri") != self.redirect_uri or any(query.get(k) != v for k, v in wanted.items()):
            return 400, ""
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return 302, f"{self.redirect_uri}?{urlencode({'code': code, 'state': query['state'], 'iss': self.issuer})}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Trade a code in, once, by who began; None is a refusal."""
        begun = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        is_right = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if begun is None or not is_right or challenge.rstrip(b"=").decode() != begun["code_challenge"]:
            return None
        access = secrets.token_urlsafe(16)
        self.tokens[access] = self.person["sub"]
        return {"access_token": access, "token_type": "Bearer", "id_token": self.id_token(begun, access)}

    def id_token(self, begun: dict[str, str], access: str) -> str:
        now = int(time.time())
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "auth_time": now}
        claims |= {"nonce": begun["nonce"], "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode()}
        claims |= self.person | self.lies
        claims = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": self.kid} | self.more_headers
        if self.algorithm == "none":
            return jwt.encode(claims, None, "none", headers)
        if self.algorithm == "HS256":
            return jwt.encode(claims, SECRET * 2, "HS256", headers)
        return jwt.encode(claims, key(self.signs_with), self.algorithm, headers)


class Desk(BaseHTTPRequestHandler):
    """The provider's addresses."""

    server: IdentityProvider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.calls.append(parts.path)
        if parts.path == "/.well-known/openid-configuration":
            self.tell(200, self.server.discovery())
        elif parts.path == "/jwks":
            self.tell(200, self.server.jwks())
        elif parts.path == "/authorize":
            status, back = self.server.authorize(query)
            self.tell(status, {}, {"Location": back} if back else {})
        elif parts.path == "/userinfo":
            sub = self.server.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            self.tell(200, {"sub": sub} | self.server.userinfo) if sub else self.tell(401, {})
        else:
            self.tell(404, {})

    def do_POST(self) -> None:
        self.server.calls.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = self.server.token({name: values[0] for name, values in parse_qs(body).items()})
        self.tell(200, given) if given else self.tell(400, {"error": "invalid_grant"})

    def tell(self, status: int, what: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@contextmanager
def running(redirect_uri: str) -> Iterator[IdentityProvider]:
    """A provider that answers until the block is left."""
    server = IdentityProvider(redirect_uri)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
