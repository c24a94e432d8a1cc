"""The steps of a job order, each a POST with its own body. No rule here: the services hold them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api import job_order_shapes as shapes
from api.conditional import headers_for
from api.job_order_shapes import JobOrderOut
from api.nomination_out import summary
from api.nomination_shapes import NominationList, NominationOut, OfferIn, RequestIn
from api.steps import step
from events.errors import FieldProblem, Invalid, NotVisible
from joborders.models import JobOrder
from joborders.services import changes, follow, steps, supply
from screening import overrides
from screening.services import candidate_behind

Body = dict[str, Any]

if TYPE_CHECKING:
    from api.base import Resource
else:
    Resource = object


def _at_the_same_address(run: Callable[..., Any]) -> Callable[..., Any]:
    """A step that shares its address with a GET is no action of its own."""
    del run.mapping  # type: ignore[attr-defined]
    return run


def _behind(order: UUID, index: int, card: UUID) -> UUID:
    try:
        return candidate_behind(order, card)
    except NotVisible:
        raise Invalid.field(f"/cards/{index}", "unknown_card", _("This order has no such card.")) from None


def _of_card(found: FieldProblem) -> FieldProblem:
    return FieldProblem(found.pointer.replace("/candidates", "/cards", 1), found.code, found.detail)


class JobOrderSteps(Resource):
    """Mixed into the job orders: one method per step of joborders.workflow."""

    @step(gives=JobOrderOut)
    def claim(self, id: UUID, version: int, body: Body) -> Response:
        """Take the order."""
        return self._order(steps.claim(id, self.actor, version))

    @step(takes=shapes.ReassignIn, gives=JobOrderOut)
    def reassign(self, id: UUID, version: int, body: Body) -> Response:
        """Give the order to a consultant of the lead municipality."""
        return self._order(steps.reassign(id, self.actor, version, **body))

    @step(takes=shapes.RespondIn, gives=JobOrderOut)
    def respond(self, id: UUID, version: int, body: Body) -> Response:
        """The first contact with the company about this order: stops the first clock."""
        return self._order(steps.respond(id, self.actor, version, **body))

    @step(takes=shapes.VerifyContactIn, gives=JobOrderOut)
    def verify_contact(self, id: UUID, version: int, body: Body) -> Response:
        """The contact was called on a number not taken from the order; needed before the first `present`."""
        return self._order(steps.verify_contact(id, self.actor, version, **body))

    @step(gives=JobOrderOut)
    def replace_link(self, id: UUID, version: int, body: Body) -> Response:
        """The company's secret link ends, in old mails too; the contact gets a new one by mail."""
        return self._order(follow.replace(id, self.actor, version))

    @step(takes=shapes.OrderHandOverIn, gives=JobOrderOut)
    def hand_over(self, id: UUID, version: int, body: Body) -> Response:
        """Another of the nine becomes lead."""
        return self._order(steps.hand_over(id, self.actor, version, **body))

    @step(takes=shapes.NoteIn, gives=JobOrderOut)
    def share(self, id: UUID, version: int, body: Body) -> Response:
        """Open the order to the other eight."""
        return self._order(steps.share(id, self.actor, version, **body))

    @step(takes=shapes.NoteIn, gives=JobOrderOut)
    def pause(self, id: UUID, version: int, body: Body) -> Response:
        """Enough candidates for now: the clocks stand still."""
        return self._order(steps.pause(id, self.actor, version, **body))

    @step(takes=shapes.NoteIn, gives=JobOrderOut)
    def resume(self, id: UUID, version: int, body: Body) -> Response:
        """Go on."""
        return self._order(steps.resume(id, self.actor, version, **body))

    @step(takes=shapes.CloseIn, gives=JobOrderOut)
    def close(self, id: UUID, version: int, body: Body) -> Response:
        """End the order; a company withdraws it."""
        return self._order(steps.close(id, self.actor, version, **body))

    @step(takes=shapes.ReopenIn, gives=JobOrderOut)
    def reopen(self, id: UUID, version: int, body: Body) -> Response:
        """Open an ended order again."""
        return self._order(steps.reopen(id, self.actor, version, **body))

    @step(takes=shapes.ReasonIn, gives=JobOrderOut)
    def ask_reopen(self, id: UUID, version: int, body: Body) -> Response:
        """The company asks for its ended order to be opened again."""
        return self._order(steps.ask_reopen(id, self.actor, version, **body))

    @step(takes=shapes.ProposalIn, gives=JobOrderOut)
    def propose_change(self, id: UUID, version: int, body: Body) -> Response:
        """The company proposes a change; the lead makes it."""
        return self._order(changes.propose_change(id, self.actor, version, **body))

    @step(takes=shapes.TextIn, gives=JobOrderOut, versioned=False)
    def call_me(self, id: UUID, version: None, body: Body) -> Response:
        """The company asks to be called."""
        return self._order(changes.call_me(id, self.actor, version, **body))

    @extend_schema(responses=shapes.SupplyAnswers)
    @action(detail=True, methods=["get"], url_path="supply-answers", url_name="supply-answers")
    def supply_answers(self, request: Request, id: UUID) -> Response:
        """What the asked municipalities said they can supply."""
        order = self.get_object()
        shown = supply.of_order(order) if self.actor.is_member else []
        return Response({"results": shapes.SupplyAnswerOut(shown, many=True).data}, headers=headers_for(order))

    @supply_answers.mapping.post
    @_at_the_same_address
    @step(takes=shapes.SupplyIn, gives=JobOrderOut)
    def answer_supply(self, id: UUID, version: int, body: Body) -> Response:
        """n by a date, or none; changeable, the last word counts."""
        return self._order(steps.answer_supply(id, self.actor, version, **body))

    @step(takes=OfferIn, gives=NominationOut, status=201)
    def offers(self, id: UUID, version: int, body: Body) -> Response:
        """Nominate an own candidate, who has said yes: the nomination starts at `accepted`."""
        done = overrides.offer(id, self.actor, version, **body)
        return Response(summary([done], self.actor)[0], status=201, headers=headers_for(done.nomination))

    @step(name="nominations", takes=RequestIn, gives=NominationList, status=201)
    def request_nominations(self, id: UUID, version: int, body: Body) -> Response:
        """Ask the home jobcentres for other municipalities' candidates, by the cards of a screening."""
        self.get_object()
        people = [_behind(id, index, card) for index, card in enumerate(body["cards"])]
        try:
            done = overrides.request(id, self.actor, version, candidates=people, reason=body.get("reason", ""))
        except Invalid as refused:
            raise Invalid([_of_card(found) for found in refused.errors], refused.code, refused.message) from None
        return Response({"results": summary(done, self.actor)}, status=201)

    def _order(self, order: JobOrder) -> Response:
        return self.answer(order, 200)
