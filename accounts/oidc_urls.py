"""Addresses of single sign-on, with the names that django-allauth asks for."""

from allauth.socialaccount.providers.openid_connect.views import callback
from django.urls import path

from . import oidc

urlpatterns = [
    path("<str:provider_id>/login/", oidc.begin, name="openid_connect_login"),
    path("<str:provider_id>/login/callback/", callback, name="openid_connect_callback"),
]
