"""The addresses of the figures."""

from django.urls import path

from campaigns.figures import FUNCTIONS
from web.views import fairness, figures

PATTERNS = [
    path("figures", figures.today, name="figures"),
    path("figures/definitions", figures.definitions_, name="figures-definitions"),
    path("figures/fairness", fairness.page, name="figures-fairness"),
    path("figures/sheet", figures.sheet, name="figures-sheet"),
    path("figures/sheet.pdf", figures.sheet_pdf, name="figures-sheet-pdf"),
    *[path(f"figures/{name}", figures.show, {"name": name}, name=f"figures-{name}") for name in FUNCTIONS],
]
