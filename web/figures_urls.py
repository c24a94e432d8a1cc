"""The addresses of the figures."""

from django.urls import path

from campaigns.figures import FUNCTIONS
from web.views import figures

PATTERNS = [
    path("figures", figures.today, name="figures"),
    path("figures/definitions", figures.definitions_, name="figures-definitions"),
    path("figures/sheet", figures.sheet, name="figures-sheet"),
    *[path(f"figures/{name}", figures.show, {"name": name}, name=f"figures-{name}") for name in FUNCTIONS],
]
