"""The addresses of agreements."""

from django.urls import path

from web.agreements import lists, pages, papers, writing

PATTERNS = [
    path("agreements", lists.index, name="agreements"),
    path("agreements/needs", lists.needs, name="agreement-needs"),
    path("companies/<uuid:id>/agreements/new", writing.new, name="agreement-new"),
    path("agreements/<uuid:id>", pages.show, name="agreement"),
    path("agreements/<uuid:id>/edit", writing.edit, name="agreement-edit"),
    path("agreements/<uuid:id>/units", writing.units, name="agreement-units"),
    path("agreements/<uuid:id>/forecast", writing.forecast, name="agreement-forecast"),
    path("agreements/<uuid:id>/sign", writing.sign, name="agreement-sign"),
    path("agreements/<uuid:id>/end", writing.end, name="agreement-end"),
    path("agreements/<uuid:id>/papers", papers.add, name="agreement-papers"),
    path("agreements/<uuid:id>/papers/<uuid:paper>", papers.show, name="agreement-paper"),
]
