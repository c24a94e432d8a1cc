"""The company's side without a login: the single entry, and the view behind the secret follow link.

The link alone shows status and counts. Names need a six-digit code besides, mailed to the verified contact; what it
opens is sent back as `X-Follow-Opened` or as a cookie.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from api import intake_shapes as shapes
from api.base import Resource
from api.conditional import headers_for, require_if_match
from api.idempotency import REPLAYED, once
from api.intake_out import company_view, hand_in_view
from api.problems import Problem
from api.steps import IF_MATCH, body_of, creates
from joborders.models import FollowLink, JobOrder
from joborders.services import changes, follow, steps
from joborders.services.submitting import submit_public
from municipalities import wall
from notifications.codes import mail_code

OPENED_HEADER = "X-Follow-Opened"
OPENED_COOKIE = f"{settings.COOKIE_PREFIX}nrs_opened"


class Public(Resource):
    """Nobody has logged in here; whoever sends a token anyway is nobody, too."""

    model = JobOrder
    authentication_classes: ClassVar[list[Any]] = []
    throttle_classes = (ScopedRateThrottle,)


class Intake(Public):
    """POST intake/job-orders."""

    serializer_class = shapes.HandedIn
    throttle_scope = "intake"

    @creates(shapes.HandInIn, gives=shapes.HandedIn, key_required=True)
    def create(self, body: dict[str, Any]) -> Response:
        """Hand in an order: company, order, contact. Nothing of a known company is given away."""
        order, secret = submit_public(body, channel=JobOrder.Channel.API, language=get_language() or "da")
        return Response(hand_in_view(order, secret), status=201, headers=headers_for(order))


class Follow(Public):
    """What the holder of one order's link sees and does."""

    serializer_class = shapes.FollowOut

    def link(self) -> FollowLink:
        """The link of the address. Raises NotVisible."""
        return follow.find(self.kwargs["secret"])

    def opened(self, link: FollowLink) -> bool:
        """Whether the caller has shown what the six-digit code gave."""
        request = self.request
        secret = request.headers.get(OPENED_HEADER, "") or request.COOKIES.get(OPENED_COOKIE, "")
        return bool(secret) and follow.is_open(link, secret)

    def show(self, status: int = 200) -> Response:
        """The order as it is now for the company."""
        link = self.link()
        opened = self.opened(link)
        with transaction.atomic():
            data = company_view(link.order, wall.become(follow.actor_by(link, opened)), opened=opened)
        return Response(data, status=status, headers=headers_for(link.order))

    @extend_schema(
        responses=shapes.FollowOut, parameters=[OpenApiParameter(OPENED_HEADER, str, OpenApiParameter.HEADER)]
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Status and counts; the presented candidates once the code was entered (logged)."""
        return self.show()


class FollowStep(Follow):
    """A step that the company takes on its order."""

    verb: ClassVar[str]
    takes: ClassVar[Any]
    versioned: ClassVar[bool] = True

    def again(self, answered: Response) -> Response:
        """The order as it is by now: the remembered answer may name candidates who are no longer to be seen."""
        fresh = self.show()
        fresh.headers[REPLAYED] = answered.headers[REPLAYED]
        return fresh

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the step; the answer is the order as it is then."""
        version = require_if_match(request) if self.versioned else None
        body = body_of(self, request, self.takes)
        link = self.link()

        def work() -> Response:
            STEPS[self.verb](link.order.public_id, wall.become(follow.actor_of(link)), version, **body)
            return self.show()

        return once(request, work, again=self.again)


class FollowAnswer(Follow):
    """The company's word on one presented candidate."""

    @extend_schema(
        request=shapes.AnswerIn,
        responses=shapes.AnswerOut,
        parameters=[OpenApiParameter(OPENED_HEADER, str, OpenApiParameter.HEADER)],
    )
    def create(self, request: Request, secret: str, id: UUID) -> Response:
        """To interview, hired (the jobcentre confirms), or declined."""
        version = require_if_match(request)
        body = body_of(self, request, shapes.AnswerIn)
        link = self.link()
        if not self.opened(link):
            raise Problem(403, "code_needed", _("Enter the code that we mail to you first."))
        actor = wall.become(follow.actor_of(link))

        def work() -> Response:
            done = follow.answer(id, actor, version, **body)
            data = {"id": done.public_id, "state": done.state, "version": done.version}
            return Response(data, headers=headers_for(done))

        return once(request, work)

    create.reads_headers = (IF_MATCH,)  # type: ignore[attr-defined]


class FollowCode(Follow):
    """Asks for the six-digit code."""

    throttle_scope = "intake"

    @extend_schema(request=None, responses={202: shapes.CodeSent})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Mail a code to the verified contact; it holds for ten minutes."""
        try:
            mail_code(self.link())
        except follow.TooSoon as soon:
            pause = str(follow.SECONDS_BETWEEN_CODES)
            raise Problem(429, soon.code, soon.message, headers={"Retry-After": pause}) from None
        return Response({"sent": True}, status=202)


class FollowVerify(Follow):
    """Enters the six-digit code."""

    throttle_scope = "intake"

    @extend_schema(request=shapes.CodeIn, responses=shapes.Opened)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Open the named candidates for eight hours. Five tries per code; a wrong one is kept, so no transaction."""
        body = body_of(self, request, shapes.CodeIn)
        opened = follow.open_with(self.link(), body["code"])
        seconds = follow.OPEN_HOURS * 3600
        answer = Response({"opened": opened, "until": self.link().opened_until})
        answer.set_cookie(
            OPENED_COOKIE,
            opened,
            max_age=seconds,
            path="/api/v1/intake/follow/",
            secure=request.is_secure(),
            httponly=True,
            samesite="Strict",
        )
        return answer


STEPS: dict[str, Any] = {
    "pause": steps.pause,
    "resume": steps.resume,
    "withdraw": steps.withdraw,
    "change": changes.propose_change,
    "call-me": changes.call_me,
}
TAKES = {
    "pause": shapes.NoteIn,
    "resume": shapes.NoteIn,
    "withdraw": shapes.TextIn,
    "change": shapes.ProposalIn,
    "call-me": shapes.TextIn,
}


def _step_class(verb: str) -> type[FollowStep]:
    """One resource per step, so that each has its own entry in the schema."""
    versioned = verb != "call-me"

    def create(self: FollowStep, request: Request, *args: Any, **kwargs: Any) -> Response:
        return FollowStep.create(self, request, *args, **kwargs)

    create.__doc__ = STEPS[verb].__doc__
    create.reads_headers = (IF_MATCH,) if versioned else ()  # type: ignore[attr-defined]
    described = extend_schema(request=TAKES[verb], responses=shapes.FollowOut)(create)
    members = {"verb": verb, "takes": TAKES[verb], "versioned": versioned, "create": described}
    name = f"Follow{verb.title().replace('-', '')}"
    return type(name, (FollowStep,), {**members, "__doc__": STEPS[verb].__doc__, "__module__": __name__})


_BELOW = "intake/follow/<str:secret>"
_POST = {"post": "create"}
PATHS = [
    path("intake/job-orders", Intake.as_view(_POST), name="intake-job-orders"),
    path(_BELOW, Follow.as_view({"get": "retrieve"}), name="intake-follow"),
    path(f"{_BELOW}/nominations/<uuid:id>/answer", FollowAnswer.as_view(_POST), name="intake-follow-answer"),
    path(f"{_BELOW}/code", FollowCode.as_view(_POST), name="intake-follow-code"),
    path(f"{_BELOW}/verify", FollowVerify.as_view(_POST), name="intake-follow-verify"),
    *(path(f"{_BELOW}/{verb}", _step_class(verb).as_view(_POST), name=f"intake-follow-{verb}") for verb in STEPS),
]
