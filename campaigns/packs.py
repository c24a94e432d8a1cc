"""The status pack: all that the steering group is told of a day, as known at a time. The same two, the same figures."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns import goals, savings, statistics
from campaigns.figures import figure
from campaigns.steering_models import StatusPack, TestPeriod
from events import clock
from events.errors import Invalid, NotVisible
from municipalities.actor import Actor

#: Said of a figure when it is asked for; another day says something else.
OF_THE_MOMENT = ("registered_later", "provisional")
FIGURES = ("flow", "times", "promises", "exchange", "reasons")


@transaction.atomic
def make(actor: Actor, as_of: dt.date | None = None, known_at: dt.datetime | None = None) -> StatusPack:
    """Make the pack of a day and keep it. The coordinator's and the system's; raises NotAllowed, or Invalid."""
    goals.may_steer(actor)
    as_of, now = as_of or clock.today(), clock.now()
    if as_of > clock.today():
        raise Invalid.field("as_of", "in_the_future", _("This lies in the future."))
    known_at = min(known_at or now, now)
    found = figures(as_of, known_at)
    return StatusPack.objects.create(
        as_of=as_of,
        known_at=known_at,
        made_at=now,
        by_name=actor.name or "system",
        figures=json.loads(found),
        digest=hashlib.sha256(found).hexdigest(),
    )


def get(actor: Actor, public_id: UUID) -> StatusPack:
    """A pack that was made. Raises NotVisible."""
    found = StatusPack.objects.visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def figures(as_of: dt.date, known_at: dt.datetime) -> bytes:
    """Every figure of the pack as JSON, always in the same order and spelling."""
    found: dict[str, Any] = {
        "as_of": as_of,
        "known_at": known_at,
        "status": statistics.status(as_of, known_at),
        "by_municipality": statistics.status_by("municipality", as_of, known_at),
        "by_industry": statistics.status_by("industry", as_of, known_at),
        **{name: figure(name, as_of=as_of, known_at=known_at) for name in FIGURES},
        "goals": goals.standing(as_of, known_at),
        "savings": [savings.estimate(one, as_of, known_at) for one in _tests(as_of, known_at)],
    }
    plain = json.loads(json.dumps(found, cls=DjangoJSONEncoder))
    for name in ("status", *FIGURES):
        for key in OF_THE_MOMENT:
            plain[name].pop(key, None)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _tests(as_of: dt.date, known_at: dt.datetime) -> list[TestPeriod]:
    """The test periods begun by the day; one that is over stays until the end of the next year."""
    last = dt.date(as_of.year - 1, 1, 1)
    found = TestPeriod.objects.known(known_at).filter(valid_from__lte=as_of, valid_to__gte=last)
    return list(found.order_by("name", "pk"))
