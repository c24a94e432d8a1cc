"""The same people as documents of tantivy, in memory: what a search engine gives of a screening, as fast as it goes.

Everything that the fit looks at is a term that somebody has ("skill 17, documented"; "ISCO 83, two years"; "postal
code 3400, goes 25 km"), so that an order is a query of terms with fixed scores. Left out, since it cannot be said: the
lanes check and nearly, counts, funnel, the rounding of the skills part, the order of equals (salted by the order).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import tantivy
from tantivy import Occur, Query

from screening.compile import CompiledOrder, asked_levels, held_licences, held_months
from screening.table import CURRENT, experience_percent
from screening.types import Person

CHUNK = 50_000
HEAP_BYTES = 400_000_000
NEAR_GOAL = 3
"""Common digits of ISCO codes that make a goal count half."""
NEVER = 10_000_000
"""The day on which a certificate without a last day lapses."""


class Searched:
    """The pool of every order, nominations left aside, in one segment where it fits the writer's memory."""

    def __init__(self) -> None:
        from vocabulary.models import Certificate

        self.terms: dict[str, Query] = {}
        self.working: set[tuple[int | None, int | None, int | None]] = set()
        self.places: set[tuple[str, int]] = set()
        self.certificates = frozenset(Certificate.objects.order_by().values_list("pk", flat=True))
        self.schema = self._schema()
        index = tantivy.Index(self.schema)
        writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
        for person in _everybody():
            writer.add_document(self._document(person))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()

    def _schema(self) -> Any:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("has", tokenizer_name="raw", index_option="basic")
        for name in ("pk", "start", *(f"until_{code}" for code in sorted(self.certificates))):
            builder.add_integer_field(name, fast=True)
        return builder.build()

    def _document(self, person: Person) -> Any:
        found = tantivy.Document()
        found.add_integer("pk", person.candidate)
        if person.available_from is not None:
            found.add_integer("start", person.available_from.toordinal())
        for code, through in person.certificates.items():
            found.add_integer(f"until_{code}", NEVER if through is None else through.toordinal())
        self.working.add((person.hours_min, person.hours_max, person.shifts))
        if person.postal is not None and person.max_distance_km is not None:
            self.places.add((person.postal, person.max_distance_km))
        for term in set(_terms(person)):
            found.add_text("has", term)
            if term not in self.terms:
                self.terms[term] = Query.term_query(self.schema, "has", term, "basic")
        return found

    def best(self, order: CompiledOrder, taken: Collection[int], limit: int) -> list[tuple[float, int]]:
        """The first of the qualified lane: (fit before the skills part is rounded, candidate), best first."""
        hits = self.searcher.search(self._query(order), limit=limit + len(taken), count=False).hits
        pks = self.searcher.fast_field_values("pk", [address for _score, address in hits])
        given = _given(order)
        found = [(score + given, pk) for (score, _address), pk in zip(hits, pks, strict=True) if pk not in taken]
        return found[:limit]

    def _query(self, order: CompiledOrder) -> Query:
        musts = [(Occur.Must, one) for one in self._demands(order)]
        return Query.boolean_query([*musts, *((Occur.Should, one) for one in self._parts(order))])

    def _demands(self, order: CompiledOrder) -> Iterator[Query]:
        """What somebody must have who is qualified; who is within reach scores by the way."""
        wanted = order.wanted
        if not wanted.remote:
            yield self._union(self._ways(order))
        yield self._until("start", None, order.latest_start.toordinal())
        working = [combination for combination in self.working if _can_work(order, *combination)]
        if len(working) < len(self.working):
            yield self._any(_working(*combination) for combination in working)
        for code in wanted.licences:
            yield self._any([f"licence {code}"])
        for code in wanted.certificates:
            yield self._until(f"until_{code}", order.decided_on.toordinal(), None)
        for code, mode, level in asked_levels(wanted):
            yield self._any([f"language {code} {mode} {level}"])
        if wanted.own_transport:
            yield self._any(["transport"])
        for skill in order.skills:
            if skill.required:
                recorded = (f"skill {one} {how}" for one in skill.meets for how in (True, False))
                yield self._any([*recorded, *(f"half a year {isco4}" for isco4 in skill.meets_isco)])

    def _ways(self, order: CompiledOrder) -> dict[str, float]:
        wanted, weight = order.wanted, order.table.part_weights["distance"]
        found = {}
        for postal, own_km in self.places:
            metres, limit = order.metres.get(postal), 1000 * min(own_km, wanted.max_distance_km or own_km)
            if metres is not None and metres <= limit:
                part = order.table.full * (limit - metres) // limit if metres < limit else 0
                found[f"place {postal} {own_km}"] = weight * part
        return found

    def _parts(self, order: CompiledOrder) -> Iterator[Query]:
        """What raises the fit: of each wanted skill, of the occupations and of the goals the best counts."""
        weights, wanted, table = order.table.part_weights, order.wanted, order.table
        for number, skill in enumerate(order.skills):
            share = weights["skills"] * skill.weight / order.weight_total
            points: dict[str, float] = {}
            for one, related in skill.related.items():
                points[f"skill {one} True"] = share * related.documented
                points[f"skill {one} False"] = share * related.stated
            for isco4, found in order.by_isco.items():
                points |= {f"half a year {isco4}": share * own for at, own in found if at == number}
            yield self._best_of(points)
        if wanted.isco is None:
            return
        levels = enumerate(table.occupation_levels[: len(wanted.isco)], 1)
        yield self._best_of(
            {
                f"isco {wanted.isco[:digits]} {percent}": weights["occupation"] * (level * percent // 100)
                for digits, level in levels
                for _months, percent in table.experience
            }
        )
        goals = {}
        if len(wanted.isco) >= NEAR_GOAL:
            goals[f"goal {wanted.isco[:NEAR_GOAL]}"] = weights["wish"] * table.wish_isco3
        if len(wanted.isco) == len(table.occupation_levels):
            goals[f"goal {wanted.isco}"] = weights["wish"] * table.wish_isco4
        yield self._best_of(goals)

    def _scored(self, points: dict[str, float]) -> list[Query]:
        known = ((term, score) for term, score in points.items() if term in self.terms)
        return [Query.const_score_query(self.terms[term], score) for term, score in known]

    def _best_of(self, points: dict[str, float]) -> Query:
        return Query.disjunction_max_query(self._scored(points))

    def _union(self, points: dict[str, float]) -> Query:
        """Of terms of which nobody has two."""
        return Query.boolean_query([(Occur.Should, one) for one in self._scored(points)])

    def _any(self, terms: Iterable[str]) -> Query:
        """Has one of them; adds nothing to the score."""
        known = [(Occur.Should, self.terms[term]) for term in terms if term in self.terms]
        return Query.const_score_query(Query.boolean_query(known), 0.0)

    def _until(self, field: str, first: int | None, last: int | None) -> Query:
        asked = Query.range_query(self.schema, field, tantivy.FieldType.Integer, first, last)
        return Query.const_score_query(asked, 0.0)


def _everybody() -> Iterator[Person]:
    """Who may be screened, a part at a time: a million people with all they have do not fit beside the index."""
    from candidates.models import Candidate
    from screening.loading import persons

    people = Candidate.objects.active().filter(hired_from__isnull=True)
    pks = list(people.order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(pks), CHUNK):
        part = pks[at : at + CHUNK]
        yield from persons(people.filter(pk__gte=part[0], pk__lte=part[-1]), None)


def _terms(person: Person) -> Iterator[str]:
    if person.postal is not None and person.max_distance_km is not None:
        yield f"place {person.postal} {person.max_distance_km}"
    yield _working(person.hours_min, person.hours_max, person.shifts)
    yield from (f"licence {code}" for code in held_licences(person.licences))
    yield from (f"skill {skill} {documented}" for skill, documented in person.skills.items())
    for isco4, months in held_months(person.occupations).items():
        if months >= CURRENT.counts_from_months:
            yield f"half a year {isco4}"
        yield from (f"isco {isco4[:digits]} {experience_percent(months)}" for digits in range(1, 5))
    for goal in person.goals:
        yield from (f"goal {goal[:digits]}" for digits in {NEAR_GOAL, len(goal)})
    for code, levels in person.languages.items():
        for mode, reached in enumerate(levels):
            yield from (f"language {code} {mode} {level}" for level in range(1, (reached or 0) + 1))
    if person.own_transport:
        yield "transport"


def _working(low: int | None, high: int | None, shifts: int | None) -> str:
    return f"works {low} {high} {shifts}"


def _can_work(order: CompiledOrder, low: int | None, high: int | None, shifts: int | None) -> bool:
    wanted = order.wanted
    if wanted.shifts and (shifts is None or wanted.shifts & ~shifts):
        return False
    if wanted.hours_min is None and wanted.hours_max is None:
        return True
    too_many = low is not None and wanted.hours_max is not None and low > wanted.hours_max
    too_few = high is not None and wanted.hours_min is not None and high < wanted.hours_min
    return not (low is None and high is None) and not too_many and not too_few


def _given(order: CompiledOrder) -> int:
    """What everybody has, because the order does not ask."""
    wanted, weights = order.wanted, order.table.part_weights
    not_asked = {
        "skills": not order.skills, "occupation": wanted.isco is None, "wish": wanted.isco is None,
        "distance": wanted.remote,
    }  # fmt: skip
    return sum(order.table.full * weights[part] for part, is_given in not_asked.items() if is_given)
