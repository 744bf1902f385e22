"""Addresses of the people app."""

from django.urls import path

from . import desk_views, merge_views, part_views, views

app_name = "people"

urlpatterns = [
    path("names/", desk_views.desk, name="desk"),
    path("names/label/", desk_views.label, name="label"),
    path("names/decide/", desk_views.decide, name="decide"),
    path("names/several/", desk_views.decide_several, name="decide-several"),
    path("names/undo/", desk_views.undo, name="undo-step"),
    path("names/merges/undo/", merge_views.undo, name="undo-merge"),
    path("names/people/<slug:public_id>/merge/", merge_views.merge, name="merge"),
    path("names/people/<slug:public_id>/split/", part_views.split, name="split"),
    path("names/people/<slug:public_id>/affiliations/", part_views.affiliations, name="affiliations"),
    path("people/", views.person_list, name="person-list"),
    path("people/<slug:public_id>/", views.person, name="person-id"),
    path("people/<slug:public_id>/<slug:slug>/", views.person, name="person"),
]
