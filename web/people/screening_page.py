"""What the screening page shows of a stored run: funnel, tiles and lanes. Nothing is screened here again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from joborders import nomination_workflow as rules
from joborders.models import JobOrder, Nomination
from joborders.services import base
from municipalities import wall
from municipalities.actor import Actor
from screening import services
from screening.compile import asked_levels
from screening.models import Pseudonym, Run
from screening.services import SHOWN
from screening.types import FUNNEL, Wanted
from vocabulary.models import Skill
from vocabulary.scales import cefr_level
from web.people import screening_words as words
from web.people.region_map import WIDTH, drawing
from web.people.whatif_page import Way
from web.vocabulary_words import Labels, label, municipality_names, shifts_in_words

#: Rows of each lane on the page of all three; the page of one lane shows all that were kept.
FIRST = 12
#: The nine as they lie, from the north-west: three rows of three.
TILES = (("0260", "0270", "0217"), ("0250", "0219", "0210"), ("0240", "0201", "0223"))


@dataclass(frozen=True)
class Bar:
    """One step of the funnel: people left, people lost at this step, and the bar's length in per cent.

    `ways` to loosen it, where that was asked for.
    """

    name: str
    demand: str
    left: int
    lost: int
    width: int
    ways: Sequence[Way] = ()


def funnel(run: Run, ways: Mapping[str, Sequence[Way]]) -> list[Bar]:
    """The pool, then what each must-have that was asked for left of it; `ways` to loosen it by must-have."""
    wanted = Wanted.from_data(run.snapshot)
    asked = demands(wanted)
    bars = [Bar(str(_("Everybody in the pool")), "", run.pool, 0, 100 if run.pool else 0)]
    before = run.pool
    for name in FUNNEL:
        left = run.funnel.get(name, before)
        if name in asked:
            width = round(100 * left / run.pool) if run.pool else 0
            lost = before - left
            bars.append(Bar(str(words.MUSTS[name]), asked[name], left, lost, width, ways.get(name, ())))
        before = left
    return bars


def demands(wanted: Wanted) -> dict[str, str]:
    """What was asked of everybody, by must-have, in words; three queries at most."""
    labels = Labels(
        licences=wanted.licences,
        certificates=wanted.certificates,
        languages=[language.code for language in wanted.languages],
    )
    found = {"start": words.demand_in_words("start", wanted.decided_on.isoformat(), labels)}
    if not wanted.remote:
        asked = wanted.max_distance_km
        found["distance"] = words.demand_in_words("distance", "" if asked is None else str(asked), labels)
    if wanted.hours_min is not None or wanted.hours_max is not None:
        ends = ("" if end is None else end for end in (wanted.hours_min, wanted.hours_max))
        found["hours"] = words.interval("{}-{}".format(*ends))
    if wanted.shifts:
        found["shifts"] = shifts_in_words(wanted.shifts)
    if wanted.own_transport:
        found["transport"] = ""
    lists = {
        "licences": [words.demand_in_words("licences", code, labels) for code in wanted.licences],
        "certificates": [labels.of("certificates", code) for code in wanted.certificates],
        "languages": [
            words.demand_in_words("languages", f"{code}:{('oral', 'written')[mode]}:{cefr_level(level)}", labels)
            for code, mode, level in asked_levels(wanted)
        ],
        "skills": _required(wanted),
    }
    return found | {name: "; ".join(texts) for name, texts in lists.items() if texts}


def _required(wanted: Wanted) -> list[str]:
    keys = [skill.skill for skill in wanted.skills if skill.required]
    if not keys:
        return []
    rows = Skill.objects.filter(pk__in=keys).order_by("label_da").values_list("label_da", "label_en")
    return [label(*both) for both in rows]


class Listed:
    """The verdicts of a run as the actor may see them, with what the page needs beside them."""

    def __init__(self, run: Run, actor: Actor) -> None:
        """Read once: verdicts, names of the nine, who is nominated already."""
        self.run = run
        self.verdicts = services.verdicts(run.public_id, actor=actor)
        self.places = municipality_names()
        self.nominated = nominated_on(run.order)

    def map_of(self, tiles: Sequence[Sequence[Mapping[str, Any]]]) -> dict[str, Any] | None:
        """The outlines of the nine with the numbers of their tiles; None where no outlines were imported."""
        drawn = drawing()
        if drawn is None:
            return None
        by_code = {tile["code"]: tile for row in tiles for tile in row}
        shapes = [{"shape": shape, "tile": by_code[shape.code]} for shape in drawn.shapes if shape.code in by_code]
        return {"width": str(WIDTH), "height": str(drawn.height), "shapes": shapes}

    def tiles(self, chosen: str) -> list[list[dict[str, Any]]]:
        """The schematic map: rows of tiles with their counts by outcome."""
        by = Counter((verdict["home_municipality"], verdict["outcome"]) for verdict in self.verdicts)
        homes = Counter(verdict["home_municipality"] for verdict in self.verdicts)
        most = max(homes.values(), default=0)
        return [[self._tile(code, by, most, chosen) for code in row] for row in TILES]

    def _tile(self, code: str, by: Mapping[tuple[str, str], int], most: int, chosen: str) -> dict[str, Any]:
        counts = {outcome: by[code, outcome] for outcome in SHOWN}
        total = sum(counts.values())
        return {
            "code": code,
            "name": self.places.get(code, code),
            "counts": [{"name": words.LANES[outcome], "n": n} for outcome, n in counts.items()],
            "total": total,
            "shade": 0 if not total else 1 + 3 * total // (most + 1),
            "is_chosen": code == chosen,
        }

    def lanes(self, home: str, only: str) -> list[dict[str, Any]]:
        """The three groups, best first; `home` narrows to one municipality, `only` to one lane in full."""
        of_home = [each for each in self.verdicts if not home or each["home_municipality"] == home]
        shown: dict[str, list[dict[str, Any]]] = {}
        for outcome in SHOWN:
            if not only or only == outcome:
                found = [each for each in of_home if each["outcome"] == outcome]
                shown[outcome] = found if only else found[:FIRST]
        cards = iter(self.cards([each for group in shown.values() for each in group]))
        listed = Counter(each["outcome"] for each in of_home)
        return [
            {
                "outcome": outcome,
                "name": words.LANES[outcome],
                "explained": words.LANES_EXPLAINED[outcome],
                "counted": self.run.counts[outcome],
                "listed": listed[outcome],
                "rows": [next(cards) for _each in group],
                "is_cut": listed[outcome] > len(group),
            }
            for outcome, group in shown.items()
        ]

    def chosen(self, ids: Sequence[UUID]) -> list[dict[str, Any]]:
        """The cards with these ids, in the order of the list."""
        return self.cards([verdict for verdict in self.verdicts if verdict["card"] in set(ids)])

    def cards(self, verdicts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Verdicts in words; labels of all in a few queries."""
        labels = words.labels_for(verdicts)
        return [card_of(verdict, labels, self.places, self.nominated) for verdict in verdicts]


def card_of(
    verdict: Mapping[str, Any], labels: Labels, places: Mapping[str, str], nominated: Mapping[UUID, str]
) -> dict[str, Any]:
    """One verdict in words: an own candidate with a link, another municipality's as a card."""
    own = verdict["candidate"]
    metres = verdict.get("metres")
    distance = words.BANDS.get(verdict.get("distance_band") or "", "")
    if own is not None and metres is not None:
        distance = words.detail_in_words({"metres": metres}, labels)
    return {
        "id": verdict["card"],
        "pseudonym": verdict["pseudonym"],
        "candidate": own,
        "href": reverse("web:candidate", args=[own]) if own else "",
        "home": places.get(verdict["home_municipality"], ""),
        "outcome": verdict["outcome"],
        "outcome_name": words.OUTCOMES[verdict["outcome"]],
        "rank": verdict["rank"],
        "fit": verdict["fit"],
        "distance": distance,
        "musts": [words.must_in_words(must, labels) for must in verdict["musts"]],
        "gaps": [str(words.MUSTS[each["name"]]) for each in verdict["musts"] if each["outcome"] != "met"],
        "parts": words.parts_in_words(verdict),
        "skills": words.skills_in_words(verdict, labels),
        "occupation": words.occupation_in_words(verdict, labels),
        "nominated": nominated.get(verdict["card"], ""),
    }


@wall.to_score
def nominated_on(order: JobOrder) -> dict[UUID, str]:
    """Card ids of those whom the order has already, with where their nomination stands."""
    rows = Pseudonym.objects.filter(
        order=order,
        candidate__nominations__order=order,
        candidate__nominations__state__in=[*rules.UNFINISHED, rules.State.HIRED],
    )
    states = dict(Nomination.State.choices)
    found = rows.order_by("pk").values_list("public_id", "candidate__nominations__state")
    return {card: str(states[state]) for card, state in found}


def against_the_list(run: Run) -> list[dict[str, Any]]:
    """Whom somebody nominated past others on this list, by the name of the card, and why; the oldest first."""
    card = Pseudonym.objects.filter(order=run.order_id, candidate=OuterRef("nomination__candidate")).order_by()
    rows = run.overrides.annotate(card_name=Subquery(card.values("name"))).select_related("nomination", "by_user")
    return [
        {
            "name": row.card_name or row.nomination.pseudonym,
            "lane": words.LANES.get(row.outcome, ""),
            "rank": row.rank,
            "passed_over": row.passed_over,
            "reason": row.reason,
            "at": row.decided_at,
            "by": row.by_user.name if row.by_user else "",
        }
        for row in rows
    ]


def beginnings(order: JobOrder, actor: Actor) -> frozenset[str]:
    """Which of `request` (others) and `offer` (own) the actor may do on this order now, by the workflow's table."""
    known = base.facts(order)
    others = rules.NominationFacts(order=known, home="")
    own = rules.NominationFacts(order=known, home=actor.municipality or "")
    return frozenset({"request"} & set(rules.allowed(others, actor)) | {"offer"} & set(rules.allowed(own, actor)))
