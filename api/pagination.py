"""Pages with a count for bounded lists; signed, typed cursors for what grows without end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from api.filters import BadQuery
from events.restoring import is_from_elsewhere

DEFAULT_SIZE = 50
MAX_SIZE = 200
MAX_PAGE = 1_000_000


def whole_number(request: Request, name: str, default: int, highest: int) -> int:
    """A query parameter from 1 to `highest`. Raises BadQuery."""
    given = request.query_params.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 12 and 1 <= int(given) <= highest):
        raise BadQuery(name, "out_of_range", _("A whole number from 1 to %(highest)d.") % {"highest": highest})
    return int(given)


class Pages(BasePagination):
    """`?page=&page_size=` (at most 200): `{count, page, page_size, next, previous, results}`. Past the end
    it is empty.
    """

    parameters: ClassVar[tuple[str, ...]] = ("page", "page_size")

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        """The rows of the page; two queries whatever the size. Counted without the joins that only the rows need."""
        self.read(request)
        self.count = queryset.count()
        return list(view.as_rows(queryset)[self.start : self.start + self.size]) if self.start < self.count else []

    def read(self, request: Request) -> None:
        """Take page and size from the query. Raises BadQuery."""
        self.request = request
        self.page = whole_number(request, "page", 1, MAX_PAGE)
        self.size = whole_number(request, "page_size", DEFAULT_SIZE, MAX_SIZE)
        self.start = (self.page - 1) * self.size

    def get_paginated_response(self, data: Any) -> Response:
        """The envelope."""
        return Response(
            {
                "count": self.count,
                "page": self.page,
                "page_size": self.size,
                "next": self._link(self.page + 1) if self.page * self.size < self.count else None,
                "previous": self._link(self.page - 1) if self.page > 1 else None,
                "results": data,
            }
        )

    def _link(self, page: int) -> str:
        query = self.request.query_params.copy()
        query["page"] = str(page)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope's schema."""
        link = {"type": ["string", "null"], "format": "uri"}
        number = {"type": "integer"}
        return {
            "type": "object",
            "required": ["count", "page", "page_size", "next", "previous", "results"],
            "properties": {
                "count": number,
                "page": number,
                "page_size": number,
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The query parameters' schema."""
        return [
            _parameter("page", {"type": "integer", "minimum": 1, "default": 1}),
            _parameter("page_size", {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE}),
        ]


class CursorPages(BasePagination):
    """`?cursor=&page_size=`: `{next, next_cursor, results}`, ordered by the view's `cursor_fields`, all one
    way.

    The view names `cursor_fields` such as `("created_at", "id")`, the last unique, or with a minus on each
    for newest first. Cursors are signed and bound to the path, so that nobody can make one up or
    take it elsewhere.
    """

    parameter: ClassVar[str] = "cursor"
    #: A feed gives a cursor even at its end, to go on from later.
    endless: ClassVar[bool] = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the query parameters."""
        return (self.parameter, "page_size")

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        """Rows after the cursor: one query. Raises BadQuery for a cursor that is not one of ours."""
        self.request = request
        self.size = whole_number(request, "page_size", DEFAULT_SIZE, MAX_SIZE)
        self.fields = tuple(name.lstrip("-") for name in view.cursor_fields)
        self.given = request.query_params.get(self.parameter)
        ordered = view.as_rows(queryset).order_by(*view.cursor_fields)
        self.begun_after: list[Any] | None = None
        if self.given:
            self.begun_after = self._read(self.given, queryset.model)
            ordered = ordered.filter(_beyond(self.fields, self.begun_after, view.cursor_fields[0].startswith("-")))
        rows = list(ordered[: self.size + 1])
        self.has_more = len(rows) > self.size
        rows = rows[: self.size]
        self.last = self._values_of(rows[-1], view) if rows else None
        return rows

    def _values_of(self, row: Any, view: Any) -> list[Any]:
        if isinstance(row, Model):
            return [_follow(row, name) for name in self.fields]
        if isinstance(row, Mapping):
            return [row[name] for name in self.fields]
        sources: Sequence[str] = view.row_sources()
        return [row[sources.index(name)] for name in self.fields]

    def _salt(self) -> str:
        return f"nrs.cursor:{self.request.path}"

    def _read(self, token: str, model: type[Model]) -> list[Any]:
        refused = BadQuery(self.parameter, "bad_cursor", _("This cursor is not one that was given here."))
        try:
            values = signing.loads(token[:2000], salt=self._salt())
            if not isinstance(values, list) or len(values) != len(self.fields):
                raise refused
            return [_field(model, name).to_python(value) for name, value in zip(self.fields, values, strict=True)]
        except (signing.BadSignature, ValidationError, FieldDoesNotExist, ValueError, TypeError):
            raise refused from None

    def get_paginated_response(self, data: Any) -> Response:
        """The envelope."""
        token = self.given if self.endless else None
        if self.last is not None and (self.has_more or self.endless):
            token = signing.dumps([_plain(value) for value in self.last], salt=self._salt())
        return Response({"next": self._link(token), "next_cursor": token, "results": data})

    def _link(self, token: str | None) -> str | None:
        if token is None:
            return None
        query = self.request.query_params.dict() | {self.parameter: token}
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode(query)}")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope's schema."""
        return {
            "type": "object",
            "required": ["next", "next_cursor", "results"],
            "properties": {
                "next": {"type": ["string", "null"], "format": "uri"},
                "next_cursor": {"type": ["string", "null"]},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The query parameters' schema."""
        return [
            _parameter(self.parameter, {"type": "string"}),
            _parameter("page_size", {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE}),
        ]


class FeedPages(CursorPages):
    """`?after=`: a cursor is given back even when there is nothing new."""

    parameter = "after"
    endless = True

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        """The page. Raises BadQuery for a cursor from before a restore, behind which nothing would ever come."""
        rows = super().paginate_queryset(queryset, request, view)
        if not rows and self.begun_after is not None and is_from_elsewhere(self.begun_after[0]):
            text = _("This cursor is from before the database was restored. Begin anew without it.")
            raise BadQuery(self.parameter, "bad_cursor", text)
        return rows


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _field(model: type[Model], path: str) -> Any:
    field: Any = None
    current: Any = model
    for part in path.split("__"):
        field = current._meta.get_field(part)
        current = field.related_model
    return field


def _follow(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, str)) else str(value)


def _beyond(fields: Sequence[str], values: Sequence[Any], descending: bool) -> Q:
    """(a, b) > (x, y), spelled so that every database understands it."""
    word = "lt" if descending else "gt"
    beyond = Q()
    for index, name in enumerate(fields):
        same = {fields[before]: values[before] for before in range(index)}
        beyond |= Q(**same, **{f"{name}__{word}": values[index]})
    # The bound on the first field alone lets the index be used.
    return beyond & Q(**{f"{fields[0]}__{word}e": values[0]})
