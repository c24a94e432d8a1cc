"""The embedded broker: a folder, reached by the same code as RabbitMQ."""

from __future__ import annotations

import logging

import pytest
from celery import current_app
from kombu import Connection


def test_a_connection_to_the_folder_warns_of_nothing(caplog: pytest.LogCaptureFixture) -> None:
    url = str(current_app.conf.broker_url)
    if not url.startswith("filesystem"):
        pytest.skip("this run has another broker")
    with caplog.at_level(logging.WARNING, logger="kombu.connection"):
        assert Connection(url, transport_options=current_app.conf.broker_transport_options).info()["hostname"]
    assert caplog.records == []
