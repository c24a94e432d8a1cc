"""Pictures of the main pages of a running demo: `python -m tools.screenshots BASE_URL [folder]`.

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
DESK, PHONE, HEIGHT = 1440, 320, 900


#: A made-up company that the demo does not know: a known one would be asked for its unit.
CVR = "97770018"


@dataclass(frozen=True)
class Shot:
    """A page: its file, its address, the demo login that sees it ("" for a stranger), and whether on a phone too."""

    name: str
    path: str
    login: str = ""
    on_phone: bool = False


SHOTS = (
    Shot("home", "/", on_phone=True),
    Shot("queue", "/queue", "konsulent.hilleroed@nrs.example", on_phone=True),
    Shot("candidates", "/candidates", "konsulent.hilleroed@nrs.example"),
    Shot("companies", "/companies", "konsulent.hilleroed@nrs.example"),
    Shot("candidate-import", "/candidates/import", "konsulent.hilleroed@nrs.example"),
    Shot("profile", "/profile", "konsulent.hilleroed@nrs.example"),
    Shot("accessibility", "/was"),
    Shot("jobs", "/jobs", on_phone=True),
    Shot("campaigns", "/campaigns", "koordinator@nrs.example"),
    Shot("campaign-calls", "/campaigns/calls", "koordinator@nrs.example"),
    Shot("agreements", "/agreements", "koordinator@nrs.example"),
    Shot("gatherings", "/gatherings", "koordinator@nrs.example"),
    Shot("goals", "/figures/goals", "koordinator@nrs.example"),
    Shot("fairness", "/figures/fairness", "koordinator@nrs.example"),
    Shot("access-log", "/access-log", "revisor@nrs.example"),
    Shot("webhooks", "/webhooks", "administrator@nrs.example"),
    Shot("figures", "/figures", "koordinator@nrs.example"),
    Shot("figures-sheet", "/figures/sheet", "koordinator@nrs.example"),
)


def take(base: str, folder: Path) -> None:
    """Every shot as `folder/name-width.png`."""
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
                _keep(page, shot, folder)
        _order(_reader(browser, base, ""), folder)
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


def _keep(page: Page, shot: Shot, folder: Path) -> None:
    for width in (DESK, PHONE) if shot.on_phone else (DESK,):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.goto(shot.path, wait_until="networkidle")
        page.screenshot(path=folder / f"{shot.name}-{width}.png", full_page=True)


def _order(page: Page, folder: Path) -> None:
    """A company hands in an order; every step is a picture."""
    page.set_viewport_size({"width": DESK, "height": HEIGHT})
    page.goto("/order/company")
    steps: tuple[tuple[str, dict[str, str]], ...] = (
        ("company", {"cvr": CVR}),
        ("workplace", {"name": "Skovens Maskinværksted ApS", "street": "Skovvej 12", "postal_code": "3250"}),
        ("job", {"title": "Lastbilchauffør", "positions": "2", "description": "Kørsel med maskiner i Nordsjælland."}),
        ("needs", {}),
        ("contact", {"name": "Kirsten Prøve", "phone": "48 00 00 00", "email": "kirsten@firma.example"}),
        ("check", {}),
        ("receipt", {}),
    )
    for name, answers in steps:
        page.wait_for_load_state("networkidle")
        for field, text in answers.items():
            page.fill(f"#id_{field}", text)
        page.screenshot(path=folder / f"order-{name}-{DESK}.png", full_page=True)
        page.locator("main .button-primary").last.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"follow-{DESK}.png", full_page=True)


if __name__ == "__main__":
    where = Path(sys.argv[2]) if len(sys.argv) > 2 else FOLDER
    try:
        take(sys.argv[1], where)
    except SetupFailed as problem:
        sys.exit(str(problem))
