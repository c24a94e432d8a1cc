"""GET nominations, nominations/{id}; the steps of one, and of several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import nomination_shapes as shapes
from api.base import Resource
from api.conditional import headers_for
from api.nomination_out import RELATED, cv_gaps_of, nomination_for, summary
from api.nomination_shapes import NominationList, NominationOut
from api.steps import bulk, step
from events.errors import Invalid
from joborders.models import Nomination
from joborders.problems import below
from joborders.services import nominations
from joborders.services.nominations import Done
from joborders.services.shown import OWN_IDS, people_on
from screening.shown import cards_of, judged_of

Body = dict[str, Any]


class NominationFilter(django_filters.FilterSet):
    """Of one order, in one state, of one home."""

    order = django_filters.UUIDFilter(field_name="order__public_id")
    state = django_filters.MultipleChoiceFilter(choices=Nomination.State.choices)
    home_municipality = django_filters.CharFilter(field_name="home_code", max_length=4)


class Nominations(Resource):
    """Nominations of own candidates, and on the orders that the caller leads; for a company those it may see now."""

    model = Nomination
    serializer_class = NominationOut
    filterset_class = NominationFilter
    ordering_fields = {"answer_due_at": "answer_due_at", "created_at": "created_at"}
    logs_access = True

    def visible(self) -> QuerySet[Any]:
        """The scope, with what is shown of the order."""
        return Nomination.objects.visible_to(self.actor).select_related(*RELATED).prefetch_related(OWN_IDS)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page. Names are shown in the list of one order (`?order=`); without it they are read one by one."""
        with self.reading():
            found = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
            people = people_on(found[0].order, found, self.actor) if found and "order" in request.query_params else {}
            cards = cards_of(found)
            rows = [
                nomination_for(nomination, self.actor, cards, person=people.get(nomination.pk)) for nomination in found
            ]
        return self.get_paginated_response(rows)

    @extend_schema(responses=NominationOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One nomination; with the name where the caller may see it, which is logged."""
        with self.reading():
            found = self.get_object()
            data = nomination_for(
                found,
                self.actor,
                cards_of([found]),
                person=people_on(found.order, [found], self.actor).get(found.pk),
                judged=judged_of(found, self.actor),
                gaps=cv_gaps_of(found, self.actor),
            )
        return Response(data, headers=headers_for(found))

    @step(takes=shapes.AcceptIn, gives=NominationOut)
    def accept(self, id: UUID, version: int, body: Body) -> Response:
        """Home says yes after asking the candidate."""
        return self._one(nominations.accept(id, self.actor, version, acceptance=body))

    @step(takes=shapes.PresentIn, gives=NominationOut)
    def present(self, id: UUID, version: int, body: Body) -> Response:
        """Show the person to the company; a CV that fails a principle with a reason only."""
        return self._one(nominations.present(id, self.actor, version, reason=body.get("reason")))

    @step(takes=shapes.InterviewIn, gives=NominationOut)
    def interview(self, id: UUID, version: int, body: Body) -> Response:
        """The company wants to talk to the person; with a time, calendars get an invitation."""
        return self._one(nominations.interview(id, self.actor, version, interview_at=body.get("interview_at")))

    @step(takes=shapes.MoveInterviewIn, gives=NominationOut)
    def move_interview(self, id: UUID, version: int, body: Body) -> Response:
        """A time for the interview, or another one."""
        return self._one(nominations.move_interview(id, self.actor, version, interview_at=body["interview_at"]))

    @step(takes=shapes.HireIn, gives=NominationOut)
    def hire(self, id: UUID, version: int, body: Body) -> Response:
        """A hire; a company's report waits for the consultant to confirm."""
        if self.actor.is_company:
            return self._one(nominations.report_hire(id, self.actor, version, starts_on=body.get("starts_on")))
        given = {name: body.get(name) for name in ("starts_on", "weekly_hours", "terms")}
        return self._one(nominations.hire(id, self.actor, version, **given))

    @step(takes=shapes.DeclineIn, gives=NominationOut)
    def decline(self, id: UUID, version: int, body: Body) -> Response:
        """No to a presented person."""
        return self._one(nominations.decline(id, self.actor, version, **_reasoned(body)))

    @step(takes=shapes.WithdrawIn, gives=NominationOut)
    def withdraw(self, id: UUID, version: int, body: Body) -> Response:
        """Home takes the person off, or refuses a request."""
        return self._one(nominations.withdraw(id, self.actor, version, **_reasoned(body)))

    @step(takes=shapes.NotStartedIn, gives=NominationOut)
    def not_started(self, id: UUID, version: int, body: Body) -> Response:
        """The hired person did not begin."""
        return self._one(nominations.not_started(id, self.actor, version, **_reasoned(body)))

    @extend_schema(operation_id="nominations_accept_many")
    @bulk("accept", takes=shapes.AcceptMany, gives=NominationList)
    def accept_many(self, body: Body) -> Response:
        """Several acceptances, all or none."""
        items = [{**_key(item), "acceptance": _rest(item)} for item in body["items"]]
        return self._several(nominations.accept_many, items)

    @extend_schema(operation_id="nominations_present_many")
    @bulk("present", takes=shapes.PresentMany, gives=NominationList)
    def present_many(self, body: Body) -> Response:
        """Several presented in one step: the company gets one mail."""
        return self._several(nominations.present_many, body["items"])

    @extend_schema(operation_id="nominations_interview_many")
    @bulk("interview", takes=shapes.InterviewMany, gives=NominationList)
    def interview_many(self, body: Body) -> Response:
        """Several to interview."""
        return self._several(nominations.interview_many, body["items"])

    @extend_schema(operation_id="nominations_hire_many")
    @bulk("hire", takes=shapes.HireMany, gives=NominationList)
    def hire_many(self, body: Body) -> Response:
        """Several hires, all or none."""
        names = ("starts_on", "weekly_hours", "terms")
        items = [{**_key(item), **{name: item.get(name) for name in names}} for item in body["items"]]
        return self._several(nominations.hire_many, items)

    @extend_schema(operation_id="nominations_decline_many")
    @bulk("decline", takes=shapes.DeclineMany, gives=NominationList)
    def decline_many(self, body: Body) -> Response:
        """Several declined."""
        return self._several(nominations.decline_many, [{**_key(item), **_reasoned(item)} for item in body["items"]])

    @extend_schema(operation_id="nominations_withdraw_many")
    @bulk("withdraw", takes=shapes.WithdrawMany, gives=NominationList)
    def withdraw_many(self, body: Body) -> Response:
        """Several taken off."""
        return self._several(nominations.withdraw_many, [{**_key(item), **_reasoned(item)} for item in body["items"]])

    @extend_schema(operation_id="nominations_not_started_many")
    @bulk("not-started", takes=shapes.NotStartedMany, gives=NominationList)
    def not_started_many(self, body: Body) -> Response:
        """Several who did not begin."""
        items = [{**_key(item), **_reasoned(item)} for item in body["items"]]
        return self._several(nominations.not_started_many, items)

    def _one(self, done: Done) -> Response:
        fresh = self.get_queryset().filter(pk=done.nomination.pk).first()
        if fresh is None:  # a company no longer sees whom it declined
            return Response(None, status=204)
        [data] = summary([Done(fresh, done.warnings)], self.actor)
        return Response(data, headers=headers_for(fresh))

    def _several(self, take: Callable[..., Sequence[Done]], items: Sequence[Body]) -> Response:
        try:
            done = take(items, self.actor)
        except Invalid as refused:
            raise below("/items", refused) from None
        warned = {one.nomination.pk: one.warnings for one in done}
        fresh = {one.pk: one for one in self.get_queryset().filter(pk__in=list(warned))}
        seen = [Done(fresh[pk], warnings) for pk, warnings in warned.items() if pk in fresh]
        return Response({"results": summary(seen, self.actor)})


def _key(item: Body) -> Body:
    return {"id": item["id"], "version": item["version"]}


def _rest(item: Body) -> Body:
    return {name: value for name, value in item.items() if name not in ("id", "version")}


def _reasoned(body: Body) -> Body:
    return {"reason": body.get("reason"), "text": body.get("text", "")}


ROUTES = [("nominations", Nominations, "nominations")]
