"""The same thing twice at the same instant, over HTTP and through both web processes: one wins, the other is told."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.db import connections

from accounts import tokens
from events.models import Event
from joborders.models import JobOrder, Nomination
from joborders.services import nominations, steps
from municipalities.actor import Actor
from municipalities.membership import current
from tests import factories
from tests.faults.clients import Answer, Caller
from tests.faults.count import Result
from tests.faults.house import House

YES = {
    "accepted_on": "2026-01-05",
    "channel": "phone",
    "by": "Sagsbehandler",
    "talk_can_do": True,
    "talk_wants_to": True,
    "cv_checked": True,
}
HIRE = {"starts_on": "2027-02-01", "weekly_hours": 37, "terms": "ordinary"}
#: What the one who comes too late may be told.
LOST_POLITELY = {403, 404, 409, 412}


def together(*calls: Callable[[], Answer]) -> list[Answer]:
    """All calls at the same instant; their answers in order."""
    gate = threading.Barrier(len(calls))
    answers: list[Answer] = [Answer(0)] * len(calls)

    def run(index: int) -> None:
        gate.wait(30)
        answers[index] = calls[index]()

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def caller_of(house: House, actor: Actor) -> Caller:
    """A writing token of the actor's own membership."""
    membership = current(user__pk=actor.user_id).get().public_id
    return Caller(house.port, tokens.issue(label="faults", membership=membership, scope="write")[1])


class Races:
    """The people and the rounds."""

    def __init__(self, house: House, rounds: int) -> None:
        """Two consultants of Hillerød, two of Helsingør."""
        self.house, self.rounds = house, rounds
        self.ann, self.bo = (factories.consultant(factories.HILLEROED) for _ in range(2))
        self.eva, self.ole = (factories.consultant(factories.HELSINGOER) for _ in range(2))
        self.callers = {actor.user_id: caller_of(house, actor) for actor in (self.ann, self.bo, self.eva, self.ole)}
        self.company = factories.company()

    def claim(self) -> Result:
        """Two consultants claim the same order at the same instant."""
        return self._race("claim-twice", self.claim.__doc__, self._claim)

    def close(self) -> Result:
        """Two consultants close the same order at the same instant, for different reasons."""
        return self._race("close-twice", self.close.__doc__, self._close)

    def accept(self) -> Result:
        """Two consultants of the home jobcentre accept the same request at the same instant."""
        return self._race("accept-twice", self.accept.__doc__, self._accept)

    def hire(self) -> Result:
        """Two candidates are hired for the last position at the same instant."""
        return self._race("hire-last-twice", self.hire.__doc__, self._hire)

    def _race(self, kind: str, what: str | None, one: Callable[[Result], list[Answer]]) -> Result:
        result, begun = Result(kind, what or ""), time.monotonic()
        for _ in range(self.rounds):
            answers = one(result)
            won = sum(answer.status == 200 for answer in answers)
            result.sent, result.acked = result.sent + 1, result.acked + (won >= 1)
            result.doubled += max(0, won - 1)
            result.calls_refused += len(answers) - won
            if strange := {answer.status for answer in answers if answer.status != 200} - LOST_POLITELY:
                result.notes.append(f"the one who was too late was told {strange}")
            result.faults += 1
        result.notes = sorted(set(result.notes))
        result.seconds = round(time.monotonic() - begun, 1)
        connections.close_all()
        return result

    def _post(self, actor: Actor, path: str, version: int, body: dict[str, Any]) -> Callable[[], Answer]:
        return lambda: self.callers[actor.user_id].post(path, body, **{"If-Match": f'"{version}"'})

    def _claim(self, result: Result) -> list[Answer]:
        order = factories.order(self.company)
        path = f"job-orders/{order.public_id}/claim"
        answers = together(*(self._post(who, path, order.version, {}) for who in (self.ann, self.bo)))
        order.refresh_from_db()
        won = next(
            (who for who, answer in zip((self.ann, self.bo), answers, strict=True) if answer.status == 200), None
        )
        result.wrong_states += won is None or order.assignee_id != won.user_id
        result.wrong_states += _events(order.public_id, "joborder.claimed") != 1
        return answers

    def _close(self, result: Result) -> list[Answer]:
        order = factories.order(self.company)
        order = steps.claim(order.public_id, self.ann, order.version)
        path = f"job-orders/{order.public_id}/close"
        bodies = ({"reason": "withdrawn"}, {"reason": "no_suitable_candidates"})
        pairs = zip((self.ann, self.bo), bodies, strict=True)
        answers = together(*(self._post(who, path, order.version, body) for who, body in pairs))
        order.refresh_from_db()
        result.wrong_states += order.state != "closed" or _events(order.public_id, "joborder.closed") != 1
        return answers

    def _shared(self, **changes: Any) -> JobOrder:
        order = factories.order(self.company, **changes)
        order = steps.claim(order.public_id, self.ann, order.version)
        return steps.share(order.public_id, self.ann, order.version)

    def _accept(self, result: Result) -> list[Answer]:
        order = self._shared()
        person = factories.candidate(factories.HELSINGOER, by=self.eva)
        done = nominations.request(order.public_id, self.ann, order.version, candidates=[person.public_id])[0]
        one = done.nomination
        path = f"nominations/{one.public_id}/accept"
        answers = together(*(self._post(who, path, one.version, YES) for who in (self.eva, self.ole)))
        one.refresh_from_db()
        result.wrong_states += one.state != "accepted" or _events(one.public_id, "nomination.accepted") != 1
        return answers

    def _hire(self, result: Result) -> list[Answer]:
        order = self._shared(positions=1)
        JobOrder.objects.filter(pk=order.pk).update(contact_verified_at=order.received_at)
        ready = []
        for _ in range(2):
            person = factories.candidate(factories.HELSINGOER, by=self.eva)
            version = JobOrder.objects.values_list("version", flat=True).get(pk=order.pk)
            offered = nominations.offer(
                order.public_id, self.eva, version, candidate=person.public_id, acceptance=YES
            ).nomination
            shown = nominations.present(offered.public_id, self.ann, offered.version, reason="Virksomheden vil se")
            ready.append(shown.nomination)
        pairs = zip((self.ann, self.bo), ready, strict=True)
        answers = together(*(self._post(who, f"nominations/{n.public_id}/hire", n.version, HIRE) for who, n in pairs))
        order.refresh_from_db()
        states = sorted(Nomination.objects.filter(order=order).values_list("state", flat=True))
        result.wrong_states += (order.hires, order.state, states) != (1, "filled", ["hired", "lapsed"])
        return answers


def _events(subject: UUID, type_: str) -> int:
    return Event.objects.filter(subject=subject, type=type_).count()


def same_key(house: House, caller: Caller, company: UUID, number: int) -> Result:
    """The same order handed in at the same instant, all with one Idempotency-Key: one order, one answer for all."""
    result = _submissions(house, caller, company, number, "one-key", str(uuid4()))
    result.what = " ".join((same_key.__doc__ or "").split())
    orders = JobOrder.objects.filter(title="one-key").count()
    result.doubled, result.lost, result.acked = max(0, orders - 1), int(orders == 0), result.sent - result.lost
    return result


def no_key(house: House, caller: Caller, company: UUID, number: int) -> Result:
    """The same order handed in at the same instant without a key: each is an order, each with a number of its own."""
    result = _submissions(house, caller, company, number, "no-key", "")
    result.what = " ".join((no_key.__doc__ or "").split())
    numbers = list(JobOrder.objects.filter(title="no-key").values_list("number", flat=True))
    result.doubled = len(numbers) - len(set(numbers)) + max(0, len(numbers) - result.acked)
    result.lost = max(0, result.acked - len(numbers))
    return result


def _submissions(house: House, caller: Caller, company: UUID, number: int, title: str, key: str) -> Result:
    result, begun = Result(title, ""), time.monotonic()
    body = factories.block(title=title) | {"company": str(company)}
    headers = {"Idempotency-Key": key} if key else {}
    answers = together(*(lambda: caller.post("job-orders", body, **headers) for _ in range(number)))
    statuses = Counter(answer.status for answer in answers)
    told = {answer.body["number"] for answer in answers if answer.status == 201}
    result.sent, result.acked, result.calls_refused = number, statuses[201], number - statuses[201]
    result.slowest_s = round(max(answer.seconds for answer in answers), 2)
    result.faults, result.seconds = 1, round(time.monotonic() - begun, 1)
    if statuses[201] != number:
        result.notes.append(f"answers: {dict(statuses)}")
    if key and len(told) != 1:
        result.notes.append(f"{len(told)} different numbers were told for one key")
    connections.close_all()
    return result
