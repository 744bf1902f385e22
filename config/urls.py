"""Addresses of the site: each app's own, and the administration."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path


def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it on pages that name no icon, such as those of the administration."""
    return redirect(static("favicon.svg"))


urlpatterns = [
    path("", include("minutes.urls")),
    path("", include("people.urls")),
    path("", include("themes.urls")),
    path("admin/", admin.site.urls),
    path("favicon.ico", icon),
]
