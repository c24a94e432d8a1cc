"""An order in the field limits of the state's job-order contract (handbook §1.1), to be carried over by hand.

NRS does not talk to the state's data foundation. The file says so (`synchronised: false`), keeps each field within its
limits, and names what does not fit: it never cuts a text silently. What the contract has no field for (positions,
hours, place, demands) is written below the description, as people do who type it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from events import clock
from events.errors import FieldProblem
from joborders.demands import requirement_of
from joborders.models import JobOrder, Requirement
from joborders.services.demanded import Demand, demands
from joborders.workflow import Reason
from vocabulary.scales import shift_codes

NOTICE = "Ikke synkroniseret: filen er et øjebliksbillede fra NRS. Ændringer her eller der følger ikke med."
CONTRACT = "jobordre, STAR's datafundament (DFDG); felter og grænser som gengivet i NRS' håndbog afsnit 1.1"


@dataclass(frozen=True, slots=True)
class Limit:
    """Shortest and longest text of a field of the contract."""

    shortest: int
    longest: int


LIMITS: Mapping[str, Limit] = {"titel": Limit(1, 100), "beskrivelse": Limit(1, 5000), "internKommentar": Limit(0, 2000)}
SHIFTS = {"day": "dag", "evening": "aften", "night": "nat", "weekend": "weekend"}
EMPLOYMENT = {
    "permanent": "fast", "fixed_term": "tidsbegrænset", "temporary_agency": "vikariat",
    "seasonal": "sæson", "apprentice": "elev",
}  # fmt: skip
#: How the contract says that an order has ended; it has no word for the other reasons.
ENDED = {
    Reason.FILLED: "afsluttet, behov dækket",
    Reason.PARTLY_FILLED: "afsluttet, behov dækket",
    Reason.HIRED_ELSEWHERE: "afsluttet, behov dækket",
    Reason.DEADLINE_EXPIRED: "afsluttet, formidlingsfrist udløbet",
}


def hand_over_file(order: JobOrder, *, with_note: bool) -> dict[str, Any]:
    """One order as the file; `company` and `unit` should be loaded. `with_note`: also the jobcentres' internal note."""
    return hand_over_files([order], with_note=with_note)[0]


def hand_over_files(orders: Sequence[JobOrder], *, with_note: bool) -> list[dict[str, Any]]:
    """Several orders, with two queries for the demands of all of them. Always in Danish, as the contract's readers."""
    with translation.override("da"):
        named = _demands(orders)
        return [_file(order, named.get(order.pk, []), with_note) for order in orders]


def _file(order: JobOrder, asked: Sequence[Demand], with_note: bool) -> dict[str, Any]:
    fields = {
        "jobordreId": str(order.public_id),
        "titel": order.title,
        "beskrivelse": _description(order, asked),
        "internKommentar": order.internal_note if with_note else "",
        "jobordreType": "forespørgsel" if order.type == JobOrder.Type.ENQUIRY else "ordinær",
        "status": _status(order),
        "startdato": order.starts_on.isoformat() if order.starts_on else None,
        "cvrNummer": order.company.cvr,
        "pNummer": order.unit.p_number if order.unit else None,
    }
    return {
        "synchronised": False,
        "notice": NOTICE,
        "contract": CONTRACT,
        "number": order.number,
        "made_at": clock.local(clock.now()).isoformat(),
        "fields": fields,
        "problems": [
            {"pointer": found.pointer, "code": found.code, "detail": str(found.detail)} for found in problems(fields)
        ],
    }


def problems(fields: Mapping[str, Any]) -> list[FieldProblem]:
    """What does not fit into the contract, with how many characters there are and may be."""
    found = []
    for name, limit in LIMITS.items():
        length = len(fields[name])
        if length < limit.shortest:
            found.append(FieldProblem(f"/fields/{name}", "too_short", f"{name}: mindst {limit.shortest} tegn"))
        elif length > limit.longest:
            detail = f"{name}: {length} tegn, højst {limit.longest}"
            found.append(FieldProblem(f"/fields/{name}", "too_long", detail))
    if fields["status"] is None:
        detail = "status: kontrakten har ikke et ord for, hvordan ordren sluttede"
        found.append(FieldProblem("/fields/status", "no_status", detail))
    return found


def _status(order: JobOrder) -> str | None:
    """The statuses that the order model of BEK 442/2023 § 137 names, None for an end that it has no word for."""
    if order.state == JobOrder.State.OPEN:
        return "inaktiveret" if order.paused_at else "under behandling"
    return ENDED.get(Reason(order.close_reason))


def _description(order: JobOrder, asked: Sequence[Demand]) -> str:
    hours = [str(value) for value in dict.fromkeys((order.hours_min, order.hours_max)) if value is not None]
    place = " ".join(filter(None, (order.workplace_street, order.workplace_postal_code)))
    facts = {
        "Antal": str(order.positions),
        "Ansættelse": EMPLOYMENT[order.employment],
        "Timer pr. uge": "–".join(hours),
        "Arbejdstid": ", ".join(SHIFTS[code] for code in shift_codes(order.shifts)),
        "Arbejdssted": "hjemmearbejde" if order.is_remote else place,
        "Løn": order.wage,
        "Frist": f"{order.deadline:%d.%m.%Y}" if order.deadline else "",
        "Krav": ", ".join(_demand(one) for one in asked if one.is_must),
        "Ønsker": ", ".join(_demand(one) for one in asked if not one.is_must),
    }
    lines = [f"{name}: {value}" for name, value in facts.items() if value]
    return "\n".join([order.description.strip(), "", *lines])


def _demand(one: Demand) -> str:
    levels = [f"{word} {level}" for word, level in (("mundtligt", one.oral), ("skriftligt", one.written)) if level]
    return f"{one.name} ({', '.join(levels)})" if levels else one.name


def _demands(orders: Iterable[JobOrder]) -> dict[int, list[Demand]]:
    """Demands by order; names are read for all at once."""
    rows = list(Requirement.objects.filter(order__in=[order.pk for order in orders]))
    found: dict[int, list[Demand]] = {}
    for row, one in zip(rows, demands([requirement_of(row) for row in rows]), strict=True):
        found.setdefault(row.order_id, []).append(one)
    return found
