"""Fixtures that several apps' tests share. People: Ann and Bo in Hillerød, Eva in Helsingør, Kim coordinates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.utils import translation

from events import clock
from municipalities.actor import Actor
from tests import factories

pytest_plugins = ["tests.guards"]


@pytest.fixture(autouse=True)
def in_danish(settings: Any) -> Iterator[None]:
    """Every test begins in the product's own language, whatever the one before has read."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


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
