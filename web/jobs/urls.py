"""The addresses of the open job list."""

from django.urls import path

from web.jobs import views

PATTERNS = [
    path("jobs", views.index, name="jobs"),
    path("jobs/feed.atom", views.feed, name="jobs-feed"),
    path("jobs/<str:number>", views.show, name="job"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
]
