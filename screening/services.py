"""Runs a screening and keeps it: snapshot, funnel, verdicts with evidence, pseudonyms for the other eight."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate
from events import clock
from events.errors import Invalid, NotAllowed, NotVisible, StepRefused
from joborders.models import JobOrder, Requirement
from joborders.services import mark_screened
from municipalities.actor import Actor
from municipalities.models import PostalDistance
from screening import engine, explain
from screening.loading import persons, pool
from screening.models import Pseudonym, Run, VerdictRow
from screening.types import Verdict, Wanted, WantedLanguage, WantedSkill
from vocabulary.models import Skill
from vocabulary.queries import load_graph

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without look-alikes
SHOWN = ("qualified", "check", "nearly")


def wanted_of(order: JobOrder) -> Wanted:
    """The order as the engine reads it, on today's date."""
    asked: dict[str, list[Requirement]] = {kind: [] for kind in Requirement.Kind.values}
    for requirement in order.requirements.all():
        asked[requirement.kind].append(requirement)
    codes = {r.code: r.is_must for r in asked["skill"]}
    skills = Skill.objects.filter(public_id__in=codes).order_by("pk").values_list("pk", "public_id", "reuse_level")
    return Wanted(
        today=clock.today(),
        salt=order.salt,
        isco=order.occupation_id,
        skills=tuple(WantedSkill(pk, codes[str(uuid)], level) for pk, uuid, level in skills),
        licences=tuple(r.code for r in asked["licence"] if r.is_must),
        certificates=tuple(r.code for r in asked["certificate"] if r.is_must),
        languages=tuple(
            WantedLanguage(r.code, r.oral or 0, r.written or 0) for r in asked["language"] if r.is_must
        ),
        hours_min=order.hours_min,
        hours_max=order.hours_max,
        shifts=order.shifts,
        start=order.starts_on,
        grace_days=order.grace_days,
        max_distance_km=order.max_distance_km,
        workplace=order.workplace_postal_code or None,
        remote=order.is_remote,
        own_transport=order.needs_own_transport,
    )


def compiled(wanted: Wanted) -> engine.CompiledOrder:
    """The order expanded by skill graph and distances: once, for any number of people."""
    graph = load_graph([skill.skill for skill in wanted.skills])
    metres = PostalDistance.objects.filter(origin=wanted.workplace).order_by().values_list("target", "metres")
    return engine.compile_order(wanted, graph, dict(metres) if wanted.workplace else {})


@transaction.atomic
def run(order_id: UUID, *, actor: Actor, scope: str) -> Run:
    """Screen the own candidates or all nine for an order that a person asks about, and keep the answer.

    `scope` is "own" or "region". The own: consultants who may see the open order; all nine: those of the lead, once
    the order is shared. Raises NotVisible, NotAllowed, StepRefused or Invalid.
    """
    order = JobOrder.objects.visible_to(actor).filter(public_id=order_id).first()
    if order is None:
        raise NotVisible
    _may_screen(order, actor, scope)
    wanted = wanted_of(order)
    order_ready = compiled(wanted)
    people = pool(order, actor.municipality if scope == Run.Scope.OWN else None, wanted.today)
    result = engine.screen(order_ready, persons(people, order_ready))
    found = Run.objects.create(
        order=order,
        order_revision=order.revision,
        scope=scope,
        municipality_code=actor.municipality or "",
        table_version=result.version,
        snapshot=wanted.as_data(),
        pool=result.pool,
        funnel=dict(result.funnel),
        qualified=result.counts["qualified"],
        check_count=result.counts["check"],
        nearly=result.counts["nearly"],
        decided_on=wanted.decided_on,
        created_at=clock.now(),
        by_user_id=actor.user_id,
    )
    _keep(found, order, result.lanes)
    if actor.municipality == order.lead_id:
        mark_screened(order.public_id, actor=actor)
    return found


def _may_screen(order: JobOrder, actor: Actor, scope: str) -> None:
    if scope not in Run.Scope.values:
        raise Invalid.field("scope", "unknown_code", _("Screen the own candidates or the region."))
    if not actor.is_consultant:
        raise NotAllowed
    if order.state != JobOrder.State.OPEN:
        raise StepRefused
    if scope == Run.Scope.REGION and not actor.works_in(order.lead_id):
        raise NotAllowed
    if scope == Run.Scope.REGION and order.shared_at is None:
        raise StepRefused("not_shared", _("Share the order first: then all nine can be screened."))


def _keep(found: Run, order: JobOrder, lanes: Any) -> None:
    listed = [verdict for lane in SHOWN for verdict in lanes.get(lane, ())]
    homes = dict(Candidate.objects.filter(pk__in=[v.candidate for v in listed]).values_list("pk", "home_id"))
    name_them(order, [v.candidate for v in listed])
    VerdictRow.objects.bulk_create(
        _row(found, verdict, rank, homes) for lane in SHOWN for rank, verdict in enumerate(lanes.get(lane, ()), 1)
    )


def _row(found: Run, verdict: Verdict, rank: int, homes: dict[int, str]) -> VerdictRow:
    return VerdictRow(
        run=found,
        candidate_id=verdict.candidate,
        home_code=homes[verdict.candidate],
        outcome=verdict.outcome,
        rank=rank,
        fit=verdict.fit,
        raw=verdict.raw,
        verdict={"card": explain.card(verdict), "full": explain.as_data(verdict)},
    )


def name_them(order: JobOrder, candidates: list[int]) -> None:
    """Give every listed candidate a random name on this order, which says nothing on any other order."""
    known = set(order.pseudonyms.filter(candidate__in=candidates).values_list("candidate_id", flat=True))
    new = [Pseudonym(order=order, candidate_id=pk, name=_random_name()) for pk in candidates if pk not in known]
    Pseudonym.objects.bulk_create(new, ignore_conflicts=True)


def _random_name() -> str:
    return "K-" + "".join(secrets.choice(LETTERS) for _letter in range(7))


def candidate_behind(order_id: UUID, pseudonym: UUID) -> UUID:
    """The candidate's public id behind a card's id on this order. Raises NotVisible."""
    found = Pseudonym.objects.filter(order__public_id=order_id, public_id=pseudonym)
    candidate = found.values_list("candidate__public_id", flat=True).first()
    if candidate is None:
        raise NotVisible
    return candidate


def explanation(order_id: UUID, candidate_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """Why somebody of the own candidates is, or is not, on the list: the full verdict, whatever the rank."""
    order = JobOrder.objects.visible_to(actor).filter(public_id=order_id).first()
    if order is None or not actor.is_consultant or actor.municipality is None:
        raise NotVisible
    person = Candidate.objects.of(actor.municipality).filter(public_id=candidate_id)
    if not person.exists():
        raise NotVisible
    ready = compiled(wanted_of(order))
    verdict = engine.judge(ready, next(persons(person, ready)))
    return {**explain.as_data(verdict), "candidate": str(candidate_id)}


def verdicts(run_id: UUID, *, actor: Actor) -> list[dict[str, Any]]:
    """The listed people of a run: own candidates in full by their id, others as a card under a pseudonym."""
    found = Run.objects.visible_to(actor).filter(public_id=run_id).first()
    if found is None:
        raise NotVisible
    names = {
        pk: (uuid, name)
        for pk, uuid, name in Pseudonym.objects.filter(order=found.order_id).values_list(
            "candidate_id", "public_id", "name"
        )
    }
    return [_shown(row, actor, names) for row in found.verdicts.select_related("candidate")]


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
        return {**common, **row.verdict["full"], "candidate": row.candidate.public_id}
    return {**common, **row.verdict["card"], "candidate": None}
