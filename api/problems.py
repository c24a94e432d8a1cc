"""Every refusal as `application/problem+json` (RFC 9457), in the reader's language.

Members: `type, title, status, detail, code, instance`, for input `errors: [{pointer, code, detail}]`, for
steps `allowed`, for stale decisions `changed, changed_by, version`. `code` is stable; texts are not. Wrong
input is a 400 whatever found it; 422 is only an Idempotency-Key used for another call.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core import exceptions as django_errors
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults
from rest_framework import exceptions as drf_errors
from rest_framework.response import Response

from api.flatten import flatten
from api.renderers import JSONRenderer, to_json
from events.errors import DomainError, FieldProblem, Invalid, Stale

CONTENT_TYPE = "application/problem+json"
API_PREFIX = "/api/"
#: Path parameters that must never be repeated to anybody.
SECRETS = ("secret", "token")

logger = logging.getLogger("nrs.api")

TITLES = {
    400: gettext_lazy("The request cannot be understood"),
    401: gettext_lazy("Log in first"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    406: gettext_lazy("Format not available"),
    409: gettext_lazy("Not possible now"),
    412: gettext_lazy("Changed in the meantime"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Media type not supported"),
    422: gettext_lazy("The input has errors"),
    428: gettext_lazy("Version needed"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong here"),
    503: gettext_lazy("Not available right now"),
}


class Problem(drf_errors.APIException):
    """A refusal by the API itself: status, stable code, text, and further members or headers."""

    def __init__(
        self, status: int, code: str, detail: Any, *, headers: Mapping[str, str] | None = None, **extra: Any
    ) -> None:
        """`extra` becomes members of the document."""
        super().__init__(detail, code)
        self.status_code = status
        self.code = code
        self.headers = dict(headers or {})
        self.extra = extra


#: Default texts of events.errors, named here so that they get translated.
DOMAIN_TEXTS = (
    gettext_lazy("The input has errors."),
    gettext_lazy("Not found."),
    gettext_lazy("You are not allowed to do this."),
    gettext_lazy("This step is not possible now."),
    gettext_lazy("It was changed by somebody else in the meantime."),
)


def handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None for what is nobody's fault but ours: that goes to `server_error`."""
    request = context.get("request")
    answer = _of_domain(exc) or _of_drf(exc) or _of_django(exc)
    if answer is None:
        return None
    status, code, detail, extra, headers = answer
    if status in (401, 403):
        logger.warning("denied status=%s code=%s view=%s", status, code, _view_name(request))
    if request is not None:
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
    document = problem(status, code, detail, instance=instance_of(request), **extra)
    return Response(document, status=status, headers=headers, content_type=CONTENT_TYPE)


def problem(status: int, code: str, detail: Any, *, instance: str = "", **extra: Any) -> dict[str, Any]:
    """The document, with the standard members first."""
    document = {
        "type": f"urn:nrs:problem:{code}",
        "title": str(TITLES.get(status) or HTTPStatus(status).phrase),
        "status": status,
        "detail": str(detail),
        "code": code,
        "instance": instance,
    }
    return document | {name: value for name, value in extra.items() if name not in document}


def instance_of(request: Any) -> str:
    """The path that was called, without query, with secrets masked."""
    if request is None:
        return ""
    path = str(request.path)
    match = getattr(request, "resolver_match", None)
    for name in SECRETS:
        value = (match.kwargs if match else {}).get(name)
        if value:
            path = path.replace(str(value), "***")
    return path


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler404`: a problem under /api/, the web's page elsewhere."""
    if not request.path.startswith(API_PREFIX):
        return defaults.page_not_found(request, exception or Http404())
    return _plain(request, 404, "not_found", _("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: says nothing about the cause, which is in the log."""
    if not request.path.startswith(API_PREFIX):
        return defaults.server_error(request)
    return _plain(request, 500, "server_error", _("The error is ours. Nothing was saved."))


def _plain(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    document = problem(status, code, detail, instance=instance_of(request))
    return HttpResponse(to_json(document), status=status, content_type=CONTENT_TYPE)


#: status, code, detail, further members, headers
Answer = tuple[int, str, Any, dict[str, Any], dict[str, str]]


def _of_domain(exc: Exception) -> Answer | None:
    if not isinstance(exc, DomainError):
        return None
    extra, headers = dict(exc.extra), {}
    if isinstance(exc, Invalid):
        extra["errors"] = [_entry(found) for found in exc.errors]
        return exc.status, exc.code, _(str(exc.message)), extra, headers
    if isinstance(exc, Stale):
        headers["ETag"] = f'"{exc.version}"'
    # events.errors is pure: its default texts are English and find their translation here.
    return (
        exc.status,
        exc.code,
        _(str(exc)) if exc.message and str(exc) else _("Not possible."),
        extra,
        headers,
    )


def _entry(found: FieldProblem) -> dict[str, str]:
    return {"pointer": found.pointer, "code": found.code, "detail": str(found.detail)}


def _of_drf(exc: Exception) -> Answer | None:
    if isinstance(exc, Problem):
        return exc.status_code, exc.code, exc.detail, exc.extra, exc.headers
    if isinstance(exc, drf_errors.ValidationError):
        return 400, "invalid", _("The input has errors."), {"errors": flatten(exc.get_full_details())}, {}
    if not isinstance(exc, drf_errors.APIException):
        return None
    headers: dict[str, str] = {}
    if auth := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = auth
    if (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    codes = exc.get_codes()
    return exc.status_code, codes if isinstance(codes, str) else "error", exc.detail, {}, headers


def _of_django(exc: Exception) -> Answer | None:
    match exc:
        case Http404():
            return 404, "not_found", _("Not found."), {}, {}
        case django_errors.PermissionDenied():
            return 403, "not_allowed", _("You are not allowed to do this."), {}, {}
        case RequestDataTooBig():
            return 413, "too_large", _("The body is larger than allowed."), {}, {}
        case SuspiciousOperation() | UnreadablePostError():
            return 400, "bad_request", _("The request cannot be read."), {}, {}
        case OverflowError() | DataError():
            logger.warning("value out of range: %s", type(exc).__name__)
            return 400, "out_of_range", _("A number or a date is larger than can be stored."), {}, {}
        case IntegrityError():
            logger.exception("a constraint refused what no rule had refused")
            return 409, "conflict", _("This is in conflict with something saved already."), {}, {}
        case OperationalError():
            logger.exception("the database did not answer")
            text = _("The database is busy. Nothing was saved; try again.")
            return 503, "unavailable", text, {}, {"Retry-After": "5"}
    return None


def _view_name(request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    return match.view_name if match else "?"
