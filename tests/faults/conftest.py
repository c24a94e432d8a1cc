"""A RabbitMQ of these tests' own, so that stopping it harms nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.faults.node import Node, script

REQUIRED = "rabbitmq" in os.environ.get("NRS_TEST_REQUIRE", "")


@pytest.fixture
def events_as_declared() -> None:
    """Most events are made up here."""


@pytest.fixture(scope="session")
def _node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    if not script():
        assert not REQUIRED, "NRS_TEST_REQUIRE names rabbitmq, and no rabbitmq-server is installed here"
        pytest.skip("no rabbitmq-server installed here")
    found = Node(tmp_path_factory.mktemp("rabbitmq"))
    try:
        found.start()
        yield found
    finally:
        found.kill()


@pytest.fixture
def node(_node: Node) -> Iterator[Node]:
    """It runs at the beginning of the test and is started again after it."""
    yield _node
    if _node.process is None:
        _node.start()
