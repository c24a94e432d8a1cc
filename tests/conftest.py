"""Fixtures that several apps' tests share. People: Ann and Bo in Hillerød, Eva in Helsingør, Kim coordinates."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db.utils import ProgrammingError
from django.test.signals import reset_template_engines
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from events import clock
from municipalities import roles
from municipalities.actor import Actor
from notifications import outbox
from tests import factories

pytest_plugins = ["tests.guards"]
TALLY = "looked at"
# No timed assertions: a machine with others at work draws slowly, too.
hypothesis_settings.register_profile("nrs", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("nrs")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long tests are for `./run test --long`."""
    if os.environ.get("NRS_TEST_LONG"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def pytest_collection_finish() -> None:
    """Forget template engines made while the tests were collected: made too early they forgive undefined variables."""
    reset_template_engines(setting="TEMPLATES")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """On PostgreSQL requests run in the roles behind the second wall, if the tests' own role may make them."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), contextlib.suppress(ProgrammingError):
            roles.install(connection)
            settings.DATABASE_ROLES = True


@pytest.fixture(autouse=True)
def in_danish(settings: Any) -> Iterator[None]:
    """Every test begins in the product's own language, whatever the one before has read."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session", autouse=True)
def a_folder_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each test process keeps its files for itself: side by side they would read one another's."""
    settings.DATA_DIR = tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def no_mail_of_another_test() -> None:
    """Mails lie in a folder, which no transaction empties: the page that shows them would show an earlier test's."""
    for old in outbox.folder().glob("*.eml"):
        old.unlink()


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Callable[[str, int], None]:
    """Say how many cases of what were looked at: added up and printed at the end of the run."""

    def note(what: str, count: int) -> None:
        record_property(TALLY, (what, count))

    return note


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many cases the long and random checks have looked at."""
    found: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == TALLY:
                found[value[0]] += value[1]
    for what, count in sorted(found.items()):
        terminalreporter.write_line(f"looked at {count:,} {what}")


@pytest.fixture
def reference(db: None) -> None:
    """The nine municipalities, their postal codes and the starter vocabulary."""
    factories.load_reference()


@pytest.fixture
def monday() -> Iterator[datetime]:
    """It is Monday 2 March 2026, nine o'clock in Copenhagen."""
    with clock.at(factories.MONDAY):
        yield factories.MONDAY


@pytest.fixture
def ann(reference: None) -> Actor:
    """A consultant of Hillerød."""
    return factories.consultant(factories.HILLEROED, name="Ann Prøve")


@pytest.fixture
def bo(reference: None) -> Actor:
    """Another consultant of Hillerød."""
    return factories.consultant(factories.HILLEROED, name="Bo Prøve")


@pytest.fixture
def eva(reference: None) -> Actor:
    """A consultant of Helsingør."""
    return factories.consultant(factories.HELSINGOER, name="Eva Prøve")


@pytest.fixture
def kim(reference: None) -> Actor:
    """The coordinator."""
    return factories.coordinator(name="Kim Prøve")


@pytest.fixture
def cas(reference: None) -> Actor:
    """A caseworker of Hillerød."""
    return factories.caseworker(factories.HILLEROED, name="Cas Prøve")
