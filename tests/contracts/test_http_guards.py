"""House rules about requests: what a GET may write, who may call what, how many queries a list takes."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from rest_framework.test import APIClient

from accounts import tokens
from api.base import Resource
from api.pagination import MAX_SIZE
from api.permissions import PUBLIC as API_PUBLIC
from campaigns import figures
from events.models import Event
from municipalities.models import Municipality
from nrs import urls as product
from tests import factories, guards
from tests.contracts import lists

COUNTS = Path(__file__).with_name("query_counts.json")
#: Pages that anybody may open; a follow link's page proves itself by its secret.
PAGES_PUBLIC = frozenset(
    {
        "live",
        "metrics",
        "ready",
        "set_language",
        "admin:login",
        "web:accessibility",
        "web:calendar-feed",
        "web:dev-outbox",
        "web:follow-link",
        "web:home",
        "web:job",
        "web:jobs",
        "web:jobs-feed",
        "web:login",
        "web:login-done",
        "web:login-with",
        "web:logout",
        "web:no-more-letters",
        "web:robots",
        "web:sign-up",
        "web:sitemap",
    }
)
#: The company's own pages: anybody begins an order, and what was begun proves itself by a secret in a cookie.
OF_THE_COMPANY = ("web:order", "web:words-", "web:follow")
GIVES_ONLY_A_REDIRECT = frozenset({"set_language", "web:logout", "admin:login"})
#: Answers about one thing, not lists of rows: no pages.
WITHOUT_PAGES = frozenset(
    {
        "api:campaign-funnel-list",
        "api:figures-fairness",
        "api:figures-skills-gap",
        "api:job-order-screenings-explain-list",
        "api:statistics-goals",
        "api:statistics-savings",
        "api:job-order-screenings-what-if-list",
        *(f"api:statistics-{name}" for name in figures.FUNCTIONS),
    }
)
#: Registers without a scope of rows: everybody who has logged in reads all of them.
KNOWN_TO_ALL = frozenset(
    {"Municipalities", "Occupations", "Skills", "Industries", "Licences", "Certificates", "Languages"}
)
#: Figures, which hold no rows; who sees them is driven role by role in the scope walk.
FIGURES = frozenset({"GapFigures", "Statistics"})
SAMPLE = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "int": 1,
    "str": "x",
    "slug": "x",
    "path": "x",
}


class Route(NamedTuple):
    """One URL pattern with a view: its full name, an address that fits it, and the view."""

    name: str
    address: str
    view: Any

    def __str__(self) -> str:
        return self.name


def routes(patterns: list[Any] | None = None, names: str = "", before: str = "/") -> Iterator[Route]:
    """Every route of the product below these patterns."""
    for pattern in product.urlpatterns if patterns is None else patterns:
        address = before + sample_of(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{names}{pattern.namespace}:" if pattern.namespace else names
            yield from routes(pattern.url_patterns, inner, address)
        elif isinstance(pattern, URLPattern):
            yield Route(f"{names}{pattern.name}", address, pattern.callback)


def sample_of(pattern: Any) -> str:
    """An address part that fits: a value of its kind for every converter; regular expressions match "x"."""
    part = pattern.pattern
    text = str(part)
    if not hasattr(part, "_route"):
        return "x"
    for name, converter in part.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for spelled in (f"<{kind}:{name}>", f"<{name}>"):
            text = text.replace(spelled, str(SAMPLE[kind]))
    return text


ROUTES = list(routes())
API = [route for route in ROUTES if route.name.startswith("api:")]
LISTS = [
    route
    for route in API
    if route.name not in WITHOUT_PAGES
    and (action := (getattr(route.view, "actions", None) or {}).get("get"))
    and action in route.view.cls.list_actions
]


def is_public(route: Route) -> bool:
    name = route.name
    if name.startswith("api:"):
        return name.removeprefix("api:") in API_PUBLIC
    return name in PAGES_PUBLIC or name.startswith(OF_THE_COMPANY)


@pytest.fixture
def token(db: None) -> APIClient:
    """A consultant of Hillerød by token."""
    factories.load_reference()
    return client_of("consultant", factories.HILLEROED)


def client_of(role: str, municipality: str | None) -> APIClient:
    member = factories.membership(role, municipality)
    _token, secret = tokens.issue(label="guard", membership=member.public_id, scope="write")
    client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


# --- a GET writes nothing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "is_allowed"),
    [
        ('SELECT 1 FROM "joborders_joborder" FOR UPDATE OF "joborders_joborder"', True),
        ("SAVEPOINT s1", True),
        ('INSERT INTO "candidates_accesslog" ("id") VALUES (1)', True),
        ('UPDATE "django_session" SET "session_data" = 1', True),
        ('INSERT INTO "axes_accessattempt" ("id") VALUES (1)', True),
        ('UPDATE "accounts_apitoken" SET "last_used_at" = %s WHERE "accounts_apitoken"."id" = %s', True),
        ('UPDATE "accounts_apitoken" SET "last_used_at" = %s, "scope" = %s WHERE 1', False),
        ('UPDATE "joborders_joborder" SET "title" = %s', False),
        ('DELETE FROM "candidates_accesslogs"', False),
        ('INSERT OR IGNORE INTO "events_inbox" VALUES (1)', False),
        ('WITH x AS (SELECT 1) INSERT INTO "events_inbox" SELECT 1', False),
    ],
)
def test_the_guard_knows_what_a_reading_request_may_write(sql: str, is_allowed: bool) -> None:
    assert guards.may_write(sql) is is_allowed


def test_a_get_that_writes_fails_even_behind_an_error_page(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(request: HttpRequest) -> HttpResponse:
        Municipality.objects.filter(code="0219").update(name="Ny")
        raise RuntimeError("hidden by a 500 page")

    get_resolver()  # loaded before it is changed
    monkeypatch.setattr(product, "urlpatterns", [path("careless", careless), *product.urlpatterns])
    request = RequestFactory().get("/careless")
    handler = ClientHandler()
    monkeypatch.setattr(ClientHandler, "get_response", lambda _self, _request: answer_of(careless, request))
    with pytest.raises(AssertionError, match="municipalities_municipality"):
        handler(request.environ)
    handler({**request.environ, "REQUEST_METHOD": "POST"})


def answer_of(view: Any, request: HttpRequest) -> HttpResponse:
    """What a server does with an error: a 500 page."""
    try:
        return view(request)
    except RuntimeError:
        response = HttpResponse("Sorry", status=500)
        response._resource_closers.append(request.close)
        return response


# --- the other two rules of every test ------------------------------------------------------------------------------


def test_a_list_without_an_order_is_shuffled(reference: None) -> None:
    names = sorted(Municipality.objects.order_by("code").values_list("code", flat=True))
    seen = {tuple(Municipality.objects.order_by().values_list("code", flat=True)) for _ in range(10)}
    assert len(seen) > 1
    assert {tuple(sorted(each)) for each in seen} == {tuple(names)}
    assert list(Municipality.objects.order_by("code").values_list("code", flat=True)) == names


def test_an_undefined_template_variable_fails_and_an_if_may_ask() -> None:
    engine = engines["django"]
    assert engine.from_string("{% if nobody %}yes{% endif %}").render({}) == ""
    with pytest.raises(pytest.fail.Exception, match="nobody"):
        engine.from_string("{{ nobody }}").render({})


# --- scoped or on the public list -----------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_strangers_get_in_nowhere_but_on_the_public_list(db: None, route: Route) -> None:
    client = Client(raise_request_exception=True)
    statuses = {method: getattr(client, method)(route.address).status_code for method in ("get", "post")}
    if is_public(route):
        is_only_a_redirect = route.name in GIVES_ONLY_A_REDIRECT or route.name.startswith(OF_THE_COMPANY)
        assert statuses["get"] not in (401, 302) or is_only_a_redirect
        return
    refused = {401} if route.name.startswith("api:") else {302, 401, 403, 404, 405}
    assert set(statuses.values()) <= refused, statuses


def test_nothing_on_the_public_lists_is_gone() -> None:
    names = {route.name for route in ROUTES}
    assert {f"api:{name}" for name in API_PUBLIC} | PAGES_PUBLIC <= names


RESOURCES = {route.view.cls for route in API if issubclass(getattr(route.view, "cls", object), Resource)}


@pytest.mark.parametrize("resource", sorted(RESOURCES, key=lambda each: each.__name__), ids=lambda each: each.__name__)
def test_every_resource_asks_for_its_rows_by_actor(resource: type[Resource]) -> None:
    """Either the model's own `visible_to`, or a `visible` that names the actor, or a register known to all."""
    if resource.__name__ in KNOWN_TO_ALL | FIGURES:
        return
    if resource.visible is Resource.visible:
        assert hasattr(resource.model._default_manager, "visible_to")
        return
    words = Path(inspect.getfile(resource)).read_text()
    assert any(each in words for each in ("visible_to(self.actor", "super().visible()", "audience(self.actor"))


# --- lists ----------------------------------------------------------------------------------------------------------


def counts() -> dict[str, int]:
    return json.loads(COUNTS.read_text())


def test_every_list_has_a_query_count_on_file_and_rows_to_count_it_with() -> None:
    assert {route.name for route in API} >= WITHOUT_PAGES
    names = {route.name for route in LISTS}
    assert names == set(counts())
    assert names == set(lists.ROWS)


@pytest.mark.parametrize("name", sorted(lists.ROWS))
def test_a_list_takes_as_many_queries_for_ten_rows_as_for_one(
    reference: None, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    case = lists.ROWS[name]
    client = client_of(case.role, factories.HILLEROED)
    address = reverse(name, kwargs=case.fill())
    # Inside the test's own transaction nothing is settled on PostgreSQL; the filter adds no query.
    monkeypatch.setattr(type(Event.objects.all()), "settled", lambda events: events)
    client.get(address)  # the token's time of last use is noted once
    taken = {}
    for size in (1, case.rows):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address, {"page_size": size})
        assert answer.status_code == 200, answer.content
        assert len(answer.json()["results"]) == size
        taken[size] = len(queries)
    assert taken == dict.fromkeys(taken, counts().get(name)), "\n".join(each["sql"] for each in queries)


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_every_list_has_a_largest_page(token: APIClient, route: Route) -> None:
    paginator = route.view.cls.pagination_class
    assert paginator is not None and "page_size" in paginator().parameters
    answer = token.get(route.address, {"page_size": MAX_SIZE + 1})
    assert answer.status_code in (400, 403, 404)
    if answer.status_code == 400:
        assert answer.json()["errors"][0]["pointer"] == "?page_size"
