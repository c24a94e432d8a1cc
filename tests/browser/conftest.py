"""A real browser on the live product: Debian's chromium, driven by Playwright. Skipped where there is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from tests.browser.watching import Watched
from tools import backends
from tools.frontend import AXE, TARGET

WIDTHS = (320, 768, 1440)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is of the browser's lane."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    found = backends.find_browser()
    if not found.url or not TARGET.exists() or not AXE.exists():
        why = found.why or "the front-end packages are not installed: ./run setup"
        (pytest.fail if "browser" in os.environ.get("NRS_TEST_REQUIRE", "") else pytest.skip)(why)
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright's loop runs in this thread; Django's guard against queries from a loop would take it for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found.url, args=arguments)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def emptied_after_each_test(django_db_setup: None, django_db_blocker: Any) -> None:
    """A live server's database is emptied after each test, which the access log refuses by trigger: not here."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS access_log_no_delete")


@pytest.fixture
def visit(chromium: Browser, live_server: Any, emptied_after_each_test: None) -> Iterator[Callable[..., Watched]]:
    """Opens a watched window: `visit(user=…, language="da", javascript=True)`. Whatever it saw is judged at the end."""
    open_windows: list[Watched] = []

    def opened(**wishes: Any) -> Watched:
        window = Watched(chromium, live_server.url, **wishes)
        open_windows.append(window)
        return window

    yield opened
    complaints = [complaint for window in open_windows for complaint in window.close()]
    assert complaints == []
