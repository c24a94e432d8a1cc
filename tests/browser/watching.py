"""A browser window that notes what no page may do, and measures what every page must."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from accounts.models import User
from tools.frontend import AXE

LOCALES = {"da": "da-DK", "en": "en-GB"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
NOTE_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error("CSP: " + event.violatedDirective + " " + event.blockedURI + " " + event.sample);
});
"""
RUN_AXE = "async (rules) => (await axe.run(document, {runOnly: rules})).violations"


class Watched:
    """One window with one reader: `user` is logged in, `language` is what the browser asks for."""

    def __init__(
        self, browser: Browser, base: str, *, user: User | None = None, language: str = "da", javascript: bool = True
    ) -> None:
        self.base = base
        self.complaints: list[str] = []
        self.expected: set[int] = set()
        self.context = browser.new_context(
            base_url=base,
            locale=LOCALES[language],
            java_script_enabled=javascript,
            viewport={"width": 1440, "height": 900},
        )
        if javascript:
            self.context.add_init_script(NOTE_VIOLATIONS)
        if user is not None:
            self._log_in(user)
        self.page: Page = self.context.new_page()
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_response)
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))

    def _log_in(self, user: User) -> None:
        client = Client()
        client.force_login(user, backend="municipalities.login.MemberBackend")
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.base}])

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != self.base:
            self.complaints.append(f"asked another host: {request.url}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(f"{response.status} from {response.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        is_told_by_response = message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not is_told_by_response:
            self.complaints.append(f"console: {message.text}")

    def go(self, path: str, *, status: int = 200) -> Page:
        """Open an address, wait until it is still, and hold it to its status."""
        if status >= 400:
            self.expected.add(status)
        answer = self.page.goto(path, wait_until="networkidle")
        assert answer is not None and answer.status == status, f"{path}: {answer and answer.status}"
        return self.page

    def violations(self) -> list[str]:
        """What axe-core finds against WCAG 2.1 A and AA."""
        self.page.evaluate(AXE.read_text())
        found: list[dict[str, Any]] = self.page.evaluate(RUN_AXE, RULES)
        return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]

    def sideways(self, width: int) -> int:
        """By how many pixels the page is wider than the window."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.wait_for_function("() => new Promise((done) => requestAnimationFrame(() => done(true)))")
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def close(self) -> list[str]:
        """Shut the window; gives what it saw that should not be."""
        self.context.close()
        return self.complaints
