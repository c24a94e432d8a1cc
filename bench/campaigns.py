"""`./run bench campaigns`: the funnel of a frozen campaign, and the size of a list while it is drawn up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bench import inside
from bench.client import drive

if TYPE_CHECKING:
    from bench.parts import Bench

FUNNEL_MS = 200
#: Every so-manieth target has been talked to, so that the funnel has orders and hires to look up.
TALKED_TO = 2


def campaigns(bench: Bench) -> None:
    """Freeze a campaign of every company of the region, talk to half of it, and ask for its funnel."""
    campaign, size = _frozen()
    coordinator = bench.known.coordinator
    bench.add("campaigns", "targets", size)
    for name, query in (("today", ""), ("a month ago", f"?{urlencode({'as_of': _month_ago()})}")):
        call = bench.get(f"/api/v1/campaigns/{campaign}/funnel{query}", coordinator)
        drive(bench.port, lambda n, call=call: call, 5)
        taken = drive(bench.port, lambda n, call=call: call, 40)
        bench.add_times("campaigns", f"funnel, {name}", taken, FUNNEL_MS)
        bench.add("campaigns", f"funnel, {name}, SQL queries", inside.queries(call))
    listed = bench.get(f"/api/v1/campaigns/{campaign}/targets?page_size=50", coordinator)
    drive(bench.port, lambda n: listed, 5)
    bench.add_times("campaigns", "page of 50 targets", drive(bench.port, lambda n: listed, 40), FUNNEL_MS)


def _month_ago() -> str:
    from events import clock

    return (clock.today() - dt.timedelta(days=30)).isoformat()


def _frozen() -> tuple[str, int]:
    """A campaign frozen a year ago, by the services, with half of its targets talked to."""
    from campaigns import contacts, services
    from campaigns.models import Target
    from events import clock
    from municipalities.actor import Actor

    actor = Actor.system("bench")
    begun = clock.now() - dt.timedelta(days=365)
    with clock.at(begun):
        made = services.draw_up(
            actor, name="Bench", divisions="41 42 43 49 52 53 55 56", minimum_headcount=1,
            ends_on=clock.today() + dt.timedelta(days=360),
        )  # fmt: skip
        made = services.freeze(actor, made.public_id, made.version)
    targets = list(Target.objects.filter(campaign=made).order_by("pk").values_list("public_id", flat=True))
    with clock.at(begun + dt.timedelta(days=1)):
        for target in targets[::TALKED_TO]:
            contacts.record_contact(Actor.member(role="coordinator"), target, outcome="talked", knowing=True)
    return str(made.public_id), len(targets)
