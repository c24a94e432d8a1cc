"""Idempotency-Key: a call sent twice is done once, and gets the same answer twice.

The key's row is inserted first, in the transaction of the write: of two calls at the same moment the second
waits at the unique constraint and then finds the first one's answer. A refused call leaves no row, so that
it can be mended and sent again. Keys belong to one caller: the actor, or on public pages the address that
called (kept as a keyed digest only).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from api.models import IdempotencyKey
from api.problems import Problem, instance_of
from api.renderers import to_json
from api.sealing import digest_of, seal, unseal
from events import clock

KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("ETag", "Location")
REPLAYED = "Idempotent-Replayed"

_KEY = re.compile(r'^"?([A-Za-z0-9._:/+=@~-]{1,200})"?$')


def key_of(request: Request, *, required: bool = False) -> str | None:
    """The key of the call, None without one. Raises Problem 400 when it is malformed, or missing but
    required.
    """
    given = request.headers.get("Idempotency-Key", "").strip()
    if not given:
        if required:
            text = _("Send an Idempotency-Key (any unique text), so that a call sent twice is done once.")
            raise Problem(400, "idempotency_key_needed", text)
        return None
    found = _KEY.match(given)
    if found is None:
        text = _("An Idempotency-Key is 1 to 200 letters, digits and the signs . _ : / + = @ ~ -")
        raise Problem(400, "bad_idempotency_key", text)
    return found.group(1)


def once(
    request: Request,
    work: Callable[[], Response],
    *,
    required: bool = False,
    again: Callable[[Response], Response] | None = None,
) -> Response:
    """Run `work` in a transaction, or answer again what it answered before. Raises Problem 422 for another
    call. What is answered again goes through `again` first: a named candidate is shown, so it is logged.
    """
    key = key_of(request, required=required)
    if key is None:
        with transaction.atomic():
            return work()
    with transaction.atomic():
        mine = IdempotencyKey.objects.filter(scope=scope_of(request), key=digest_of(key))
        if not _claimed(request, key):
            answered = _replay(mine.get(), request, key)
            return again(answered) if again is not None else answered
        response = work()
        mine.update(
            status=response.status_code,
            body=seal(to_json(response.data), key),
            headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        )
        return response


def forget_old() -> int:
    """Delete the answers older than a day; the number of them. Called by the clock."""
    return IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()[0]


def scope_of(request: Request) -> str:
    """Who may be answered again: a digest of the actor, or of the address for the public."""
    actor: Any = getattr(request, "actor", None)
    if actor is None:
        who = f"public:{BaseThrottle().get_ident(request)}"
    else:
        parts = (actor.kind, actor.public_id, actor.user_id, actor.municipality, actor.company, actor.order)
        who = ":".join(str(part) for part in parts)
    return salted_hmac("nrs.idempotency", who, algorithm="sha256").hexdigest()


_CLAIM = """
INSERT INTO api_idempotencykey (scope, key, fingerprint, method_path, body, headers, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (scope, key) DO UPDATE SET
    fingerprint = excluded.fingerprint, method_path = excluded.method_path, created_at = excluded.created_at
WHERE api_idempotencykey.created_at < %s
"""


def _claimed(request: Request, key: str) -> bool:
    """Whether the key is this call's: new, or older than a day. One statement, which waits for a call of the moment."""
    now = clock.now()
    timed = connection.ops.adapt_datetimefield_value
    call = (scope_of(request), digest_of(key), _fingerprint(request), _method_path(request))
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [*call, b"", "{}", timed(now), timed(now - KEPT_FOR)])
        return bool(cursor.rowcount == 1)


def _replay(row: IdempotencyKey, request: Request, key: str) -> Response:
    if row.fingerprint != _fingerprint(request):
        text = _("This Idempotency-Key was used for another call. Take a new one.")
        raise Problem(422, "idempotency_key_reused", text)
    body = unseal(bytes(row.body), key)
    return Response(orjson.loads(body), status=row.status, headers={**row.headers, REPLAYED: "true"})


def _method_path(request: Request) -> str:
    return f"{request.method} {instance_of(request)}"[:300]  # secrets masked


def _fingerprint(request: Request) -> str:
    data = request.data
    body = data if isinstance(data, bytes) else orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    call = f"{request.method} {request.path}\n{request.headers.get('If-Match', '')}\n".encode()
    return hashlib.sha256(call + body).hexdigest()
