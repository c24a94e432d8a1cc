"""Pictures of the main pages of a running demo: `python -m tools.screenshots BASE_URL [folder] [widths]`.

`./run screenshots` serves a fresh demo and keeps the pictures in docs/pictures. Runs in the virtual environment.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools import backends
from tools.setup import REPO, SetupFailed, say

FOLDER = REPO / "docs" / "pictures"
WIDTHS = (1440, 320)
HEIGHT = 900


@dataclass(frozen=True)
class Shot:
    """One picture: its file, the page, and the demo login that sees it ("" for a stranger)."""

    name: str
    path: str
    login: str = ""


SHOTS = (
    Shot("home", "/"),
    Shot("login", "/login"),
    Shot("accessibility", "/was"),
    Shot("not-found", "/findes-ikke"),
    Shot("queue", "/queue", "konsulent.hilleroed@nrs.example"),
    Shot("figures", "/figures", "koordinator@nrs.example"),
    Shot("figures-sheet", "/figures/sheet", "koordinator@nrs.example"),
)


def take(base: str, folder: Path, widths: tuple[int, ...]) -> None:
    """Every shot at every width as `folder/name-width.png`."""
    found = backends.find_browser()
    if not found.url:
        raise SetupFailed(found.why)
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=found.url, args=arguments)
        for login in sorted({shot.login for shot in SHOTS}):
            page = _reader(browser, base, login)
            for shot in [shot for shot in SHOTS if shot.login == login]:
                _keep(page, shot, folder, widths)
        browser.close()
    say(f"The pictures are in {folder}.")


def _reader(browser: Browser, base: str, login: str) -> Page:
    page = browser.new_context(base_url=base, locale="da-DK").new_page()
    if login:
        page.goto("/login")
        page.fill("#id_username", login)
        page.fill("#id_password", _password())
        page.click("main button")
        page.wait_for_load_state("networkidle")
    return page


def _password() -> str:
    """That of every demo login. Raises ImproperlyConfigured outside the demo's environment."""
    import django

    django.setup()
    from nrs.scenarios.world import DEMO_PASSWORD

    return DEMO_PASSWORD


def _keep(page: Page, shot: Shot, folder: Path, widths: tuple[int, ...]) -> None:
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.goto(shot.path, wait_until="networkidle")
        page.screenshot(path=folder / f"{shot.name}-{width}.png", full_page=True)


if __name__ == "__main__":
    where = Path(sys.argv[2]) if len(sys.argv) > 2 else FOLDER
    sizes = tuple(int(width) for width in sys.argv[3].split(",")) if len(sys.argv) > 3 else WIDTHS
    try:
        take(sys.argv[1], where, sizes)
    except SetupFailed as problem:
        sys.exit(str(problem))
