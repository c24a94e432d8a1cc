"""The whole OpenAPI document against the product: Schemathesis makes calls, good and bad, and no answer is a surprise.

2,000 calls in every run, 20,000 in the long lane. Each call is undone, so that one does not depend on another.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import count
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as openapi

from accounts import tokens
from municipalities.membership import current
from nrs.wsgi import application
from tests import factories
from tests.api.doors import SCHEMA
from tests.api.order_cases import offered, shared_order

CALLS = 20_000 if os.environ.get("NRS_TEST_LONG") else 2_000
CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
#: A chance in this many that a generated id or version is left as it was made up.
ONE_IN = 4
NOTHING = "00000000-0000-4000-8000-000000000000"


@cache
def document() -> Any:
    return schemathesis.openapi.from_path(str(SCHEMA))


def operations() -> list[Any]:
    return [found.ok() for found in document().get_all_operations()]


class Region:
    """Something behind every address, and somebody of each kind to ask for it."""

    def __init__(self) -> None:
        factories.load_reference()
        ann = factories.consultant(factories.HILLEROED)
        eva = factories.consultant(factories.HELSINGOER)
        company = factories.company()
        unit = company.units.get()
        order = factories.order(company)
        one = offered(shared_order(ann), eva)
        agreement = factories.agreement(company)
        own = factories.candidate(factories.HILLEROED)
        self.ids = {
            "/job-orders/": order.public_id,
            "/nominations/": one.public_id,
            "/candidates/": own.public_id,
            "/companies/": company.public_id,
            "/agreements/": agreement.public_id,
            "/units/": unit.public_id,
            "/municipalities/": factories.HILLEROED,
        }
        secrets = [self._secret(actor, scope) for actor in (ann, eva, factories.coordinator()) for scope in ("write",)]
        secrets.append(self._secret(factories.caseworker(), "write"))
        secrets.append(tokens.issue(label="fuzz", company=company.public_id, scope="write")[1])
        self.asking = [*secrets, "", "nrs_nobody"]

    def _secret(self, actor: Any, scope: str) -> str:
        membership = current(user__pk=actor.user_id).get().public_id
        return tokens.issue(label="fuzz", membership=membership, scope=scope)[1]

    def place(self, case: Case, number: int) -> None:
        """Give a made-up call an address where something is, the version it has, and somebody who calls."""
        if number % ONE_IN and case.path_parameters:
            known = next((value for part, value in self.ids.items() if f"/api/v1{part}" in case.path), None)
            for name in case.path_parameters:
                if name in ("id", "code"):
                    case.path_parameters[name] = str(known or NOTHING)
        headers = dict(case.headers or {})
        if number % ONE_IN and "If-Match" in headers:
            headers["If-Match"] = '"1"'
        # Mostly the consultant, in turn everybody else.
        who = self.asking[0] if number % 2 else self.asking[(number // 2) % len(self.asking)]
        headers.pop("Authorization", None)
        if who:
            headers["Authorization"] = f"Bearer {who}"
        case.headers = headers  # type: ignore[assignment]


@pytest.fixture
def region(db: None) -> Iterator[Region]:
    """Requests leave the test's own connection open, as Django's test client sees to."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Region()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_no_call_is_answered_otherwise_than_the_contract_says(region: Region) -> None:
    found, statuses, numbers = Counter[str](), Counter[int](), count()
    every = operations()
    each = max(2, CALLS // len(every) // len(MODES) + 1)
    for operation in every:
        for mode in MODES:
            try:
                drive(operation, mode, each, region, numbers, statuses, found)
            except Unsatisfiable:  # a call without parameters and body cannot be made wrongly
                drive(operation, GenerationMode.POSITIVE, each, region, numbers, statuses, found)
    print(f"\n{statuses.total()} calls on {len(every)} operations: {dict(sorted(statuses.items()))}")
    assert not found, "\n\n".join(f"{times} × {text}" for text, times in found.most_common(15))
    assert statuses.total() >= CALLS
    # Bodies made up by the contract alone do not pass the rules of the field (a CVR number, a code): hardly a 201.
    assert {200, 400, 401, 403, 404} <= set(statuses)


def drive(
    operation: Any, mode: Any, each: int, region: Region, numbers: Any, statuses: Counter[int], found: Counter[str]
) -> None:
    """So many calls of one operation; what was wrong with their answers is counted by its text."""

    @settings(
        max_examples=each,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Case) -> None:
        number = next(numbers)
        region.place(case, number)
        with transaction.atomic():
            response = send(case)
            transaction.set_rollback(True)
        statuses[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except BaseException as problem:  # noqa: BLE001 - a group of failures, told together at the end
            if isinstance(problem, (KeyboardInterrupt, SystemExit)):
                raise
            for one in getattr(problem, "exceptions", [problem]):
                found[f"{operation.label} → {response.status_code}: {str(one)[:400]}"] += 1

    call()


def send(case: Case) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return case.call(app=application)
