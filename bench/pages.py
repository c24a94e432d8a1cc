"""`./run bench pages`: the pages with a login, as a browser gets them: queries, times, and bytes over the wire.

The proxy of production (deploy/Caddyfile) compresses the HTML; here it is compressed the same way.
Everything else counts as the server sends it to somebody who accepts gzip.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import statistics
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from bench import inside
from bench.client import Call, drive
from tools import backends
from tools.frontend import URL

if TYPE_CHECKING:
    from bench.parts import Bench

PROXY_LEVEL = 5
"""The level that Caddy's `encode gzip` uses when none is named."""
DANISH_FONTS = "-Latin1"
"""In the names of the font files that have the letters of Danish; browsers fetch the others for other letters only."""
KB = 1000
PAINTS = 9
PAINTED = """() => new Promise(done => new PerformanceObserver(list => {
  for (const each of list.getEntriesByName("first-contentful-paint")) done(each.startTime);
}).observe({type: "paint", buffered: true}))"""


class Linked(HTMLParser):
    """The files that a page loads: style sheets, its icon, scripts, pictures."""

    def __init__(self, html: str) -> None:
        """Read the page."""
        super().__init__()
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what the browser fetches without being asked."""
        named = dict(attrs)
        found = named.get("href") if tag in ("link", "use") else named.get("src") if tag in ("script", "img") else None
        if found and not found.startswith("data:"):
            self.addresses.append(found.partition("#")[0])


class Browser:
    """A visitor with a cache: what has been fetched once is not fetched again, except pages."""

    def __init__(self, port: int) -> None:
        """Nothing is fetched yet."""
        self.port, self.cached = port, set[str]()

    def visit(self, path: str, session: str = "") -> tuple[int, int]:
        """Bytes of the page's HTML, and bytes over the wire for it and all it loads that is not cached."""
        html, _sent = self._fetch(path, session)
        return len(html), len(gzip.compress(html, PROXY_LEVEL)) + sum(self._files(path, html.decode()))

    def _files(self, path: str, html: str) -> Iterator[int]:
        for address in Linked(html).addresses:
            yield from self._file(urljoin(path, address))

    def _file(self, address: str) -> Iterator[int]:
        """A file, and of a style sheet the fonts of Danish text too, whether the page shows them or not.

        The pictures that a style sheet names are left out: pages show one or two of its 160, of half a kilobyte each.
        """
        if address in self.cached:
            return
        self.cached.add(address)
        body, sent = self._fetch(address)
        yield sent
        if address.endswith(".css"):
            for name in URL.findall(body.decode()):
                if DANISH_FONTS in name:
                    yield from self._file(urljoin(address, name))

    def _fetch(self, path: str, session: str = "") -> tuple[bytes, int]:
        """The body and its bytes as sent. Raises RuntimeError for an answer that is not 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Cookie": f"sessionid={session}"})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"GET {path}: {response.status} {body[:300]!r}")
        is_packed = response.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(body) if is_packed else body), len(body)


def pages(bench: Bench) -> None:
    """Queries and times of the desk's main pages, then the bytes of every main page."""
    known = bench.known

    def page(path: str) -> Call:
        return Call(path, headers={"Cookie": f"sessionid={known.consultant_session}"})

    screen = bench.post(f"/api/v1/job-orders/{known.shared_orders[0]}/screenings", {"scope": "region"})
    made = json.loads(drive(bench.port, lambda n: screen, 1).answer)
    queue, screening = page("/queue"), page(f"/screenings/{made['id']}")
    orders = [page(f"/orders/{order}") for order in known.busy_orders]
    bench.add("pages", "queue, SQL queries", inside.queries(queue), target=6)
    most = max(inside.queries(order) for order in orders)
    bench.add("pages", "order, SQL queries", most, target=10, note=f"most of {len(orders)} orders")
    bench.add("pages", "screening, SQL queries", inside.queries(screening))
    drive(bench.port, lambda n: queue, 20)
    bench.add_times("pages", "queue, 1 client", drive(bench.port, lambda n: queue, 100), 80)
    bench.add_times("pages", "order, 1 client", drive(bench.port, lambda n: orders[n % len(orders)], 60))
    drive(bench.port, lambda n: screening, 4)
    bench.add_times("pages", "screening, HTML, 1 client", drive(bench.port, lambda n: screening, 40), 300)
    _paints(bench, {"screening": screening.path, "a short page": "/was"})
    _bytes(bench, [queue.path, orders[0].path, screening.path])


def _bytes(bench: Bench, desk: list[str]) -> None:
    """What a first visit and each later page transfer, and how long the HTML is; a cache for each kind of visitor."""
    known = bench.known
    long, first = Browser(bench.port).visit("/")
    bench.add("pages", "first visit, with css, js and fonts", first / KB, "kB", target=350)
    sizes, later = {"/": long}, {}
    consultant, coordinator = known.consultant_session, known.coordinator_session
    people = ["/candidates", f"/candidates/{known.candidate}", "/companies", f"/companies/{known.companies[0]}"]
    figures = ["/figures", *inside.figure_pages(), "/figures/definitions", "/figures/sheet"]
    for session, paths in (
        ("", ["/was", "/login", "/order/company"]),
        (consultant, [*desk, "/quick", "/profile", "/candidates/import", *people]),
        (coordinator, figures),
    ):
        visitor = Browser(bench.port)
        visitor.visit("/")
        for path in paths:
            sizes[path], later[path] = visitor.visit(path, session)
    bench.add("pages", "later page, first with charts", later.pop("/figures") / KB, "kB", target=60)
    worst = max(later, key=later.__getitem__)
    bench.add("pages", "later page, every other", later[worst] / KB, "kB", target=60, note=_named(worst))
    worst = max(sizes, key=sizes.__getitem__)
    bench.add("pages", "longest HTML", sizes[worst] / KB, "kB", target=200, note=f"{_named(worst)} of {len(sizes)}")


def _named(path: str) -> str:
    """The page without the ids in its address."""
    return "/".join(part if len(part) < 36 else "…" for part in path.split("/"))


def _paints(bench: Bench, paths: dict[str, str]) -> None:
    """When chromium first shows something of these pages, in turns, their files being cached; nothing without chromium.

    Only the screening has a goal: the short page says how much of the time is the browser's.
    """
    found = backends.find_browser()
    if not found.url:
        print(found.why)
        return
    from playwright.sync_api import sync_playwright

    base = f"http://127.0.0.1:{bench.port}"
    painted: dict[str, list[float]] = {name: [] for name in paths}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found.url, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        context = browser.new_context(base_url=base, locale="da-DK")
        context.add_cookies([{"name": "sessionid", "value": bench.known.consultant_session, "url": base}])
        page = context.new_page()
        for path in paths.values():
            page.goto(path)
        for _ in range(PAINTS):
            for name, path in paths.items():
                page.goto(path)
                painted[name].append(page.evaluate(PAINTED))
        browser.close()
    for name, times in painted.items():
        goal = 300 if name == "screening" else None
        figure = f"{name}, first contentful paint"
        bench.add("pages", figure, statistics.median(times), "ms", target=goal, note=f"chromium, n={PAINTS}")
