"""Addresses of the news. Those below follow/ come before the company's own, which take any word there."""

from django.urls import path

from web.views import asked, mails, notices

PATTERNS = [
    path("notices", notices.show, name="notices"),
    path("notices/count", notices.count, name="notices-count"),
    path("notices/read", notices.read_all, name="notices-read"),
    path("notices/<uuid:id>/open", notices.open_one, name="notice-open"),
    path("notices/settings", notices.settings, name="notices-settings"),
    path("notices/away", notices.away, name="notices-away"),
    path("notices/calendar", notices.calendar, name="notices-calendar"),
    path("orders/<uuid:id>/follow", notices.follow, name="order-following"),
    path("calendar/<str:secret>.ics", notices.calendar_feed, name="calendar-feed"),
    path("mails", mails.show, name="sent-mails"),
    path("mails/<uuid:id>", mails.preview, name="sent-mail"),
    path("mails/<uuid:id>/again", mails.again, name="sent-mail-again"),
    path("dev/outbox", mails.outbox, name="dev-outbox"),
    path("follow/<str:number>/still-needed", asked.still_needed, name="follow-still-needed"),
    path("follow/<str:number>/feedback", asked.feedback, name="follow-feedback"),
]
