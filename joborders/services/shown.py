"""Who may see the people nominated on an order by name; candidates.access asks again, and logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Prefetch

from candidates.access import NamedCandidate, named
from candidates.models import Candidate
from joborders.models import JobOrder, Nomination
from joborders.nomination_workflow import NAMED_TO_COMPANY, NAMED_TO_LEAD
from municipalities.actor import Actor

PURPOSE = "nomination.show"
#: Joined, a candidate whom the reader may not see would take the nomination or verdict away with it (second wall).
OWN_IDS = Prefetch("candidate", Candidate.objects.only("public_id"))
FIELDS = ("name", "phone", "email", "contact_way", "cv_text")


def is_home(nomination: Nomination, actor: Actor) -> bool:
    """Whether the actor works with candidates in the candidate's own municipality."""
    return actor.municipality == nomination.home_code and (actor.is_consultant or actor.is_caseworker)


def may_name(nomination: Nomination, actor: Actor) -> bool:
    """Home always; the order's lead after acceptance; the company while presented, at interview or hired (§6)."""
    if actor.is_company:
        return nomination.state in NAMED_TO_COMPANY
    if is_home(nomination, actor):
        return True
    return actor.works_in(nomination.order.lead_id) and nomination.state in NAMED_TO_LEAD


def people_on(order: JobOrder, nominations: Sequence[Nomination], actor: Actor) -> dict[int, NamedCandidate]:
    """The named candidates of one order by nomination, logged in one statement. Call inside a transaction.

    The CV text is the one confirmed for this order.
    """
    wanted = [one for one in nominations if one.candidate_id is not None and may_name(one, actor)]
    if not wanted:
        return {}
    texts: dict[int, str] = {}
    for nomination in wanted:
        texts[nomination.candidate_id] = nomination.cv_text or texts.get(nomination.candidate_id, "")
    shown = named(
        list(texts),
        actor=actor,
        purpose=PURPOSE,
        fields=FIELDS,
        order=order.public_id,
        cv_texts=texts,
    )
    found = {person.pk: person for person in shown}
    return {
        nomination.pk: replace(found[nomination.candidate_id], cv_text=nomination.cv_text)
        for nomination in wanted
        if nomination.candidate_id in found
    }
