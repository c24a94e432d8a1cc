"""What every resource is made of. A resource holds no rule: it names scope, serializers, filters and
services.

class JobOrders(Listed, Retrieved, Resource):
    model = JobOrder                       # JobOrder.objects.visible_to(actor)
    serializer_class = JobOrderOut         # one object
    row_class = JobOrderRow                # a row of the list, read by values_list; also the columns of the
    export export_name = "job-orders"             # ?format=csv and xlsx
    filterset_class = JobOrderFilter
    search_fields = ("title", "number")
    ordering_fields = {"due_at": "due_at"}

    @creates(JobOrderIn)
    def create(self, body): return services.submit(actor=self.actor, **body)

    @changes(JobOrderChange)
    def partial_update(self, id, version, body): ...

    @step(takes=ReassignIn)
    def reassign(self, id, version, body):
        return services.reassign(id, actor=self.actor, version=version, **body)

ROUTES = [("job-orders", JobOrders, "job-orders")]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api import export
from api.conditional import headers_for
from api.filters import BadQuery, refuse_unknown
from api.renderers import CSVRenderer, XLSXRenderer
from municipalities.actor import Actor


class Negotiation(DefaultContentNegotiation):
    """A `?format=` that does not exist is a 400, not a 404."""

    def filter_renderers(self, renderers: Any, format: str) -> Any:
        """Those of the format. Raises BadQuery."""
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            names = ", ".join(renderer.format for renderer in renderers)
            raise BadQuery("format", "unknown_format", _("Formats here: %(names)s.") % {"names": names})
        return found


class Resource(GenericViewSet[Any]):
    """Base of all resources: scope, strict query parameters, ETag, answers."""

    model: ClassVar[type[Model]]
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    metadata_class = None
    content_negotiation_class = Negotiation
    row_class: ClassVar[type[serializers.Serializer[Any]] | None] = None
    #: File name of the export; empty: the list has none.
    export_name: ClassVar[str] = ""
    export_labels: ClassVar[dict[str, Any]] = {}
    #: Further query parameters that the actions read themselves.
    query_parameters: ClassVar[tuple[str, ...]] = ()
    #: Actions that answer with a list (filters, paging, exports).
    list_actions: ClassVar[tuple[str, ...]] = ("list",)
    #: Reads write an access log in `shown`, in one transaction with the read.
    logs_access: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, permit, throttle, then refuse unknown query parameters."""
        super().initial(request, *args, **kwargs)
        refuse_unknown(self, request)

    @property
    def actor(self) -> Actor:
        """Who calls. On public routes there may be nobody: use `self.actor_or_none` there."""
        actor = self.actor_or_none
        if actor is None:
            raise Http404
        return actor

    @property
    def actor_or_none(self) -> Actor | None:
        """Who calls, None for the public."""
        return getattr(self.request, "actor", None)

    def visible(self) -> QuerySet[Any]:
        """The scope: what this actor may know of. Override to add select_related and annotations."""
        return self.model.objects.visible_to(self.actor)  # type: ignore[attr-defined]

    def get_queryset(self) -> QuerySet[Any]:
        """The scope; nothing while the schema is made."""
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.visible()

    def get_object(self) -> Any:
        """The object of the address. Raises Http404 when it is not in the scope."""
        obj = self.get_queryset().filter(**{self.lookup_field: self.kwargs[self.lookup_url_kwarg]}).first()
        if obj is None:
            raise Http404
        return obj

    def get_renderers(self) -> list[BaseRenderer]:
        """JSON; on lists with an export also CSV and XLSX."""
        renderers = super().get_renderers()
        if self.export_name and getattr(self, "action", None) in self.list_actions:
            renderers = [*renderers, CSVRenderer(), XLSXRenderer()]
        return renderers

    def represent(self, obj: Any, gives: type[serializers.Serializer[Any]] | None = None) -> Any:
        """The object as JSON values."""
        return (gives or self.get_serializer_class())(obj, context=self.get_serializer_context()).data

    def shown(self, rows: list[Any]) -> None:
        """Called once per answer with what is shown (objects, or row dicts). Candidates write the access log
        here.
        """

    def again(self, answered: Response) -> Response:
        """A remembered answer (Idempotency-Key) before it is given once more. Candidates write the access log here."""
        return answered

    def finish(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Complete the row dicts of one page or export chunk, with a constant number of queries."""
        return rows

    def row_sources(self) -> list[str]:
        """The model paths that a row reads, each once; the cursor's fields among them."""
        assert self.row_class is not None
        wanted = list(_sources(self.row_class).values())
        cursor = (name.lstrip("-") for name in getattr(self, "cursor_fields", ()))
        return list(dict.fromkeys([*wanted, *cursor]))

    def as_rows(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What a page is cut from: tuples by `row_sources`, or objects where there are no rows."""
        return queryset if self.row_class is None else queryset.values_list(*self.row_sources())

    def rows_of(self, values: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
        """Tuples by `row_sources` as dicts by field name."""
        assert self.row_class is not None
        wanted, places = _sources(self.row_class), self.row_sources()
        if list(wanted.values()) == places[: len(wanted)]:  # nearly always; what the cursor adds comes after
            return self.finish([dict(zip(wanted, value, strict=False)) for value in values])
        picks = [(name, places.index(source)) for name, source in wanted.items()]
        return self.finish([{name: value[place] for name, place in picks} for value in values])

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One transaction around a read that is logged: no log, no data."""
        if not self.logs_access:
            yield
            return
        with transaction.atomic():
            yield

    def answer_list(self, queryset: QuerySet[Any]) -> HttpResponseBase:
        """A page, or the whole list as a download."""
        kind = self.request.accepted_renderer.format
        if kind in export.FORMATS and self.export_name:
            return self._download(queryset, kind)
        with self.reading():
            page = self.paginate_queryset(queryset)
            if self.row_class is not None:
                rows: list[Any] = self.rows_of(page or ())
                self.shown(rows)
            else:
                rows = self.get_serializer(page, many=True).data
                self.shown(list(page or ()))
        return self.get_paginated_response(rows)

    def _download(self, queryset: QuerySet[Any], kind: str) -> HttpResponseBase:
        assert self.row_class is not None, "an export needs a row_class"
        found = queryset.values_list(*self.row_sources()).iterator(chunk_size=export.CHUNK)

        def make(chunk: list[Any]) -> list[Any]:
            with self.reading():
                rows = self.rows_of(chunk)
                self.shown(rows)
            return rows

        columns = list(self.row_class().fields)
        return export.stream(kind, self.export_name, columns, export.in_chunks(found, make), self.export_labels)

    def answer(self, result: Any, status: int, gives: type[serializers.Serializer[Any]] | None = None) -> Response:
        """The answer to a write: the object as it is now, or what the service gave; 204 for nothing.

        An object that the actor can no longer see after the write (handed over, say) is a 204 too.
        """
        if isinstance(result, Response):
            return result
        if isinstance(result, Model):
            if gives is None and isinstance(result, self.model):
                result = self.get_queryset().filter(pk=result.pk).first()
            if result is not None:
                self.shown([result])
                return Response(self.represent(result, gives), status=status, headers=self._headers(result, status))
        if result is None:
            return Response(None, status=204)
        return Response(result, status=status)

    def _headers(self, obj: Any, status: int) -> dict[str, str]:
        headers = headers_for(obj)
        if status == 201 and (location := self.location(obj)):
            headers["Location"] = location
        return headers

    def location(self, obj: Any) -> str | None:
        """Where a new object can be read."""
        key = getattr(obj, self.lookup_field, None)
        kwargs = {name: value for name, value in self.kwargs.items() if name != self.lookup_url_kwarg}
        try:
            return self.reverse_action("detail", kwargs={**kwargs, self.lookup_url_kwarg: key})
        except NoReverseMatch:
            return None

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nothing of the API is kept by caches."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class Listed:
    """GET on the collection."""

    def list(self: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The list, filtered and in pages."""
        return self.answer_list(self.filter_queryset(self.get_queryset()))


class Retrieved:
    """GET on one object, with its ETag."""

    def retrieve(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One object."""
        with self.reading():
            obj = self.get_object()
            data = self.represent(obj)
            self.shown([obj])
        return Response(data, headers=headers_for(obj))


@cache
def _sources(row_class: type[serializers.Serializer[Any]]) -> dict[str, str]:
    return export.sources_of(row_class)
