"""The addresses below /api/v1/: every resource file brings its own. No trailing slash."""

from __future__ import annotations

from importlib import import_module

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.routers import SimpleRouter

from api.docs import DocsView, SchemaView
from api.problems import page_not_found

app_name = "api"

#: Modules with `ROUTES = [(prefix, resource class, basename)]` and, where needed, `PATHS = [path(…)]`.
RESOURCES = (
    "api.municipalities",
    "api.vocabulary",
    "api.events",
    "api.webhooks",
    "api.hand_over",
    "api.job_orders",
    "api.intake",
    "api.intakes",
    "api.queue",
    "api.notices",
    "api.nominations",
    "api.statistics",
    "api.goals",
    "api.figures",
    "api.screenings",
    "api.candidates",
    "api.courses",
    "api.agreement_parts",
    "api.agreements",
    "api.focus_industries",
    "api.campaign_targets",
    "api.campaign_funnel",
    "api.campaigns",
    "api.gatherings",
    "api.network",
    "api.company_parts",
    "api.companies",
)


def _collect() -> list[URLPattern]:
    router = SimpleRouter(trailing_slash=False, use_regex_path=False)
    paths: list[URLPattern] = []
    for name in RESOURCES:
        module = import_module(name)
        for prefix, resource, basename in getattr(module, "ROUTES", ()):
            router.register(prefix, resource, basename=basename)
        paths += getattr(module, "PATHS", ())
    return [*paths, *router.urls]


@csrf_exempt  # nothing is done here; without it a POST to a wrong address would be told about a cookie
def not_found(request: HttpRequest) -> HttpResponse:
    """Any other address below /api/v1/, also while debugging."""
    return page_not_found(request)


urlpatterns = [
    path("schema", SchemaView.as_view(), name="schema"),
    path("docs", DocsView.as_view(), name="docs"),
    *_collect(),
    re_path(r"^.*$", not_found, name="not-found"),
]
