"""The identity providers that may log somebody in: a list from the environment, typed and checked. No Django."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
NEEDED = ("id", "name", "issuer", "client_id", "client_secret")


@dataclass(frozen=True, slots=True)
class Provider:
    """One identity provider. `issuer` is compared letter by letter, in its own document and in every token."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = "openid profile email"
    #: Answers that count as two steps, so that ours is not asked for: values of `acr`, or of the list `amr`.
    strong_acr: frozenset[str] = frozenset()
    strong_amr: frozenset[str] = frozenset()


class Nonsense(ValueError):
    """A provider that cannot be used; the sentence says what to mend, and never repeats a secret."""


def read(text: str, *, is_production: bool) -> dict[str, Provider]:
    """The providers of `OIDC_PROVIDERS` (a JSON list of objects) by id. Raises Nonsense."""
    if not text.strip():
        return {}
    try:
        rows = json.loads(text)
    except ValueError:
        raise Nonsense("OIDC_PROVIDERS is no JSON: a list of objects, see docs/operations.md.") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Nonsense("OIDC_PROVIDERS must be a JSON list of objects.")
    found = [_provider(row, is_production=is_production) for row in rows]
    for what in ("id", "issuer"):
        if len({getattr(one, what) for one in found}) < len(found):
            raise Nonsense(f"OIDC_PROVIDERS names the same {what} twice.")
    return {one.id: one for one in found}


def _provider(row: dict[str, Any], *, is_production: bool) -> Provider:
    unknown = sorted(set(row) - {one.name for one in fields(Provider)})
    missing = [name for name in NEEDED if not row.get(name)]
    if unknown or missing:
        raise Nonsense(f"OIDC_PROVIDERS: missing {missing}, unknown {unknown}.")
    lists = {name: _texts(row, name) for name in ("strong_acr", "strong_amr")}
    texts = {name: row[name] for name in (*NEEDED, "scope") if name in row}
    if not all(isinstance(value, str) for value in texts.values()):
        raise Nonsense("OIDC_PROVIDERS: id, name, issuer, client_id, client_secret and scope are texts.")
    if not SLUG.fullmatch(texts["id"]):
        raise Nonsense("OIDC_PROVIDERS: an id has 1 to 40 small letters, digits and hyphens.")
    if "openid" not in texts.get("scope", "openid").split():
        raise Nonsense("OIDC_PROVIDERS: scope must hold openid.")
    if not is_usable(texts["issuer"], is_production=is_production) or urlsplit(texts["issuer"]).query:
        raise Nonsense("OIDC_PROVIDERS: an issuer is an https:// address without a query.")
    return Provider(**texts, **lists)


def _texts(row: dict[str, Any], name: str) -> frozenset[str]:
    values = row.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise Nonsense(f"OIDC_PROVIDERS: {name} is a list of texts.")
    return frozenset(values)


def is_usable(address: str, *, is_production: bool) -> bool:
    """Whether we speak with that address: TLS, or this machine while it is no production."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.username or parts.password or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK and not is_production)
