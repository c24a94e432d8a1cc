"""What an id token is worth: signature, issuer, audience, time and the nonce of this very login (OIDC Core 3.1.3.7)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

import jwt

#: Signatures with the provider's own key. Neither `none` nor anything that our client secret could make.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
NEEDED = ("iss", "sub", "aud", "exp", "iat")
LEEWAY = 60  # seconds that two clocks may differ
LONGEST_SUBJECT = 255
SMALLEST_RSA = 2048


class Refused(Exception):
    """The answer of a provider is worth nothing. `code` says why, for tests and the log; it holds nobody's data."""

    def __init__(self, code: str) -> None:
        """Why."""
        super().__init__(code)
        self.code = code


def read(
    token: str,
    keys: dict[str, Any],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str = "",
    oldest_login: int | None = None,
) -> dict[str, Any]:
    """The claims of a token that is meant for us, now, and for this login. Raises Refused.

    `keys` is the provider's key set (RFC 7517); `oldest_login` is how many seconds ago the person may have logged in
    there, where the token says when.
    """
    algorithm, key = _key_of(token, keys)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=[algorithm],
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": list(NEEDED)},
        )
    except jwt.PyJWTError as error:
        raise Refused(_WHY.get(type(error).__name__, "invalid_token")) from None
    _require(hmac.compare_digest(_text(claims.get("nonce")), nonce.encode()), "nonce")
    _require(claims.get("azp", client_id) == client_id, "audience")
    audience = claims["aud"]
    _require(isinstance(audience, str) or len(audience) == 1 or "azp" in claims, "audience")
    subject = claims["sub"]
    _require(isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT, "subject")
    if "at_hash" in claims:
        _require(hmac.compare_digest(_text(claims["at_hash"]), _half_hash(access_token, algorithm)), "at_hash")
    if oldest_login is not None and isinstance(logged_in := claims.get("auth_time"), int):
        _require(logged_in > time.time() - oldest_login - LEEWAY, "logged_in_too_long_ago")
    return claims


_WHY = {
    "ExpiredSignatureError": "expired",
    "ImmatureSignatureError": "not_yet",
    "InvalidAudienceError": "audience",
    "InvalidIssuerError": "issuer",
    "InvalidSignatureError": "signature",
    "MissingRequiredClaimError": "missing_claim",
}


def needs_key(token: str) -> tuple[str, str]:
    """Algorithm and key id that the token's head names. Raises Refused for an algorithm that we do not take."""
    try:
        head = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise Refused("invalid_token") from None
    _require(head.get("alg") in ALGORITHMS, "algorithm")
    return head["alg"], str(head.get("kid", ""))


def has_key(keys: dict[str, Any], kid: str) -> bool:
    """Whether the key set holds that key, or just one where the token names none."""
    return len(_candidates(keys, kid)) == 1


def _key_of(token: str, keys: dict[str, Any]) -> tuple[str, Any]:
    """The provider's own key for this token: never one that the token brings along (`jwk`, `jku`, `x5u`)."""
    algorithm, kid = needs_key(token)
    found = _candidates(keys, kid)
    _require(len(found) == 1, "key")
    family = {"E": "EC"}.get(algorithm[0], "RSA")
    _require(found[0].get("kty") == family and found[0].get("alg", algorithm) == algorithm, "key")
    try:
        key = jwt.PyJWK.from_dict(found[0], algorithm=algorithm).key
    except jwt.PyJWTError:
        raise Refused("key") from None
    _require(family != "RSA" or key.key_size >= SMALLEST_RSA, "key")
    return algorithm, key


def _candidates(keys: dict[str, Any], kid: str) -> list[dict[str, Any]]:
    listed = keys.get("keys")
    signing = [key for key in listed or () if isinstance(key, dict) and key.get("use", "sig") == "sig"]
    return [key for key in signing if key.get("kid") == kid] if kid else signing


def _half_hash(access_token: str, algorithm: str) -> bytes:
    digest = hashlib.new(f"sha{algorithm[2:]}", access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")


def _text(value: object) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else b""


def _require(holds: bool, code: str) -> None:
    if not holds:
        raise Refused(code)
