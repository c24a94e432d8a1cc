"""The addresses of the steering group's pages."""

from django.urls import path

from web.steering import views

PATTERNS = [
    path("figures/goals", views.goals_, name="goals"),
    path("figures/goals/new", views.new_goal, name="goal-new"),
    path("figures/goals/<uuid:id>/withdraw", views.withdraw_goal, name="goal-withdraw"),
    path("figures/savings", views.savings_, name="savings"),
    path("figures/packs", views.packs_, name="packs"),
    path("figures/packs/<uuid:id>.<str:kind>", views.download, name="pack-download"),
]
