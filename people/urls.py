"""Addresses of the people app."""

from django.urls import path

from . import views

app_name = "people"

urlpatterns = [
    path("people/", views.person_list, name="person-list"),
    path("people/<slug:public_id>/", views.person, name="person-id"),
    path("people/<slug:public_id>/<slug:slug>/", views.person, name="person"),
]
