"""OpenAPI 3.1 by drf-spectacular, with what it cannot see: problems, ETag, If-Match, Idempotency-Key, `q`,
`ordering`.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular import openapi
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from api.problems import CONTENT_TYPE

HEADERS = {
    "If-Match": "The ETag of what the decision was made on. Missing: 428. Stale: 412.",
    "Idempotency-Key": "Unique text of the caller's: the same call sent twice is done once. Other body: 422.",
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `code` is stable, texts are not.",
    "required": ["type", "title", "status", "detail", "code", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body, or ?name"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "allowed": {"type": "array", "items": {"type": "string"}, "description": "steps possible now"},
        "changed": {"type": "array", "items": {"type": "string"}, "description": "what changed since (412)"},
        "changed_by": {"description": "who changed it (412)"},
        "version": {"type": "integer", "description": "the current version (412)"},
    },
}


class AutoSchema(openapi.AutoSchema):
    """One operation, completed."""

    def get_override_parameters(self) -> list[Any]:
        """Headers that the action reads, and the query parameters of lists."""
        return [*super().get_override_parameters(), *self._headers(), *self._query()]

    def get_response_serializers(self) -> Any:
        """Rows of a list are what `row_class` says, which is less than one object shows."""
        row = getattr(self.view, "row_class", None)
        return (
            row
            if row is not None and getattr(self.view, "action", "") == "list"
            else super().get_response_serializers()
        )

    def _action(self) -> Any:
        return getattr(self.view, getattr(self.view, "action", None) or "", None)

    def _headers(self) -> list[OpenApiParameter]:
        method = self._action()
        return [
            OpenApiParameter(
                name,
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                required=name == "If-Match" or getattr(method, "key_required", False),
                description=HEADERS[name],
            )
            for name in getattr(method, "reads_headers", ())
        ]

    def _query(self) -> list[OpenApiParameter]:
        view = self.view
        found = [OpenApiParameter(name, OpenApiTypes.STR) for name in getattr(view, "query_parameters", ())]
        if self.method != "GET" or getattr(view, "action", "") not in getattr(view, "list_actions", ()):
            return found
        if getattr(view, "search_fields", None) or hasattr(view, "search"):
            found.append(OpenApiParameter("q", OpenApiTypes.STR, description="text to look for"))
        if orderings := getattr(view, "ordering_fields", None):
            text = f"comma-separated, a minus turns it round: {', '.join(orderings)}"
            found.append(OpenApiParameter("ordering", OpenApiTypes.STR, description=text))
        return found

    def get_auth(self) -> list[dict[str, Any]]:
        """None needed at the named public addresses; otherwise token or session."""
        auth = super().get_auth()
        return [{}, *auth] if self.path.removeprefix("/api/v1/").startswith("intake/") else auth

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """The operation with problems as its error answers and the ETag on objects."""
        operation = super().get_operation(*args, **kwargs)
        if not operation:
            return operation
        for status, answer in operation["responses"].items():
            has_tag = getattr(self._action(), "reads_headers", None) or getattr(self.view, "action", "") == "retrieve"
            if status in ("200", "201") and has_tag:
                answer.setdefault("headers", {})["ETag"] = {"schema": {"type": "string"}}
        operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
        return operation


class BearerScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer`."""

    target_class = "api.authentication.TokenAuth"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The scheme."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    """The web's session cookie."""

    target_class = "api.authentication.SessionAuth"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The scheme."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def add_components(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Post-processing hook: the problem, once."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components.setdefault("responses", {})["Problem"] = {
        "description": "A problem",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return result
