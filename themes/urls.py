"""Addresses of the themes app."""

from django.urls import path

from . import shaping_views, topic_views, views

app_name = "themes"

urlpatterns = [
    path("topics/", views.topic_list, name="topic-list"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("topics/<slug:slug>/edit", topic_views.edit, name="topic-edit"),
    path("themes/", views.theme_list, name="theme-list"),
    path("themes/<slug:public_id>/evidence", shaping_views.evidence, name="evidence"),
    path("themes/<slug:public_id>/join", shaping_views.join, name="join"),
    path("themes/<slug:public_id>/merge", shaping_views.merge, name="merge"),
    path("themes/<slug:public_id>/split", shaping_views.split, name="split"),
    path("themes/<slug:public_id>/", views.theme, name="theme-id"),
    path("themes/<slug:public_id>/<slug:slug>/", views.theme, name="theme"),
    path("glossary/", views.glossary, name="glossary"),
]
