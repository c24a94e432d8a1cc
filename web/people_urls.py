"""The addresses of screening, candidates and companies."""

from django.urls import path

from web.views import (
    candidate_lists,
    candidate_steps,
    candidates,
    companies,
    company_steps,
    nominate,
    screening,
)

PATTERNS = [
    path("orders/<uuid:id>/screening", screening.of_order, name="order-screening"),
    path("orders/<uuid:id>/screening/why", screening.why, name="screening-why"),
    path("orders/<uuid:id>/screening/print", screening.for_company, name="screening-print"),
    path("screenings/<uuid:id>", screening.show, name="screening"),
    path("screenings/<uuid:id>/compare", screening.compare, name="screening-compare"),
    path("screenings/<uuid:id>/nominate", nominate.choose, name="screening-nominate"),
    path("screenings/<uuid:id>/request", nominate.request_others, name="screening-request"),
    path("screenings/<uuid:id>/offer", nominate.offer_own, name="screening-offer"),
    path("candidates", candidates.index, name="candidates"),
    path("candidates/new", candidate_steps.new, name="candidate-new"),
    path("candidates/<uuid:id>", candidates.show, name="candidate"),
    path("candidates/<uuid:id>/edit", candidate_steps.edit, name="candidate-edit"),
    path("candidates/<uuid:id>/matches", candidates.matches, name="candidate-matches"),
    path("candidates/<uuid:id>/confirm", candidate_steps.confirm, name="candidate-confirm"),
    path("candidates/<uuid:id>/withdraw", candidate_steps.withdraw, name="candidate-withdraw"),
    path("candidates/<uuid:id>/list/<str:kind>", candidate_lists.change, name="candidate-list"),
    path("candidates/<uuid:id>/nominations/<uuid:nomination>", candidate_steps.answer, name="candidate-nomination"),
    path("companies", companies.index, name="companies"),
    path("companies/<uuid:id>", companies.show, name="company"),
    path("companies/<uuid:id>/log", company_steps.log, name="company-log"),
    path("companies/<uuid:id>/edit", company_steps.edit, name="company-edit"),
    path("companies/<uuid:id>/hand-over", company_steps.hand_over, name="company-hand-over"),
    path("companies/<uuid:id>/contacts/new", company_steps.new_contact, name="company-contact-new"),
    path("companies/<uuid:id>/units/new", company_steps.new_unit, name="company-unit-new"),
]
