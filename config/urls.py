"""Addresses of the site: each app's own, and the administration."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView

from accounts import views as account_views


def icon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it on pages that name no icon, such as those of the administration."""
    return redirect(static("favicon.svg"))


urlpatterns = [
    path("", include("minutes.urls")),
    path("", include("accounts.urls")),
    path("", include("people.urls")),
    path("", include("themes.urls")),
    # One page signs everybody in, and one changes passwords, with the same guard.
    path("admin/login/", account_views.admin_door),
    path("admin/password_change/", RedirectView.as_view(pattern_name="accounts:password")),
    path("admin/", admin.site.urls),
    path("favicon.ico", icon),
]
if settings.OIDC:
    urlpatterns += [path("account/", include("accounts.oidc_urls"))]
