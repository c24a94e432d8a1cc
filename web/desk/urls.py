"""The addresses of the consultant's desk."""

from django.urls import path

from web.views import job_order, nominations, offer, queue, quick

PATTERNS = [
    path("queue", queue.queue, name="queue"),
    path("queue/counts", queue.counts, name="queue-counts"),
    path("queue/views", queue.keep_view, name="queue-keep-view"),
    path("queue/views/remove", queue.forget_view, name="queue-forget-view"),
    path("queue/<uuid:id>/claim", queue.claim, name="queue-claim"),
    path("orders/<uuid:id>", job_order.show, name="desk-order"),
    path("orders/<uuid:id>/steps/<str:step>", job_order.step, name="desk-step"),
    path("orders/<uuid:id>/nominations/<str:step>", nominations.step, name="desk-nominations"),
    path("orders/<uuid:id>/offer", offer.offer, name="desk-offer"),
    path("orders/<uuid:id>/offer/people", offer.people, name="desk-offer-people"),
    path("quick", quick.entry, name="quick"),
    path("quick/occupations", quick.occupations, name="quick-occupations"),
    path("intakes/<uuid:id>", quick.intake, name="desk-intake"),
    path("intakes/<uuid:id>/<str:step>", quick.step, name="desk-intake-step"),
]
