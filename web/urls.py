"""The pages' addresses."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from web.desk_urls import PATTERNS as DESK
from web.views import account, front

app_name = "web"
urlpatterns = [
    path("", front.home, name="home"),
    path("was", front.accessibility, name="accessibility"),
    *DESK,
    path("login", account.Login.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
]
