"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from nrs import health

urlpatterns = [
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("api/v1/", include("api.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("web.urls")),
]
handler404 = "api.problems.page_not_found"
handler500 = "api.problems.server_error"
