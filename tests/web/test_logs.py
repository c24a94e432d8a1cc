"""A server error on a secret link is logged without the secret."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.utils.module_loading import import_string

from joborders.services import follow

SECRET = "s3cr3t-" + "x" * 36


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Any:
    """What the product's own formatter makes of what was logged."""
    spec = dict(settings.LOGGING["formatters"]["line"])
    formatter = import_string(spec.pop("()"))(**spec)
    logging.getLogger("django.request").setLevel("ERROR")
    yield lambda: "\n".join(formatter.format(record) for record in caplog.records)
    logging.getLogger("django.request").setLevel("CRITICAL")


@pytest.mark.parametrize("address", [f"/f/{SECRET}", f"/api/v1/intake/follow/{SECRET}", f"/order/resume/{SECRET}"])
def test_an_error_behind_a_secret_link_is_logged_without_the_secret(
    address: str, written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError(f"cannot read {address}")

    monkeypatch.setattr(follow, "find", broken)
    monkeypatch.setattr("web.company.drafts.find", broken)
    assert get_resolver().resolve(address)
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 500
    assert "RuntimeError" in written() and "***" in written()
    assert SECRET not in written() and SECRET not in answer.content.decode()
