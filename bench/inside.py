"""What has to be done inside Django: tokens, ids for the calls, and counting the queries of a call."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bench.client import Call
from bench.database import REPO

SHARED_ORDERS = BUSY_ORDERS = 10


@dataclass
class Known:
    """Secrets and ids that the calls use. `home` is the municipality with the longest queue."""

    home: str
    consultant: str
    coordinator: str
    companies: list[str]
    shared_orders: list[str]
    skills: list[str]
    past: str
    starts_on: str
    consultant_session: str
    coordinator_session: str
    busy_orders: list[str]
    candidate: str

    def order_body(self, n: int) -> dict[str, Any]:
        """The body of a new order, as a consultant would write it down."""
        return {
            "company": self.companies[n % len(self.companies)],
            "channel": "phone",
            "title": "Lastbilchauffør søges",
            "occupation": "8332",
            "description": "Vi mangler en chauffør til faste ture. Du bliver lært op af en erfaren kollega.",
            "positions": 2,
            "hours_min": 30,
            "hours_max": 37,
            "shifts": ["day"],
            "starts_on": self.starts_on,
            "workplace": {"street": "Prøvevej 1", "postal_code": "3400", "municipality": "0219"},
            "contact": {"name": "Alvo Bregnebrink", "phone": "+45 00 00 00 01", "email": "job@firma.example"},
            "requirements": [
                {"kind": "licence", "code": "C"},
                {"kind": "certificate", "code": "chauffoer-gods"},
                {"kind": "language", "code": "da", "oral": "B1"},
                *({"kind": "skill", "code": code, "is_must": n < 2} for n, code in enumerate(self.skills)),
            ],
        }


def prepare() -> Known:
    """Make tokens and look up ids. Django must be set up."""
    from django.db.models import Count

    from accounts import tokens
    from candidates.models import Candidate
    from companies.models import Company
    from events import clock
    from joborders.models import JobOrder
    from municipalities.models import Membership
    from vocabulary.models import Skill

    queues = JobOrder.objects.in_queue().order_by().values_list("lead_id").annotate(n=Count("pk"))
    home = max(queues, key=lambda row: (row[1], row[0]))[0]
    shared = JobOrder.objects.in_queue().led_by(home).filter(shared_at__isnull=False, assignee__isnull=False)
    busy = JobOrder.objects.in_queue().led_by(home).annotate(n=Count("nominations")).order_by("-n", "pk")
    secrets, sessions = [], []
    for role, municipality in (("consultant", home), ("coordinator", None)):
        membership = Membership.objects.filter(role=role, municipality=municipality).order_by("pk")[0]
        secrets.append(tokens.issue(label="bench", membership=membership.public_id, scope="write")[1])
        sessions.append(_session(membership.user))
    companies = Company.objects.filter(lead=home).order_by("pk")
    skills = Skill.objects.filter(occupation_links__occupation__uri="urn:nrs:occupation:lorry-driver").order_by("uri")
    return Known(
        home=home,
        consultant=secrets[0],
        coordinator=secrets[1],
        companies=[str(one) for one in companies.values_list("public_id", flat=True)[:200]],
        shared_orders=[str(one) for one in shared.order_by("pk").values_list("public_id", flat=True)[:SHARED_ORDERS]],
        skills=[str(one) for one in skills.values_list("public_id", flat=True)[:5]],
        past=(clock.today() - dt.timedelta(days=365)).isoformat(),
        starts_on=(clock.today() + dt.timedelta(days=21)).isoformat(),
        consultant_session=sessions[0],
        coordinator_session=sessions[1],
        busy_orders=[str(one) for one in busy.values_list("public_id", flat=True)[:BUSY_ORDERS]],
        candidate=str(Candidate.objects.of(home).order_by("pk").values_list("public_id", flat=True)[0]),
    )


def _session(user: Any) -> str:
    """The cookie of somebody who has logged in, both steps."""
    from django.test import Client

    from accounts import sessions

    client = Client()
    client.force_login(user, backend="municipalities.login.MemberBackend")
    session = client.session
    sessions.passed(session)  # the second step, asked of everybody in production
    session.save()
    return str(session.session_key)


def collect() -> None:
    """Translations and static files, as the start of a production server prepares them."""
    from django.core.management import call_command

    from tools import messages

    messages.compile_all(REPO)
    call_command("collectstatic", verbosity=0, interactive=False)


def figure_pages() -> list[str]:
    """The addresses of the figures that have a page each."""
    from campaigns.figures import FUNCTIONS

    return [f"/figures/{name}" for name in FUNCTIONS]


def queries(call: Call) -> int:
    """How many SQL statements the call takes in this process, once everything is warm; savepoints do not count."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    content_type = call.headers.get("Content-Type", "application/json")
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = client.generic(
                call.method, call.path, call.body or b"", content_type=content_type, headers=call.headers
            )
            if answer.streaming:
                b"".join(answer.streaming_content)
        if answer.status_code != call.status:
            raise RuntimeError(f"{call.method} {call.path}: {answer.status_code} {answer.content[:300]!r}")
    words = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return sum(not query["sql"].startswith(words) for query in captured.captured_queries)
