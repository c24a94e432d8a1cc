"""The pages' addresses; each desk keeps its own list."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from web import company_urls, desk_urls, figures_urls, people_urls
from web.views import account, front

app_name = "web"
urlpatterns = [
    path("", front.home, name="home"),
    path("was", front.accessibility, name="accessibility"),
    path("login", account.Login.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    *company_urls.PATTERNS,
    *desk_urls.PATTERNS,
    *people_urls.PATTERNS,
    *figures_urls.PATTERNS,
]
