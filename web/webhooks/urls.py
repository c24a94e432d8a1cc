"""The addresses of the webhooks' pages."""

from django.urls import path

from web.webhooks import views

PATTERNS = [
    path("webhooks", views.index, name="webhooks"),
    path("webhooks/new", views.new, name="webhook-new"),
    path("webhooks/<uuid:id>", views.show, name="webhook"),
    path("webhooks/<uuid:id>/replay", views.replay, name="webhook-replay"),
    path("webhooks/<uuid:id>/<str:step>", views.step, name="webhook-step"),
]
