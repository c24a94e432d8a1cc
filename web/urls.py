"""The pages' addresses."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from web.figures_urls import PATTERNS as FIGURES
from web.views import account, front, queue

app_name = "web"
urlpatterns = [
    path("", front.home, name="home"),
    path("was", front.accessibility, name="accessibility"),
    path("queue", queue.queue, name="queue"),
    *FIGURES,
    path("login", account.Login.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
]
