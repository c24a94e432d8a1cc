"""Decorators that turn a method naming a service into a POST or PATCH with all of the API's conventions.

The method gets what was validated and returns what the service gave: an object (answered fresh, with its
ETag), plain data, or nothing (204). Body, If-Match and Idempotency-Key are read here and nowhere else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.conditional import require_if_match
from api.idempotency import once
from api.serializers import Nothing

Serializer = type[serializers.Serializer[Any]]
Method = Callable[..., Any]
IF_MATCH = "If-Match"
IDEMPOTENCY_KEY = "Idempotency-Key"


def step(
    name: str | None = None,
    *,
    takes: Serializer = Nothing,
    gives: Serializer | None = None,
    status: int = 200,
    versioned: bool = True,
) -> Callable[[Method], Method]:
    """POST `{id}/<name>` for `def claim(self, id, version, body)`; name defaults to the method's, with
    dashes.

    `versioned=False` for steps that decide on no version (a new nomination, a screening): version is None
    then.
    """

    def wrap(method: Method) -> Method:
        def run(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            version = require_if_match(request) if versioned else None
            values = body_of(self, request, takes)
            key = kwargs[self.lookup_url_kwarg]
            return once(
                request, lambda: self.answer(method(self, key, version, values), status, gives), again=self.again
            )

        headers = (IF_MATCH, IDEMPOTENCY_KEY) if versioned else (IDEMPOTENCY_KEY,)
        run = _dressed(run, method, headers)
        path = name or method.__name__.replace("_", "-")
        run = action(detail=True, methods=["post"], url_path=path, url_name=path)(run)
        return _documented(run, takes, gives, status)

    return wrap


def bulk(
    name: str | None = None,
    *,
    takes: Serializer | None = Nothing,
    gives: Serializer | None = None,
    status: int = 200,
    parsers: Sequence[type[BaseParser]] = (),
    documents: Any = None,
) -> Callable[[Method], Method]:
    """POST `<name>` on the collection for `def present(self, body)`: several at once, or an import.

    With `takes=None` the body is whatever the `parsers` gave (bytes); `documents` then describes it in the
    schema.
    """

    def wrap(method: Method) -> Method:
        def run(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            values = request.data if takes is None else body_of(self, request, takes)
            return once(request, lambda: self.answer(method(self, values), status, gives), again=self.again)

        run = _dressed(run, method, (IDEMPOTENCY_KEY,))
        path = name or method.__name__.replace("_", "-")
        extra = {"parser_classes": list(parsers)} if parsers else {}
        run = action(detail=False, methods=["post"], url_path=path, url_name=path, **extra)(run)
        return _documented(run, takes or documents, gives, status)

    return wrap


def creates(
    takes: Serializer, *, gives: Serializer | None = None, status: int = 201, key_required: bool = False
) -> Callable[[Method], Method]:
    """POST on the collection for `def create(self, body)`: 201 with Location and ETag."""

    def wrap(method: Method) -> Method:
        def run(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            values = body_of(self, request, takes)
            return once(
                request,
                lambda: self.answer(method(self, values), status, gives),
                required=key_required,
                again=self.again,
            )

        run = _dressed(run, method, (IDEMPOTENCY_KEY,))
        run.key_required = key_required  # type: ignore[attr-defined]
        return _documented(run, takes, gives, status)

    return wrap


def changes(takes: Serializer, *, gives: Serializer | None = None) -> Callable[[Method], Method]:
    """PATCH `{id}` for `def partial_update(self, id, version, body)`; the body holds only what is to
    change.
    """

    def wrap(method: Method) -> Method:
        def run(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            version = require_if_match(request)
            values = body_of(self, request, takes, partial=True)
            key = kwargs[self.lookup_url_kwarg]
            return once(request, lambda: self.answer(method(self, key, version, values), 200, gives), again=self.again)

        run = _dressed(run, method, (IF_MATCH, IDEMPOTENCY_KEY))
        return _documented(run, takes, gives, 200)

    return wrap


def body_of(view: Any, request: Request, takes: Serializer, *, partial: bool = False) -> dict[str, Any]:
    """The validated body. Raises ValidationError."""
    serializer = takes(data=request.data, partial=partial, context=view.get_serializer_context())
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _dressed(run: Method, method: Method, headers: tuple[str, ...]) -> Method:
    functools.update_wrapper(run, method)
    del run.__wrapped__  # type: ignore[attr-defined]
    run.reads_headers = headers  # type: ignore[attr-defined]
    return run


def _documented(run: Method, takes: Any, gives: Any, status: int) -> Method:
    if gives is None:
        return extend_schema(request=takes)(run)
    return extend_schema(request=takes, responses={status: gives})(run)
