"""Filters by django-filter, `q` and `ordering`; a query parameter that means nothing is refused, not
ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from api.problems import Problem
from vocabulary.text import spellings

MAX_Q = 200
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class BadQuery(Problem):
    """400 with one entry per query parameter, pointer `?name`."""

    def __init__(self, name: str, code: str, detail: Any) -> None:
        """One parameter; `of` makes one for several."""
        entry = {"pointer": f"?{name}", "code": code, "detail": str(detail)}
        super().__init__(400, "invalid_query", _("The query has errors."), errors=[entry])

    @classmethod
    def of(cls, entries: Iterable[tuple[str, str, Any]]) -> BadQuery:
        """Several at once: (name, code, detail)."""
        problems = [cls(*entry) for entry in entries]
        problems[0].extra["errors"] = [problem.extra["errors"][0] for problem in problems]
        return problems[0]


def known_parameters(view: Any, request: Request) -> set[str]:
    """The names that this view reads for this action."""
    known = set(getattr(view, "query_parameters", ()))
    is_list = getattr(view, "action", "list") in getattr(view, "list_actions", ("list",))
    if not is_list or request.method not in ("GET", "HEAD"):
        return known
    backend = StrictFilterBackend()
    filterset = backend.get_filterset_class(view)
    if filterset is not None:
        known |= set(filterset.base_filters)
    if getattr(view, "search_fields", None) or hasattr(view, "search"):
        known.add("q")
    if getattr(view, "ordering_fields", None):
        known.add("ordering")
    if getattr(view, "paginator", None) is not None:
        known |= set(getattr(view.paginator, "parameters", ()))
    if len(view.get_renderers()) > 1:
        known.add("format")
    return known


def refuse_unknown(view: Any, request: Request) -> None:
    """Raise BadQuery naming every parameter that this view does not read."""
    if not request.query_params:
        return
    unknown = sorted(set(request.query_params) - known_parameters(view, request))
    if unknown:
        raise BadQuery.of((name[:60], "unknown_parameter", _("Unknown query parameter.")) for name in unknown)


class StrictFilterBackend(DjangoFilterBackend):
    """Filter set, then `q` over `search_fields` (or the view's `search`), then whitelisted `ordering`."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """The rows that were asked for. Raises BadQuery."""
        refuse_unknown(view, request)
        filterset = self.get_filterset(request, queryset, view)
        if filterset is not None:
            if not filterset.is_valid():
                raise BadQuery.of(_form_errors(filterset.form))
            queryset = filterset.qs
        return _ordered(request, _searched(request, queryset, view), view)


def _form_errors(form: Any) -> list[tuple[str, str, Any]]:
    return [
        (name, error.code or "invalid", message)
        for name, errors in form.errors.as_data().items()
        for error in errors
        for message in error.messages
    ]


def search_text_of(request: Request) -> str:
    """`q`, stripped. Raises BadQuery for control characters or more than 200 characters."""
    text = request.query_params.get("q", "").strip()
    if len(text) > MAX_Q or _NOT_TEXT.search(text):
        raise BadQuery("q", "invalid", _("At most %(n)d characters of plain text.") % {"n": MAX_Q})
    return text


def _searched(request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
    text = search_text_of(request)
    if not text:
        return queryset
    if hasattr(view, "search"):
        return view.search(queryset, text)
    for word in text.split()[:8]:
        found = Q()
        for name in view.search_fields:
            for spelling in spellings(word):
                found |= Q(**{f"{name}__icontains": spelling})
        queryset = queryset.filter(found)
    return queryset


def _ordered(request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
    """`ordering_fields` is a tuple of names or a mapping of names to model paths; the id breaks ties."""
    offered = getattr(view, "ordering_fields", None) or ()
    paths = dict(offered) if isinstance(offered, dict) else {name: name for name in offered}
    given = [name for name in request.query_params.get("ordering", "").split(",") if name]
    for name in given:
        if name.removeprefix("-") not in paths:
            text = _("Order by one of: %(names)s.") % {"names": ", ".join(sorted(paths))}
            raise BadQuery("ordering", "unknown_ordering", ErrorDetail(text))
    if given:
        return queryset.order_by(*(_directed(name, paths) for name in given), "pk")
    if queryset.ordered:
        return queryset
    return queryset.order_by("pk")


def _directed(name: str, paths: dict[str, str]) -> str:
    return f"-{paths[name[1:]]}" if name.startswith("-") else paths[name]
