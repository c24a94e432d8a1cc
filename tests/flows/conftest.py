"""Scenarios are loaded once for all tests of a module, and rolled back after them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction


def _loaded(name: str, blocker: Any) -> Iterator[None]:
    with blocker.unblock(), transaction.atomic():
        call_command("load_reference", verbosity=0)
        call_command("load_scenario", name, verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def nrs_2016(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The region's first year, with everything that happened later."""
    yield from _loaded("nrs-2016", django_db_blocker)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo region of today."""
    yield from _loaded("demo", django_db_blocker)
