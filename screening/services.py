"""Runs a screening and keeps it: snapshot, funnel, verdicts with evidence, pseudonyms for the other eight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from candidates.storage import random_pseudonym
from events import clock, kept
from events.errors import Invalid, NotAllowed, NotVisible, StepRefused
from joborders.models import JobOrder, Requirement
from joborders.services.base import RELATED, joined
from joborders.services.shown import OWN_IDS
from joborders.services.steps import mark_screened
from municipalities import wall
from municipalities.actor import Actor
from municipalities.models import PostalDistance
from screening import engine, executors, explain, judging, prints
from screening.courses import teachable_skills
from screening.judging import Judged
from screening.models import Pseudonym, Run, VerdictRow
from screening.profiles import Profile
from screening.ranking import SHOWN, Ranking
from screening.table import CURRENT, WeightTable
from screening.types import Verdict, Wanted, WantedLanguage, WantedSkill
from vocabulary.bulk import insert_rows
from vocabulary.graph import SkillGraph
from vocabulary.models import Skill
from vocabulary.skills import load_graph

ATTEMPTS = 3


def wanted_of(orders: Sequence[JobOrder]) -> list[Wanted]:
    """Orders as the engine reads them, on today's date; three queries for any number of them."""
    prefetch_related_objects(list(orders), "requirements")
    asked = {r.code for order in orders for r in order.requirements.all() if r.kind == Requirement.Kind.SKILL}
    found = Skill.objects.filter(public_id__in=asked).order_by("pk").values_list("public_id", "pk", "reuse_level")
    skills = {str(uuid): (pk, level) for uuid, pk, level in found}
    taught = teachable_skills() if skills else frozenset()
    return [_wanted(order, skills, taught) for order in orders]


def _wanted(order: JobOrder, skills: Mapping[str, tuple[int, str]], taught: frozenset[int]) -> Wanted:
    asked: dict[str, list[Requirement]] = {kind: [] for kind in Requirement.Kind.values}
    for requirement in order.requirements.all():
        asked[requirement.kind].append(requirement)
    return Wanted(
        today=clock.today(),
        salt=order.salt,
        isco=order.occupation_id,
        skills=tuple(
            WantedSkill(skills[r.code][0], r.is_must, skills[r.code][1]) for r in asked["skill"] if r.code in skills
        ),
        licences=tuple(r.code for r in asked["licence"] if r.is_must),
        certificates=tuple(r.code for r in asked["certificate"] if r.is_must),
        languages=tuple(WantedLanguage(r.code, r.oral or 0, r.written or 0) for r in asked["language"] if r.is_must),
        hours_min=order.hours_min,
        hours_max=order.hours_max,
        shifts=order.shifts,
        start=order.starts_on,
        grace_days=order.grace_days,
        max_distance_km=order.max_distance_km,
        workplace=order.workplace_postal_code or None,
        remote=order.is_remote,
        own_transport=order.needs_own_transport,
        teachable=taught,
    )


def graph_of(orders: Iterable[Wanted]) -> SkillGraph:
    """The surroundings of all skills that these orders want; nothing is read where none is wanted."""
    skills = {int(skill.skill) for wanted in orders for skill in wanted.skills}
    return load_graph(skills) if skills else SkillGraph()


def compiled(wanted: Wanted, table: WeightTable = CURRENT) -> engine.CompiledOrder:
    """The order expanded by skill graph and distances: once, for any number of people."""
    metres = dict(kept.rows(_distances, (), wanted.workplace)) if wanted.workplace else {}
    return engine.compile_order(wanted, graph_of([wanted]), metres, table)


def _distances(origin: str) -> QuerySet[Any, tuple[str, int]]:
    return PostalDistance.objects.filter(origin=origin).order_by().values_list("target", "metres")


def run(order_id: UUID, *, actor: Actor, scope: str) -> Run:
    """Screen the own candidates or all nine for an order that a person asks about, and keep the answer.

    `scope` is "own" or "region". The own: consultants who may see the open order; all nine: those of the lead, once
    the order is shared. Raises NotVisible, NotAllowed, StepRefused or Invalid.
    """
    executors.ready()
    return _run(order_id, actor, scope)


@joined
def _run(order_id: UUID, actor: Actor, scope: str) -> Run:
    order = JobOrder.objects.visible_to(actor).select_related(*RELATED).filter(public_id=order_id).first()
    if order is None:
        raise NotVisible
    _may_screen(order, actor, scope)
    [wanted] = wanted_of([order])
    order_ready = compiled(wanted)
    result, judged = _screened(order, order_ready, actor.municipality if scope == Run.Scope.OWN else None)
    found = Run(
        order=order,
        order_revision=order.revision,
        scope=scope,
        municipality_code=actor.municipality or "",
        table_version=result.version,
        executor=result.executor,
        token=result.token,
        snapshot=wanted.as_data(),
        inputs=prints.of_order(order_ready),
        pool=result.pool,
        funnel=dict(result.funnel),
        qualified=result.counts["qualified"],
        check_count=result.counts["check"],
        nearly=result.counts["nearly"],
        listed=sum(map(len, judged.lanes.values())),
        decided_on=wanted.decided_on,
        created_at=clock.now(),
        by_user_id=actor.user_id,
    )
    kept.insert(found)
    _keep(found, order, judged)
    if actor.municipality == order.lead_id:
        mark_screened(order, actor, run=found.public_id)
    return found


@wall.to_score
def _screened(order: JobOrder, compiled: engine.CompiledOrder, municipality: str | None) -> tuple[Ranking, Judged]:
    """The ranking and the verdicts on whom it lists, of one moment: ranked again if a listed profile just changed."""
    for attempt in range(ATTEMPTS):
        ranking = executors.screen(order, compiled, municipality)
        judged = judging.in_full(compiled, ranking)
        if judged.is_as_ranked or attempt == ATTEMPTS - 1:
            break
    return ranking, judged


def _may_screen(order: JobOrder, actor: Actor, scope: str) -> None:
    if scope not in Run.Scope.values:
        raise Invalid.field("scope", "unknown_code", _("Screen the own candidates or the region."))
    if not actor.is_consultant:
        raise NotAllowed
    if order.state != JobOrder.State.OPEN:
        raise StepRefused("not_open", _("This order has ended."))
    if scope == Run.Scope.REGION and not actor.works_in(order.lead_id):
        raise NotAllowed
    if scope == Run.Scope.REGION and order.shared_at is None:
        raise StepRefused("not_shared", _("Share the order first: then all nine can be screened."))


VERDICT_COLUMNS = (
    "public_id", "run_id", "candidate_id", "home_code", "outcome", "rank", "fit", "raw", "verdict", "inputs",
)  # fmt: skip


def _keep(found: Run, order: JobOrder, judged: Judged) -> None:
    listed = [verdict for lane in SHOWN for verdict in judged.lanes[lane]]
    name_them(order, [verdict.candidate for verdict in listed])
    labels = labels_of(listed)
    rows = [
        _row(found, verdict, rank, judged.people[verdict.candidate], labels)
        for lane in SHOWN
        for verdict, rank in zip(judged.lanes[lane], engine.places(judged.lanes[lane]), strict=True)
    ]
    insert_rows(VerdictRow, VERDICT_COLUMNS, rows)


def _row(found: Run, verdict: Verdict, rank: int, profile: Profile, labels: Mapping[str, str]) -> tuple[Any, ...]:
    """The verdict in full; the card is what `explain.card_from` leaves of it."""
    kept_verdict = orjson.dumps({"full": full_of(verdict, labels)}).decode()
    inputs = orjson.dumps(prints.of_person(profile.person)).decode()
    scored = (verdict.outcome, rank, verdict.fit, verdict.raw)
    return (uuid4().hex, found.pk, verdict.candidate, profile.home, *scored, kept_verdict, inputs)


def labels_of(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """Public ids of all skills that the verdicts name, by database id as text: one query."""
    named: set[int] = set()
    for verdict in verdicts:
        named |= {int(one.skill) for one in verdict.skills}
        named |= {int(one.counted) for one in verdict.skills if one.evidence in ("documented", "stated")}
        named |= {int(value) for must in verdict.musts for key, value in must.detail if key == "skill"}
    return labels_of_skills(named)


def labels_of_skills(keys: Iterable[int]) -> dict[str, str]:
    """Public ids of skills by database id as text: one query, none for none."""
    found = kept.rows(_labels, (), sorted(set(keys)))
    return {str(pk): str(uuid) for pk, uuid in found}


def _labels(keys: list[int]) -> QuerySet[Any, tuple[int, UUID]]:
    return Skill.objects.filter(pk__in=keys).order_by().values_list("pk", "public_id")


def card_of(verdict: Verdict, labels: Mapping[str, str]) -> dict[str, Any]:
    """The card for another municipality, skills by their public ids."""
    return explain.card_from(full_of(verdict, labels))


def full_of(verdict: Verdict, labels: Mapping[str, str]) -> dict[str, Any]:
    """The whole verdict for the own jobcentre, skills by their public ids; without keys of the database."""
    data = explain.as_data(verdict)
    data["musts"] = public_demands(data["musts"], labels)
    del data["candidate"], data["tie"]
    for skill in data["skills"]:
        skill["skill"] = labels.get(str(skill["skill"]), "")
        if skill["evidence"] in ("documented", "stated"):
            skill["counted"] = labels.get(str(skill["counted"]), "")
    for must in data["musts"]:
        if "skill" in must["detail"]:
            must["detail"]["skill"] = labels.get(must["detail"]["skill"], "")
    return data


def public_demands(musts: Iterable[dict[str, Any]], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Must-haves as data, with skills by their public ids."""
    return [{**must, "demand": labels.get(must["demand"], "")} if must["name"] == "skills" else must for must in musts]


def name_them(order: JobOrder, candidates: Sequence[int]) -> None:
    """Give every listed candidate a random name on this order, which says nothing on any other order."""
    while new := _unnamed(order, candidates):
        names = {random_pseudonym() for _candidate in new}
        rows = [Pseudonym(order=order, candidate_id=pk, name=name) for pk, name in zip(new, names, strict=False)]
        Pseudonym.objects.bulk_create(rows, ignore_conflicts=True)


def _unnamed(order: JobOrder, candidates: Sequence[int]) -> list[int]:
    known = {pk for (pk,) in kept.rows(_named, (), order.pk)}
    return [pk for pk in candidates if pk not in known]


def _named(order: int) -> QuerySet[Any, tuple[int]]:
    return Pseudonym.objects.filter(order=order).order_by().values_list("candidate_id")


@wall.to_score
def candidate_behind(order_id: UUID, pseudonym: UUID) -> UUID:
    """The candidate's public id behind a card's id on this order. Raises NotVisible."""
    found = Pseudonym.objects.filter(order__public_id=order_id, public_id=pseudonym)
    candidate = found.values_list("candidate__public_id", flat=True).first()
    if candidate is None:
        raise NotVisible
    return candidate


@wall.to_score
def candidates_behind(order_id: UUID, pseudonyms: Iterable[UUID]) -> dict[UUID, UUID]:
    """The candidates' public ids behind several cards' ids on this order; unknown cards are not in it."""
    found = Pseudonym.objects.filter(order__public_id=order_id, public_id__in=list(pseudonyms)).order_by("pk")
    return dict(found.values_list("public_id", "candidate__public_id"))


def sees_others(order: JobOrder, actor: Actor) -> bool:
    """Cards of other municipalities are for the lead's consultants, while the order is open and shared (design §6)."""
    return actor.works_in(order.lead_id) and order.state == JobOrder.State.OPEN and order.shared_at is not None


def verdicts(run_id: UUID, *, actor: Actor, outcome: str | None = None) -> list[dict[str, Any]]:
    """The listed people of a run, best first: own candidates in full by their id, others as a card."""
    found = Run.objects.visible_to(actor).select_related("order").filter(public_id=run_id).first()
    if found is None:
        raise NotVisible
    # Of the candidate only the id, of the row not the prints: the list reads up to 150 of them.
    rows = found.verdicts.prefetch_related(OWN_IDS).order_by("rank", "pk")
    rows = rows.only("run", "candidate", "home_code", "outcome", "rank", "fit", "verdict")
    if outcome is not None:
        rows = rows.filter(outcome=outcome)
    if not sees_others(found.order, actor):
        rows = rows.filter(home_code=actor.municipality)
    names = {
        pk: (uuid, name)
        for pk, uuid, name in Pseudonym.objects.filter(order=found.order_id).values_list(
            "candidate_id", "public_id", "name"
        )
    }
    listed = sorted(rows, key=lambda row: SHOWN.index(row.outcome))
    return [_shown(row, actor, names) for row in listed]


def _shown(row: VerdictRow, actor: Actor, names: dict[int, tuple[UUID, str]]) -> dict[str, Any]:
    card_id, name = names[row.candidate_id]
    common = {
        "card": card_id,
        "pseudonym": name,
        "home_municipality": row.home_code,
        "outcome": row.outcome,
        "rank": row.rank,
        "fit": row.fit,
    }
    if row.home_code == actor.municipality:
        return {**row.verdict["full"], **common, "candidate": row.candidate.public_id}
    return {**explain.card_from(row.verdict["full"]), **common, "candidate": None}
