"""The addresses of logging in and of the own profile."""

from django.urls import path

from web.account import identity, second_step
from web.views import account, profile

PATTERNS = [
    path("login", account.Login.as_view(), name="login"),
    path("login/code", second_step.code, name="login-code"),
    path("login/enrol", second_step.enrol, name="login-enrol"),
    path("login/with/<slug:provider>", identity.begin, name="login-with"),
    path("login/with/<slug:provider>/done", identity.done, name="login-done"),
    path("logout", account.Logout.as_view(), name="logout"),
    path("profile", profile.show, name="profile"),
    path("profile/password", profile.password, name="profile-password"),
    path("profile/place", profile.choose_place, name="profile-place"),
    path("profile/logins/end", profile.end_logins, name="profile-logins-end"),
    path("profile/logins/<int:id>/remove", identity.disconnect, name="profile-login-remove"),
    path("profile/tokens/<uuid:id>/revoke", profile.revoke_token, name="profile-token-revoke"),
]
