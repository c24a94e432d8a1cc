"""GET/POST candidates, GET/PATCH candidates/{id}, withdraw, import, matches: for the home jobcentre.

The list is without names; one candidate is shown by name, and that read is logged in its own transaction. Another
municipality or a company meets a candidate only in a screening or a nomination.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO, Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import Listed, Resource, Retrieved
from api.candidate_shapes import CandidateIn, CandidateOut, CandidateRow, ImportOut, MatchesOut, RowOut
from api.pagination import CursorPages
from api.problems import Problem
from api.renderers import JSONRenderer, to_json
from api.serializers import Nothing
from api.steps import changes, creates, step
from candidates import cv_check, services
from candidates.access import NamedCandidate, named
from candidates.importing import RowResult, Status, as_data, import_rows
from candidates.models import Candidate
from candidates.profile import profile_of
from events.errors import NotAllowed
from screening.matches import matches

MAX_IMPORT_BYTES = 50 * 1024 * 1024
IDENTITY = ("name", "phone", "email", "contact_way")
LISTS = (
    "licences",
    "certificates",
    "skills__skill",
    "occupations",
    "job_goals",
    "languages",
)


class LimitedStream:
    """A body that is read as it comes and ends in a 413 when it grows too large."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Wrap the request's stream."""
        self._stream, self._left = stream, MAX_IMPORT_BYTES

    def __iter__(self) -> LimitedStream:
        return self

    def __next__(self) -> bytes:
        line = self._stream.readline(1024 * 1024)
        if not line:
            raise StopIteration
        self._left -= len(line)
        if self._left < 0:
            text = _("The body is larger than %(limit)d MB.") % {"limit": MAX_IMPORT_BYTES // (1024 * 1024)}
            raise Problem(413, "too_large", text, max_bytes=MAX_IMPORT_BYTES)
        return line


class StreamParser(BaseParser):
    """Gives the body as lines, unread."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The lines. Raises Problem 413 at once for a body that says it is too large."""
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_IMPORT_BYTES:
            text = _("The body is larger than %(limit)d MB.") % {"limit": MAX_IMPORT_BYTES // (1024 * 1024)}
            raise Problem(413, "too_large", text, max_bytes=MAX_IMPORT_BYTES)
        return LimitedStream(stream)


class NDJSONStream(StreamParser):
    """`application/x-ndjson`."""

    media_type = "application/x-ndjson"


class CSVStream(StreamParser):
    """`text/csv`."""

    media_type = "text/csv"


class NDJSONReport(JSONRenderer):
    """Lets the import be asked for its report line by line; problems stay JSON."""

    media_type = "application/x-ndjson"
    format = "ndjson"


def _spooled(lines: Iterable[bytes]) -> IO[bytes]:
    """The body in a file of its own, on disk when it is large. Raises Problem 413 before anything is written."""
    with ExitStack() as files:
        spool = files.enter_context(tempfile.TemporaryFile())
        spool.writelines(lines)
        spool.seek(0)
        files.pop_all()
        return spool


class CandidateFilter(django_filters.FilterSet):
    """By status and availability."""

    status = django_filters.ChoiceFilter(choices=Candidate.Status.choices)
    external_reference = django_filters.CharFilter()
    postal_code = django_filters.CharFilter()


class Candidates(Listed, Retrieved, Resource):
    """The own candidates of a jobcentre."""

    model = Candidate
    serializer_class = CandidateOut
    row_class = CandidateRow
    export_name = "candidates"
    pagination_class = CursorPages
    cursor_fields = ("id",)
    filterset_class = CandidateFilter
    search_fields = ("external_reference", "pseudonym")
    logs_access = True

    def visible(self) -> QuerySet[Any]:
        """The own municipality's only. Raises NotAllowed for those who keep no candidates."""
        found = super().visible().filter(home=services.home_of(self.actor))
        return found if self.action == "list" else found.prefetch_related(*LISTS)

    def represent(self, obj: Any, gives: Any = None) -> Any:
        """Profile and identity; the access log has a row of it before it is handed out."""
        itself = Candidate.objects.filter(pk=obj.pk)
        [person] = self._read(itself)
        return {
            "id": obj.public_id,
            "version": obj.version,
            "home_municipality": obj.home_id,
            "pseudonym": obj.pseudonym,
            "hired_from": obj.hired_from,
            "changed_at": obj.changed_at,
            "identity": {name: getattr(person, name) for name in IDENTITY},
            "cv_check": cv_check.as_data(cv_check.checked(itself)),
            **profile_of(obj),
        }

    def again(self, answered: Response) -> Response:
        """The remembered answer names somebody, too. Raises Http404 for whom the caller may no longer see."""
        if not self._read(Candidate.objects.filter(public_id=answered.data["id"])):
            raise Http404
        return answered

    def _read(self, people: Any) -> list[NamedCandidate]:
        return named(people, actor=self.actor, purpose="candidate.show", fields=(*IDENTITY, "cv_text"))

    @creates(CandidateIn)
    def create(self, body: dict[str, Any]) -> Any:
        """Register a candidate of the own municipality."""
        return services.register(self.actor, body)

    @changes(CandidateIn)
    def partial_update(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Change the fields given; a list is replaced whole."""
        return services.update(id, self.actor, version, body)

    @step(takes=Nothing)
    def withdraw(self, id: UUID, version: int, body: dict[str, Any]) -> Any:
        """Take the candidate out of screening."""
        return services.withdraw(id, self.actor, version)

    @extend_schema(
        request={
            "application/x-ndjson": {"type": "string", "format": "binary"},
            "text/csv": {"type": "string", "format": "binary"},
        },
        responses={(200, "application/json"): ImportOut, (200, "application/x-ndjson"): RowOut},
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="import",
        url_name="import",
        parser_classes=[NDJSONStream, CSVStream],
        renderer_classes=[JSONRenderer, NDJSONReport],
    )
    def import_(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Upsert by case reference; a report per row. Sent twice, the second time changes nothing.

        `Accept: application/x-ndjson` gives the report line by line while the rows are written, the summary last.
        """
        services.home_of(self.actor)
        kind = "csv" if (request.content_type or "").startswith("text/csv") else "ndjson"
        if request.accepted_renderer.format == NDJSONReport.format:
            # Read to its end first: a client that sends and does not yet listen must not meet one that talks.
            body = _spooled(request.data)
            try:
                results = import_rows(body, actor=self.actor, format=kind)
            except BaseException:
                body.close()
                raise
            return StreamingHttpResponse(_report(results, body), content_type=NDJSONReport.media_type)
        rows = list(import_rows(request.data, actor=self.actor, format=kind))
        counts = Counter(result.status.value for result in rows)
        return Response({"summary": _summary(counts), "rows": [as_data(result) for result in rows]})

    @extend_schema(responses={200: MatchesOut})
    @action(detail=True, methods=["get"], url_path="matches", url_name="matches")
    def matches(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Which open orders fit this candidate?"""
        if not self.actor.is_consultant:
            raise NotAllowed
        return Response(matches(kwargs["id"], actor=self.actor))


def _summary(counts: Counter[str]) -> dict[str, int]:
    return {status.value: counts[status.value] for status in Status}


def _report(results: Iterable[RowResult], body: IO[bytes]) -> Iterator[bytes]:
    """One line per row as soon as its batch is written, and the summary as the last line; closes the body."""
    counts = Counter[str]()
    with body:
        for result in results:
            counts[result.status.value] += 1
            yield to_json(as_data(result)) + b"\n"
    yield to_json({"summary": _summary(counts)}) + b"\n"


ROUTES = [("candidates", Candidates, "candidates")]
