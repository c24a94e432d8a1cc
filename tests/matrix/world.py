"""One world with a citizen in every relation to Hillerød, and a canary in every personal text of every one of them.

A canary reads `CANARY-<municipality>-<relation>-<field>`; phone numbers and mail addresses are canaries of their own.
Seen in an answer, it says whose it is and what was told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from accounts import tokens
from candidates import import_jobs
from candidates.models import Candidate, CandidateOccupation, ImportRow
from companies import services as company_services
from companies.models import Company, Contact, ContactLogEntry
from events import clock
from events.models import Webhook
from joborders.models import HistoryNote, Intake, JobOrder, Nomination
from joborders.services import follow, intakes, nominations, steps
from municipalities.models import Membership
from screening import courses
from screening import services as screening
from screening.models import Pseudonym
from tests import factories
from tests.api.doors import COURSE
from tests.api.order_cases import ACCEPTED, WHY
from tests.browser.people_pages import FIT

HOME, NEIGHBOUR, ABROAD, FAR = factories.HILLEROED, factories.HELSINGOER, factories.GRIBSKOV, factories.FREDENSBORG
#: Relation → the citizen's municipality, the order's lead. Orders of HOME are company A's, the others company B's.
RELATIONS: dict[str, tuple[str, str]] = {
    "own": (HOME, HOME),
    "requested": (NEIGHBOUR, HOME),
    "accepted": (NEIGHBOUR, HOME),
    "presented": (NEIGHBOUR, HOME),
    "withdrawn": (NEIGHBOUR, HOME),
    "ended": (NEIGHBOUR, HOME),
    "asked": (FAR, ABROAD),
    "foreign": (ABROAD, ABROAD),
    "stranger": (ABROAD, ""),
}
WORDS = re.compile(r"CANARY-(\d{4})-([a-z]+)-([a-z_]+[a-z])", re.IGNORECASE)


#: The relation of a citizen whom the call itself registers.
NEW = "new"


def canary(relation: str, what: str) -> str:
    """The text that stands in a field."""
    return f"CANARY-{RELATIONS.get(relation, (HOME, HOME))[0]}-{relation}-{what}"


@dataclass
class Target:
    """All that belongs to one citizen: the order that they are on, and what hangs on both."""

    relation: str
    candidate: Candidate | None = None
    order: JobOrder | None = None
    nomination: Nomination | None = None
    run: Any = None
    intake: Intake | None = None
    webhook: Webhook | None = None
    job: Any = None
    course: Any = None
    company: Company | None = None
    contact: Contact | None = None
    agreement: Any = None
    card: UUID | None = None
    account: Any = None
    secret: str = ""


#: Names nothing that there is: what every answer about a hidden thing is compared with.
NOTHING = Target("nothing", secret="nothing-that-was-ever-given-out-0123456789")


class World:
    """Made once per process; every case is undone, so that it stays as it was made."""

    def __init__(self) -> None:
        factories.load_reference()
        self.leads = {code: factories.consultant(code, name=f"Konsulent {code}") for code in (HOME, ABROAD)}
        self.homes = {code: factories.consultant(code) for code in (HOME, NEIGHBOUR, ABROAD, FAR)}
        self.company_a, self.company_b = self._company(HOME, "own"), self._company(ABROAD, "foreign")
        self.targets: dict[str, Target] = {}
        for relation in RELATIONS:
            self.targets[relation] = self._target(relation)
        self._hide_more()

    # --- making ---------------------------------------------------------------------------------------------------

    def _company(self, lead: str, relation: str) -> Company:
        made = factories.company(lead, name=f"Prøvefirma {relation}")
        contact = {"name": canary(relation, "register"), "phone": self._phone(relation, 70), "email": ""}
        self.contacts = {**getattr(self, "contacts", {}), lead: company_services.add_contact(
            self.leads[lead], made, **contact, title="Chef"
        )}  # fmt: skip
        self.agreements = {**getattr(self, "agreements", {}), lead: factories.agreement(made)}
        ContactLogEntry.objects.create(
            company=made, kind="phone", about=canary(relation, "contact_log"), text=canary(relation, "contact_log"),
            happened_at=clock.now(), by_user_id=self.leads[lead].user_id,
        )  # fmt: skip
        return made

    def _phone(self, relation: str, kind: int) -> str:
        return f"49 {kind} {list(RELATIONS).index(relation):02d} 17"

    def _target(self, relation: str) -> Target:
        home, lead = RELATIONS[relation]
        made = Target(relation, candidate=self._citizen(relation, home), job=self._job(relation, home))
        if lead:
            company = self.company_a if lead == HOME else self.company_b
            made.company, made.contact, made.agreement = company, self.contacts[lead], self.agreements[lead]
            made.order = self._order(relation, lead, company)
            made.nomination = self._nomination(relation, made, lead)
            made.run = screening.run(
                made.order.public_id, actor=self.leads[lead], scope="region" if made.order.shared_at else "own"
            )
            made.secret = follow.create(made.order)
            member = Membership.objects.get(user_id=self.leads[lead].user_id)
            made.account, _secret = tokens.issue(label=f"Fagsystem {relation}", membership=member.public_id)
            made.course = courses.plan(self.leads[lead], {**COURSE, "seats": [{"municipality": lead, "seats": 4}]})
            self._end(relation, made, lead)
            made.order.refresh_from_db()
            contact = {"name": canary(relation, "intake"), "phone": self._phone(relation, 73)}
            made.intake = intakes.draft(self.leads[lead], channel="phone", contact=contact)
            made.webhook = Webhook.objects.create(
                municipality=lead, url=f"https://{relation}.example/", patterns=["#"], created_at=clock.now()
            )
        return made

    def _citizen(self, relation: str, home: str) -> Candidate:
        return factories.candidate(
            home, **{**FIT, "cv_text": canary(relation, "cv_order")}, name=canary(relation, "name"),
            phone=self._phone(relation, 71), email=f"{canary(relation, 'mail').lower()}@borger.example",
            external_reference=canary(relation, "case"),
        )  # fmt: skip

    def _job(self, relation: str, home: str) -> Any:
        job = import_jobs.begin(
            factories.caseworker(home), name="a.csv", content=b"external_reference,name\nSAG-X,Person\n"
        )
        ImportRow.objects.create(job=job, number=1, status="refused", external_reference=canary(relation, "case"))
        return job

    def _order(self, relation: str, lead: str, company: Company) -> JobOrder:
        actor = self.leads[lead]
        contact = {"name": canary(relation, "contact"), "phone": self._phone(relation, 72), "email": "a@firma.example"}
        order = factories.order(
            of=company, title=canary(relation, "title"), contact=contact, unit=str(company.units.get().public_id),
            description=canary(relation, "order"), is_public=relation == "asked",
            requirements=[{"kind": "licence", "code": "C", "is_must": True}],
        )  # fmt: skip
        order = steps.claim(order.public_id, actor, order.version)
        order = steps.verify_contact(order.public_id, actor, order.version, source="cvr_register")
        if relation not in ("foreign",):
            order = steps.share(order.public_id, actor, order.version)
        return order

    def _nomination(self, relation: str, made: Target, lead: str) -> Nomination:
        order, person, home = made.order, made.candidate, RELATIONS[relation][0]
        assert order is not None and person is not None
        if relation == "requested":
            [done] = nominations.request(
                order.public_id, self.leads[lead], order.version, candidates=[person.public_id]
            )
            return done.nomination
        acceptance = {**ACCEPTED, "accepted_on": "2026-03-02"}
        one = nominations.offer(
            order.public_id, self.homes[home], order.version, candidate=person.public_id, acceptance=acceptance
        ).nomination
        if relation in ("own", "presented", "asked", "foreign", "withdrawn"):
            one = nominations.present(one.public_id, self.leads[lead], one.version, **WHY).nomination
        return one

    def _end(self, relation: str, made: Target, lead: str) -> None:
        order, one = made.order, made.nomination
        assert order is not None and one is not None
        if relation == "withdrawn":
            home = self.homes[RELATIONS[relation][0]]
            nominations.withdraw(one.public_id, home, one.version, reason="other", text=canary(relation, "reason"))
        if relation == "ended":
            order.refresh_from_db()
            steps.close(order.public_id, self.leads[lead], order.version, reason="withdrawn")
        one.refresh_from_db()

    def _hide_more(self) -> None:
        """Texts that no service writes as a canary."""
        for relation, made in self.targets.items():
            Candidate.objects.filter(pk=made.candidate.pk).update(cv_text=canary(relation, "cv"))  # type: ignore[union-attr]
            CandidateOccupation.objects.filter(candidate=made.candidate).update(title=canary(relation, "employer"))
            made.candidate.refresh_from_db()  # type: ignore[union-attr]
            if made.order is None or made.nomination is None:
                continue
            JobOrder.objects.filter(pk=made.order.pk).update(internal_note=canary(relation, "note"))
            Nomination.objects.filter(pk=made.nomination.pk).update(
                cv_reason=canary(relation, "cv_reason"), acceptance_by=canary(relation, "accepted_by")
            )
            HistoryNote.objects.create(
                order=made.order, event=uuid4(), text=canary(relation, "history"), by_name="Prøve"
            )
            screening.name_them(made.order, [made.candidate.pk])  # type: ignore[union-attr]
            made.card = Pseudonym.objects.get(order=made.order, candidate=made.candidate).public_id

    # --- reading --------------------------------------------------------------------------------------------------

    def told(self, text: str) -> Iterator[tuple[str, str]]:
        """(relation, field) of every canary in a text."""
        for _code, relation, what in set(WORDS.findall(text)):
            yield relation.lower(), what.lower()
        for relation in RELATIONS:
            for kind, what in ((71, "phone"), (72, "contact"), (73, "intake"), (70, "register")):
                number = self._phone(relation, kind)
                if number in text or number.replace(" ", "") in text:
                    yield relation, what

    def relation_of(self, candidate: UUID) -> str:
        """Whose key it is."""
        keys = {made.candidate.public_id: name for name, made in self.targets.items() if made.candidate}
        return keys.get(candidate, NEW)
