"""What the asked municipalities supply to an order: the people they have offered, and what they still promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Subquery

from joborders.models import JobOrder, Nomination, SupplyAnswer
from municipalities import wall
from municipalities.models import Municipality


@dataclass(frozen=True, slots=True)
class Supply:
    """One municipality's word. `count` is offers plus promise; `answered_at` is None where it only offered."""

    municipality: str
    count: int
    offered: int
    by_date: date | None
    note: str
    answered_at: datetime | None

    @property
    def promised(self) -> int:
        """People still to come by `by_date`."""
        return self.count - self.offered


@wall.to_score
def offers(order: JobOrder, **which: str) -> dict[str, int]:
    """People whom each other municipality has put on the order and who are still there or were hired, by its code."""
    found = Nomination.objects.supplied().filter(order=order, **which).exclude(home_code=order.lead_id)  # type: ignore[attr-defined]
    return dict(found.order_by().values_list("home_code").annotate(Count("pk")))


def of_order(order: JobOrder) -> list[Supply]:
    """What each municipality that answered or offered supplies, by code; two queries.

    Offers beyond what was said count too: nobody supplies fewer than it has offered.
    """
    made = offers(order)
    answers = {answer.municipality_id: answer for answer in order.supply_answers.all()}
    return [
        Supply(
            municipality=code,
            count=max(answers[code].count, made.get(code, 0)) if code in answers else made[code],
            offered=made.get(code, 0),
            by_date=answers[code].by_date if code in answers else None,
            note=answers[code].note if code in answers else "",
            answered_at=answers[code].answered_at if code in answers else None,
        )
        for code in sorted(answers.keys() | made.keys())
    ]


@wall.to_score
def of_region(order: JobOrder) -> tuple[dict[str, str], list[Supply]]:
    """The jobcentres by municipality code, and what those that answered or offered supply; one query.

    Answers and offers are those of `of_order`.
    """
    at_home = Nomination.objects.supplied().filter(order=order, home_code=OuterRef("code"))  # type: ignore[attr-defined]
    answers = SupplyAnswer.objects.filter(order=order, municipality=OuterRef("code")).order_by()
    rows = Municipality.objects.order_by("code").values_list(
        "code",
        "jobcentre",
        Subquery(at_home.order_by().values("home_code").annotate(n=Count("pk")).values("n")),
        *(Subquery(answers.values(name)) for name in ("count", "by_date", "note", "answered_at")),
    )
    labels, found = {}, []
    for code, label, offered, count, by_date, note, answered_at in rows:
        labels[code] = label
        if code != order.lead_id and (offered or count is not None):
            made = offered or 0
            found.append(Supply(code, max(count or 0, made), made, by_date, note or "", answered_at))
    return labels, found
